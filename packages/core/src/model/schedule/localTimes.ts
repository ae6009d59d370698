/** Schedules that follow a local clock: days with hours, and cron expressions. */
import * as Result from "effect/Result"
import type { Calendar } from "./calendar.ts"
import { evenGap } from "./calendar.ts"
import * as CronText from "./cron.ts"
import type { Schedule } from "./union.ts"
import * as Zone from "./zone.ts"

/** Local dates and times, and the zone of the clock. */
export interface LocalTimes {
  readonly calendar: Calendar
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

const ofDays = (days: ReadonlyArray<number>, hours: ReadonlyArray<number>): Calendar => ({
  minutes: [0],
  hours: Array.from(new Set(hours)).toSorted((a, b) => a - b),
  isDay: (_month, _day, weekday) => days.includes(weekday),
})

/**
 * Returns whether a calendar fires at the same instants in both zones. It does where the zones are one. It also does
 * where it fires at an even interval around the clock and the two clocks always differ by a multiple of that interval:
 * every hour in Berlin is every hour in UTC.
 */
export const isSameInZones = (calendar: Calendar, zone: string, otherZone: string): boolean => {
  if (Zone.isSame(zone, otherZone)) return true
  const gap = evenGap(calendar)
  return gap !== undefined && 60 % gap === 0 && Zone.isApartBy(zone, otherZone, gap)
}
