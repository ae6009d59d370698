import * as Schedule from "@openretl/core/Schedule"
import * as SegmentAdmin from "@openretl/segment/SegmentAdmin"

const ads = await SegmentAdmin.open({ name: "ads", region: "us", token: process.env["SEGMENT_TOKEN"] ?? "" })

try {
  for await (const { ref, name, state, schedule } of ads.syncs.list()) {
    console.log(`${name} is ${state}, ${schedule === undefined ? "schedule unknown" : Schedule.describe(schedule)}`)
    if (name !== "Contacts" || state !== "enabled") continue
    await ads.syncs.setSchedule(ref, Schedule.every("6 hours"))
    const paused = await ads.syncs.pause(ref)
    console.log(`${name} is now ${paused.state}`)
  }
} finally {
  await ads.close()
}
