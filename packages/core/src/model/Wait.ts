/** The options of a wait, and its errors. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { DurationInput } from "./DurationInput.ts"
import * as Input from "./Input.ts"
import { Policy, Verdict } from "./Outcome.ts"
import { RunRef } from "./Ref.ts"
import { RetlError } from "./RetlError.ts"
import { Run } from "./Run.ts"
import * as Shown from "./shown.ts"
import { Time } from "./Time.ts"
import { How } from "./Trigger.ts"

/** The default of `unknownWithin`: 30 minutes. */
export const defaultUnknownWithin = /* @__PURE__ */ Duration.minutes(30)

/** The default deadline of a wait: 24 hours. */
export const defaultDeadline = /* @__PURE__ */ Duration.hours(24)

const isDeadline = (value: unknown): value is Duration.Input | DateTime.Utc | Date =>
  DateTime.isDateTime(value) ||
  (value instanceof Date ? !Number.isNaN(value.getTime()) : Schema.is(DurationInput)(value))

const Deadline = /* @__PURE__ */ Schema.declare(isDeadline, {
  expected: 'a finite duration, as in "2 hours", or a point in time: a Date or a DateTime',
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
  /**
   * How long trouble may last: looks at the run that fail, one after the other. Then the wait fails with the last error.
   * @default until the deadline
   */
  patience: Input.optional(DurationInput),
  /**
   * How long the run may have a status word that no table lists. Then the wait fails with `WaitStatusUnknown`.
   * @default "30 minutes"
   */
  unknownWithin: Input.optional(DurationInput),
  /**
   * How long after it was accepted the run may be queued. Then the wait fails with `WaitNotStarted`.
   * @default until the deadline
   */
  startWithin: Input.optional(DurationInput),
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
    /** Why the last look failed; absent where it showed the run. */
    trouble: Schema.optionalKey(RetlError),
    /** How the call came to the run; absent after a wait for a ref. */
    how: Schema.optionalKey(How),
  },
) {
  /** What happened, in one line. */
  get summary(): string {
    const status = this.run === undefined ? "was never seen" : `was last seen ${this.run.status}`
    const { vendor, workspace, run, sync } = this.ref
    const trouble = this.trouble === undefined ? "" : `; the last look failed: ${this.trouble.summary}`
    return `${vendor} (${workspace}) wait: the deadline passed; run ${run} of ${Shown.syncText(sync)} ${status}${trouble}`
  }

  /** The ref of the run, as text. */
  get refs(): Readonly<Record<string, string | undefined>> {
    return { run: this.ref.toString() }
  }

  /** The deadline, and the run as core last saw it. */
  get details(): Readonly<Record<string, unknown>> {
    return { deadline: this.deadline, status: this.run?.status, how: this.how, trouble: this.trouble?.toJSON() }
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

/** The run has had a status word that no table lists for longer than `unknownWithin`. It may be over. */
export class WaitStatusUnknown extends /* @__PURE__ */ Schema.TaggedError<WaitStatusUnknown>()("WaitStatusUnknown", {
  /** The run as core last saw it. */
  run: Run,
  /** How long the run may have such a word. JSON form: milliseconds. */
  within: Schema.DurationFromMillis,
  /** How the call came to the run; absent after a wait for a ref. */
  how: Schema.optionalKey(How),
}) {
  /** What happened, in one line. */
  get summary(): string {
    const { ref, vendorStatus } = this.run
    const about = `${ref.vendor} (${ref.workspace}) wait: run ${ref.run} of ${Shown.syncText(ref.sync)}`
    return `${about} has had the unknown status "${Shown.word(vendorStatus)}" for ${Duration.format(this.within)}`
  }

  /** The ref of the run, as text. */
  get refs(): Readonly<Record<string, string | undefined>> {
    return { run: this.run.ref.toString() }
  }

  /** The run as core last saw it. */
  get details(): Readonly<Record<string, unknown>> {
    const { status, vendorStatus } = this.run
    return { status, vendorStatus: Shown.word(vendorStatus), within: Duration.format(this.within), how: this.how }
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
    return "retl.wait-status-unknown"
  }

  /** What to do about it, in one sentence. */
  get guidance(): string {
    return "Look at the run at the vendor, and give the word its meaning with the option statusWords."
  }
}

/** The run is still queued after `startWithin`. It may start later. */
export class WaitNotStarted extends /* @__PURE__ */ Schema.TaggedError<WaitNotStarted>()("WaitNotStarted", {
  /** The run as core last saw it. */
  run: Run,
  /** How long the run may be queued. JSON form: milliseconds. */
  within: Schema.DurationFromMillis,
  /** How the call came to the run; absent after a wait for a ref. */
  how: Schema.optionalKey(How),
}) {
  /** What happened, in one line. */
  get summary(): string {
    const { ref, vendorStatus } = this.run
    const about = `${ref.vendor} (${ref.workspace}) wait: run ${ref.run} of ${Shown.syncText(ref.sync)}`
    return `${about} is still queued (${Shown.word(vendorStatus)}) after ${Duration.format(this.within)}`
  }

  /** The ref of the run, as text. */
  get refs(): Readonly<Record<string, string | undefined>> {
    return { run: this.run.ref.toString() }
  }

  /** The run as core last saw it. */
  get details(): Readonly<Record<string, unknown>> {
    const { status, vendorStatus } = this.run
    return { status, vendorStatus: Shown.word(vendorStatus), within: Duration.format(this.within), how: this.how }
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
    return "retl.wait-not-started"
  }

  /** What to do about it, in one sentence. */
  get guidance(): string {
    return "Look at what holds the run up at the vendor; wait for it again, or cancel it."
  }
}

/** How a wait ends without an end of its run, other than by trouble. */
export type Unended = WaitDeadlineExceeded | WaitStatusUnknown | WaitNotStarted

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
    const others = (["invalid", "deleted", "unaccounted"] as const).flatMap((name) =>
      (rows[name] ?? 0) > 0 ? [`${rows[name]} ${name}`] : [],
    )
    const counts = [`${count(rows.succeeded)} rows delivered`, `${count(rows.failed)} failed`, ...others].join(", ")
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
    return {
      verdict: this.verdict,
      status,
      vendorStatus: Shown.word(vendorStatus),
      errorCode: code,
      rows,
      how: this.how,
    }
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
    const { unaccounted = 0, total = 0, succeeded } = this.run.rows
    const isUnexplained = unaccounted > 0 || (succeeded === 0 && total > 0)
    return this.verdict === "unverified" && isUnexplained ? unexplained : rejected[this.verdict]
  }
}

/** What to do about a run whose counts do not explain what became of all rows. */
const unexplained =
  "Look at the run at the vendor, whose counts leave rows out; maxUnaccountedRows in the outcome policy says how many may be."

/** What to do about a run, by its verdict. */
const rejected = {
  complete: "Read the outcome policy: it does not accept a run that delivered every row.",
  tolerated: "Read the outcome policy: it does not accept a run within its own bounds.",
  partial: "Repair the rows that failed; loosen the outcome policy only if that many failed rows are acceptable.",
  excessive: "Check what the run deleted at the destination, which no policy undoes, and what the source left out.",
  empty: "Check the sync's source and filters; minRows in the outcome policy says how few rows are accepted.",
  failed: "Repair what the vendor names in the errorText of the run, then trigger the sync again.",
  cancelled: "Find out who cancelled the run; trigger the sync again if its rows are still wanted.",
  skipped:
    "Find out which run kept the vendor from beginning this one; trigger the sync again if its rows are still wanted.",
  unverified: 'Look at the run at the vendor, which does not count its rows; absentCounts: "accept" takes its word.',
} as const satisfies Record<Verdict, string>
