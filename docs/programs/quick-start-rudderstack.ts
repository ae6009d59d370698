import * as RudderStack from "@openretl/rudderstack/RudderStack"

const crm = await RudderStack.open({
  name: "crm",
  region: "us",
  token: process.env["RUDDERSTACK_TOKEN"] ?? "",
  defaultScope: "incremental",
})

try {
  const orders = crm.syncRef({ connection: "2C8Vk2wj8qkofy00YzJbvJOGeqa" })
  const { run } = await crm.run(orders, { whenRunning: "wait" })
  console.log(`${run.rows.succeeded} rows delivered by run ${run.ref}`)
} catch (error) {
  console.error(error)
  process.exitCode = 1
} finally {
  await crm.close()
}
