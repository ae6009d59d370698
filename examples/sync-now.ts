/**
 * A "sync now" button behind three server processes: one click starts one run, whichever servers it reaches, and however
 * often the page repeats its request.
 *
 * Run it with `npm run example sync-now`. It serves an emulator and starts itself three times as `server`, over one
 * journal in SQLite. Then it is the page: its first request reaches all three servers at once, as when a proxy repeats it.
 */
import { createServer } from "node:http"
import * as Ref from "@openretl/core/Ref"
import { Runs } from "@openretl/core/Runs"
import { RudderStackEmulator } from "@openretl/emulator"
import { RudderStack } from "@openretl/rudderstack"
import { Console, Effect, Layer, ManagedRuntime, Option, References, Stream } from "effect"
import { Crm, environmentFor } from "./support/crm.ts"
import { start } from "./support/processes.ts"

/** What a server does for a click. All servers that get the same click share its run. */
const syncNow = (sync: Ref.SyncRef, click: string) =>
  Effect.gen(function* () {
    const { run } = yield* Runs
    const { how, verdict, run: finished } = yield* run(sync, { key: click, whenRunning: "wait" })
    return `${how}, ${verdict}, ${finished.rows.succeeded} rows`
  }).pipe(
    Effect.catchTag("OutcomeRejected", ({ verdict, how }) => Effect.succeed(`${how}, ${verdict}`)),
    // The page may repeat the click: it has the same key.
    Effect.catch((error) => Effect.succeed(`${error.code}: ${error.guidance}`)),
  )

/** A server. The runtime lives as long as the process, and with it the workspace. */
const serveClicks = (syncText: string) => {
  process.once("disconnect", () => process.exit())
  // After the address, nothing reads its standard output: it logs warnings alone.
  const quiet = Layer.succeed(References.MinimumLogLevel, "Warn")
  const runtime = ManagedRuntime.make(Layer.merge(Crm, quiet))
  const server = createServer((request, response) => {
    const click = String(request.headers["idempotency-key"] ?? "")
    const answer = Effect.flatMap(Ref.parseSync(syncText), (sync) => syncNow(sync, click))
    void runtime.runPromise(answer).then(
      (text) => response.end(text),
      () => response.writeHead(500).end(),
    )
  })
  server.listen(0, "127.0.0.1", () => {
    const address = server.address()
    console.log(typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "")
  })
}

// #region click
/** What the page does for a click. The id is made before the first request, so that a repetition has it too. */
const onClick = async (urls: ReadonlyArray<string>) => {
  const click = `click/${crypto.randomUUID()}`
  const request = { method: "POST", headers: { "idempotency-key": click } }
  const answers = await Promise.all(urls.map((url) => fetch(url, request)))
  const texts = await Promise.all(answers.map((answer) => answer.text()))
  // The page was reloaded, or its connection broke: it repeats the request with the id of the click.
  const [url = ""] = urls
  const again = await fetch(url, request)
  return { texts, again: await again.text() }
}
// #endregion

/** Plays the vendor and the page. */
const main = Effect.gen(function* () {
  const emulator = yield* RudderStackEmulator.make({ plan: { duration: "3 seconds", rows: { succeeded: 640 } } })
  const { connection = "" } = yield* emulator.addSync()
  const orders = yield* RudderStack.syncRef("crm", { connection })
  const env = yield* environmentFor(emulator)
  const servers = yield* Effect.all(
    Array.from({ length: 3 }, () => start(import.meta.url, ["server", String(orders)], env)),
  )
  const urls = yield* Effect.forEach(servers, ({ lines }) => Stream.runHead(lines))
  const { texts, again } = yield* Effect.promise(() => onClick(urls.map(Option.getOrThrow)))
  for (const text of texts.toSorted()) yield* Console.log(`a server answered: ${text}`)
  yield* Console.log(`later:             ${again}`)
  yield* Console.log(`runs at the vendor: ${(yield* emulator.runsOf({ connection })).length}`)
}).pipe(Effect.scoped)

const [command, text = ""] = process.argv.slice(2)
if (command === "server") serveClicks(text)
else await Effect.runPromise(main)
