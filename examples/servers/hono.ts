/**
 * "Sync now" behind Hono, without Effect: each press of the button has one run, and the page waits for its end.
 *
 * The environment: `RUDDERSTACK_TOKEN`, `CONNECTION`, `OPENRETL_JOURNAL` and `PORT`.
 */
import { environment } from "../support/environment.ts"

const { connection, local, journal, listening, port, token } = environment

// #region hono
import { serve } from "@hono/node-server"
import { parseRun } from "@openretl/core/Open"
import * as RudderStack from "@openretl/rudderstack/RudderStack"
import { Hono } from "hono"

const crm = await RudderStack.open({ name: "crm", region: "us", token, defaultScope: "incremental", journal, ...local })
const orders = crm.syncRef({ connection })
const app = new Hono()

app.post("/orders/sync", async (context) => {
  const click = context.req.header("idempotency-key")
  if (!click) return context.body(null, 400)
  const result = await crm.trigger(orders, { key: `click/${click}`, whenRunning: "skip" })
  return result._tag === "Skipped"
    ? context.json({ running: String(result.running) }, 409)
    : context.json({ run: String(result.run) }, 202)
})

app.get("/runs/:run", async (context) => {
  const { signal } = context.req.raw
  const { verdict, run } = await crm.wait(parseRun(context.req.param("run")), { deadline: "1 hour", signal })
  return context.json({ verdict, run })
})

app.onError((error, context) => context.json(error, "code" in error && error.code === "retl.invalid-ref" ? 400 : 502))
// #endregion

const server = serve({ fetch: app.fetch, port, hostname: "127.0.0.1" }, () => listening(server))
process.once("SIGTERM", () => server.close(() => void crm.close()))
