/** The token of a workspace: fixed, or read by an effect that runs again once the vendor has refused the token. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Semaphore from "effect/Semaphore"
import { type Reason, Unauthenticated } from "../model/Reason.ts"
import * as Redaction from "./redaction.ts"
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
  /** Whether an operation has succeeded with this token: its permission is then not what is missing. */
  readonly hasServed: (token: Redacted.Redacted, operation: string) => boolean
  /** Notes that an operation has succeeded with this token. */
  readonly served: (token: Redacted.Redacted, operation: string) => void
  /** Cuts the token out of a text that is shown, and the tokens before it. */
  readonly redact: Redaction.Redact
  /** Returns another token than the refused one: the token that another caller has read meanwhile, or a new one. */
  readonly reread: (refused: Redacted.Redacted) => Effect.Effect<Redacted.Redacted, unknown>
}

/** Returns whether a header can carry the token: 1 to 8,192 printable ASCII characters without spaces. */
export const isUsable = (token: unknown): token is Redacted.Redacted => {
  const text: unknown = Redacted.isRedacted(token) ? Redacted.value(token) : undefined
  return typeof text === "string" && /^[\x21-\x7e]{1,8192}$/.test(text)
}

const credential = /\b(?:tokens?|jwt|session|credentials?|(?:api )?key)\b/i

const isOver = /\b(?:expired|revoked|no longer valid)\b/i

/** Codes are words, too: `TokenExpired`, `token_expired`. */
const wordsOf = (code: string): string => code.replaceAll(/(?<=[a-z])(?=[A-Z])|[_-]/g, " ")

/**
 * Returns the reason of a refusal. Some vendors refuse an expired token with a 403, as they refuse a missing permission: a
 * text about a credential that is over is about the token.
 */
export const ofRefusal = (
  status: number,
  { reason, code = "", text = "" }: { readonly reason: Reason; readonly code?: string; readonly text?: string },
): Reason => {
  const said = `${wordsOf(code)} ${text}`
  const isAboutToken = status === 403 && credential.test(said) && isOver.test(said)
  return isAboutToken && reason._tag === "PermissionDenied" ? new Unauthenticated() : reason
}

const digest = (token: Redacted.Redacted): string => sha256(String(Redacted.value(token)))

/** Creates the token of a source. Of concurrent readers, one runs the effect. */
export const make = (source: TokenSource): Token => {
  const { redact, add } = Redaction.make()
  if (Redacted.isRedacted(source)) {
    add(String(Redacted.value(source)))
    const read = Effect.succeed(source)
    const unused = { hasServed: () => false, served: () => {} }
    return { read, account: digest(source), canReread: false, redact, reread: () => read, ...unused }
  }
  const operations = new WeakMap<Redacted.Redacted, Set<string>>()
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
                  add(Redacted.value(token))
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
    redact,
    hasServed: (token, operation) => operations.get(token)?.has(operation) === true,
    served: (token, operation) => void operations.set(token, (operations.get(token) ?? new Set()).add(operation)),
    reread: (refused) => renew(() => current === refused),
  }
}
