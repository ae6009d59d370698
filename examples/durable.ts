/**
 * A sync as a durable workflow, on Effect's workflow engine in a SQLite file. Its process is killed with SIGKILL between the
 * POST of the trigger and the answer, and once more in a sleep between two looks. The next process goes on each time, and the
 * vendor has one run.
 *
 * Run it with `npm run example durable`. It serves an emulator and starts itself three times as `worker`. The workflow is
 * `durable/workflow.ts`; `docs/durable.md` explains it.
 */
import { RudderStackEmulator } from "@openretl/emulator"
import { RudderStack } from "@openretl/rudderstack"
import { Clock, Console, Effect } from "effect"
import { type Happening, isTriggerOf, killTwice } from "./durable/killTwice.ts"
import { work } from "./durable/worker.ts"
import { environmentFor } from "./support/crm.ts"
import { start } from "./support/processes.ts"

const key = "nightly/2026-11-27"

const introduction = `
  A workflow triggers a sync with the key ${key}, and looks at its run until it ends.
  Its engine is a SQLite file. Its process is killed twice.
`

/** Prints what happens to the processes, and when. */
const printing = Effect.map(Clock.currentTimeMillis, (startedAt) =>
  Effect.fnUntraced(function* ({ worker, what, line }: Happening) {
    if (what === "ends") return
    const seconds = ((yield* Clock.currentTimeMillis) - startedAt) / 1_000
    const text = what === "prints" ? line : `KILLED ${line}`
    yield* Console.log(`  ${seconds.toFixed(1).padStart(5)} s  process ${worker}  ${text}`)
  }),
)

/** Plays the vendor, and the machine that kills processes and starts them again. */
const main = Effect.gen(function* () {
  const emulator = yield* RudderStackEmulator.make({ plan: { ends: "never", rows: { succeeded: 640 } } })
  const { connection = "" } = yield* emulator.addSync()
  const orders = yield* RudderStack.syncRef("crm", { connection })
  const { OPENRETL_JOURNAL: file, ...account } = yield* environmentFor(emulator)
  const env = { ...account, OPENRETL_KEY: key, DURABLE_STORE: file }

  yield* Console.log(introduction)
  const happenings = yield* killTwice({
    vendor: emulator,
    sync: orders,
    commits: true,
    start: start(import.meta.url, ["worker", String(orders)], env),
    workers: 1,
    onHappening: yield* printing,
  })

  const steps = happenings.filter(({ line }) => line === `triggers ${key}`).length
  const triggers = (yield* emulator.calls).filter((call) => isTriggerOf(orders, call)).length
  const runs = (yield* emulator.runsOf({ connection })).length
  yield* Console.log(`\n  The engine ran the step that triggers ${steps} times, since the first was cut off.`)
  yield* Console.log(`  The key made them one run. At the vendor: ${triggers} trigger, ${runs} run.`)
}).pipe(Effect.scoped)

const [command, text = ""] = process.argv.slice(2)
if (command === "worker") {
  process.once("disconnect", () => process.exit())
  await Effect.runPromise(work(text))
  // The channel to the process that started this one would keep it alive.
  process.disconnect?.()
} else await Effect.runPromise(main)
