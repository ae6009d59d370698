/**
 * How an adapter refuses options, ids or requests that cannot be: at once, with all that is wrong, before anything is
 * sent, and without the token.
 */
import type { RetlError } from "@openretl/core/RetlError"
import { Transport } from "@openretl/core/Transport"
import * as RecordingTransport from "@openretl/emulator/RecordingTransport"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { expect } from "vitest"
import * as Errors from "./testbed/errors.ts"
import * as Secrets from "./testbed/secrets.ts"

export interface Refusal {
  /** The fields that are wrong, as in `statusWords.paused`, in alphabetical order; one for each thing that is wrong. */
  readonly paths: ReadonlyArray<string>
  readonly error: RetlError
}

/**
 * How the attempt is refused. Breaks the test where it is not: where it succeeds, sends anything, fails for another reason
 * than `InvalidRequest`, or lets the token be seen.
 */
export const of = Effect.fnUntraced(function* (
  attempt: Effect.Effect<unknown, unknown, Scope.Scope>,
  token: string,
): Effect.fn.Return<Refusal> {
  const transport = RecordingTransport.make()
  const ended = yield* attempt.pipe(Effect.scoped, Effect.provideService(Transport, transport.service), Effect.result)
  expect(transport.requests, "nothing is sent").toEqual([])
  if (ended._tag === "Success") return expect.fail("it is not refused")
  expect(Secrets.find(token, ended.failure), "the token is not shown").toBe(undefined)
  const error = Errors.retl(ended.failure)
  const { reason, delivery } = error
  expect(delivery).toBe("not-sent")
  if (reason._tag !== "InvalidRequest") return expect.fail(`refused as ${reason._tag}`)
  return { paths: reason.issues.map(({ path }) => path.join(".")).sort(), error }
})
