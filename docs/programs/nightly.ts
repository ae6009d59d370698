import { openFleet } from "@openretl/core/Open"
import * as RudderStack from "@openretl/rudderstack/RudderStack"
import * as Segment from "@openretl/segment/Segment"
import * as Zeotap from "@openretl/zeotap/Zeotap"

const { RUDDERSTACK_TOKEN = "", SEGMENT_TOKEN = "", ZEOTAP_TOKEN = "", CHAT_URL } = process.env
const { OPENRETL_JOURNAL: journal = "nightly.db", NIGHT = new Date().toISOString().slice(0, 10) } = process.env
const workspaceId = "660e8400-e29b-41d4-a716-446655440000"

const fleet = await openFleet({
  crm: RudderStack.open({ name: "crm", region: "us", token: RUDDERSTACK_TOKEN, defaultScope: "incremental", journal }),
  ads: Segment.open({ name: "ads", region: "us", token: SEGMENT_TOKEN, journal }),
  app: Zeotap.open({ name: "app", workspaceId, token: ZEOTAP_TOKEN, journal }),
})

/** Each sync with its name and its destination, which syncs of several vendors share. */
const jobs = [
  ["orders", "salesforce", "rudderstack.crm.connection.2C8Vk2wj8qkofy00YzJbvJOGeqa"],
  ["accounts", "salesforce", "rudderstack.crm.connection.2C8Vk2wj8qkofy00YzJbvJOGeqb"],
  ["contacts", "salesforce", "rudderstack.crm.connection.2C8Vk2wj8qkofy00YzJbvJOGeqc"],
  ["tickets", "zendesk", "rudderstack.crm.connection.2C8Vk2wj8qkofy00YzJbvJOGeqd"],
  ["leads", "salesforce", "segment.ads.model.mLeads.source.sLeads.subscription.subLeads"],
  ["audiences", "google ads", "segment.ads.model.mAudiences.source.sAudiences.subscription.subAudiences"],
  ["conversions", "google ads", "segment.ads.model.mConversions.source.sConversions.subscription.subConversions"],
  ["lookalikes", "google ads", "segment.ads.model.mLookalikes.source.sLookalikes.subscription.subLookalikes"],
  ["profiles", "braze", "zeotap.app.sync.550e8400-e29b-41d4-a716-446655440000"],
  ["consents", "braze", "zeotap.app.sync.550e8400-e29b-41d4-a716-446655440001"],
  ["churn", "braze", "zeotap.app.sync.550e8400-e29b-41d4-a716-446655440002"],
  ["support", "zendesk", "zeotap.app.sync.550e8400-e29b-41d4-a716-446655440003"],
].map(([name = "", destination = "", ref]) => ({ name, destination, sync: `retl1.sync.${ref}` }))

const options = { whenRunning: "wait", deadline: "4 hours", perDestination: 2 } as const
const report = await fleet.runAll(jobs, { ...options, key: `nightly/${NIGHT}` })
console.log(`${report}`)
if (CHAT_URL) await fetch(CHAT_URL, { method: "POST", body: JSON.stringify({ text: `\`\`\`${report}\`\`\`` }) })
process.exitCode = report.isGreen ? 0 : 1
await fleet.close()
