/** Sentences about what happened, for people. Everything that a vendor said goes through `printable`. */
import type * as Cancellation from "@openretl/core/Cancellation"
import type { RetlError } from "@openretl/core/RetlError"
import type { Run } from "@openretl/core/Run"
import type * as Trigger from "@openretl/core/Trigger"
import type { WaitDeadlineExceeded } from "@openretl/core/Wait"
import type { Ending } from "./event.ts"
import * as Words from "./words.ts"

/** Nothing where there is nothing unusual about it. */
export const triggered = (result: Trigger.Started | Trigger.Adopted): string | undefined => {
  if (result._tag === "Started") return undefined
  return result.because === "lost-answer" ? "answer lost, run found again" : "joined the run under way"
}

export const settled = (resolution: Trigger.Resolution): string => {
  switch (resolution._tag) {
    case "Started":
      return "an earlier process started it"
    case "NotStarted":
      return "an earlier trigger started nothing"
    case "Ambiguous":
      return "an earlier trigger stays unclear"
  }
}

export const cancelAsked = (result: Cancellation.Result): string =>
  result._tag === "Requested" ? "cancel requested" : "was over before the cancel"

export const cancelFailed = (error: RetlError | WaitDeadlineExceeded): string =>
  error._tag === "RetlError" && error.reason._tag === "Unsupported"
    ? `${Words.vendor(error.vendor)} cannot cancel: nothing sent`
    : `not cancelled: ${error.code}`

/** What a table has no room for otherwise. */
export const ended = (ending: Ending): string | undefined => {
  switch (ending._tag) {
    case "Finished":
      return finished(ending.finished.run, ending.finished.verdict)
    case "Skipped":
      return "a run was under way"
    case "Refused":
      return ending.error.code
    case "NotStarted":
      return Words.printable(ending.evidence)
    case "Indeterminate":
      return Words.printable(ending.why)
    case "Unfinished":
      return ending.error.code
  }
}

const finished = (run: Run, verdict: string): string | undefined => {
  switch (verdict) {
    case "partial":
      return `the vendor calls it ${Words.printable(run.vendorStatus, 20)}`
    case "tolerated":
      return "within the policy"
    case "failed":
      return run.errorCode === undefined ? undefined : Words.printable(run.errorCode, 40)
    default:
      return undefined
  }
}

/** The whole story of an ending that is not a verdict. */
export const detail = (ending: Ending): string | undefined => {
  switch (ending._tag) {
    case "Refused":
    case "Unfinished":
      return Words.printable(`${ending.error.message}. ${ending.error.guidance}`, 1000)
    case "Indeterminate":
      return Words.printable(`${ending.why}. Do not trigger it again before it is settled.`, 1000)
    default:
      return undefined
  }
}
