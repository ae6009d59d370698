/** Hightouch's runs in core's words, and what its syncs say about running. Pure functions that accept every decoded answer. */
import type { Access, OwnSchedule, Page, Snapshot } from "@openretl/core/driver/Driver"
import * as Wire from "@openretl/core/driver/Wire"
import * as Run from "@openretl/core/Run"
import * as DateTime from "effect/DateTime"
import type * as HightouchApi from "../HightouchApi.ts"
import * as Paging from "./paging.ts"
import { statusOf } from "./statusWords.ts"

/** Returns a run in core's words. */
export const snapshot = (run: HightouchApi.Run): Snapshot<HightouchApi.Run> => {
  const queuedAt = Wire.time(run.createdAt)
  const end = endOf(run)
  const status = statusOf(run.status, end !== undefined)
  // The documents require a start and an end of every run: before either, it may be the time of the run's creation.
  const startedAt = status === "queued" ? undefined : Wire.time(run.startedAt)
  const hasEnded = Run.isTerminal(status) || (status === "unknown" && end !== undefined)
  const finishedAt = hasEnded ? Wire.endTime(run.finishedAt, startedAt) : undefined
  const errorText = hasEnded ? Wire.errorText(run.error) : undefined
  return {
    run: run.id,
    status,
    vendorStatus: run.status,
    rows: rows(run, hasEnded),
    native: run,
    ...(queuedAt !== undefined && { queuedAt }),
    ...(startedAt !== undefined && { startedAt }),
    ...(finishedAt !== undefined && { finishedAt }),
    ...(errorText !== undefined && { errorText }),
  }
}

/** Returns when a run ended; `undefined` for a time that stands for none, which is that of its creation. */
const endOf = ({ createdAt, startedAt, finishedAt }: HightouchApi.Run): DateTime.Utc | undefined => {
  const end = Wire.endTime(finishedAt, Wire.time(startedAt))
  const creation = Wire.time(createdAt)
  return end !== undefined && creation !== undefined && !DateTime.isGreaterThan(end, creation) ? undefined : end
}

/** Before the end, 0 may stand for "not counted yet", and the planned rows may grow. */
const rows = ({ plannedRows, successfulRows, failedRows }: HightouchApi.Run, hasEnded: boolean): Run.Rows => {
  const isCounted = (count: number | undefined): count is number => count !== undefined && (hasEnded || count > 0)
  const [succeeded, failed, total] = [sumOf(successfulRows), sumOf(failedRows), sumOf(plannedRows)]
  const deleted = successfulRows?.removedCount
  return {
    ...(isCounted(succeeded) && { succeeded }),
    ...(isCounted(failed) && { failed }),
    ...(hasEnded && succeeded !== undefined && deleted !== undefined && { deleted }),
    ...(hasEnded && total !== undefined && { total, addsUp: "yes" }),
  }
}

/** Returns all rows of the three kinds; `undefined` where a kind has no count, or no number holds the sum. */
const sumOf = (counts: HightouchApi.RowCounts | undefined): number | undefined => {
  const { addedCount, changedCount, removedCount } = counts ?? {}
  if (addedCount === undefined || changedCount === undefined || removedCount === undefined) return undefined
  const sum = addedCount + changedCount + removedCount
  return Number.isSafeInteger(sum) ? sum : undefined
}

/** Returns a page of runs in core's words. */
export const page = (
  listed: HightouchApi.Listed<HightouchApi.Run>,
  request: Paging.PageRequest,
): Page<HightouchApi.Run> => {
  const { items, ...continuation } = Paging.toPage(listed, request)
  return { runs: items.map(snapshot), ...continuation, ...(listed.date !== undefined && { asOf: listed.date }) }
}

/** Returns whether a sync fires by itself. No document says whether a disabled sync does. */
export const ownSchedule = ({ schedule, disabled }: Pick<HightouchApi.Sync, "schedule" | "disabled">): OwnSchedule => {
  if (schedule === null) return "manual"
  return schedule !== undefined && disabled === false ? "scheduled" : "unknown"
}

/** Returns what reading a list of syncs has shown. Only a sync names the workspace. */
export const workspaceAccess = ([sync]: ReadonlyArray<HightouchApi.Sync>): Access => ({
  ...(sync?.workspaceId !== undefined && { identity: { id: sync.workspaceId } }),
  shown: "The key can read the syncs of its workspace. No read shows whether it may trigger them.",
})

/** Returns what reading a sync has shown. */
export const syncAccess = ({ disabled }: Pick<HightouchApi.Sync, "disabled">): Access => ({
  shown: `The key can read this sync${disabled === true ? ", which is disabled" : ""}. No read shows whether it may trigger it.`,
})
