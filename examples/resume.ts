/**
 * Resumes a wait in another process. A run's ref is one line of text; store it in a database column, a file, or the state
 * of a job. A later process needs nothing else.
 *
 * Run it with `npm run example resume`. It serves an emulator and starts itself twice: `trigger` triggers a run, prints
 * its ref and exits; `wait <ref>` waits for that run.
 */
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import * as Ref from "@openretl/core/Ref"
import { Runs } from "@openretl/core/Runs"
import { SegmentEmulator } from "@openretl/emulator"
import { serve } from "@openretl/emulator/Server"
import { Segment } from "@openretl/segment"
import { Config, Console, Effect, References } from "effect"

const Ads = Segment.layerConfig({
  name: Config.succeed("ads"),
  region: Config.succeed("us"),
  token: Config.Redacted("SEGMENT_TOKEN"),
  baseUrl: Config.String("SEGMENT_URL"),
})

/** Leaves out log lines of the level `Info`, which go to standard output too: another process reads that. */
const quietly = Effect.provideService(References.MinimumLogLevel, "Warn")

/** The first process. It triggers a run and does not wait: the run continues at the vendor. */
const trigger = (syncText: string) =>
  Effect.gen(function* () {
    const sync = yield* Ref.parseSync(syncText)
    const result = yield* (yield* Runs).trigger(sync, { whenRunning: "fail" })
    if (result._tag !== "Skipped") yield* Console.log(String(result.run))
  }).pipe(Effect.provide(Ads), quietly)

/** The second process. The deadline counts from when the run was accepted; the ref carries that time. */
const wait = (refText: string) =>
  Effect.gen(function* () {
    const ref = yield* Ref.parseRun(refText)
    const { run, verdict } = yield* (yield* Runs).wait(ref, { deadline: "2 hours" })
    yield* Console.log(`${verdict}: ${run.rows.succeeded} rows delivered`)
  }).pipe(Effect.provide(Ads), quietly)

/** Plays the vendor, the scheduler that starts both processes, and the database that stores the ref. */
const main = Effect.gen(function* () {
  const emulator = yield* SegmentEmulator.make({ speed: 30, plan: { duration: "1 minute", rows: { succeeded: 640 } } })
  const { source = "", model = "", subscription = "" } = yield* emulator.addSync()
  const sync = yield* Segment.syncRef("ads", { source, model, subscription })
  const env = { ...process.env, SEGMENT_URL: yield* serve(emulator), SEGMENT_TOKEN: emulator.token }
  const startProcess = (...args: ReadonlyArray<string>) =>
    Effect.promise(async () => {
      const file = fileURLToPath(import.meta.url)
      const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, file, ...args], { env })
      return stdout.trim()
    })

  const ref = yield* startProcess("trigger", String(sync))
  yield* Console.log(`stored: ${ref}`)
  yield* Console.log(`resumed: ${yield* startProcess("wait", ref)}`)
}).pipe(Effect.scoped)

const [command, text = ""] = process.argv.slice(2)
if (command === "trigger") await Effect.runPromise(trigger(text))
else if (command === "wait") await Effect.runPromise(wait(text))
else await Effect.runPromise(main)
