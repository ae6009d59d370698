import * as Schedule from "@openretl/core/Schedule"
import * as HightouchAdmin from "@openretl/hightouch/HightouchAdmin"

const marketing = await HightouchAdmin.open({
  name: "marketing",
  token: process.env["HIGHTOUCH_TOKEN"] ?? "",
  defaultScope: "incremental",
})

try {
  for await (const sync of marketing.syncs.list()) {
    const slug = HightouchAdmin.nativeOf(sync)?.slug
    const when = sync.schedule === undefined ? "schedule unknown" : Schedule.describe(sync.schedule)
    console.log(`${slug} is ${sync.state}, ${when}`)
    if (slug !== "customers-to-hubspot" || sync.state !== "enabled") continue
    await marketing.syncs.setSchedule(sync.ref, Schedule.every("6 hours"))
    const paused = await marketing.syncs.pause(sync.ref)
    console.log(`${slug} is now ${paused.state}`)
  }
} finally {
  await marketing.close()
}
