/** The options of a wait, and its errors. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { DurationInput } from "./DurationInput.ts"
import * as Input from "./Input.ts"
import { Policy, Verdict } from "./Outcome.ts"
import { RunRef } from "./Ref.ts"
import { Run } from "./Run.ts"
import { Time } from "./Time.ts"
import { How } from "./Trigger.ts"

/** The default deadline of a wait: 24 hours. */
export const defaultDeadline = /* @__PURE__ */ Duration.hours(24)

const isDeadline = (value: unknown): value is Duration.Input | DateTime.Utc =>
  DateTime.isDateTime(value) || Schema.is(DurationInput)(value)

const Deadline = /* @__PURE__ */ Schema.declare(isDeadline, {
  expected: 'a finite duration, as in "2 hours", or a DateTime',
})

/** The options of a wait. */
export const Options = /* @__PURE__ */ Schema.Struct({
  /**
   * When the wait gives up: a point in time, or a duration after the run was accepted (for the ref of a listed run:
   * after the wait began). A wait that another process resumes keeps the original deadline, since the ref carries when
   * the run was accepted. The run goes on.
   * @default 24 hours
   */
  deadline: Input.optional(Deadline),
  /** Which outcomes are accepted. @default any failed row makes the run `partial`, which is not accepted */
  policy: Input.optional(Policy),
})
export interface Options extends Schema.Schema.Type<typeof Options> {}

/** The deadline passed. The run goes on at the vendor: wait for it again, or cancel it. */
export class WaitDeadlineExceeded extends /* @__PURE__ */ Schema.TaggedError<WaitDeadlineExceeded>()(
  "WaitDeadlineExceeded",
  {
    ref: RunRef,
    /** The run as core last saw it; absent where no read has shown it. */
    run: Schema.optionalKey(Run),
    /** The deadline that passed. */
    deadline: Time,
    /** How the call came to the run; absent after a wait for a ref. */
    how: Schema.optionalKey(How),
  },
) {
  override get message(): string {
    const status = this.run === undefined ? "was never seen" : `was last seen ${this.run.status}`
    return `${this.ref.vendor} (${this.ref.workspace}) wait: the deadline passed; run ${this.ref.run} ${status}`
  }

  /** A stable code, safe to alert on. */
  get code(): string {
    return "retl.wait-deadline-exceeded"
  }

  /** What to do about it, in one sentence. */
  get guidance(): string {
    return "The run goes on at the vendor: wait for it again with a later deadline, or cancel it."
  }
}

/** The run ended, and the policy does not accept how it ended. */
export class OutcomeRejected extends /* @__PURE__ */ Schema.TaggedError<OutcomeRejected>()("OutcomeRejected", {
  run: Run,
  verdict: Verdict,
  /** How the call came to the run. */
  how: Schema.optionalKey(How),
}) {
  override get message(): string {
    const { succeeded, failed } = this.run.rows
    const count = (rows: number | undefined) => (rows === undefined ? "an unknown number of" : String(rows))
    const rows = `${count(succeeded)} rows delivered, ${count(failed)} failed`
    return `${this.run.ref.vendor} (${this.run.ref.workspace}): run ${this.run.ref.run} ended ${this.verdict}: ${rows}`
  }

  /** A stable code for each verdict, safe to alert on, as in `retl.outcome-partial`. */
  get code(): string {
    return `retl.outcome-${this.verdict}`
  }

  /** What to do about it, in one sentence. */
  get guidance(): string {
    return "Read the run's rows and error text; loosen the outcome policy only if that many failed rows are acceptable."
  }
}
