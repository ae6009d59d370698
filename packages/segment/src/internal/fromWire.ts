/** Segment's answers about runs in core's words. Pure functions that accept every decoded answer. */
import type { Access, Page, Snapshot } from "@openretl/core/driver/Driver"
import * as Wire from "@openretl/core/driver/Wire"
import type { Evidence } from "@openretl/core/Evidence"
import * as Run from "@openretl/core/Run"
import * as SegmentApi from "../SegmentApi.ts"
import type { SyncStatusPage } from "../SegmentRunsClient.ts"
import * as Pages from "./page.ts"
import { status as statusOf } from "./statusWords.ts"

/** Returns a run in core's words. */
export const snapshot = (sync: SegmentApi.SyncStatus): Snapshot<SegmentApi.SyncStatus> => {
  const status = statusOf(sync.syncStatus)
  const hasEnded = Run.isTerminal(status)
  const startedAt = Wire.time(sync.startedAt)
  // Where the word is unknown, an end is the one sign that the run is over.
  const finishedAt = hasEnded || status === "unknown" ? Wire.endTime(sync.finishedAt, startedAt) : undefined
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

/**
 * Returns the rows of a run. `extractCount` may be the number of rows to deliver, but that is not documented. So its
 * excess over delivered and failed rows, at the end of a run, is shown as unaccounted rows, and decides nothing.
 */
const rows = ({ extractPhase, loadPhase }: SegmentApi.SyncStatus, hasEnded: boolean): Run.Rows => {
  const succeeded = loadPhase?.deliverSuccessCount
  const failed = loadPhase?.deliverFailureCount
  const extracted = extractPhase?.extractCount
  const unaccounted =
    hasEnded && succeeded !== undefined && failed !== undefined && extracted !== undefined
      ? extracted - succeeded - failed
      : 0
  return {
    ...(succeeded !== undefined && { succeeded }),
    ...(failed !== undefined && { failed }),
    ...(unaccounted > 0 && { unaccounted }),
  }
}

/** Returns the run's code, or else the code of the phase that went wrong; at most 100 characters. */
const errorCode = ({ errorCode: runCode, loadPhase, extractPhase }: SegmentApi.SyncStatus): string | undefined =>
  [runCode, extractPhase?.errorCode, loadPhase?.errorCode]
    .find((code) => code !== undefined && code.trim() !== "")
    ?.slice(0, 100)
    .toWellFormed()

/** Returns a page of runs in core's words. */
export const page = ({ syncStatuses, pagination, date }: SyncStatusPage): Page<SegmentApi.SyncStatus> => {
  const { items, ...position } = Pages.page(syncStatuses, pagination, SegmentApi.maxCount)
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
