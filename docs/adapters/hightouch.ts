/** What the docs print about Hightouch's adapter. */
import { HightouchSwitches } from "@openretl/emulator"
import { HightouchAdmin, HightouchFacts } from "@openretl/hightouch"
import type { HightouchClient } from "@openretl/hightouch/HightouchClient"
import { Effect } from "effect"
import { allOf, common, type Documented } from "./Documented.ts"

const rows = allOf<HightouchClient>()([
  ["GET /syncs", "listSyncs", "documented"],
  ["POST /syncs", "createSync", "documented"],
  ["GET /syncs/{syncId}", "getSync", "documented"],
  ["PATCH /syncs/{syncId}", "updateSync", "documented"],
  ["POST /syncs/{syncId}/trigger", "triggerSync", "documented"],
  ["GET /syncs/{syncId}/runs", "listRuns", "documented"],
  ["GET /syncs/{syncId}/runs?runId={runId}", "getRun", "documented"],
])

export const hightouch: Documented = {
  title: "Hightouch",
  facts: HightouchFacts.facts,
  driver: Effect.map(HightouchAdmin.client({ ...common, defaultScope: "incremental" }), HightouchAdmin.driver),
  schedules: HightouchAdmin.schedules,
  switches: HightouchSwitches,
  endpoints: { rows, note: "Paths are relative to `/api/v1`. The vendor has no route for one run." },
}
