/** The union of all kinds of schedules, and a constructor for each kind. */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

/** The schedule of a sync that never fires by itself: it runs only when a caller triggers it. */
export const Manual = /* @__PURE__ */ Schema.TaggedStruct("Manual", {})

/** A fixed interval between two runs. The vendor decides from where it counts. */
export const Every = /* @__PURE__ */ Schema.TaggedStruct("Every", {
  /** A positive number of whole seconds. Its JSON form is a number of milliseconds. */
  every: Schema.DurationFromMillis,
})

/** Days of the week, and the full hours at which it fires on each of them. */
export const OnDays = /* @__PURE__ */ Schema.TaggedStruct("OnDays", {
  /** 0 is Sunday, 6 is Saturday. At least one, each once, in any order. */
  days: /* @__PURE__ */ Schema.Array(Schema.Int),
  /** 0 to 23. At least one, each once, in any order. */
  hours: /* @__PURE__ */ Schema.Array(Schema.Int),
  /** An IANA name, such as `Europe/Berlin`. */
  timeZone: Schema.String,
})

/**
 * A cron expression of five fields: minute, hour, day of the month, month, day of the week (0 or 7 is Sunday). As in
 * crontab(5), it fires on either the day of the month or the day of the week; where one of these two fields begins with
 * a star, it fires on days that match both.
 */
export const Cron = /* @__PURE__ */ Schema.TaggedStruct("Cron", {
  /** Five fields with space between them, such as `0 6 * * 1-5`. */
  expression: Schema.String,
  /** An IANA name. Absent where the vendor does not say in which zone it reads the expression. */
  timeZone: /* @__PURE__ */ Schema.optionalKey(Schema.String),
})

/** Fires when a job of another tool ends. */
export const Job = /* @__PURE__ */ Schema.TaggedStruct("Job", {
  /** The name of the tool, such as `dbt-cloud`. */
  tool: Schema.String,
  /** The ids that name the job in that tool. */
  ids: /* @__PURE__ */ Schema.Record(Schema.String, Schema.String),
})

/**
 * When a sync fires by itself. The schema checks types only: a decoded schedule may still be invalid, and `problems`
 * lists everything that is wrong with it.
 */
export const Schedule = /* @__PURE__ */ Schema.Union([Manual, Every, OnDays, Cron, Job]).annotate({
  expected: "a schedule, whose _tag is one of Manual, Every, OnDays, Cron, Job",
})
export type Schedule = typeof Schedule.Type

// The constructors check nothing: `problems` lists everything that is wrong, all at once.

/** The schedule that never fires by itself. */
export const manual: Schedule = { _tag: "Manual" }

/**
 * Returns a schedule that fires at this interval. Input that is not a duration becomes zero, which `problems` rejects.
 */
export const every = (every: Duration.Input): Schedule => ({
  _tag: "Every",
  every: Option.getOrElse(Duration.fromInput(every), () => Duration.zero),
})

/** Returns a schedule that fires on these days of the week at these full hours. */
export const onDays = (fields: Omit<typeof OnDays.Type, "_tag">): Schedule => ({ _tag: "OnDays", ...fields })

/** Returns a schedule that fires as this cron expression says. Without `timeZone`, the vendor chooses the zone. */
export const cron = (expression: string, timeZone?: string): Schedule => ({
  _tag: "Cron",
  expression,
  ...(timeZone !== undefined && { timeZone }),
})

/** Returns a schedule that fires when this job of another tool ends. */
export const job = (tool: string, ids: Readonly<Record<string, string>>): Schedule => ({ _tag: "Job", tool, ids })
