import * as Schedule from "@openretl/core/Schedule"
import * as FivetranActivationsAdmin from "@openretl/fivetran-activations/FivetranActivationsAdmin"

const marketing = await FivetranActivationsAdmin.open({
  name: "marketing",
  token: process.env["FIVETRAN_ACTIVATIONS_TOKEN"] ?? "",
  defaultScope: "incremental",
})

try {
  for await (const sync of marketing.syncs.list()) {
    const when = sync.schedule === undefined ? "schedule unknown" : Schedule.describe(sync.schedule)
    console.log(`${sync.name} is ${sync.state}, ${when}`)
    if (sync.name !== "Customers to HubSpot" || sync.state !== "enabled") continue
    await marketing.syncs.setSchedule(sync.ref, Schedule.cron("0 */6 * * 1-5"))
    const paused = await marketing.syncs.pause(sync.ref)
    console.log(`${sync.name} is now ${paused.state}`)
  }
} finally {
  await marketing.close()
}
