/** A trigger that the adapter takes for refused, although the vendor has started its run. */
import { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import { expect } from "vitest"
import type { Testbed } from "../../Testbed.ts"

/** Expects that a trigger is not taken for refused where the vendor has started its run. */
export const expectNoRefusal = Effect.fnUntraced(function* (testbed: Testbed, exit: Exit.Exit<unknown, unknown>) {
  const result = yield* Effect.result(exit)
  const [run] = yield* testbed.actualRuns
  if (run === undefined || result._tag === "Success" || !(result.failure instanceof RetlError)) return
  const { delivery, reason } = result.failure
  if (delivery === "unknown") return
  expect.fail(
    `the adapter takes the trigger for ${delivery} (${reason._tag}), and run ${run.id} was started: only a refusal in the vendor's own form proves the contrary (isVendorsForm)`,
  )
})
