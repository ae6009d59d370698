/** The view for programs: one JSON object a line. No row of data and no error text of a run is in it. */

import type { RetlError } from "@openretl/core/RetlError"
import type { Run } from "@openretl/core/Run"
import { format } from "@openretl/core/schema/Intent"
import type { WaitDeadlineExceeded } from "@openretl/core/Wait"
import { DateTime } from "effect"
import type { Row } from "./board.ts"
import { type Ending, type Happening, word } from "./event.ts"
import type { View } from "./view.ts"

export const make = (write: (text: string) => unknown): View => {
  const line = (fields: object) => write(`${JSON.stringify(fields)}\n`)
  return {
    begin: (_title, board) => line({ event: "begin", syncs: Array.from(board.values(), about) }),
    show: ({ at, sync, happening }) =>
      line({ at: DateTime.formatIso(DateTime.makeUnsafe(at)), sync, ...happened(happening) }),
    log: ({ level, message, annotations }) => line({ event: "log", level, message, annotations }),
    end: (board, { exitCode, interrupted, resume, remarks }) =>
      line({
        event: "end",
        exitCode,
        interrupted,
        syncs: Array.from(board.values(), (row) => ({
          ...about(row),
          state: row.state,
          ...(row.ref && { ref: String(row.ref) }),
        })),
        ...(resume !== undefined && { resume }),
        ...(remarks.length > 0 && { remarks }),
      }),
  }
}

const about = ({ name, vendor, workspace, labels }: Row) => ({ sync: name, vendor, workspace, labels })

const happened = (happening: Happening): object => {
  switch (happening._tag) {
    case "Triggering":
      return { event: "triggering" }
    case "Settling":
      return { event: "settling" }
    case "Triggered": {
      const { _tag, run, ...told } = happening.result
      return { event: "triggered", result: _tag, ...told, ref: String(run) }
    }
    case "Resumed":
      return { event: "resumed", because: happening.because, ref: String(happening.ref) }
    case "Settled":
      return { event: "settled", resolution: happening.resolution._tag }
    case "Changed":
      return { event: "changed", ...runOf(happening.run) }
    case "CancelAsked":
      return { event: "cancel", result: happening.result._tag }
    case "CancelFailed":
      return { event: "cancel", result: "Failed", error: errorOf(happening.error) }
    case "Ended":
      return { event: "ended", state: word(happening.ending), ...endingOf(happening.ending) }
  }
}

const runOf = ({ ref, status, vendorStatus, rows, errorCode }: Run) => ({
  ref: String(ref),
  status,
  vendorStatus,
  rows,
  ...(errorCode !== undefined && { errorCode }),
})

const endingOf = (ending: Ending): object => {
  switch (ending._tag) {
    case "Finished":
      return { accepted: ending.finished.accepted, ...runOf(ending.finished.run) }
    case "Skipped":
      return ending.running === undefined ? {} : { running: String(ending.running) }
    case "Refused":
      return { error: errorOf(ending.error) }
    case "NotStarted":
      return { evidence: ending.evidence }
    case "Indeterminate":
      return { why: ending.why, intent: format(ending.intent) }
    case "Unfinished":
      return { ref: String(ending.ref), error: errorOf(ending.error) }
  }
}

const errorOf = (error: RetlError | WaitDeadlineExceeded) => ({
  code: error.code,
  message: error.message,
  guidance: error.guidance,
  ...(error._tag === "RetlError" && { delivery: error.delivery }),
})
