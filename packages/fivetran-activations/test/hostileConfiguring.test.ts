import { attacks } from "@openretl/conformance/Attacks"
import { attacksOf, form, someBodies } from "../../../scripts/forms.ts"
import * as FivetranActivationsClient from "../src/FivetranActivationsClient.ts"

attacks(
  {
    name: "What is configured at Fivetran Activations",
    origin: "https://app.getcensus.com",
    open: (token) =>
      FivetranActivationsClient.make({ workspace: "prod", baseUrl: FivetranActivationsClient.baseUrls.us, token }),
    ids: { sync: "sync-1" },
    // The functions of the client that the driver does not use for runs.
    operations: (api, { sync }) => ({
      listSyncs: api.listSyncs(),
      updateSync: api.updateSync(sync, { label: "Customers", paused: true }),
      deleteSync: api.deleteSync(sync),
    }),
    bodies: ({ some, other, text }) => {
      const mapping = { from: { type: some, data: other }, to: text, position: some, [text]: other }
      const sync = {
        ...{ id: text, label: some, status: text, paused: other, operation: some, mode: other, mappings: [mapping] },
        ...{ source_attributes: some, destination_attributes: { connection_id: other }, [text]: some },
      }
      return someBodies([
        { status: "success", data: [sync, other], pagination: some },
        { status: text, data: { ...sync, sync_id: some } },
        { status: other, message: text },
      ])
    },
  },
  { runs: form(6, 100), only: attacksOf("fivetran-activations", "configuring") },
)
