import * as Schedule from "@openretl/core/Schedule"
import * as RudderStackAdmin from "@openretl/rudderstack/RudderStackAdmin"

const token = process.env["RUDDERSTACK_TOKEN"] ?? ""
const crm = await RudderStackAdmin.open({ name: "crm", region: "us", token, defaultScope: "incremental" })

try {
  const orders = await crm.syncs.create(
    RudderStackAdmin.definition({
      sourceId: "2sOurce0000000000000000000",
      destinationId: "2dEstination000000000000000",
      identifiers: [{ from: "email", to: "user_id" }],
      mappings: [{ from: "name", to: "first_name" }],
      event: { type: "identify" },
    }),
  )
  await crm.syncs.setSchedule(orders.ref, Schedule.every("1 hour"))
  await crm.syncs.resume(orders.ref)
  for await (const { ref, state, schedule } of crm.syncs.list()) {
    console.log(`${ref} is ${state}, ${schedule === undefined ? "schedule unknown" : Schedule.describe(schedule)}`)
  }
} finally {
  await crm.close()
}
