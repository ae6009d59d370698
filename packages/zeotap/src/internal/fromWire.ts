/** Zeotap's runs in core's words, and what its syncs say about running. Pure functions that accept every decoded answer. */
import type { Access, OwnSchedule, Page, Snapshot } from "@openretl/core/driver/Driver"
import { usualEnd } from "@openretl/core/driver/StatusWords"
import * as Wire from "@openretl/core/driver/Wire"
import * as Run from "@openretl/core/Run"
import type * as ZeotapApi from "../ZeotapApi.ts"
import * as Paging from "./paging.ts"
import { runStatuses, syncStatePhrases } from "./statusWords.ts"

/** Returns a run in core's words. */
export const snapshot = (run: ZeotapApi.Run): Snapshot<ZeotapApi.Run> => {
  const status = runStatuses.get(run.status) ?? usualEnd(run.status)
  const queuedAt = Wire.time(run.created_at)
  // A pending run has a start time too, which means nothing yet.
  const startedAt = status === "queued" ? undefined : Wire.time(run.started_at)
  const completedAt = Wire.endTime(run.completed_at, startedAt)
  // For a status that is not listed, `completed_at` decides whether the run has ended.
  const hasEnded = Run.isTerminal(status) || (status === "unknown" && completedAt !== undefined)
  const errorText = Wire.errorText(run.error_message)
  return {
    run: run.id,
    status,
    vendorStatus: run.status,
    rows: rows(run, hasEnded),
    native: run,
    ...(queuedAt !== undefined && { queuedAt }),
    ...(startedAt !== undefined && { startedAt }),
    ...(hasEnded && completedAt !== undefined && { finishedAt: completedAt }),
    ...(errorText !== undefined && { errorText }),
  }
}

/** Returns the run under the requested id where the vendor writes that id in letters of another case. */
export const withRequestedId = (read: Snapshot<ZeotapApi.Run>, run: string): Snapshot<ZeotapApi.Run> =>
  read.run.toLowerCase() === run.toLowerCase() ? { ...read, run } : read

/** Before the end, 0 may stand for "not counted yet". The vendor does not count the rows that there were to deliver. */
const rows = ({ rows_synced, rows_failed }: ZeotapApi.Run, hasEnded: boolean): Run.Rows => {
  const isCounted = (count: number | undefined): count is number => count !== undefined && (hasEnded || count > 0)
  return {
    ...(isCounted(rows_synced) && { succeeded: rows_synced }),
    ...(isCounted(rows_failed) && { failed: rows_failed }),
  }
}

/** Returns a page of runs in core's words. */
export const page = (listed: ZeotapApi.Listed<ZeotapApi.Run>, request: Paging.PageRequest): Page<ZeotapApi.Run> => {
  const { items, ...continuation } = Paging.page(listed, request)
  return { runs: items.map(snapshot), ...continuation, ...(listed.date !== undefined && { asOf: listed.date }) }
}

/**
 * Returns whether a sync fires by itself. Whether a sync that is not active still fires is not documented, nor is any form
 * of a schedule but cron.
 */
export const ownSchedule = ({ schedule, status }: Pick<ZeotapApi.Sync, "schedule" | "status">): OwnSchedule => {
  if (schedule === undefined || schedule === null) return "manual"
  if (typeof schedule !== "string") return "unknown"
  if (schedule.trim() === "") return "manual"
  return status === "active" ? "scheduled" : "unknown"
}

/** Returns what reading the workspace has shown. */
export const workspaceAccess = ({ id, name }: ZeotapApi.Workspace): Access => ({
  identity: { id, ...(name !== undefined && name !== "" && { name }) },
  shown: "The token can read this workspace. No read shows whether it may trigger syncs.",
})

/** Returns what reading a sync has shown. */
export const syncAccess = ({ status = "" }: Pick<ZeotapApi.Sync, "status">): Access => {
  const state = syncStatePhrases.get(status)
  const which = state === undefined ? "" : `, which is ${state}`
  return { shown: `The token can read this sync${which}. No read shows whether it may trigger syncs.` }
}
