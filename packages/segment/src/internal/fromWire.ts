/** Segment's answers in core's words. Pure, and total on whatever decodes. */
import type { Access, Page, Snapshot } from "@openretl/core/driver/Driver"
import * as Wire from "@openretl/core/driver/Wire"
import type { Evidence } from "@openretl/core/Evidence"
import * as Run from "@openretl/core/Run"
import * as SegmentApi from "../SegmentApi.ts"
import type { SyncStatusPage } from "../SegmentRunsClient.ts"
import * as Pages from "./page.ts"

/**
 * The vendor's words, open at the end. The first four are documented; of a cancel only the answer to it has a word,
 * `CANCELLING`, and the others are its likely spellings.
 */
const statuses: ReadonlyMap<string, Run.Status> = new Map([
  ["IN_PROGRESS", "running"],
  ["SUCCESS", "succeeded"],
  ["PARTIAL_SUCCESS", "partial"],
  ["FAIL", "failed"],
  ["CANCELLING", "cancelling"],
  ["CANCELING", "cancelling"],
  ["CANCELLED", "cancelled"],
  ["CANCELED", "cancelled"],
])

export const status = (word: string): Run.Status => statuses.get(word) ?? "unknown"

export const snapshot = (sync: SegmentApi.SyncStatus): Snapshot => {
  const known = status(sync.syncStatus)
  const hasEnded = Run.isTerminal(known)
  const startedAt = Wire.time(sync.startedAt)
  // With a word that nobody knows, an end is the one sign that the run is over.
  const finishedAt = hasEnded || known === "unknown" ? Wire.endTime(sync.finishedAt, startedAt) : undefined
  const isRunning = known === "running"
  const error = isRunning ? undefined : Wire.errorText(sync.error)
  const code = isRunning ? undefined : errorCode(sync)
  return {
    run: sync.syncId,
    status: known,
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
 * `extractCount` is taken for what there was to deliver. That is not documented, so it is only ever shown, where it
 * exceeds what is accounted for at the end of a run, and never decides anything.
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

/** The run's own code, or else the one of the phase that went wrong. */
const errorCode = ({ errorCode: own, loadPhase, extractPhase }: SegmentApi.SyncStatus): string | undefined =>
  [own, extractPhase?.errorCode, loadPhase?.errorCode]
    .find((code) => code !== undefined && code.trim() !== "")
    ?.slice(0, 100)
    .toWellFormed()

export const page = ({ syncStatuses, pagination, date }: SyncStatusPage): Page => {
  const { items, ...rest } = Pages.page(syncStatuses, pagination, SegmentApi.maxCount)
  return { runs: items.map(snapshot), ...rest, ...(date !== undefined && { asOf: date }) }
}

/** The error that a cancel is answered with in a success; nothing where it was accepted. */
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

/**
 * What the vendor calls a run of which nothing is left to cancel. One that is cancelled already may still be on its way
 * to its end: core looks.
 */
const over: ReadonlySet<string> = new Set(["SyncFinishedCannotCancel", "SyncAlreadyCanceled"])

export const isOver = (code: string | undefined): boolean => code !== undefined && over.has(code)

export const access = ({ id, name = "" }: SegmentApi.Workspace): Access => ({
  identity: { id, ...(name !== "" && { name }) },
  shown: "The token is good for the workspace that is named; whether it may run syncs is not shown.",
})
