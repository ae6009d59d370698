import { openFleet } from "@openretl/core/Open"
import * as FivetranActivations from "@openretl/fivetran-activations/FivetranActivations"
import * as Hightouch from "@openretl/hightouch/Hightouch"
import * as Polytomic from "@openretl/polytomic/Polytomic"
import * as RudderStack from "@openretl/rudderstack/RudderStack"
import * as Segment from "@openretl/segment/Segment"
import * as Zeotap from "@openretl/zeotap/Zeotap"

const token = (vendor: string) => process.env[`${vendor}_TOKEN`] ?? ""
const incremental = { defaultScope: "incremental" } as const
const workspaceId = "660e8400-e29b-41d4-a716-446655440000"

const fleet = await openFleet({
  crm: RudderStack.open({ name: "crm", region: "us", token: token("RUDDERSTACK"), ...incremental }),
  ads: Segment.open({ name: "ads", region: "us", token: token("SEGMENT") }),
  app: Zeotap.open({ name: "app", workspaceId, token: token("ZEOTAP") }),
  growth: Hightouch.open({ name: "growth", token: token("HIGHTOUCH"), ...incremental }),
  sales: FivetranActivations.open({ name: "sales", token: token("FIVETRAN_ACTIVATIONS"), ...incremental }),
  product: Polytomic.open({ name: "product", token: token("POLYTOMIC"), ...incremental }),
})

const report = await fleet.runAll(
  [
    { name: "orders", sync: "retl1.sync.rudderstack.crm.connection.2C8Vk2wj8qkofy00YzJbvJOGeqa" },
    { name: "leads", sync: "retl1.sync.segment.ads.model.mLeads.source.sLeads.subscription.subLeads" },
    { name: "profiles", sync: "retl1.sync.zeotap.app.sync.550e8400-e29b-41d4-a716-446655440000" },
    { name: "contacts", sync: "retl1.sync.hightouch.growth.sync.482915" },
    { name: "accounts", sync: "retl1.sync.fivetran-activations.sales.sync.3167956" },
    { name: "usage", sync: "retl1.sync.polytomic.product.sync.248df4b7-aa70-47b8-a036-33ac447e668d" },
  ],
  { whenRunning: "wait", deadline: "2 hours" },
)
console.log(report.jobs.map(({ name, verdict }) => `${name}: ${verdict}`).join("\n"))
await fleet.close()
