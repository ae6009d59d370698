import * as Schedule from "@openretl/core/Schedule"
import * as ZeotapAdmin from "@openretl/zeotap/ZeotapAdmin"

const app = await ZeotapAdmin.open({
  name: "app",
  workspaceId: "660e8400-e29b-41d4-a716-446655440000",
  token: process.env["ZEOTAP_TOKEN"] ?? "",
})

try {
  for await (const { ref, name, state, schedule } of app.syncs.list()) {
    console.log(`${name} is ${state}, ${schedule === undefined ? "schedule unknown" : Schedule.describe(schedule)}`)
    if (name !== "Contacts" || state !== "enabled") continue
    await app.syncs.setSchedule(ref, Schedule.cron("0 */6 * * *"))
    const paused = await app.syncs.pause(ref)
    console.log(`${name} is now ${paused.state}`)
  }
} finally {
  await app.close()
}
