/** What happens to a sync while the program runs, and how it ends. The views print nothing but these events. */
import type * as Cancellation from "@openretl/core/Cancellation"
import type { TriggerEntry } from "@openretl/core/JournalEntry"
import type { Finished } from "@openretl/core/Outcome"
import type { RunRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import type { Run } from "@openretl/core/Run"
import type * as Trigger from "@openretl/core/Trigger"
import type { Unended, WaitDeadlineExceeded } from "@openretl/core/Wait"

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

/** Returns 0 for an accepted ending, 1 for one that is not accepted, 3 where the ending is unknown. */
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

/** Returns the program's exit code: the highest code of all endings, so an unknown ending (3) wins over a bad one (1). */
export const exitCode = (endings: ReadonlyArray<Ending>): 0 | 1 | 3 =>
  endings.map(exitCodeOf).reduce((worst, code) => (code > worst ? code : worst), 0)
