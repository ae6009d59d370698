/** What the docs print about RudderStack's adapter. */
import { RudderStackSwitches } from "@openretl/emulator"
import { RudderStackAdmin, RudderStackFacts } from "@openretl/rudderstack"
import type { RudderStackClient } from "@openretl/rudderstack/RudderStackClient"
import { Effect } from "effect"
import { allOf, common, type Documented } from "./Documented.ts"

const rows = allOf<RudderStackClient>()([
  ["POST /v2/retl-connections/{connectionId}/start", "startSync", "documented"],
  ["GET /v2/retl-connections/{connectionId}/syncs", "listSyncs", "documented"],
  ["GET /v2/retl-connections/{connectionId}/syncs/{syncId}", "getSync", "documented"],
  ["POST /v2/retl-connections/{connectionId}/stop", "stopSync", "documented"],
  ["POST /v2/retl-connections", "createConnection", "seen"],
  ["GET /v2/retl-connections/{id}", "getConnection", "seen"],
  ["PUT /v2/retl-connections/{id}", "updateConnection", "seen"],
  ["DELETE /v2/retl-connections/{id}", "deleteConnection", "seen"],
  ["GET /v2/retl-connections", "listConnections", "seen"],
  ["PUT /v2/retl-connections/{id}/external-id", "setConnectionExternalId", "seen"],
  ["POST /v2/retl-sources", "createSource", "seen"],
  ["GET /v2/retl-sources", "listSources", "seen"],
  ["GET /v2/retl-sources/{id}", "getSource", "seen"],
  ["PUT /v2/retl-sources/{id}", "updateSource", "seen"],
  ["DELETE /v2/retl-sources/{id}", "deleteSource", "seen"],
  ["PUT /v2/retl-sources/{id}/external-id", "setSourceExternalId", "seen"],
  ["POST /v2/retl-sources/preview", "submitPreview", "seen"],
  ["GET /v2/retl-sources/preview/{id}", "getPreview", "seen"],
])

export const rudderstack: Documented = {
  title: "RudderStack",
  facts: RudderStackFacts.facts,
  driver: Effect.map(RudderStackAdmin.client({ ...common, region: "us", defaultScope: "incremental" }), (client) =>
    RudderStackAdmin.driver(client),
  ),
  schedules: RudderStackAdmin.schedules,
  switches: RudderStackSwitches,
  endpoints: { rows, note: "`seen` endpoints are not on the vendor's public page." },
}
