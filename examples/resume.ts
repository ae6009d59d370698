/**
 * Resumes a wait in another process: a run's ref is one line of text that can live in a database column, a file, or the
 * state of a job, and it is all that a later process needs.
 *
 * Run it with `npm run example resume`. It serves an emulator and starts itself twice:
 * `trigger` triggers, prints the ref and is gone; `wait <ref>` takes it from there.
 */
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import * as Ref from "@openretl/core/Ref"
import { Runs } from "@openretl/core/Runs"
import { SegmentEmulator } from "@openretl/emulator"
import { serve } from "@openretl/emulator/Server"
import { Segment } from "@openretl/segment"
import { Config, Console, Effect } from "effect"

const Ads = Segment.layerConfig({
  name: Config.succeed("ads"),
  region: Config.succeed("us"),
  token: Config.Redacted("SEGMENT_TOKEN"),
  baseUrl: Config.String("SEGMENT_URL"),
})

/** The first process. It does not wait; the run goes on at the vendor. */
const trigger = (syncText: string) =>
  Effect.gen(function* () {
    const sync = yield* Ref.parseSync(syncText)
    const result = yield* (yield* Runs).trigger(sync, { whenRunning: "fail" })
    if (result._tag !== "Skipped") yield* Console.log(String(result.run))
  }).pipe(Effect.provide(Ads))

/** The second process. The deadline counts from when the run was accepted, which the ref knows. */
const wait = (refText: string) =>
  Effect.gen(function* () {
    const ref = yield* Ref.parseRun(refText)
    const { run, verdict } = yield* (yield* Runs).wait(ref, { deadline: "2 hours" })
    yield* Console.log(`${verdict}: ${run.rows.succeeded} rows delivered`)
  }).pipe(Effect.provide(Ads))

/** Stands for the vendor, for the scheduler that starts processes, and for the database that keeps the ref. */
const both = Effect.gen(function* () {
  const emulator = yield* SegmentEmulator.make({ speed: 30, plan: { duration: "1 minute", rows: { succeeded: 640 } } })
  const { source = "", model = "", subscription = "" } = yield* emulator.addSync()
  const sync = yield* Segment.syncRef("ads", { source, model, subscription })
  const env = { ...process.env, SEGMENT_URL: yield* serve(emulator), SEGMENT_TOKEN: emulator.token }
  const start = (...args: ReadonlyArray<string>) =>
    Effect.promise(async () => {
      const file = fileURLToPath(import.meta.url)
      const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, file, ...args], { env })
      return stdout.trim()
    })

  const ref = yield* start("trigger", String(sync))
  yield* Console.log(`stored: ${ref}`)
  yield* Console.log(`resumed: ${yield* start("wait", ref)}`)
}).pipe(Effect.scoped)

const [command, text = ""] = process.argv.slice(2)
if (command === "trigger") await Effect.runPromise(trigger(text))
else if (command === "wait") await Effect.runPromise(wait(text))
else await Effect.runPromise(both)
