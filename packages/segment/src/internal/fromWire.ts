/** Segment's answers about runs in core's words. Pure functions that accept every decoded answer. */
import type { Access, Page, Snapshot } from "@openretl/core/driver/Driver"
import * as Wire from "@openretl/core/driver/Wire"
import type { Evidence } from "@openretl/core/Evidence"
import * as Run from "@openretl/core/Run"
import type * as SegmentApi from "../SegmentApi.ts"
import type { SyncStatusPage } from "../SegmentRunsClient.ts"
import * as Pages from "./page.ts"
import { status as statusOf } from "./statusWords.ts"

/** Returns a run in core's words. */
export const snapshot = (sync: SegmentApi.SyncStatus): Snapshot<SegmentApi.SyncStatus> => {
  const status = statusOf(sync.syncStatus)
  const hasEnded = Run.isTerminal(status)
  const startedAt = Wire.time(sync.startedAt)
  // Where the word is unknown, an end is the one sign that the run is over.
  // The run's own end is optional; delivering is the last phase.
  const end = Wire.endTime(sync.finishedAt, startedAt) ?? Wire.endTime(sync.loadPhase?.finishedAt, startedAt)
  const finishedAt = hasEnded || (status === "unknown" && Wire.time(sync.finishedAt)) ? end : undefined
  const isRunning = status === "running"
  const error = isRunning ? undefined : Wire.errorText(sync.error)
  const code = isRunning ? undefined : errorCode(sync)
  return {
    run: sync.syncId,
    status,
    vendorStatus: sync.syncStatus,
    rows: rows(sync, hasEnded),
    native: sync,
    ...(startedAt !== undefined && { startedAt }),
    ...(finishedAt !== undefined && { finishedAt }),
    ...(error !== undefined && { errorText: error }),
    ...(code !== undefined && { errorCode: code }),
  }
}

/** Returns the rows of a run. Before its end, the counts of its extraction say nothing about its delivery. */
const rows = ({ extractPhase, loadPhase }: SegmentApi.SyncStatus, hasEnded: boolean): Run.Rows => {
  const succeeded = loadPhase?.deliverSuccessCount
  const failed = loadPhase?.deliverFailureCount
  // Before the end, 0 may stand for "not counted yet".
  const isCounted = (count: number | undefined): count is number => count !== undefined && (hasEnded || count > 0)
  return {
    ...(isCounted(succeeded) && { succeeded }),
    ...(isCounted(failed) && { failed }),
    ...(hasEnded && extractPhase !== undefined && totalOf(extractPhase, succeeded, failed)),
  }
}

/**
 * Returns how many rows there were to deliver. A mapping sends some kinds of extracted rows: only added ones, or added and
 * updated ones, as it is set up. Where delivered and failed rows are all rows of some kinds, these are what the mapping sends,
 * and the counts add up. Otherwise it is all that was extracted, and nothing says what became of the rest.
 */
const totalOf = (
  extractPhase: NonNullable<SegmentApi.SyncStatus["extractPhase"]>,
  succeeded: number | undefined,
  failed: number | undefined,
): Pick<Run.Rows, "total" | "addsUp" | "deleted"> => {
  const sent = (succeeded ?? Number.NaN) + (failed ?? Number.NaN)
  const { addedCount = Number.NaN, updatedCount = Number.NaN, deletedCount, extractCount } = extractPhase
  let explanations = 0
  let withDeleted = 0
  // Each choice of kinds but none: added rows are its first bit, updated ones the second, deleted ones the third.
  for (let kinds = 1; kinds <= 7; kinds++) {
    const hasDeleted = (kinds & 4) !== 0
    const rows = (kinds & 1 ? addedCount : 0) + (kinds & 2 ? updatedCount : 0)
    if (rows + (hasDeleted ? (deletedCount ?? Number.NaN) : 0) !== sent) continue
    explanations++
    if (hasDeleted) withDeleted++
  }
  if (sent > 0 && explanations > 0) {
    const isKnown = withDeleted === explanations || withDeleted === 0 || deletedCount === 0
    return {
      ...{ total: sent, addsUp: "yes" },
      ...(isKnown && deletedCount !== undefined && { deleted: withDeleted === 0 ? 0 : deletedCount }),
    }
  }
  return extractCount === undefined ? {} : { total: extractCount, addsUp: "unknown" }
}

/** Returns the run's code, or else the code of the phase that went wrong; at most 100 characters. */
const errorCode = ({ errorCode: runCode, loadPhase, extractPhase }: SegmentApi.SyncStatus): string | undefined =>
  [runCode, extractPhase?.errorCode, loadPhase?.errorCode]
    .find((code) => code !== undefined && code.trim() !== "")
    ?.slice(0, 100)
    .toWellFormed()

/** Returns a page of runs in core's words. */
export const page = (
  { syncStatuses, pagination, date }: SyncStatusPage,
  request: Pages.PageRequest,
): Page<SegmentApi.SyncStatus> => {
  const { items, ...position } = Pages.page(syncStatuses, pagination, request, ({ syncId }) => syncId)
  return { runs: items.map(snapshot), ...position, ...(date !== undefined && { asOf: date }) }
}

/** Returns the error that a cancel was answered with in a success; `undefined` where the vendor accepted the cancel. */
export const cancelError = ({
  errorCode: code = "",
  errorMessage: text = "",
}: SegmentApi.CanceledSync): Evidence | undefined =>
  code.trim() === "" && text.trim() === ""
    ? undefined
    : {
        status: 200,
        ...(code.trim() !== "" && { code: code.slice(0, 100) }),
        ...(text.trim() !== "" && { text: text.slice(0, 500) }),
      }

/** Returns the workspace that the token opens. */
export const access = ({ id, name = "" }: SegmentApi.Workspace): Access => ({
  identity: { id, ...(name !== "" && { name }) },
  shown: "The token is valid for this workspace. No read shows whether it may run syncs.",
})
