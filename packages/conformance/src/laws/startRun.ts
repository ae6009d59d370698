/** Starts a run with a planned course. */
import type { RunRef } from "@openretl/core/Ref"
import type { Result } from "@openretl/core/Trigger"
import type { RunPlan } from "@openretl/emulator/RunPlan"
import * as Effect from "effect/Effect"
import type { Testbed } from "../Testbed.ts"

/** Triggers a run of the testbed's sync that goes as planned, and returns its ref. */
export const startRun = Effect.fnUntraced(function* (testbed: Testbed, plan: RunPlan) {
  yield* testbed.emulator.script(testbed.ids, [plan])
  return runOf(yield* testbed.run(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" })))
})

/** Starts a run as another user of the account does, and returns its id. */
export const startForeignRun = Effect.fnUntraced(function* ({ emulator, ids }: Testbed, plan: RunPlan) {
  const run = yield* emulator.triggerAsStranger(ids, { plan })
  if (run === undefined) throw new Error("the emulator refused a run on an idle sync")
  return run
})

/** Returns the run of a trigger. Throws, which breaks the law, when the trigger was skipped. */
export const runOf = (result: Result): RunRef => {
  if (result._tag === "Skipped") throw new Error("expected a run, found Skipped")
  return result.run
}
