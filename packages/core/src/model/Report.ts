/**
 * The report on a batch: how each job ended, as a text for a chat message and as JSON for a program. It has no row, no token
 * and no text of a vendor.
 */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { EntryId, Key } from "./JournalEntry.ts"
import { Verdict } from "./Outcome.ts"
import { RunRefFromText, SyncRefFromText } from "./Ref.ts"
import { Rows } from "./Run.ts"
import * as ReportText from "./reportText.ts"
import * as Shown from "./shown.ts"
import { Time } from "./Time.ts"
import { How } from "./Trigger.ts"

/**
 * How a job ended: the verdict on its run, or, where no end of a run is known:
 * - `unended`: it has a run, whose end the job has not seen: a deadline or an outage was first. The run may go on.
 * - `indeterminate`: it is unknown whether its trigger started a run.
 * - `not-run`: it has started no run.
 */
export const JobVerdict = /* @__PURE__ */ (() =>
  Schema.Literals([...Verdict.literals, "unended", "indeterminate", "not-run"]))()
export type JobVerdict = typeof JobVerdict.Type

/** How a job ended. */
export const JobReport = /* @__PURE__ */ (() =>
  Schema.Struct({
    name: Schema.String,
    /** The sync. JSON form: text. */
    sync: SyncRefFromText,
    verdict: JobVerdict,
    /** Whether the run has ended, and the policy accepts how. */
    isGreen: Schema.Boolean,
    /** How the job came to its run; absent without a run. */
    how: Schema.optionalKey(How),
    /** The counts of the run as last seen; absent where none was seen. */
    rows: Schema.optionalKey(Rows),
    /** The code of what went wrong, as in `retl.outcome-partial`; absent for a green job. */
    code: Schema.optionalKey(Schema.String),
    /** What to do about it, in one sentence; absent for a green job. */
    guidance: Schema.optionalKey(Schema.String),
    /** The run; absent where none is known. JSON form: text. */
    run: Schema.optionalKey(RunRefFromText),
    /** The runs, each of which could be the job's; absent unless it is `indeterminate`. JSON form: texts. */
    candidates: Schema.optionalKey(Schema.Array(RunRefFromText)),
    /** The id of the journal's entry to resolve or settle; absent unless the job needs that. */
    entry: Schema.optionalKey(EntryId),
    /** How long the job took, without its wait for others. 0 for a job that never began. JSON form: milliseconds. */
    duration: Schema.DurationFromMillis,
  }))()
export interface JobReport extends Schema.Schema.Type<typeof JobReport> {}

/** The format of the JSON. A change that a reader may not ignore gets another number. */
export const format = "openretl.report/1"

const fields = /* @__PURE__ */ (() => ({
  /** The format of the JSON. New fields keep it. */
  format: Schema.Literal(format),
  /** The key of the batch; absent where it has none. */
  key: Schema.optionalKey(Key),
  /** When the batch began. */
  startedAt: Time,
  /** How long it took. JSON form: milliseconds. */
  duration: Schema.DurationFromMillis,
  /** Whether every job is green. */
  isGreen: Schema.Boolean,
  counts: Schema.Struct({
    jobs: Schema.Int,
    green: Schema.Int,
    /** How many jobs ended with each verdict; a verdict of no job is absent. */
    byVerdict: Schema.Record(Schema.String, Schema.Int),
  }),
  /** The jobs, in the order of the batch. */
  jobs: Schema.Array(JobReport),
}))()

/** How the jobs of a batch ended. `Schema.decodeUnknownEffect(Report)` decodes its JSON. */
export class Report extends /* @__PURE__ */ Schema.Class<Report>("Report")(fields) {
  /**
   * Returns the report as a text with aligned columns, for a chat message in a fixed-width font: a line of counts, then the
   * jobs that are not green, each with its code, what to do, and its ref, then the green ones. Of either, it shows at most 50.
   */
  override toString(): string {
    return ReportText.text(this)
  }

  /** Returns the JSON. */
  toJSON(): unknown {
    return encode(this)
  }

  [Shown.inspect](): string {
    return this.toString()
  }
}

const encode = /* @__PURE__ */ (() => Schema.encodeSync(Report))()

/** Returns the report of jobs that have ended. */
export const make = (
  jobs: ReadonlyArray<JobReport>,
  { key, startedAt, duration }: Pick<Report, "startedAt" | "duration"> & { readonly key?: string | undefined },
): Report => {
  const byVerdict: Record<string, number> = {}
  for (const { verdict } of jobs) byVerdict[verdict] = (byVerdict[verdict] ?? 0) + 1
  const green = jobs.filter(({ isGreen }) => isGreen).length
  return new Report({
    format,
    ...(key !== undefined && { key }),
    startedAt,
    duration: Duration.fromInputUnsafe(duration),
    isGreen: green === jobs.length,
    counts: { jobs: jobs.length, green, byVerdict },
    jobs,
  })
}
