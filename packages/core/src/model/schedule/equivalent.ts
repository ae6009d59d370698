/** Whether two schedules say the same. */
import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import * as Calendar from "./calendar.ts"
import * as Clock from "./clock.ts"
import * as Cron from "./cron.ts"
import { problems } from "./problems.ts"
import * as Shape from "./shape.ts"
import type { Schedule } from "./union.ts"

/**
 * Returns whether two schedules say the same, whatever their spelling: days and hours compare as sets, cron expressions by
 * what their fields mean, zones by what they are an alias of. Days with hours equal the cron expression that says them.
 * Every hour around the clock is the same in Berlin and in UTC. An expression without a zone equals none with a zone,
 * unless `assumedTimeZone`, an IANA name, says which zone it is in.
 */
export const equivalent = (
  one: Schedule,
  other: Schedule,
  options?: { readonly assumedTimeZone?: string },
): boolean => {
  const [first, second] = [Shape.decode(one), Shape.decode(other)]
  if (Result.isFailure(first) || Result.isFailure(second)) return one === other
  return isSame(first.success, second.success, options?.assumedTimeZone)
}

const isSame = (one: Schedule, other: Schedule, assumedTimeZone: string | undefined): boolean => {
  const [a, b] = [clockOf(one), clockOf(other)]
  if (a === undefined || b === undefined) {
    return a === b && text(one, assumedTimeZone) === text(other, assumedTimeZone)
  }
  const [zone, otherZone] = [a.timeZone ?? assumedTimeZone, b.timeZone ?? assumedTimeZone]
  if (!Calendar.isSame(a.calendar, b.calendar)) return false
  return zone === undefined || otherZone === undefined
    ? zone === otherZone
    : Clock.isSameIn(a.calendar, zone, otherZone)
}

const clockOf = (schedule: Schedule) => (problems(schedule).length === 0 ? Clock.ofSchedule(schedule) : undefined)

/** One text for all spellings. What is not valid is compared by its letters. */
const text = (schedule: Schedule, assumedTimeZone: string | undefined): string => {
  switch (schedule._tag) {
    case "Manual":
      return "Manual"
    case "Every":
      return `Every ${Duration.toMillis(schedule.every)}`
    case "OnDays":
      return JSON.stringify(["OnDays", sorted(schedule.days), sorted(schedule.hours), schedule.timeZone])
    case "Cron":
      return JSON.stringify(["Cron", Cron.split(schedule.expression), schedule.timeZone ?? assumedTimeZone ?? null])
    case "Job":
      return JSON.stringify(["Job", schedule.tool, Object.entries(schedule.ids).sort(([a], [b]) => (a < b ? -1 : 1))])
  }
}

const sorted = (values: ReadonlyArray<number>) => Array.from(new Set(values)).sort((a, b) => a - b)
