/** Schedules and durations as text for people. */
import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import * as CronText from "./cron.ts"
import { excerpt } from "./excerpt.ts"
import * as Shape from "./shape.ts"
import type { Schedule } from "./union.ts"

const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
  ["millisecond", 1],
] as const

/** Returns a duration in its units, such as `1 hour 30 minutes`. */
export const duration = (input: Duration.Input): string => {
  const millis = Duration.toMillis(input)
  if (!Number.isFinite(millis)) return millis < 0 ? "minus infinity" : "infinity"
  let remaining = Math.abs(millis)
  const parts = units.flatMap(([unit, length]) => {
    const count = unit === "millisecond" ? remaining : Math.floor(remaining / length)
    remaining -= count * length
    return count === 0 ? [] : [`${count} ${unit}${count === 1 ? "" : "s"}`]
  })
  return parts.length === 0 ? "0 seconds" : `${millis < 0 ? "minus " : ""}${parts.join(" ")}`
}

/**
 * Returns one line for people, such as `every 15 minutes`, `Mon, Wed at 09:00, 17:00 (Europe/Berlin)` or `cron 0 6 * *
 * * (UTC)`. Accepts any value.
 */
export const describe = (schedule: Schedule): string =>
  Result.match(Shape.decode(schedule), {
    onFailure: () => "a schedule that cannot be read",
    onSuccess: (decoded) =>
      excerpt(
        describeDecoded(decoded)
          .replace(/[\p{Cc}\s]+/gu, " ")
          .trim(),
        300,
      ),
  })

const describeDecoded = (schedule: Schedule): string => {
  switch (schedule._tag) {
    case "Manual":
      return "manual"
    case "Every":
      return `every ${duration(schedule.every)}`
    case "OnDays": {
      const days = new Set(schedule.days).size === 7 ? "every day" : dayNamesOf(schedule.days)
      return `${days || "no day"} at ${clockTimesOf(schedule.hours) || "no hour"} (${schedule.timeZone})`
    }
    case "Cron": {
      const zone = schedule.timeZone === undefined ? "" : ` (${schedule.timeZone})`
      return `cron ${CronText.splitFields(schedule.expression).join(" ")}${zone}`
    }
    case "Job": {
      const ids = Object.entries(schedule.ids).map(([name, id]) => `${name} ${id}`)
      return `after ${schedule.tool} job ${ids.join(", ")}`
    }
  }
}

const dayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

/** From Monday to Sunday. */
const dayNamesOf = (days: ReadonlyArray<number>): string =>
  Array.from(new Set(days))
    .toSorted((a, b) => (a || 7) - (b || 7))
    .map((day) => dayNames[day] ?? `day ${day}`)
    .join(", ")

const clockTimesOf = (hours: ReadonlyArray<number>): string =>
  Array.from(new Set(hours))
    .toSorted((a, b) => a - b)
    .map((hour) => `${String(hour).padStart(2, "0")}:00`)
    .join(", ")
