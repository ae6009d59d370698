import { attacks } from "@openretl/conformance/Attacks"
import { attacksOf, form } from "../../../scripts/forms.ts"
import * as PolytomicClient from "../src/PolytomicClient.ts"

attacks(
  {
    name: "What is configured at Polytomic",
    origin: "https://app.polytomic.com",
    open: (token) => PolytomicClient.make({ workspace: "prod", baseUrl: PolytomicClient.baseUrl, token }),
    ids: { sync: "sync-1" },
    // The functions of the client that the driver does not use for runs.
    operations: (api, { sync }) => ({
      listSyncs: api.listSyncs(),
      activateSync: api.activateSync(sync, { active: true }),
      updateSync: api.updateSync(sync, {
        ...{ name: "n", mode: "create", target: { connection_id: "c" }, fields: [], schedule: { frequency: "manual" } },
      }),
      deleteSync: api.deleteSync(sync),
    }),
    bodies: ({ some, other, text }) => {
      const sync = {
        ...{ id: text, name: some, active: other, mode: some, target: other, fields: some, identity: other },
        ...{ filters: some, schedule: other, model_ids: [text, some], policies: other, [text]: some },
      }
      return [
        { data: [sync, other], pagination: { next_page_token: some } },
        { data: sync },
        { data: { ...sync, fields: [{ target: text, source: some }], schedule: { frequency: text, hour: some } } },
        { key: text, message: other },
      ]
    },
  },
  { runs: form(6, 100), only: attacksOf("polytomic", "configuring") },
)
