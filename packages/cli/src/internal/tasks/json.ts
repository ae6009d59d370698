/** The view for programs: one JSON object per line. It contains no row of data and no error text of a run. */
import type { RetlError } from "@openretl/core/RetlError"
import type { Run } from "@openretl/core/Run"
import type { Unended } from "@openretl/core/Wait"
import * as DateTime from "effect/DateTime"
import { errorCodeOf } from "../commands/table.ts"
import * as Format from "../terminal/format.ts"
import { jsonLine, version } from "../terminal/printer.ts"
import type { Row } from "./board.ts"
import { type Ending, type Progress, wordOf } from "./event.ts"
import type { View } from "./view.ts"

export const make = (write: (text: string) => unknown): View => {
  const line = (fields: object) => write(`${jsonLine({ v: version, ...fields })}\n`)
  return {
    begin: (_title, board) => line({ event: "begin", syncs: Array.from(board.values(), syncOf) }),
    show: ({ at, sync, progress }) =>
      line({ at: DateTime.formatIso(DateTime.makeUnsafe(at)), sync, ...progressOf(progress) }),
    log: ({ level, message, annotations }) => line({ event: "log", level, message, annotations }),
    end: (board, { exitCode, interrupted, resume, remarks }) =>
      line({
        event: "end",
        exitCode,
        interrupted,
        syncs: Array.from(board.values(), (row) => ({
          ...syncOf(row),
          state: row.state,
          ...(row.ref && { ref: String(row.ref) }),
        })),
        ...(resume !== undefined && { resume }),
        ...(remarks.length > 0 && { remarks }),
      }),
  }
}

const syncOf = ({ name, vendor, workspace, labels }: Row) => ({ sync: name, vendor, workspace, labels })

const progressOf = (progress: Progress): object => {
  switch (progress._tag) {
    case "Triggering":
      return { event: "triggering" }
    case "Settling":
      return { event: "settling" }
    case "Triggered": {
      const { _tag, run, ...details } = progress.result
      return { event: "triggered", result: _tag, ...details, ref: String(run) }
    }
    case "Resumed":
      return { event: "resumed", because: progress.because, ref: String(progress.ref) }
    case "Settled":
      return { event: "settled", resolution: progress.resolution._tag }
    case "Changed":
      return { event: "changed", ...runOf(progress.run) }
    case "CancelRequested":
      return { event: "cancel", result: progress.result._tag }
    case "CancelFailed":
      return { event: "cancel", result: "Failed", error: errorOf(progress.error) }
    case "Ended":
      return { event: "ended", state: wordOf(progress.ending), ...endingOf(progress.ending) }
  }
}

const runOf = (run: Run) => {
  const { ref, status, vendorStatus, rows } = run
  const errorCode = errorCodeOf(run)
  return {
    ref: String(ref),
    status,
    vendorStatus: Format.printable(vendorStatus, 200),
    rows,
    ...(errorCode !== undefined && { errorCode }),
  }
}

const endingOf = (ending: Ending): object => {
  switch (ending._tag) {
    case "Finished":
      return {
        accepted: ending.finished.accepted,
        ...(ending.finished.how && { how: ending.finished.how }),
        ...runOf(ending.finished.run),
      }
    case "Skipped":
      return ending.running === undefined ? {} : { running: String(ending.running) }
    case "Refused":
      return { error: errorOf(ending.error) }
    case "NotStarted":
      return { evidence: ending.evidence }
    case "Indeterminate":
      return { why: ending.why, entry: ending.entry.id }
    case "Unfinished":
      return { ref: String(ending.ref), error: errorOf(ending.error) }
  }
}

const errorOf = (error: RetlError | Unended) => ({
  code: error.code,
  message: error.summary,
  guidance: error.guidance,
  ...(error._tag === "RetlError" && { delivery: error.delivery }),
})
