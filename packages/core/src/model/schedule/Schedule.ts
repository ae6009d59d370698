/**
 * When a sync fires by itself: one union for all vendors.
 *
 * A vendor expresses some of it, with bounds of its own: that is a `ScheduleForms`, which each adapter publishes.
 */
import type * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { FieldIssue } from "../FieldIssue.ts"
import * as Equivalent from "./equivalent.ts"
import * as Occurring from "./occurrences.ts"
import * as Problems from "./problems.ts"
import type { ScheduleForms } from "./ScheduleForms.ts"
import * as Text from "./text.ts"
import * as Translating from "./translate.ts"

/** Never: somebody triggers it. */
export const Manual = Schema.TaggedStruct("Manual", {})

/** So long apart; where it counts from is the vendor's affair. */
export const Every = Schema.TaggedStruct("Every", { every: Schema.DurationFromMillis })

/** On these days, at these full hours. */
export const OnDays = Schema.TaggedStruct("OnDays", {
  /** 0 is Sunday, 6 is Saturday. */
  days: Schema.Array(Schema.Int),
  /** 0 to 23. */
  hours: Schema.Array(Schema.Int),
  /** An IANA name, as in `Europe/Berlin`. */
  timeZone: Schema.String,
})

/**
 * A cron expression of five fields: minute, hour, day of the month, month, day of the week (0 or 7 is Sunday). As in
 * crontab(5), it fires on either the day of the month or the day of the week; on both where one of these fields begins
 * with a star.
 */
export const Cron = Schema.TaggedStruct("Cron", {
  expression: Schema.String,
  /** An IANA name. Absent where the vendor does not say in which zone it reads the expression. */
  timeZone: Schema.optionalKey(Schema.String),
})

/** When a job of another tool is done. */
export const Job = Schema.TaggedStruct("Job", {
  /** As in `dbt-cloud`. */
  tool: Schema.String,
  /** What names the job there. */
  ids: Schema.Record(Schema.String, Schema.String),
})

export const Schedule = Schema.Union([Manual, Every, OnDays, Cron, Job])
export type Schedule = typeof Schedule.Type

// What these make may be wrong: `problems` says what is, all at once.

export const manual: Schedule = { _tag: "Manual" }

/** A length that cannot be read is one of nothing, which `problems` refuses. */
export const every = (every: Duration.Input): Schedule => ({
  _tag: "Every",
  every: Option.getOrElse(Duration.fromInput(every), () => Duration.zero),
})

export const onDays = (on: Omit<typeof OnDays.Type, "_tag">): Schedule => ({ _tag: "OnDays", ...on })

export const cron = (expression: string, timeZone?: string): Schedule => ({
  _tag: "Cron",
  expression,
  ...(timeZone !== undefined && { timeZone }),
})

export const job = (tool: string, ids: Readonly<Record<string, string>>): Schedule => ({ _tag: "Job", tool, ids })

/**
 * Everything that is wrong with a schedule, a field each: in itself and, with `forms`, for that vendor. A bound of a vendor
 * is named with its source. Nothing is sent, and no clock is read. It takes anything: what has not the fields of a
 * schedule, or more of them, is said before all else.
 *
 * The distance between two firings of a cron expression is taken by the local clock. Where that clock changes, two may
 * come closer.
 */
export const problems = (schedule: Schedule, forms?: ScheduleForms): ReadonlyArray<FieldIssue> =>
  Problems.problems(schedule, forms)

/** These are all, up to `limit`. */
export const Known = /* @__PURE__ */ Schema.TaggedStruct("Known", {
  /** Ascending, each instant once. */
  at: /* @__PURE__ */ Schema.Array(Schema.DateTimeUtcFromString),
  /** There are more than `limit`. */
  isCut: /* @__PURE__ */ Schema.optionalKey(/* @__PURE__ */ Schema.Literal(true)),
  /** The zone that was assumed, since the schedule names none. */
  assumedTimeZone: /* @__PURE__ */ Schema.optionalKey(Schema.String),
})

