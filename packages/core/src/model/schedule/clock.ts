/** Schedules that go by a local clock, and that clock. */
import * as Result from "effect/Result"
import type { Calendar } from "./calendar.ts"
import { evenGap } from "./calendar.ts"
import * as Cron from "./cron.ts"
import type { Schedule } from "./union.ts"
import * as Zone from "./zone.ts"

export interface OnClock {
  readonly calendar: Calendar
  /** Absent where the schedule names none. */
  readonly timeZone?: string
}

/** Absent where the schedule goes by no clock, or its expression cannot be read. */
export const ofSchedule = (schedule: Schedule): OnClock | undefined => {
  switch (schedule._tag) {
    case "OnDays":
      return { calendar: ofDays(schedule.days, schedule.hours), timeZone: schedule.timeZone }
    case "Cron": {
      const { expression, ...zone } = schedule
      const parsed = Cron.parse(expression)
      return Result.isSuccess(parsed) ? { calendar: parsed.success, ...zone } : undefined
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
 * Whether it fires at the same instants in either zone: they are one, or it fires every so many minutes around the
 * clock and that is how their clocks differ, as with an expression for every hour in Berlin and in UTC.
 */
export const isSameIn = (calendar: Calendar, one: string, other: string): boolean => {
  if (Zone.isSame(one, other)) return true
  const gap = evenGap(calendar)
  return gap !== undefined && 60 % gap === 0 && Zone.isApartBy(one, other, gap)
}
