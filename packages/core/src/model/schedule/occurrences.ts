/** Computes when a schedule fires, as instants. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import * as FieldIssue from "../FieldIssue.ts"
import * as Calendar from "./calendar.ts"
import * as LocalTimes from "./localTimes.ts"
import { validate } from "./problems.ts"
import type { Occurrences } from "./results.ts"
import * as Shape from "./shape.ts"
import type { Schedule } from "./union.ts"
import * as Zone from "./zone.ts"

/** The window, and what a schedule leaves open. */
export interface OccurrencesOptions {
  /** The beginning of the window, inclusive. */
  readonly from: DateTime.DateTime
  /** The end of the window, exclusive. */
  readonly until: DateTime.DateTime
  /**
   * What `Every` counts from, such as the start of the last run: the first occurrence is one interval after it. Without
   * it, the occurrences of `Every` are unknown.
   */
  readonly anchor?: DateTime.DateTime
  /** An IANA name: the zone of an expression without one. The result repeats it. @default "UTC" */
  readonly assumedTimeZone?: string
  /** How many instants the result lists at most: a whole number from 0 to 100,000. @default 1000 */
  readonly limit?: number
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** One result lists at most this many instants. */
const maxOccurrences = 100_000

/** Instants further from 1970 than this have no local time. */
const latest = 8.64e15 - 100 * day

/**
 * Returns when a schedule fires from `from`, inclusive, to `until`, exclusive. Returns no instants for `Manual`, and
 * where `until` is not after `from`. Returns `Unknown` with the reason for `Job`, for `Every` without an anchor, and
 * for a schedule and for options that are not valid. It does not fail, whatever the values.
 *
 * Where the local clock changes:
 * - A local time that the clock skips fires as much later as the clock jumped (02:30 becomes 03:30). It fires once,
 *   also where the schedule fires at that later time anyway.
 * - A local time that comes twice fires the first time only. A schedule that fires in each of the 24 hours of the day
 *   fires both times, so that no hour passes without a run.
 * - `Every` counts real time and ignores the clock.
 *
 * No vendor documents what it does at such a change; some schedulers skip or repeat. At all other times they agree.
 */
export const occurrences = (schedule: Schedule, options: OccurrencesOptions): Occurrences => {
  const valid = validate(schedule)
  if (Result.isFailure(valid)) return unknown(`The schedule is not valid: ${FieldIssue.toText(valid.failure)}`)
  const invalidField = (["from", "until", "anchor"] as const).find((field) => !isInstant(options, field))
  if (invalidField !== undefined) return unknown(`${invalidField} is not a DateTime`)
  switch (valid.success._tag) {
    case "Manual":
      return listed([], options)
    case "Job":
      return unknown(`It fires when a job of ${valid.success.tool} ends, which no clock predicts`)
    case "Every":
      return ofInterval(Duration.toMillis(valid.success.every), options)
    default:
      return ofLocalTimes(valid.success, options)
  }
}

const unknown = (why: string): Occurrences => ({ _tag: "Unknown", why })

const isInstant = (options: OccurrencesOptions, field: "from" | "until" | "anchor"): boolean => {
  const value = Shape.option(options, field)
  return Shape.isInstant(value) || (field === "anchor" && value === undefined)
}

const ofInterval = (millis: number, options: OccurrencesOptions): Occurrences =>
  options.anchor === undefined
    ? unknown("An interval counts from an anchor, such as the start of the last run, and none is given")
    : listed(intervalInstants(millis, options.anchor.epochMilliseconds, windowOf(options)), options)

const ofLocalTimes = (schedule: Schedule, options: OccurrencesOptions): Occurrences => {
  const times = LocalTimes.ofSchedule(schedule)
  if (times === undefined) return unknown("It follows no clock")
  const { calendar, timeZone } = times
  const assumedTimeZone = timeZone === undefined ? (Shape.option(options, "assumedTimeZone") ?? "UTC") : undefined
  const zone = Zone.find(timeZone ?? assumedTimeZone)
  if (zone === undefined || typeof assumedTimeZone === "number")
    return unknown(`assumedTimeZone: ${Zone.notFound(assumedTimeZone)}`)
  return listed(localInstants(calendar, zone, windowOf(options)), options, assumedTimeZone)
}

/** Returns the first of these instants, as many as the limit allows. */
const listed = (instants: Iterable<number>, options: OccurrencesOptions, assumedTimeZone?: string): Occurrences => {
  const maxLength = maxLengthOf(Shape.option(options, "limit"))
  const at: Array<DateTime.Utc> = []
  const zone = assumedTimeZone === undefined ? {} : { assumedTimeZone }
  for (const instant of instants) {
    if (at.length >= maxLength) return { _tag: "Known", at, isCut: true, ...zone }
    at.push(DateTime.makeUnsafe(instant))
  }
  return { _tag: "Known", at, ...zone }
}

/** A limit that is not a positive number is zero: the list has an end whatever a caller passes. */
const maxLengthOf = (limit: unknown = 1000): number =>
  typeof limit === "number" && limit > 0 ? Math.min(Math.floor(limit), maxOccurrences) : 0

/** In milliseconds since 1970; `from` is inclusive, `until` exclusive. */
interface Window {
  readonly from: number
  readonly until: number
}

const windowOf = ({ from, until }: OccurrencesOptions): Window => ({
  from: Math.max(from.epochMilliseconds, -latest),
  until: Math.min(until.epochMilliseconds, latest),
})

/** The schedule fires at the anchor as well, before the window or not: the first instant comes one interval later. */
function* intervalInstants(millis: number, anchor: number, { from, until }: Window) {
  const first = Math.max(1, Math.ceil((from - anchor) / millis))
  for (let at = anchor + first * millis; at < until; at += millis) yield at
}

function* localInstants(calendar: Calendar.Calendar, zone: DateTime.TimeZone.Named, { from, until }: Window) {
  let last = from - 1
  for (const midnight of midnights(calendar, { from, until })) {
    for (const instant of instantsOfDate(calendar, zone, midnight)) {
      if (instant >= until) return
      if (instant > last) yield instant
      last = Math.max(last, instant)
    }
  }
}

/**
 * Yields the local dates on which it fires, each as the instant of its midnight in UTC. It begins two days early and
 * ends two days late: a local date is at most a day off the date in UTC, and the zone may have skipped a whole date.
 */
function* midnights({ isDay }: Calendar.Calendar, { from, until }: Window) {
  const start = DateTime.toPartsUtc(DateTime.makeUnsafe(from - 2 * day))
  for (let { month, year } = start; ; month++) {
    if (month > 12) {
      month = 1
      year++
    }
    const first = startOfMonth(year, month)
    if (first >= until + 2 * day) return
    const length = (startOfMonth(year, month + 1) - first) / day
    const weekday = DateTime.toPartsUtc(DateTime.makeUnsafe(first)).weekDay
    for (let date = 0; date < length; date++) {
      if (isDay(month, date + 1, (weekday + date) % 7)) yield first + date * day
    }
  }
}

/** A 13th month is the next January. */
const startOfMonth = (year: number, month: number): number =>
  DateTime.makeUnsafe({ year, month, day: 1 }).epochMilliseconds

/** Returns the instants of one local date, ascending. Like `DateTime`, it expects at most one change of the clock. */
const instantsOfDate = (
  calendar: Calendar.Calendar,
  zone: DateTime.TimeZone.Named,
  midnight: number,
): ReadonlyArray<number> => {
  const times = Calendar.timesOfDay(calendar).map((time) => midnight + time * minute)
  const offset = Zone.offsetAt(zone, midnight - 15 * hour)
  if (offset === Zone.offsetAt(zone, midnight + 39 * hour)) return times.map((time) => time - offset)
  const resolve = (disambiguation: "compatible" | "later") =>
    times.map(
      (time) =>
        DateTime.makeZonedUnsafe(time, { timeZone: zone, adjustForTimeZone: true, disambiguation }).epochMilliseconds,
    )
  const isHourly = calendar.hours.length === 24
  return [...resolve("compatible"), ...(isHourly ? resolve("later") : [])].sort((a, b) => a - b)
}
