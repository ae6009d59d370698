/** What happens to a sync while the program runs, and how it ends. The views print nothing but these events. */
import type * as Cancellation from "@openretl/core/Cancellation"
import type { TriggerEntry } from "@openretl/core/JournalEntry"
import type { Finished } from "@openretl/core/Outcome"
import type { RunRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import type { Run } from "@openretl/core/Run"
import type * as Trigger from "@openretl/core/Trigger"
import type { Unended, WaitDeadlineExceeded } from "@openretl/core/Wait"
import * as ExitCode from "../../ExitCode.ts"

/** How the program ended for one sync. */
export type Ending =
  | { readonly _tag: "Finished"; readonly finished: Finished }
  /** A run was under way, and the configuration says `skip`. */
  | { readonly _tag: "Skipped"; readonly running: RunRef | undefined }
  /** No run was started; `error` says why. */
  | { readonly _tag: "Refused"; readonly error: RetlError }
  /** The trigger of an earlier process started no run, and this process only resumes. */
  | { readonly _tag: "NotStarted"; readonly evidence: string }
  /** It is unknown whether a run was started. The journal has the entry, to be settled later. */
  | { readonly _tag: "Indeterminate"; readonly entry: TriggerEntry; readonly why: string }
  /** The run continues, or its end could not be read. */
  | { readonly _tag: "Unfinished"; readonly ref: RunRef; readonly error: RetlError | Unended }

/** One step of a sync. */
export type Progress =
  | { readonly _tag: "Triggering" }
  | { readonly _tag: "Triggered"; readonly result: Trigger.Started | Trigger.Adopted | Trigger.Joined }
  /** An earlier process triggered the run. Its ref was passed in, or the journal has it. */
  | { readonly _tag: "Resumed"; readonly ref: RunRef; readonly because: "ref" | "journal" }
  /** Core looks up what became of a trigger that an earlier process left open. */
  | { readonly _tag: "Settling" }
  | { readonly _tag: "Settled"; readonly resolution: Trigger.Resolution }
  | { readonly _tag: "Changed"; readonly run: Run }
  | { readonly _tag: "CancelRequested"; readonly result: Cancellation.Result }
  | { readonly _tag: "CancelFailed"; readonly error: RetlError | WaitDeadlineExceeded }
  | { readonly _tag: "Ended"; readonly ending: Ending }

export interface Event {
  /** Epoch milliseconds. */
  readonly at: number
  /** The sync's name in the configuration. */
  readonly sync: string
  readonly progress: Progress
}

/** Returns one word for an ending: the verdict, or why there is none. */
export const wordOf = (ending: Ending): string =>
  ending._tag === "Finished" ? ending.finished.verdict : endingWords[ending._tag]

const endingWords = {
  Skipped: "skipped",
  Refused: "refused",
  NotStarted: "not started",
  Indeterminate: "indeterminate",
  Unfinished: "unfinished",
} as const satisfies Record<Exclude<Ending["_tag"], "Finished">, string>

/** Returns the exit code of an ending. */
export const exitCodeOf = (ending: Ending): ExitCode.Name => {
  switch (ending._tag) {
    case "Finished":
      return ExitCode.ofVerdict(ending.finished.verdict, ending.finished.accepted)
    case "Skipped":
      return "ok"
    case "Refused":
    case "Unfinished":
      return ExitCode.ofError(ending.error)
    case "NotStarted":
      return "refused"
    case "Indeterminate":
      return "indeterminate"
  }
}
