/** The token of a workspace: fixed, or read by an effect that runs again once the vendor has refused the token. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Semaphore from "effect/Semaphore"
import { sha256 } from "./sha256.ts"

/** A token, or an effect that reads one: vaults rotate tokens, and some tokens live for an hour. */
export type TokenSource = Redacted.Redacted | Effect.Effect<Redacted.Redacted, unknown>

/** The token of a workspace. */
export interface Token {
  /** Returns the current token; runs the effect where it has not run yet. */
  readonly read: Effect.Effect<Redacted.Redacted, unknown>
  /**
   * The SHA-256 of the token as it was first read, which stands for the token where it is read again. For a token that
   * comes from an effect, an effect that runs it where it has not run yet.
   */
  readonly account: string | Effect.Effect<string, unknown>
  /** Whether the token comes from an effect, so that it can be read again. */
  readonly canReread: boolean
  /** Returns another token than the refused one: the token that another caller has read meanwhile, or a new one. */
  readonly reread: (refused: Redacted.Redacted) => Effect.Effect<Redacted.Redacted, unknown>
}

/** Returns whether a header can carry the token: 1 to 8,192 printable ASCII characters without spaces. */
export const isUsable = (token: unknown): token is Redacted.Redacted => {
  const text: unknown = Redacted.isRedacted(token) ? Redacted.value(token) : undefined
  return typeof text === "string" && /^[\x21-\x7e]{1,8192}$/.test(text)
}

const digest = (token: Redacted.Redacted): string => sha256(String(Redacted.value(token)))

/** Creates the token of a source. Of concurrent readers, one runs the effect. */
export const make = (source: TokenSource): Token => {
  if (Redacted.isRedacted(source)) {
    const read = Effect.succeed(source)
    return { read, account: digest(source), canReread: false, reread: () => read }
  }
  let current: Redacted.Redacted | undefined
  let first: string | undefined
  const lock = Semaphore.makeUnsafe(1)
  const renew = (isStale: () => boolean) =>
    lock.withPermits(1)(
      Effect.suspend(() =>
        current !== undefined && !isStale()
          ? Effect.succeed(current)
          : Effect.filterOrFail(source, isUsable, () => "not a token").pipe(
              // The message of a defect may show the token.
              Effect.catchDefect(() => Effect.fail("died")),
              Effect.tap((token) =>
                Effect.sync(() => {
                  current = token
                  first ??= digest(token)
                }),
              ),
            ),
      ),
    )
  const read = Effect.suspend(() => (current === undefined ? renew(() => false) : Effect.succeed(current)))
  return {
    read,
    account: Effect.map(read, (token) => first ?? digest(token)),
    canReread: true,
    reread: (refused) => renew(() => current === refused),
  }
}
