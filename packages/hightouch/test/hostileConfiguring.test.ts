import { attacks } from "@openretl/conformance/Attacks"
import { attacksOf, form, someBodies } from "../../../scripts/forms.ts"
import * as HightouchClient from "../src/HightouchClient.ts"

attacks(
  {
    name: "What is configured at Hightouch",
    origin: "https://api.hightouch.com",
    open: (token) => HightouchClient.make({ workspace: "prod", baseUrl: HightouchClient.baseUrl, token }),
    ids: { sync: "sync-1" },
    // The functions of the client that the driver does not use for runs.
    operations: (api, { sync }) => ({
      listSyncs: api.listSyncs(),
      updateSync: api.updateSync(sync, { configuration: { mode: "upsert" }, disabled: true }),
    }),
    bodies: ({ some, other, text }) => {
      const sync = {
        ...{ id: text, slug: some, modelId: text, destinationId: other, configuration: some, schedule: other },
        ...{ status: text, disabled: some, primaryKey: other, externalSegment: some, tags: other, [text]: some },
      }
      return someBodies([
        { ...sync, data: [sync, other], hasMore: some },
        { ...sync, schedule: { type: text, schedule: { interval: some, expression: other } }, data: [sync] },
        { message: "Validation failed", details: some },
      ])
    },
  },
  { runs: form(6, 100), only: attacksOf("hightouch", "configuring") },
)
