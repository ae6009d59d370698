import * as RudderStack from "@openretl/rudderstack/RudderStack"

const crm = await RudderStack.open({
  name: "crm",
  region: "us",
  token: process.env["RUDDERSTACK_TOKEN"] ?? "",
  defaultScope: "incremental",
  // A file, or the URL of a PostgreSQL database.
  journal: process.env["OPENRETL_JOURNAL"] ?? "runs.db",
})

try {
  for (const { entry, isOwnerAlive } of await crm.pending()) {
    console.log(`${entry.id} is ${entry.state}${isOwnerAlive ? "" : ", and its process is gone"}`)
  }
  const orders = crm.syncRef({ connection: "2C8Vk2wj8qkofy00YzJbvJOGeqa" })
  const { how, run } = await crm.run(orders, { key: "nightly/2026-11-27", whenRunning: "wait" })
  console.log(`${how}: ${run.rows.succeeded} rows delivered by run ${run.ref}`)
} finally {
  await crm.close()
}
