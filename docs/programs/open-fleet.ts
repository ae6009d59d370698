import { openFleet, parseSync } from "@openretl/core/Open"
import * as RudderStack from "@openretl/rudderstack/RudderStack"
import * as Zeotap from "@openretl/zeotap/Zeotap"

const fleet = await openFleet({
  crm: RudderStack.open({
    name: "crm",
    region: "us",
    token: process.env["RUDDERSTACK_TOKEN"] ?? "",
    defaultScope: "incremental",
  }),
  app: Zeotap.open({
    name: "app",
    workspaceId: "660e8400-e29b-41d4-a716-446655440000",
    token: process.env["ZEOTAP_TOKEN"] ?? "",
  }),
})

// The text form of refs, as a database or a configuration file has them.
const syncs = [
  "retl1.sync.rudderstack.crm.connection.2C8Vk2wj8qkofy00YzJbvJOGeqa",
  "retl1.sync.zeotap.app.sync.550e8400-e29b-41d4-a716-446655440000",
]
const runs = syncs.map((text) => fleet.run(parseSync(text), { whenRunning: "wait", deadline: "2 hours" }))
for (const result of await Promise.allSettled(runs)) {
  if (result.status === "rejected") console.error(result.reason)
  else console.log(`${result.value.verdict}: ${result.value.run.ref}`)
}
await fleet.close()
