/** What the docs print about the adapter of Polytomic. */
import { PolytomicSwitches } from "@openretl/emulator"
import { PolytomicAdmin, PolytomicFacts } from "@openretl/polytomic"
import type { PolytomicClient } from "@openretl/polytomic/PolytomicClient"
import { Effect } from "effect"
import { allOf, common, type Documented } from "./Documented.ts"

const rows = allOf<PolytomicClient>()([
  ["POST /api/syncs/{id}/executions", "startSync", "documented"],
  ["GET /api/syncs/{id}/executions", "listExecutions", "documented"],
  ["GET /api/syncs/{id}/executions/{execution}", "getExecution", "documented"],
  ["POST /api/syncs/{id}/executions/{execution}/cancel", "cancelExecution", "documented"],
  ["GET /api/syncs", "listSyncs", "documented"],
  ["GET /api/syncs/{id}", "getSync", "documented"],
  ["PUT /api/syncs/{id}", "updateSync", "documented"],
  ["POST /api/syncs/{id}/activate", "activateSync", "documented"],
  ["DELETE /api/syncs/{id}", "deleteSync", "documented"],
  ["GET /api/me", "getIdentity", "documented"],
])

export const polytomic: Documented = {
  title: "Polytomic",
  facts: PolytomicFacts.facts,
  driver: Effect.map(PolytomicAdmin.client({ ...common, defaultScope: "incremental" }), PolytomicAdmin.driver),
  schedules: PolytomicAdmin.schedules,
  switches: PolytomicSwitches,
  endpoints: {
    rows,
    note: "Syncs are created in Polytomic. Events of its webhook are read with `decodeEvent`.",
  },
}
