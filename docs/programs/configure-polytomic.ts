import * as Schedule from "@openretl/core/Schedule"
import * as PolytomicAdmin from "@openretl/polytomic/PolytomicAdmin"

const crm = await PolytomicAdmin.open({
  name: "crm",
  token: process.env["POLYTOMIC_TOKEN"] ?? "",
  defaultScope: "incremental",
})

try {
  for await (const sync of crm.syncs.list()) {
    const when = sync.schedule === undefined ? "schedule unknown" : Schedule.describe(sync.schedule)
    console.log(`${sync.name} is ${sync.state}, ${when}`)
    if (sync.name !== "Users to Salesforce" || sync.state !== "enabled") continue
    await crm.syncs.setSchedule(sync.ref, Schedule.cron("0 */6 * * 1-5"))
    const paused = await crm.syncs.pause(sync.ref)
    console.log(`${sync.name} is now ${paused.state}`)
  }
} finally {
  await crm.close()
}
