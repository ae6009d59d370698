import { createHmac, timingSafeEqual } from "node:crypto"
import * as Polytomic from "@openretl/polytomic/Polytomic"
import { decodeEvent } from "@openretl/polytomic/PolytomicApi"

await using crm = await Polytomic.open({
  name: "crm",
  token: process.env["POLYTOMIC_TOKEN"] ?? "",
  defaultScope: "incremental",
  hints: "expected",
})

const secret = process.env["POLYTOMIC_SECRET"] ?? ""

/** What receives the webhook calls this, with the body as it arrived. An event only makes waits look now. */
const onWebhook = async (body: string, signature: string): Promise<number> => {
  const expected = createHmac("sha256", secret).update(body).digest()
  const actual = Buffer.from(signature, "hex")
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return 401
  const event = decodeEvent(JSON.parse(body))
  if (event !== undefined) await crm.notice(crm.syncRef({ sync: event.event.sync_id }))
  return 204
}

const users = crm.syncRef({ sync: "248df4b7-aa70-47b8-a036-33ac447e668d" })
const running = crm.run(users, { whenRunning: "wait" })

// In place of the vendor: the run has ended.
setTimeout(() => {
  const body = JSON.stringify({
    type: "sync.completed",
    event: { sync_id: users.ids["sync"], execution_id: "7f3e9c2a-4b8d-4f1e-a9c3-6d5e2f8b1a7c" },
  })
  const signature = createHmac("sha256", secret).update(body).digest("hex")
  onWebhook(body, signature).then((status) => console.log(`answered with ${status}`), console.error)
}, 95_000)

const { verdict } = await running
console.log(`${verdict}, seen after ${Math.round(performance.now() / 1_000)} s`)
