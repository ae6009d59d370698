/**
 * Checks how an adapter refuses invalid options, ids or requests: at once, before any request, and without the token.
 */
import type { RetlError } from "@openretl/core/RetlError"
import { Transport } from "@openretl/core/Transport"
import * as RecordingTransport from "@openretl/emulator/RecordingTransport"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { expect } from "vitest"
import * as Errors from "./testbed/errors.ts"
import * as Secrets from "./testbed/secrets.ts"

/** How an attempt was refused. */
export interface Refusal {
  /** The paths of the wrong fields, as in `statusWords.paused`: one for each issue, in alphabetical order. */
  readonly paths: ReadonlyArray<string>
  readonly error: RetlError
}

/**
 * Runs an attempt that has to be refused, and returns its refusal. Fails the test when the attempt succeeds, sends a
 * request, fails for another reason than `InvalidRequest`, or shows the token.
 */
export const of = Effect.fnUntraced(function* (
  attempt: Effect.Effect<unknown, unknown, Scope.Scope>,
  token: string,
): Effect.fn.Return<Refusal> {
  const transport = RecordingTransport.make()
  const result = yield* attempt.pipe(Effect.scoped, Effect.provideService(Transport, transport.service), Effect.result)
  expect(transport.requests, "the attempt sends no request").toEqual([])
  if (result._tag === "Success") return expect.fail("the attempt is not refused")
  expect(Secrets.find(token, result.failure), "the error does not show the token").toBe(undefined)
  const error = Errors.requireRetlError(result.failure)
  const { reason, delivery } = error
  expect(delivery).toBe("not-sent")
  if (reason._tag !== "InvalidRequest") return expect.fail(`the attempt is refused as ${reason._tag}`)
  return { paths: reason.issues.map(({ path }) => path.join(".")).sort(), error }
})
