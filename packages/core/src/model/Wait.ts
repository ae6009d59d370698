/** How a wait is asked for, and the ways in which it ends without good news. */
import * as Data from "effect/Data"
import type * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import type { Policy, Verdict } from "./Outcome.ts"
import type { RunRef } from "./Ref.ts"
import type { Run } from "./Run.ts"

export interface Options {
  /**
   * When to give up: how long after the run was accepted (for a run that was merely listed: after the wait began), or a
   * point in time. A wait that is resumed elsewhere keeps the original deadline, since the ref carries when its run was
   * accepted. The run goes on. @default 24 hours
   */
  readonly deadline?: Duration.Input | DateTime.Utc
  /** What counts as good news. @default any failed row is `partial`, and not accepted */
  readonly policy?: Policy
}

/** The deadline passed; the run goes on at the vendor. Wait again with its ref, or cancel it. */
export class WaitDeadlineExceeded extends Data.TaggedError("WaitDeadlineExceeded")<{
  readonly ref: RunRef
  /** The run as it was last seen; absent when it never was. */
  readonly run?: Run
  readonly deadline: DateTime.Utc
}> {
  override get message(): string {
    const seen = this.run === undefined ? "was never seen" : `was last seen ${this.run.status}`
    return `${this.ref.vendor} (${this.ref.workspace}) wait: the deadline passed; run ${this.ref.run} ${seen}`
  }

  get code(): string {
    return "retl.wait-deadline-exceeded"
  }

  get guidance(): string {
    return "The run goes on at the vendor: wait again with its ref and a later deadline, or cancel it."
  }
}

/** The run ended, and the policy does not take how it ended for good news. */
export class OutcomeRejected extends Data.TaggedError("OutcomeRejected")<{
  readonly run: Run
  readonly verdict: Verdict
}> {
  override get message(): string {
    const { succeeded, failed } = this.run.rows
    const count = (rows: number | undefined) => (rows === undefined ? "an unknown number of" : String(rows))
    const rows = `${count(succeeded)} rows delivered, ${count(failed)} failed`
    return `${this.run.ref.vendor} (${this.run.ref.workspace}): run ${this.run.ref.run} ended ${this.verdict}: ${rows}`
  }

  get code(): string {
    return `retl.outcome-${this.verdict}`
  }

  get guidance(): string {
    return "Look at the run's rows and error text; loosen the outcome policy only if that many failed rows are fine."
  }
}

export const defaultDeadline = Duration.hours(24)
