import { attacks } from "@openretl/conformance/Attacks"
import { Stream } from "effect"
import { attacksOf, form, someBodies, someOperations } from "../../../scripts/forms.ts"
import * as RudderStackClient from "../src/RudderStackClient.ts"

const onePage = { maxPages: 1 }

attacks(
  {
    name: "The configuration of RudderStack",
    origin: "https://api.rudderstack.com",
    open: (token) => RudderStackClient.make({ workspace: "prod", baseUrl: RudderStackClient.baseUrls.us, token }),
    ids: { one: "id-1" },
    // The functions of the client that the driver of `RudderStack` does not use.
    operations: (api, { one }) =>
      someOperations({
        createConnection: api.createConnection({
          sourceId: "s",
          destinationId: "d",
          enabled: false,
          schedule: { type: "manual" },
          identifiers: [{ from: "email", to: "user_id" }],
        }),
        getConnection: api.getConnection(one),
        updateConnection: api.updateConnection(one, { schedule: { type: "manual" } }),
        deleteConnection: api.deleteConnection(one),
        setConnectionExternalId: api.setConnectionExternalId(one, { externalId: "e" }),
        getSource: api.getSource(one),
        updateSource: api.updateSource(one, { name: "n", config: { bucketName: "b" }, enabled: true, accountId: "a" }),
        deleteSource: api.deleteSource(one),
        setSourceExternalId: api.setSourceExternalId(one, { externalId: "e" }),
        getPreview: api.getPreview(one),
        submitPreview: api.submitPreview({ accountId: "a", sql: "SELECT 1" }),
        streamSources: Stream.runDrain(Stream.take(api.streamSources(), 3)),
        streamConnections: Stream.runDrain(Stream.take(api.streamConnections(onePage), 3)),
        streamSyncs: Stream.runDrain(Stream.take(api.streamSyncs(one, onePage), 3)),
      }),
    bodies: ({ some, other, text }) => {
      const connection = {
        id: text,
        sourceId: some,
        enabled: other,
        schedule: { type: text, everyMinutes: some, cronExpression: other },
        syncSettings: { syncLogsConfig: some, failedKeysConfig: { enableFailedKeysRetry: other } },
        identifiers: [some, { from: other, to: text }],
        mappings: some,
        constants: [{ key: some, value: other }],
        event: some,
        config: { primaryKey: some, [text]: other },
        status: text,
        rows: [some, other],
        syncs: [{ id: text, status: text, metrics: some }],
      }
      return someBodies([
        { ...connection, data: [connection, connection], paging: { next: some, total: other } },
        { error: text, code: other, details: { [text]: some } },
      ])
    },
  },
  { runs: form(6, 100), only: attacksOf("rudderstack", "configuring") },
)
