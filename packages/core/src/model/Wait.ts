/** The options of a wait, and its errors. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { DurationInput } from "./DurationInput.ts"
import * as Input from "./Input.ts"
import { Policy, Verdict } from "./Outcome.ts"
import { RunRef } from "./Ref.ts"
import { Run } from "./Run.ts"
import * as Shown from "./shown.ts"
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
  /** What happened, in one line. */
  get summary(): string {
    const status = this.run === undefined ? "was never seen" : `was last seen ${this.run.status}`
    const { vendor, workspace, run, sync } = this.ref
    return `${vendor} (${workspace}) wait: the deadline passed; run ${run} of ${Shown.syncText(sync)} ${status}`
  }

  /** The ref of the run, as text. */
  get refs(): Readonly<Record<string, string | undefined>> {
    return { run: this.ref.toString() }
  }

  /** The deadline, and the run as core last saw it. */
  get details(): Readonly<Record<string, unknown>> {
    return { deadline: this.deadline, status: this.run?.status, how: this.how }
  }

  /** The summary, the code and what to do, and the refs: a line each. */
  override get message(): string {
    return Shown.message(this)
  }

  /** Returns what logs show. The class's codec returns what can be decoded. */
  override toJSON(): unknown {
    return Shown.json(this)
  }

  [Shown.inspect](): string {
    return Shown.text(this)
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
  /** How the run ended, in one line: the vendor's code, and the rows. Its error text may echo a row, and is left out. */
  get summary(): string {
    const { ref, rows, errorCode = "" } = this.run
    const count = (rows: number | undefined) => (rows === undefined ? "an unknown number of" : String(rows))
    const counts = `${count(rows.succeeded)} rows delivered, ${count(rows.failed)} failed`
    const about = `${ref.vendor} (${ref.workspace}): run ${ref.run} of ${Shown.syncText(ref.sync)}`
    return [`${about} ended ${this.verdict}`, ...(errorCode === "" ? [] : [Shown.masked(errorCode)]), counts].join(": ")
  }

  /** The ref of the run, as text. */
  get refs(): Readonly<Record<string, string | undefined>> {
    return { run: this.run.ref.toString() }
  }

  /** What the vendor reports of the run, without texts that may echo a row. */
  get details(): Readonly<Record<string, unknown>> {
    const { status, vendorStatus, errorCode, rows } = this.run
    const code = errorCode && Shown.masked(errorCode)
    return { verdict: this.verdict, status, vendorStatus, errorCode: code, rows, how: this.how }
  }

  /** The summary, the code and what to do, and the refs: a line each. */
  override get message(): string {
    return Shown.message(this)
  }

  /** Returns what logs show. The class's codec returns what can be decoded. */
  override toJSON(): unknown {
    return Shown.json(this)
  }

  [Shown.inspect](): string {
    return Shown.text(this)
  }

  /** A stable code for each verdict, safe to alert on, as in `retl.outcome-partial`. */
  get code(): string {
    return `retl.outcome-${this.verdict}`
  }

  /** What to do about it, in one sentence. */
  get guidance(): string {
    return rejected[this.verdict]
  }
}

/** What to do about a run, by its verdict. */
const rejected = {
  complete: "Read the outcome policy: it does not accept a run that delivered every row.",
  tolerated: "Read the outcome policy: it does not accept a run within its own bounds.",
  partial: "Repair the rows that failed; loosen the outcome policy only if that many failed rows are acceptable.",
  empty: "Check the sync's source and filters; minRows in the outcome policy says how few rows are accepted.",
  failed: "Repair what the vendor names (its text is in error.run.errorText), then trigger the sync again.",
  cancelled: "Find out who cancelled the run; trigger the sync again if its rows are still wanted.",
  unverified: 'Look at the run at the vendor, which does not count its rows; absentCounts: "accept" takes its word.',
} as const satisfies Record<Verdict, string>
