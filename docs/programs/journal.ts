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
  // What calls of this and other processes have left open, and what they wait for.
  for (const { entry } of await crm.pending()) console.log(`${entry.key ?? entry.id} is ${entry.state}`)
  const orders = crm.syncRef({ connection: "2C8Vk2wj8qkofy00YzJbvJOGeqa" })
  const { how, run } = await crm.run(orders, { key: "nightly/2026-11-27", whenRunning: "wait" })
  console.log(`${how}: ${run.rows.succeeded} rows delivered by run ${run.ref}`)
} finally {
  await crm.close()
}
