/** Runs of Fivetran Activations in core's words, and what its syncs say about running. Pure functions that accept every decoded answer. */
import type { Access, OwnSchedule, Page, Snapshot } from "@openretl/core/driver/Driver"
import * as Wire from "@openretl/core/driver/Wire"
import * as Run from "@openretl/core/Run"
import type * as FivetranActivationsApi from "../FivetranActivationsApi.ts"
import * as Paging from "./paging.ts"
import * as Schedules from "./schedule.ts"
import { statusOf } from "./statusWords.ts"

/** Returns a run in core's words. */
export const snapshot = (run: FivetranActivationsApi.Run): Snapshot<FivetranActivationsApi.Run> => {
  const queuedAt = Wire.time(run.created_at)
  const status = statusOf(run.status, run.canceled === true, Wire.time(run.completed_at) !== undefined)
  const hasEnded = Run.isTerminal(status)
  // Where no other time is shown, the vendor's documents call the creation the start.
  const hasBegun = status !== "queued" && status !== "skipped"
  const startedAt = hasBegun ? (Wire.time(run.started_at) ?? queuedAt) : undefined
  // Nothing about a run changes after its end: its last update stands for an end that is null.
  const end = Wire.time(run.completed_at) === undefined ? run.updated_at : run.completed_at
  const finishedAt = hasEnded ? Wire.endTime(end, startedAt ?? queuedAt) : undefined
  const errorText = hasEnded ? Wire.errorText(run.error_message) : undefined
  const errorCode = hasEnded ? Wire.errorText(run.error_code) : undefined
  const startedBy = startedByOf(run.sync_trigger_reason?.ui_tag)
  return {
    run: run.id,
    status,
    // The word for a cancel is the name of the field that says so.
    vendorStatus: status === "cancelled" && run.canceled === true ? "canceled" : run.status,
    rows: rows(run, hasEnded),
    native: run,
    ...(queuedAt !== undefined && { queuedAt }),
    ...(startedAt !== undefined && { startedAt }),
    ...(startedBy !== undefined && { startedBy }),
    ...(finishedAt !== undefined && { finishedAt }),
    ...(errorText !== undefined && { errorText }),
    ...(errorCode !== undefined && { errorCode }),
  }
}

/**
 * Counts are null until they are known. Before the end, 0 may stand for the same, and the rows to send may grow.
 *
 * Two fields count invalid rows. Whether they count the same ones is not documented: the larger number is taken, so that no
 * loss passes for none and none is counted twice.
 */
const rows = (run: FivetranActivationsApi.Run, hasEnded: boolean): Run.Rows => {
  const isCounted = (count: number | undefined): count is number => count !== undefined && (hasEnded || count > 0)
  const { records_updated: succeeded, records_failed: failed, records_processed: total } = run
  const invalids = [run.records_invalid, run.source_record_invalids].filter((count) => count !== undefined)
  const invalid = invalids.length === 0 ? undefined : Math.max(...invalids)
  return {
    ...(isCounted(succeeded) && { succeeded }),
    ...(isCounted(failed) && { failed }),
    ...(isCounted(invalid) && { invalid }),
    ...(hasEnded && total !== undefined && { total, addsUp: "yes" }),
  }
}

/**
 * Returns what started a run, by the vendor's short word for it; only `Manual` is in the documents. A run that a request has
 * triggered may have that word as well, so it says nothing.
 */
const startedByOf = (tag = ""): Snapshot["startedBy"] => {
  if (/\b(?:schedul|cron|continuous)/i.test(tag)) return "schedule"
  if (/\bAPI\b/i.test(tag)) return "api"
  return /\b(?:dbt|fivetran|sequence|airflow|dagster|prefect)/i.test(tag) ? "dependency" : undefined
}

/** Returns a page of runs in core's words. */
export const page = (
  listed: FivetranActivationsApi.Listed<FivetranActivationsApi.Run>,
  request: Paging.PageRequest,
): Page<FivetranActivationsApi.Run> => {
  const { items, ...continuation } = Paging.toPage(listed, request)
  return { runs: items.map(snapshot), ...continuation, ...(listed.date !== undefined && { asOf: listed.date }) }
}

/** Returns whether a sync fires by itself: by any of its triggers, and not by its schedule alone. */
export const ownSchedule = (sync: FivetranActivationsApi.Sync): OwnSchedule => {
  const triggers = Schedules.triggersOf(sync)
  if (triggers === undefined) return "unknown"
  if (triggers.length === 0) return "manual"
  // No document says whether a paused sync is quiet altogether.
  return sync.paused === false ? "scheduled" : "unknown"
}

/** What reading a list of syncs has shown. No read names the account. */
export const workspaceAccess: Access = {
  shown: "The token can read syncs. No read shows whether it may trigger them.",
}

/** Returns what reading a sync has shown. */
export const syncAccess = ({ paused }: Pick<FivetranActivationsApi.Sync, "paused">): Access => ({
  shown: `The token can read this sync${paused === true ? ", which is paused" : ""}. No read shows whether it may trigger it.`,
})
