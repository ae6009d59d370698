import { attacks } from "@openretl/conformance/Attacks"
import { attacksOf, form, someBodies, someOperations } from "../../../scripts/forms.ts"
import * as ZeotapClient from "../src/ZeotapClient.ts"
import { workspaceId } from "./fixtures.ts"

attacks(
  {
    name: "What is configured at Zeotap",
    origin: "https://composable.zeotap.com",
    open: (token) => ZeotapClient.make({ workspace: "prod", workspaceId, baseUrl: ZeotapClient.baseUrl, token }),
    ids: { sync: "sync-1", model: "model-1", destination: "destination-1" },
    // The functions of the client that the driver does not use for runs.
    operations: (api, { sync, model, destination }) =>
      someOperations({
        listSyncs: api.listSyncs(),
        createSync: api.createSync({
          name: "n",
          model_id: model,
          destination_id: destination,
          field_mapping: [{ source_column: "email", destination_field: "Email" }],
          sync_mode: "upsert",
          primary_key: "email",
        }),
        updateSync: api.updateSync(sync, { model_id: model, destination_id: destination }),
        deleteSync: api.deleteSync(sync),
        listModels: api.listModels(),
        getModel: api.getModel(model),
        listDestinations: api.listDestinations(),
        getDestination: api.getDestination(destination),
        getSyncHealth: api.getSyncHealth(),
      }),
    bodies: ({ some, other, text }) => {
      const sync = {
        id: text,
        name: some,
        model_id: text,
        destination_id: other,
        field_mapping: [some, { source_column: text, destination_field: other }],
        schedule: some,
        config: other,
        status: text,
        status_error: some,
      }
      const part = { columns: some, selected_columns: other, column_config: some, destination_type: text }
      const all = { ...sync, ...part, total_syncs: some, syncs: [{ sync_id: text, total_runs: other }] }
      return someBodies([
        { ...all, data: [all, all], pagination: { page: some, page_size: other, total: some } },
        { ...sync, data: sync, syncs: some },
        [all, { ...all, id: "sync-1", field_mapping: some, config: { [text]: other } }],
        { error: text },
      ])
    },
  },
  { runs: form(6, 100), only: attacksOf("zeotap", "configuring") },
)