/** Nothing here tells when it fires. */
export const Unknown = /* @__PURE__ */ Schema.TaggedStruct("Unknown", { why: Schema.String })

export const Occurrences = /* @__PURE__ */ Schema.Union([Known, Unknown])
export type Occurrences = typeof Occurrences.Type

export interface OccurrencesOptions {
  /** Inclusive. */
  readonly from: DateTime.DateTime
  /** Exclusive. */
  readonly until: DateTime.DateTime
  /** What `Every` counts from, as the start of the last run: the first occurrence is one length after it. */
  readonly anchor?: DateTime.DateTime
  /** An IANA name: the zone of an expression that names none. The result says so. @default "UTC" */
  readonly assumedTimeZone?: string
  /** How many at most: a whole number from 0 to 100,000, which is also the most that is ever told. @default 1000 */
  readonly limit?: number
}

/**
 * When a schedule fires from `from`, inclusive, to `until`, exclusive; never, where `until` is not after `from`. `Manual`
 * never does. `Unknown` is what follows a job of another tool, an `Every` without an anchor, and what is not valid, with
 * the reason. It does not fail.
 *
 * Where the local clock changes:
 * - A local time that is skipped fires as much later as the clock jumped (02:30 becomes 03:30), once, also where the
 *   schedule fires at that time anyway.
 * - A local time that comes twice fires the first time only; a schedule that fires in each of the 24 hours of the day
 *   fires both times, so that no hour passes without.
 * - `Every` counts real time, and is not touched.
 *
 * No vendor documents what it does then; some schedulers skip or repeat. Elsewhere all agree.
 */
export const occurrences = (schedule: Schedule, options: OccurrencesOptions): Occurrences =>
  Occurring.occurrences(schedule, options)

/** The vendor fires at the same times; where neither names a time zone, in whichever zone that is. */
export const Exact = /* @__PURE__ */ Schema.TaggedStruct("Exact", { schedule: Schedule })

/** The vendor can express something close. */
export const Approximate = /* @__PURE__ */ Schema.TaggedStruct("Approximate", {
  schedule: Schedule,
  /** What is not the same, a sentence each; at least one. */
  lost: /* @__PURE__ */ Schema.Array(Schema.String),
})

/** The vendor can express nothing close. */
export const Impossible = /* @__PURE__ */ Schema.TaggedStruct("Impossible", { why: Schema.String })

export const Translation = /* @__PURE__ */ Schema.Union([Exact, Approximate, Impossible])
export type Translation = typeof Translation.Type

export interface TranslateOptions {
  /**
   * An IANA name: the zone of an expression that names none where the vendor needs one, and of an interval that becomes
   * times of the clock. Where it is used, `lost` says so; a name of no zone is `Impossible`. @default "UTC"
   */
  readonly assumedTimeZone?: string
}

/**
 * Says a schedule in a vendor's words. Where it has to choose, it takes what loses least: the same times in other words;
 * then, for an interval, times of the clock that are so far apart; then the nearest length that the vendor allows, the
 * longer of two. What is sent has no `problems` there.
 *
 * Nothing but `Manual` becomes manual, and what follows a job becomes nothing else.
 */
export const translate = (schedule: Schedule, forms: ScheduleForms, options?: TranslateOptions): Translation =>
  Translating.translate(schedule, forms, options?.assumedTimeZone ?? "UTC")

/**
 * Whether two schedules say the same, whatever the spelling: days and hours as sets, cron by what its fields mean, zones by
 * what they are an alias of, days with hours and the cron that says them, every hour around the clock in Berlin and in UTC. An expression
 * without a zone equals none with one, unless `assumedTimeZone` says which it is.
 */
export const equivalent = (one: Schedule, other: Schedule, options?: { readonly assumedTimeZone?: string }): boolean =>
  Equivalent.equivalent(one, other, options?.assumedTimeZone)

/** One line for people: `every 15 minutes`, `Mon, Wed at 09:00, 17:00 (Europe/Berlin)`, `cron 0 6 * * * (UTC)`. */
export const describe = (schedule: Schedule): string => Text.describe(schedule)
