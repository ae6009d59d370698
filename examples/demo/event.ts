/** What happens to a sync while the program runs, and how it ends. The views show these; nothing else is printed. */
import type * as Cancellation from "@openretl/core/Cancellation"
import type { Finished } from "@openretl/core/Outcome"
import type { RunRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import type { Run } from "@openretl/core/Run"
import type * as Trigger from "@openretl/core/Trigger"
import type { WaitDeadlineExceeded } from "@openretl/core/Wait"

/** How it went with one sync. */
export type Ending =
  | { readonly _tag: "Finished"; readonly finished: Finished }
  /** A run was under way and the configuration says `skip`. */
  | { readonly _tag: "Skipped"; readonly running: RunRef | undefined }
  /** No run was started, and it is known why. */
  | { readonly _tag: "Refused"; readonly error: RetlError }
  /** The trigger of an earlier process started none; this one only resumes. */
  | { readonly _tag: "NotStarted"; readonly evidence: string }
  /** Whether a run was started is not known; the intent is what to keep. */
  | { readonly _tag: "Indeterminate"; readonly intent: Trigger.TriggerIndeterminate["intent"]; readonly why: string }
  /** The run goes on, or its end could not be read. */
  | { readonly _tag: "Unfinished"; readonly ref: RunRef; readonly error: RetlError | WaitDeadlineExceeded }

export type Happening =
  | { readonly _tag: "Triggering" }
  | { readonly _tag: "Triggered"; readonly result: Trigger.Started | Trigger.Adopted }
  /** It was triggered before: by an earlier process, whose ref or stored intent led here. */
  | { readonly _tag: "Resumed"; readonly ref: RunRef; readonly because: "ref" | "intent" }
  /** An earlier process left a trigger unsettled; it is being looked up. */
  | { readonly _tag: "Settling" }
  | { readonly _tag: "Settled"; readonly resolution: Trigger.Resolution }
  | { readonly _tag: "Changed"; readonly run: Run }
  | { readonly _tag: "CancelAsked"; readonly result: Cancellation.Result }
  | { readonly _tag: "CancelFailed"; readonly error: RetlError | WaitDeadlineExceeded }
  | { readonly _tag: "Ended"; readonly ending: Ending }

export interface Event {
  /** Epoch milliseconds. */
  readonly at: number
  /** The sync's name in the configuration. */
  readonly sync: string
  readonly happening: Happening
}

/** One word for an ending: a verdict, or why there is none. */
export const word = (ending: Ending): string =>
  ending._tag === "Finished" ? ending.finished.verdict : endingWords[ending._tag]

const endingWords = {
  Skipped: "skipped",
  Refused: "refused",
  NotStarted: "not started",
  Indeterminate: "indeterminate",
  Unfinished: "unfinished",
} as const satisfies Record<Exclude<Ending["_tag"], "Finished">, string>

/** 0: good news. 1: bad news. 3: not known. */
const exitCodeOf = (ending: Ending): 0 | 1 | 3 => {
  switch (ending._tag) {
    case "Finished":
      return ending.finished.accepted ? 0 : 1
    case "Skipped":
      return 0
    case "Refused":
    case "NotStarted":
      return 1
    case "Indeterminate":
    case "Unfinished":
      return 3
  }
}

/** The program's exit code: what is not known weighs more than bad news, and bad news more than good. */
export const exitCode = (endings: ReadonlyArray<Ending>): 0 | 1 | 3 =>
  endings.map(exitCodeOf).reduce((worst, code) => (code > worst ? code : worst), 0)
