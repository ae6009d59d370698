/** How a trigger ends that meets a run under way. */
import type { Result } from "@openretl/core/Trigger"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import { expect } from "vitest"
import * as Errors from "../../testbed/errors.ts"

/** The tag of the ending that each choice of `whenRunning` has to lead to. */
export const expectedEnding = { fail: "AlreadyRunning", skip: "Skipped", adopt: "Adopted", wait: "Started" } as const

/**
 * Returns the tag of a trigger's result or error. Expects that it names the run under way. Where no read shows that run
 * yet, a caller who does not need it is not kept waiting for its name.
 */
export const endingOf = Effect.fnUntraced(function* (
  exit: Exit.Exit<Result, unknown>,
  runUnderWay: string,
  isShown: boolean = true,
) {
  const isNamed = (run: string | undefined) => run === runUnderWay || (run === undefined && !isShown)
  const result = yield* Effect.result(exit)
  if (result._tag === "Failure") {
    const { reason } = Errors.requireRetlError(result.failure)
    if (reason._tag === "AlreadyRunning") expect(reason.run?.run).toSatisfy(isNamed)
    return reason._tag
  }
  const { success } = result
  if (success._tag === "Skipped") expect(success.running?.run).toSatisfy(isNamed)
  if (success._tag === "Adopted") expect([success.run.run, success.because]).toEqual([runUnderWay, "already-running"])
  if (success._tag === "Started") expect(success.run.run).not.toBe(runUnderWay)
  return success._tag
})
