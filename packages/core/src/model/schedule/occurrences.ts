/** When a schedule fires, as instants. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as FieldIssue from "../FieldIssue.ts"
import { brief } from "./brief.ts"
import * as Calendar from "./calendar.ts"
import * as Clock from "./clock.ts"
import { problems } from "./problems.ts"
import type { Occurrences, OccurrencesOptions, Schedule } from "./Schedule.ts"
import * as Zone from "./zone.ts"

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** How many instants one answer holds at the most. */
const most = 100_000

/** Instants that are further out have no local time. */
const latest = 8.64e15 - 100 * day

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
        return { _tag: "Unknown", why: `There is no time zone ${brief(named)}` }
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
