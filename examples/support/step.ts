/**
 * A step of an orchestrator: triggers a sync for one occasion, waits for its run, and ends with an exit code. Killed or
 * failed, it is run again with the same key, and goes on with the same run.
 *
 *     OPENRETL_KEY=nightly/2026-11-27 node step.ts <sync ref>
 */

// #region step
import * as Ref from "@openretl/core/Ref"
import { Runs } from "@openretl/core/Runs"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import { Crm } from "./crm.ts"

const step = Effect.gen(function* () {
  const key = yield* Config.String("OPENRETL_KEY")
  const orders = yield* Ref.parseSync(process.argv[2] ?? "")
  const { run } = yield* Runs
  const { run: finished, verdict, how } = yield* run(orders, { key, whenRunning: "wait" })
  console.log(`${key}: ${how}, ${verdict}, ${finished.rows.succeeded} rows`)
})

await Effect.runPromise(Effect.provide(step, Crm))
// #endregion
