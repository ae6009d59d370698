/** When a schedule fires, as instants. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as FieldIssue from "../FieldIssue.ts"
import * as Calendar from "./calendar.ts"
import * as Clock from "./clock.ts"
import { excerpt } from "./excerpt.ts"
import { problems } from "./problems.ts"
import type { Occurrences } from "./results.ts"
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
  /** An IANA name: the zone of an expression that names none. The result repeats it. @default "UTC" */
  readonly assumedTimeZone?: string
  /** How many instants the result lists at most: a whole number from 0 to 100,000. @default 1000 */
  readonly limit?: number
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** How many instants one answer holds at the most. */
const most = 100_000

/** Instants that are further out have no local time. */
const latest = 8.64e15 - 100 * day

/**
 * Returns when a schedule fires from `from`, inclusive, to `until`, exclusive. Returns no instants for `Manual`, and where
 * `until` is not after `from`. Returns `Unknown` with the reason for `Job`, for `Every` without an anchor, and for a
 * schedule that is not valid. It does not fail.
 *
 * Where the local clock changes:
 * - A local time that the clock skips fires as much later as the clock jumped (02:30 becomes 03:30). It fires once, also
 *   where the schedule fires at that later time anyway.
 * - A local time that comes twice fires the first time only. A schedule that fires in each of the 24 hours of the day
 *   fires both times, so that no hour passes without a run.
 * - `Every` counts real time and ignores the clock.
 *
 * No vendor documents what it does at such a change; some schedulers skip or repeat. At all other times they agree.
 */
export const occurrences = (schedule: Schedule, options: OccurrencesOptions): Occurrences => {
  const wrong = problems(schedule)
  if (wrong.length > 0) return { _tag: "Unknown", why: `The schedule is not valid: ${FieldIssue.toText(wrong)}` }
  const unclear = (["from", "until", "anchor"] as const).find((bound) => !isInstant(options[bound], bound === "anchor"))
  if (unclear !== undefined) return { _tag: "Unknown", why: `${unclear} is no DateTime` }
  const from = Math.max(options.from.epochMilliseconds, -latest)
  const until = Math.min(options.until.epochMilliseconds, latest)
  const { limit: asked = 1000 } = options
  const limit = Number.isNaN(asked) ? 0 : Math.min(Math.max(0, Math.floor(asked)), most)
  const known = (instants: Iterable<number>, assumedTimeZone?: string): Occurrences => {
    const at: Array<DateTime.Utc> = []
    const zone = assumedTimeZone === undefined ? {} : { assumedTimeZone }
    for (const instant of instants) {
      if (at.length >= limit) return { _tag: "Known", at, isCut: true, ...zone }
      at.push(DateTime.makeUnsafe(instant))
    }
    return { _tag: "Known", at, ...zone }
  }
  switch (schedule._tag) {
    case "Manual":
      return known([])
    case "Job":
      return { _tag: "Unknown", why: `Nothing tells when a job of ${schedule.tool} is done` }
    case "Every":
      return options.anchor === undefined
        ? { _tag: "Unknown", why: "It counts from an anchor, as from the start of the last run, and none is given" }
        : known(counted(Duration.toMillis(schedule.every), options.anchor.epochMilliseconds, from, until))
    default: {
      const clock = Clock.ofSchedule(schedule)
      const named = clock?.timeZone ?? options.assumedTimeZone ?? "UTC"
      const zone = Zone.find(named)
      if (clock === undefined || zone === undefined)
        return { _tag: "Unknown", why: `There is no time zone ${excerpt(named)}` }
      return known(local(clock.calendar, zone, from, until), clock.timeZone === undefined ? named : undefined)
    }
  }
}

const isInstant = (bound: unknown, isOptional: boolean): boolean =>
  DateTime.isDateTime(bound) || (isOptional && bound === undefined)

/** The anchor has fired already: the first comes one length after it. */
function* counted(every: number, anchor: number, from: number, until: number) {
  const first = Math.max(1, Math.ceil((from - anchor) / every))
  for (let at = anchor + first * every; at < until; at += every) yield at
}

function* local(calendar: Calendar.Calendar, zone: DateTime.TimeZone.Named, from: number, until: number) {
  let last = from - 1
  for (const midnight of midnights(calendar, from, until)) {
    for (const instant of instantsOf(calendar, zone, midnight)) {
      if (instant >= until) return
      if (instant > last) yield instant
      last = Math.max(last, instant)
    }
  }
}

/**
 * The local dates on which it fires, each as the instant of its midnight in UTC. It begins early and ends late, since no
 * local date is more than a day off that of UTC, and one may have been skipped altogether.
 */
function* midnights({ isDay }: Calendar.Calendar, from: number, until: number) {
  const start = DateTime.toPartsUtc(DateTime.makeUnsafe(from - 2 * day))
  for (let { month, year } = start; ; month++) {
    if (month > 12) {
      month = 1
      year++
    }
    const first = firstOf(year, month)
    if (first >= until + 2 * day) return
    const length = (firstOf(year, month + 1) - first) / day
    const weekday = DateTime.toPartsUtc(DateTime.makeUnsafe(first)).weekDay
    for (let date = 0; date < length; date++) {
      if (isDay(month, date + 1, (weekday + date) % 7)) yield first + date * day
    }
  }
}

/** A 13th month is the next January. */
const firstOf = (year: number, month: number): number => DateTime.makeUnsafe({ year, month, day: 1 }).epochMilliseconds

/** The instants of one local date, ascending. The clock changes at most once around it, as `DateTime` takes it too. */
const instantsOf = (
  calendar: Calendar.Calendar,
  zone: DateTime.TimeZone.Named,
  midnight: number,
): ReadonlyArray<number> => {
  const times = Calendar.times(calendar).map((time) => midnight + time * minute)
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
