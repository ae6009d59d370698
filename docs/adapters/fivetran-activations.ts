/** What the docs print about the adapter of Fivetran Activations. */
import { FivetranActivationsSwitches } from "@openretl/emulator"
import { FivetranActivationsAdmin, FivetranActivationsFacts } from "@openretl/fivetran-activations"
import type { FivetranActivationsClient } from "@openretl/fivetran-activations/FivetranActivationsClient"
import { Effect } from "effect"
import { allOf, common, type Documented } from "./Documented.ts"

const rows = allOf<FivetranActivationsClient>()([
  ["POST /syncs/{sync_id}/trigger", "triggerSync", "documented"],
  ["GET /syncs/{sync_id}/sync_runs", "listRuns", "documented"],
  ["GET /sync_runs/{sync_run_id}", "getRun", "documented"],
  ["POST /sync_runs/{sync_run_id}/cancel", "cancelRun", "documented"],
  ["GET /syncs", "listSyncs", "documented"],
  ["GET /syncs/{sync_id}", "getSync", "documented"],
  ["PATCH /syncs/{sync_id}", "updateSync", "documented"],
  ["DELETE /syncs/{sync_id}", "deleteSync", "documented"],
])

export const fivetranActivations: Documented = {
  title: "Fivetran Activations",
  facts: FivetranActivationsFacts.facts,
  driver: Effect.map(
    FivetranActivationsAdmin.client({ ...common, defaultScope: "incremental" }),
    FivetranActivationsAdmin.driver,
  ),
  schedules: FivetranActivationsAdmin.schedules,
  switches: FivetranActivationsSwitches,
  endpoints: {
    rows,
    note: "Paths are relative to `/api/v2`. Syncs are created in Fivetran. Events of webhooks are read with `decodeEvent`.",
  },
}
