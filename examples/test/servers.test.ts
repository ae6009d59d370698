/** The servers of the examples: a press of the button, a second one, a sync that fails, a lost answer, a page that leaves. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { RudderStackEmulator } from "@openretl/emulator"
import * as Fault from "@openretl/emulator/Fault"
import { serve } from "@openretl/emulator/Server"
import { Effect } from "effect"
import { describe, expect, it, type TestContext } from "vitest"
import { bundled, start } from "./support/processes.ts"

/** Serves a connection to a server of the examples. */
const serving = Effect.fnUntraced(function* (test: TestContext, file: string) {
  const emulator = yield* RudderStackEmulator.make({ plan: { duration: "1 second", rows: { succeeded: 640 } } })
  const { connection = "" } = yield* emulator.addSync()
  const folder = mkdtempSync(join(tmpdir(), "openretl-"))
  yield* Effect.addFinalizer(() => Effect.sync(() => rmSync(folder, { recursive: true, force: true })))
  const server = start(test, yield* Effect.promise(() => bundled(`servers/${file}`)), [], {
    RUDDERSTACK_TOKEN: emulator.token,
    RUDDERSTACK_URL: yield* serve(emulator),
    OPENRETL_JOURNAL: join(folder, "retl.db"),
    CONNECTION: connection,
    PORT: "0",
  })
  yield* Effect.promise(() => server.until(/http:.*\n/))
  const runs = Effect.map(emulator.runsOf({ connection }), ({ length }) => length)
  return { server, emulator, ids: { connection }, runs, url: server.out().trim() }
})

interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
}

const answer = async (response: Response): Promise<Answer> => ({
  status: response.status,
  body: (await response.json()) as Answer["body"],
})

const press = (url: string, click: string) =>
  Effect.promise(async () =>
    answer(await fetch(`${url}/orders/sync`, { method: "POST", headers: { "idempotency-key": click } })),
  )

const wait = (url: string, { body }: Answer) =>
  Effect.promise(async () => answer(await fetch(`${url}/runs/${String(body["run"])}`)))

describe.each(["express.ts", "hono.ts", "runtime.ts"])("%s", { concurrent: true }, (file) => {
  it("T10: one run for each press of the button, and its end for the page", { timeout: 120_000 }, (test) =>
    Effect.gen(function* () {
      const { server, emulator, ids, runs, url } = yield* serving(test, file)

      // A press, and the same press once more.
      const [first, again] = yield* Effect.all([press(url, "1"), press(url, "1")], { concurrency: 2 })
      expect(first).toEqual({ status: 202, body: { run: expect.stringMatching(/^retl1\.run\./) } })
      expect(again).toEqual(first)
      expect((yield* wait(url, first)).body).toMatchObject({ verdict: "complete", run: { rows: { succeeded: 640 } } })

      // The answer is lost; the run is found.
      yield* emulator.script(ids, [{ duration: "4 seconds" }])
      yield* emulator.addFaults(Fault.lost("start", { commits: true }))
      const lost = yield* press(url, "2")
      expect(lost.status).toBe(202)

      // The page leaves, and the run goes on.
      const leaving = AbortSignal.timeout(100)
      const left = yield* Effect.promise(() =>
        fetch(`${url}/runs/${String(lost.body["run"])}`, { signal: leaving }).then(
          () => "answered",
          () => "left",
        ),
      )
      expect(left).toBe("left")
      expect(yield* press(url, "3")).toEqual({ status: 409, body: { running: expect.stringMatching(/^retl1\.run\./) } })
      expect((yield* wait(url, lost)).body).toMatchObject({ verdict: "complete" })

      // A run that fails, and a vendor that refuses.
      yield* emulator.script(ids, [{ ends: "failed", duration: "1 second", error: { text: "no such table" } }])
      const failed = yield* wait(url, yield* press(url, "4"))
      expect(failed).toMatchObject({ status: 200, body: { verdict: "failed" } })
      yield* emulator.addFaults(
        Fault.respond("start", { status: 403, body: `{"message":"no permission"}`, commits: false }),
      )
      const refused = yield* press(url, "5")
      expect(refused).toMatchObject({ status: 502, body: { code: "retl.permission-denied", delivery: "refused" } })
      expect(refused.body["guidance"]).toMatch(/permission/)

      // A request without a click, and a ref that is none.
      const nameless = yield* Effect.promise(() => fetch(`${url}/orders/sync`, { method: "POST" }))
      expect(nameless.status).toBe(400)
      const nonsense = yield* wait(url, { status: 0, body: { run: "nonsense" } })
      expect(nonsense).toMatchObject({ status: 400, body: { code: "retl.invalid-ref" } })

      expect(yield* runs).toBe(3)
      server.child.kill("SIGTERM")
      expect(yield* Effect.promise(() => server.exit)).toBe(0)
      expect(server.err()).toBe("")
    }).pipe(Effect.scoped, Effect.runPromise),
  )
})
