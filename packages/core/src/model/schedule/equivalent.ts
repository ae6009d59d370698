/** Compares two schedules by what they say, not by how they are spelled. */
import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import * as CronText from "./cron.ts"
import * as LocalTimes from "./localTimes.ts"
import { validate } from "./problems.ts"
import * as Shape from "./shape.ts"
import type { Schedule } from "./union.ts"

/**
 * Returns whether two schedules mean the same in different spellings. Days and hours compare as sets, cron expressions
 * by the meaning of their fields, aliases of a zone by their zone. Days with hours equal a cron expression with the
 * same firings. Times in two zones are the same where one shift makes them so, from 2027 on: 09:00 in Tokyo is 00:00 in
 * UTC, every hour around the clock is the same in Berlin, and 09:00 in July in Berlin is 07:00 in July. An expression
 * without a zone differs from every expression with one, unless `assumedTimeZone`, an IANA name, gives it a zone. Accepts
 * any values.
 */
export const equivalent = (
  schedule: Schedule,
  other: Schedule,
  options?: { readonly assumedTimeZone?: string },
): boolean => {
  const option = Shape.option(options, "assumedTimeZone")
  const assumedTimeZone = typeof option === "string" ? option : undefined
  const [a, b] = [Shape.decode(schedule), Shape.decode(other)]
  if (Result.isFailure(a) || Result.isFailure(b)) return schedule === other
  const [times, otherTimes] = [localTimesOf(a.success), localTimesOf(b.success)]
  if (times !== undefined && otherTimes !== undefined) {
    const assumed = assumedTimeZone === undefined ? {} : { timeZone: assumedTimeZone }
    return LocalTimes.isSame({ ...assumed, ...times }, { ...assumed, ...otherTimes })
  }
  return times === otherTimes && normalized(a.success, assumedTimeZone) === normalized(b.success, assumedTimeZone)
}

const localTimesOf = (schedule: Schedule): LocalTimes.LocalTimes | undefined => {
  const valid = validate(schedule)
  return Result.isSuccess(valid) ? LocalTimes.ofSchedule(valid.success) : undefined
}

/**
 * Returns one text for all spellings of a schedule without clock times. An invalid cron expression keeps its fields.
 */
const normalized = (schedule: Schedule, assumedTimeZone: string | undefined): string => {
  switch (schedule._tag) {
    case "Manual":
      return "Manual"
    case "Every":
      return `Every ${Duration.toMillis(schedule.every)}`
    case "OnDays":
      return JSON.stringify(["OnDays", sorted(schedule.days), sorted(schedule.hours), schedule.timeZone])
    case "Cron": {
      const timeZone = schedule.timeZone ?? assumedTimeZone ?? null
      return JSON.stringify(["Cron", CronText.splitFields(schedule.expression), timeZone])
    }
    case "Job":
      return JSON.stringify(["Job", schedule.tool, Object.entries(schedule.ids).sort(([a], [b]) => (a < b ? -1 : 1))])
  }
}

const sorted = (values: ReadonlyArray<number>) => Array.from(new Set(values)).sort((a, b) => a - b)
