/**
 * "Sync now" behind Express, without Effect: each press of the button has one run, and the page waits for its end.
 *
 * The environment: `RUDDERSTACK_TOKEN`, `CONNECTION`, `OPENRETL_JOURNAL` and `PORT`.
 */
import { environment } from "../support/environment.ts"

const { connection, local, journal, listening, port, token } = environment

// #region express
import { parseRun } from "@openretl/core/Open"
import * as RudderStack from "@openretl/rudderstack/RudderStack"
import express, { type ErrorRequestHandler } from "express"

const crm = await RudderStack.open({ name: "crm", region: "us", token, defaultScope: "incremental", journal, ...local })
const orders = crm.syncRef({ connection })
const app = express()

app.post("/orders/sync", async (request, response) => {
  const click = request.get("idempotency-key")
  if (!click) return void response.status(400).end()
  const result = await crm.trigger(orders, { key: `click/${click}`, whenRunning: "skip" })
  if (result._tag === "Skipped") response.status(409).json({ running: String(result.running) })
  else response.status(202).json({ run: String(result.run) })
})

app.get("/runs/:run", async (request, response) => {
  const left = new AbortController()
  response.on("close", () => left.abort())
  response.json(await crm.wait(parseRun(request.params.run), { deadline: "1 hour", signal: left.signal }))
})

app.use(((error, _request, response, _next) => {
  response.status(error.code === "retl.invalid-ref" ? 400 : 502).json(error)
}) satisfies ErrorRequestHandler)
// #endregion

const server = app.listen(port, "127.0.0.1", () => listening(server))
process.once("SIGTERM", () => server.close(() => void crm.close()))
