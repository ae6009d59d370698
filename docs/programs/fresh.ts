import * as RudderStack from "@openretl/rudderstack/RudderStack"

await using crm = await RudderStack.open({
  name: "crm",
  region: "us",
  token: process.env["RUDDERSTACK_TOKEN"] ?? "",
  defaultScope: "incremental",
})
const orders = crm.syncRef({ connection: "2C8Vk2wj8qkofy00YzJbvJOGeqa" })

// Sends a trigger only where no run of the last hour delivered its rows, and none is under way that will have.
const { run, how } = await crm.ensure(orders, { maxAge: "1 hour", deadline: "2 hours" })
console.log(`${how}: ${run.rows.succeeded} rows`)

// Sends reads alone.
const freshness = await crm.freshness(orders, { warnAfter: "1 hour", errorAfter: "6 hours" })
console.log(freshness._tag === "Unverified" ? `unverified: ${freshness.why}` : freshness._tag)
