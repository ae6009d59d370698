/** Short sentences about events, for people. Every text from a vendor goes through `printable`. */
import type * as Cancellation from "@openretl/core/Cancellation"
import type { RetlError } from "@openretl/core/RetlError"
import type { Run } from "@openretl/core/Run"
import type * as Trigger from "@openretl/core/Trigger"
import type { WaitDeadlineExceeded } from "@openretl/core/Wait"
import { errorCodeOf } from "../commands/table.ts"
import * as Format from "../terminal/format.ts"
import type { Ending } from "./event.ts"

/** Returns a note for a run that the trigger did not start, and nothing for one that it started. */
export const triggered = (result: Trigger.Started | Trigger.Adopted | Trigger.Joined): string | undefined => {
  switch (result._tag) {
    case "Started":
      return undefined
    case "Adopted":
      return result.because === "lost-answer" ? "answer lost, run found" : "adopted the run under way"
    case "Joined":
      return "joined: the key has this run"
  }
}

export const settled = (resolution: Trigger.Resolution): string => {
  switch (resolution._tag) {
    case "Started":
      return "an earlier trigger started this run"
    case "NotStarted":
      return "an earlier trigger started no run"
    case "Ambiguous":
      return "an earlier trigger may have started a run"
  }
}

export const cancelRequested = (result: Cancellation.Result): string =>
  result._tag === "Requested" ? "cancel requested" : "ended before the cancel"

export const cancelFailed = (error: RetlError | WaitDeadlineExceeded): string =>
  error._tag === "RetlError" && error.reason._tag === "Unsupported"
    ? `${Format.vendorName(error.vendor)} cannot cancel: nothing sent`
    : `not cancelled: ${error.code}`

/** Returns a note for an ending, where its one word is not enough. */
export const ended = (ending: Ending): string | undefined => {
  switch (ending._tag) {
    case "Finished":
      return (
        [
          ending.finished.how === "remembered" ? "remembered: the key has had its run" : undefined,
          finished(ending.finished.run, ending.finished.verdict),
        ]
          .filter((note) => note !== undefined)
          .join(", ") || undefined
      )
    case "Skipped":
      return "a run was under way"
    case "Refused":
      return ending.error.code
    case "NotStarted":
      return Format.printable(ending.evidence)
    case "Indeterminate":
      return Format.printable(ending.why)
    case "Unfinished":
      return ending.error.code
  }
}

const finished = (run: Run, verdict: string): string | undefined => {
  switch (verdict) {
    case "partial":
      return `the vendor reports ${Format.printable(run.vendorStatus, 20)}`
    case "tolerated":
      return "within the policy"
    case "failed":
      return Format.printable(errorCodeOf(run) ?? "", 40) || undefined
    default:
      return undefined
  }
}

/** Returns the full explanation of an ending that has no verdict. */
export const detail = (ending: Ending): string | undefined => {
  switch (ending._tag) {
    case "Refused":
    case "Unfinished":
      return Format.printable(Format.sentences(ending.error.summary, ending.error.guidance), 1000)
    case "Indeterminate":
      return Format.printable(
        Format.sentences(ending.why, "Do not trigger this sync again before that is settled."),
        1000,
      )
    default:
      return undefined
  }
}
