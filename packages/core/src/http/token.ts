/** The token of a workspace: fixed, or read by an effect and read again once the vendor refuses it. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Semaphore from "effect/Semaphore"

/** A token, or an effect that yields one: vaults rotate tokens, and some live for an hour. */
export type TokenSource = Redacted.Redacted | Effect.Effect<Redacted.Redacted, unknown>

export interface Token {
  readonly read: Effect.Effect<Redacted.Redacted, unknown>
  readonly canReread: boolean
  /** A token other than the refused one: the one another caller has read meanwhile, or read anew. */
  readonly reread: (refused: Redacted.Redacted) => Effect.Effect<Redacted.Redacted, unknown>
}

/** Whether a header can carry it: printable ASCII without spaces, not empty. */
export const isUsable = (token: unknown): token is Redacted.Redacted => {
  const text: unknown = Redacted.isRedacted(token) ? Redacted.value(token) : undefined
  return typeof text === "string" && /^[\x21-\x7e]{1,8192}$/.test(text)
}

export const make = (source: TokenSource): Token => {
  if (Redacted.isRedacted(source)) {
    return { read: Effect.succeed(source), canReread: false, reread: () => Effect.succeed(source) }
  }
  let current: Redacted.Redacted | undefined
  const lock = Semaphore.makeUnsafe(1)
  const renew = (isStale: () => boolean) =>
    lock.withPermits(1)(
      Effect.suspend(() =>
        current !== undefined && !isStale()
          ? Effect.succeed(current)
          : Effect.filterOrFail(source, isUsable, () => "not a token").pipe(
              Effect.tap((token) =>
                Effect.sync(() => {
                  current = token
                }),
              ),
            ),
      ),
    )
  return {
    read: Effect.suspend(() => (current === undefined ? renew(() => false) : Effect.succeed(current))),
    canReread: true,
    reread: (refused) => renew(() => current === refused),
  }
}
