/**
 * The next morning: what has a dead process left, and what became of it?
 *
 * A process triggers two syncs and is killed: the answer to the first trigger has arrived, the answer to the second has not.
 * Later, another process lists both, and goes on with their runs. It sends no trigger.
 *
 * Run it with `npm run example resume-pending`. It serves an emulator and starts itself twice, as processes that share a
 * journal in SQLite.
 */
import * as Ref from "@openretl/core/Ref"
import { Runs } from "@openretl/core/Runs"
import { RudderStackEmulator } from "@openretl/emulator"
import * as Fault from "@openretl/emulator/Fault"
import { RudderStack } from "@openretl/rudderstack"
import { Console, Effect } from "effect"
import { Crm, environmentFor } from "./support/crm.ts"
import { run, start } from "./support/processes.ts"

/** The night: triggers each sync, and does not live to see the ends. */
const night = (...syncTexts: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const { run } = yield* Runs
    const syncs = yield* Effect.forEach(syncTexts, (text) => Ref.parseSync(text))
    yield* Effect.forEach(syncs, (sync) => run(sync, { key: "nightly/2026-11-27", whenRunning: "wait" }), {
      concurrency: "unbounded",
    })
  })

// #region morning
/** The morning: lists what somebody may have to go on with, and goes on with each. */
const morning = Effect.gen(function* () {
  const { pending, resume } = yield* Runs
  for (const { entry } of yield* pending) {
    if (entry.kind !== "trigger") continue
    console.log(`${entry.key ?? entry.id} is ${entry.state}, by process ${entry.owner.pid} of ${entry.owner.host}`)
    const resumed = yield* resume(entry, { deadline: "2 hours" })
    if (resumed._tag === "NotStarted") console.log(`  it started no run: ${resumed.evidence}`)
    else console.log(`  ${resumed.finished.verdict}, ${resumed.finished.run.rows.succeeded} rows`)
  }
})
// #endregion

/** Plays the vendor and the machine. */
const main = Effect.gen(function* () {
  const emulator = yield* RudderStackEmulator.make({ plan: { duration: "3 seconds", rows: { succeeded: 640 } } })
  const [orders, refunds] = [yield* emulator.addSync(), yield* emulator.addSync()]
  const refs = yield* Effect.forEach([orders, refunds], ({ connection = "" }) =>
    RudderStack.syncRef("crm", { connection }),
  )
  const env = yield* environmentFor(emulator)
  yield* emulator.addFaults(Fault.never("start", { commits: true, sync: refunds }))

  const first = yield* start(import.meta.url, ["night", ...refs.map(String)], env)
  // The process reads the run of one sync once its answer is there; the other sync's trigger gets none.
  const operations = Effect.map(emulator.calls, (calls) => calls.map(({ operation }) => operation))
  const isUnderWay = Effect.map(
    operations,
    (all) => all.filter((operation) => operation === "start").length === 2 && all.includes("get"),
  )
  while (!(yield* isUnderWay)) yield* Effect.sleep("10 millis")
  yield* first.kill
  yield* Console.log("the night's process was killed")
  yield* Console.log(yield* run(import.meta.url, ["morning"], env))
  const runs = yield* Effect.forEach([orders, refunds], (ids) => emulator.runsOf(ids))
  yield* Console.log(`runs at the vendor: ${runs.map(({ length }) => length).join(" and ")}`)
}).pipe(Effect.scoped)

const [command, ...texts] = process.argv.slice(2)
if (command === "night") await Effect.runPromise(Effect.provide(night(...texts), Crm))
else if (command === "morning") await Effect.runPromise(Effect.provide(morning, Crm))
else await Effect.runPromise(main)
