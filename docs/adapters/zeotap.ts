/** What the docs print about Zeotap's adapter. */
import { ZeotapSwitches } from "@openretl/emulator"
import { ZeotapAdmin, ZeotapFacts } from "@openretl/zeotap"
import type { ZeotapClient } from "@openretl/zeotap/ZeotapClient"
import { Effect } from "effect"
import { allOf, common, type Documented } from "./Documented.ts"

const rows = allOf<ZeotapClient>()([
  ["GET /", "getWorkspace", "documented"],
  ["GET /syncs", "listSyncs", "documented"],
  ["POST /syncs", "createSync", "documented"],
  ["GET /syncs/{syncId}", "getSync", "documented"],
  ["PUT /syncs/{syncId}", "updateSync", "documented"],
  ["DELETE /syncs/{syncId}", "deleteSync", "documented"],
  ["POST /syncs/{syncId}/trigger", "triggerSync", "documented"],
  ["GET /syncs/{syncId}/runs", "listRuns", "documented"],
  ["GET /syncs/{syncId}/runs/{runId}", "getRun", "documented"],
  ["GET /models", "listModels", "documented"],
  ["GET /models/{modelId}", "getModel", "documented"],
  ["GET /destinations", "listDestinations", "documented"],
  ["GET /destinations/{destId}", "getDestination", "documented"],
  ["GET /insights/sync-health", "getSyncHealth", "documented"],
])

export const zeotap: Documented = {
  title: "Zeotap",
  facts: ZeotapFacts.facts,
  driver: Effect.map(ZeotapAdmin.client({ ...common, workspaceId: "none" }), (client) => ZeotapAdmin.driver(client)),
  schedules: ZeotapAdmin.schedules,
  switches: ZeotapSwitches,
  endpoints: { rows, note: "Paths are relative to `/api/v1/workspaces/{workspaceId}`." },
}
