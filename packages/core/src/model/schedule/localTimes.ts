/** Schedules that follow a local clock: days with hours, and cron expressions. */
import * as Result from "effect/Result"
import * as Calendar from "./calendar.ts"
import * as CronText from "./cron.ts"
import type { Schedule } from "./union.ts"
import * as Zone from "./zone.ts"

/** Local dates and times, and the zone of the clock. */
export interface LocalTimes {
  readonly calendar: Calendar.Calendar
  /** Absent where the schedule names no zone. */
  readonly timeZone?: string
}

/**
 * Returns when a schedule fires by its local clock; `undefined` where it follows no clock, or its expression is wrong.
 */
export const ofSchedule = (schedule: Schedule): LocalTimes | undefined => {
  switch (schedule._tag) {
    case "OnDays":
      return { calendar: ofDays(schedule.days, schedule.hours), timeZone: schedule.timeZone }
    case "Cron": {
      const { expression, timeZone } = schedule
      const parsed = CronText.parse(expression)
      if (Result.isFailure(parsed)) return undefined
      return { calendar: parsed.success, ...(timeZone !== undefined && { timeZone }) }
    }
    default:
      return undefined
  }
}

const ofDays = (days: ReadonlyArray<number>, hours: ReadonlyArray<number>): Calendar.Calendar => ({
  minutes: [0],
  hours: Array.from(new Set(hours)).toSorted((a, b) => a - b),
  isDay: (_month, _day, weekday) => days.includes(weekday),
})

/**
 * Returns whether two schedules fire at the same instants. They do where their zone is one and their local times are the
 * same, and where a shift by one number of minutes makes the local times the same: 09:00 in Tokyo is 00:00 in UTC. Without
 * a zone, both have to be without one.
 */
export const isSame = (times: LocalTimes, other: LocalTimes, from?: number): boolean => {
  const [zone, otherZone] = [times.timeZone, other.timeZone]
  if (zone === undefined || otherZone === undefined || Zone.isSame(zone, otherZone)) {
    return (zone === undefined) === (otherZone === undefined) && Calendar.isSame(times.calendar, other.calendar)
  }
  const [lead, otherLead] = [leadOf(times.calendar, zone, from), leadOf(other.calendar, otherZone, from)]
  return (
    lead !== undefined && otherLead !== undefined && Calendar.isSame(times.calendar, other.calendar, lead - otherLead)
  )
}

/**
 * Returns how many minutes the clock of a zone is ahead of UTC whenever a calendar fires there; `undefined` where that
 * changes, as it does with daylight saving unless the calendar fires in the summer or in the winter only. Where it fires
 * at an even interval around the clock, only the remainder matters: every hour in Berlin is every hour in UTC.
 *
 * @param clock how many minutes the calendar's clock is ahead of UTC, where it is not the clock of the zone
 */
export const leadOf = (
  calendar: Calendar.Calendar,
  zone: string,
  from?: number,
  clock?: number,
): number | undefined => {
  if (Zone.find(zone) === undefined) return undefined
  const gap = Calendar.evenGap(calendar) ?? Number.NaN
  const isEven = 60 % gap === 0
  const fires = firesBetween(calendar)
  let only: number | undefined
  for (const { minutes, since, until } of Zone.leads(zone, "UTC", from)) {
    const lead = isEven ? Calendar.modulo(minutes, gap) : minutes
    const ahead = clock ?? minutes
    if (lead === only || !(isEven || fires(since / 60_000 + ahead, until / 60_000 + ahead))) continue
    if (only !== undefined) return undefined
    only = lead
  }
  return only
}

/** Near a change of the clock, by at most this many minutes, a local time may come twice or never. */
const margin = 180

/** Returns whether it fires between two local times, or near them. Times are in minutes since 1970 by the local clock. */
const firesBetween = (calendar: Calendar.Calendar): ((since: number, until: number) => boolean) => {
  const days = Calendar.daysOf(calendar)
  const times = Calendar.timesOfDay(calendar)
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 0]
  return (since, until) => {
    const end = Calendar.dayOf(until + margin - first)
    for (let day = Calendar.dayOf(since - margin - last); day <= end; day++) {
      if (!days[Calendar.modulo(day - startOfCycle, Calendar.cycleDays)]) continue
      if (day * 1440 + last >= since - margin && day * 1440 + first < until + margin) return true
    }
    return false
  }
}

/** 2000-01-01, in days since 1970. */
const startOfCycle = 10_957
