import { setTimeout as sleep } from "node:timers/promises"
import type { Memory } from "@openretl/core/Check"
import * as RudderStack from "@openretl/rudderstack/RudderStack"

await using crm = await RudderStack.open({
  name: "crm",
  region: "us",
  token: process.env["RUDDERSTACK_TOKEN"] ?? "",
  defaultScope: "incremental",
})
const orders = crm.syncRef({ connection: "2C8Vk2wj8qkofy00YzJbvJOGeqa" })
const triggered = await crm.trigger(orders, { key: "nightly/2026-11-28", whenRunning: "adopt" })
if (triggered._tag === "Skipped") throw new Error("adopt skips nothing")

// In an engine, each turn of this loop is a step, the memory is what the step returns, and the engine sleeps.
let memory: Memory | undefined
while (true) {
  const checked = await crm.check(triggered.run, { deadline: "6 hours", ...(memory && { memory }) })
  if (checked._tag === "Finished") {
    console.log(`${checked.verdict}: ${checked.run.rows.succeeded} rows`)
    break
  }
  if (checked._tag === "Overdue") throw new Error(`${checked.ref} has not ended by ${checked.deadline}`)
  memory = JSON.parse(JSON.stringify(checked.memory))
  await sleep(Math.max(0, checked.lookAgainAt.epochMilliseconds - Date.now()))
}
