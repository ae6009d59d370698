import { createHmac, timingSafeEqual } from "node:crypto"
import * as FivetranActivations from "@openretl/fivetran-activations/FivetranActivations"
import { decodeEvent } from "@openretl/fivetran-activations/FivetranActivationsApi"

await using marketing = await FivetranActivations.open({
  name: "marketing",
  token: process.env["FIVETRAN_ACTIVATIONS_TOKEN"] ?? "",
  defaultScope: "incremental",
  hints: "expected",
})

const secret = process.env["FIVETRAN_ACTIVATIONS_SECRET"] ?? ""

/** What receives the webhook calls this, with the body as it arrived. An event only makes waits look now. */
const onWebhook = async (body: string, signature: string): Promise<number> => {
  const expected = createHmac("sha256", secret).update(body).digest()
  const actual = Buffer.from(signature, "base64")
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return 401
  const event = decodeEvent(JSON.parse(body))
  if (event !== undefined) await marketing.notice(marketing.syncRef({ sync: event.sync_id }))
  return 204
}

const customers = marketing.syncRef({ sync: "3167956" })
const running = marketing.run(customers, { whenRunning: "wait" })

// In place of the vendor: the run has ended.
setTimeout(() => {
  const body = '{"workspace_id":3167,"sync_id":3167956,"sync_run_id":324402082,"event":"sync.completed","status":"ok"}'
  const signature = createHmac("sha256", secret).update(body).digest("base64")
  onWebhook(body, signature).then((status) => console.log(`answered with ${status}`), console.error)
}, 95_000)

const { verdict } = await running
console.log(`${verdict}, seen after ${Math.round(performance.now() / 1_000)} s`)
