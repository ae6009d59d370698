/**
 * "Sync now" with a `ManagedRuntime`: each press of the button has one run, and the page waits for its end.
 *
 * The environment: `RUDDERSTACK_TOKEN`, `CONNECTION`, `OPENRETL_JOURNAL` and `PORT`.
 */
import { serve } from "@hono/node-server"
import * as Ref from "@openretl/core/Ref"
import { Runs } from "@openretl/core/Runs"
import * as SqliteJournal from "@openretl/journal-sql/SqliteJournal"
import * as RudderStack from "@openretl/rudderstack/RudderStack"
import { Config, Effect, Layer, ManagedRuntime } from "effect"
import { Hono } from "hono"
import { environment } from "../support/environment.ts"

const { connection, local, journal, listening, port } = environment

// #region runtime
const Crm = Layer.unwrap(
  Effect.gen(function* () {
    return RudderStack.layer({
      name: "crm",
      region: "us",
      token: yield* Config.Redacted("RUDDERSTACK_TOKEN"),
      defaultScope: "incremental",
      journal: yield* SqliteJournal.make({ filename: journal }),
      ...local,
    })
  }),
)

/** It makes the workspace at the first request, and keeps it until the process ends. */
const runtime = ManagedRuntime.make(Crm)

const syncNow = Effect.fn("syncNow")(function* (click: string) {
  const orders = yield* RudderStack.syncRef("crm", { connection })
  const { trigger } = yield* Runs
  return yield* trigger(orders, { key: `click/${click}`, whenRunning: "skip" })
})

const waitFor = Effect.fn("waitFor")(function* (text: string) {
  const { wait } = yield* Runs
  return yield* wait(yield* Ref.parseRun(text), { deadline: "1 hour" })
})
// #endregion

const app = new Hono()

app.post("/orders/sync", async (context) => {
  const click = context.req.header("idempotency-key")
  if (!click) return context.body(null, 400)
  const result = await runtime.runPromise(syncNow(click))
  return result._tag === "Skipped"
    ? context.json({ running: String(result.running) }, 409)
    : context.json({ run: String(result.run) }, 202)
})

app.get("/runs/:run", async (context) => {
  const { signal } = context.req.raw
  const { verdict, run } = await runtime.runPromise(waitFor(context.req.param("run")), { signal })
  return context.json({ verdict, run })
})

app.onError((error, context) => context.json(error, "code" in error && error.code === "retl.invalid-ref" ? 400 : 502))

const server = serve({ fetch: app.fetch, port, hostname: "127.0.0.1" }, () => listening(server))
process.once("SIGTERM", () => server.close(() => void runtime.dispose()))
