/**
 * A step of an orchestrator is killed with SIGKILL while the answer to its trigger is on the way. The orchestrator runs it
 * again with the same key: it finds the run of the first attempt, and starts no second one.
 *
 * Run it with `npm run example killed-step`. It serves an emulator and starts `support/step.ts` three times, as processes
 * that share a journal in SQLite. The third start comes later, and sends nothing at all.
 */
import { RudderStackEmulator } from "@openretl/emulator"
import * as Fault from "@openretl/emulator/Fault"
import { RudderStack } from "@openretl/rudderstack"
import { Console, Effect } from "effect"
import { environmentFor } from "./support/crm.ts"
import { run, start } from "./support/processes.ts"

const step = new URL("./support/step.ts", import.meta.url)

const main = Effect.gen(function* () {
  const emulator = yield* RudderStackEmulator.make({ plan: { duration: "3 seconds", rows: { succeeded: 640 } } })
  const { connection = "" } = yield* emulator.addSync()
  const orders = yield* RudderStack.syncRef("crm", { connection })
  const env = { ...(yield* environmentFor(emulator)), OPENRETL_KEY: "nightly/2026-11-27" }
  const triggers = Effect.map(emulator.calls, (calls) => calls.filter(({ operation }) => operation === "start").length)

  yield* emulator.addFaults(Fault.never("start", { commits: true }))
  const first = yield* start(step, [String(orders)], env)
  while ((yield* triggers) === 0) yield* Effect.sleep("10 millis")
  yield* first.kill
  yield* Console.log("first attempt: killed after its trigger was sent")

  yield* Console.log(`second attempt: ${yield* run(step, [String(orders)], env)}`)
  yield* Console.log(`third attempt: ${yield* run(step, [String(orders)], env)}`)
  const runs = yield* emulator.runsOf({ connection })
  yield* Console.log(`triggers at the vendor: ${yield* triggers}, runs: ${runs.length}`)
}).pipe(Effect.scoped)

await Effect.runPromise(main)
