/** Schedules and what is in them, for people. */
import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import * as Cron from "./cron.ts"
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

/** `1 hour 30 minutes` */
export const duration = (input: Duration.Input): string => {
  const millis = Duration.toMillis(input)
  if (!Number.isFinite(millis)) return millis < 0 ? "minus infinity" : "infinity"
  let rest = Math.abs(millis)
  const parts = units.flatMap(([unit, length]) => {
    const count = unit === "millisecond" ? rest : Math.floor(rest / length)
    rest -= count * length
    return count === 0 ? [] : [`${count} ${unit}${count === 1 ? "" : "s"}`]
  })
  return parts.length === 0 ? "0 seconds" : `${millis < 0 ? "minus " : ""}${parts.join(" ")}`
}

const dayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

/** From Monday to Sunday. */
const dayNamesOf = (days: ReadonlyArray<number>): string =>
  Array.from(new Set(days))
    .toSorted((a, b) => (a || 7) - (b || 7))
    .map((day) => dayNames[day] ?? `day ${day}`)
    .join(", ")

const hoursOf = (hours: ReadonlyArray<number>): string =>
  Array.from(new Set(hours))
    .toSorted((a, b) => a - b)
    .map((hour) => `${String(hour).padStart(2, "0")}:00`)
    .join(", ")

const oneLine = (text: string): string => excerpt(text.replace(/[\p{Cc}\s]+/gu, " ").trim(), 300)

/** Returns one line for people: `every 15 minutes`, `Mon, Wed at 09:00, 17:00 (Europe/Berlin)`, `cron 0 6 * * * (UTC)`. */
export const describe = (schedule: Schedule): string =>
  Result.match(Shape.decode(schedule), {
    onFailure: () => "a schedule that cannot be read",
    onSuccess: describeDecoded,
  })

const describeDecoded = (schedule: Schedule): string => {
  switch (schedule._tag) {
    case "Manual":
      return "manual"
    case "Every":
      return `every ${duration(schedule.every)}`
    case "OnDays": {
      const days = new Set(schedule.days).size === 7 ? "every day" : dayNamesOf(schedule.days)
      return oneLine(`${days || "no day"} at ${hoursOf(schedule.hours) || "no hour"} (${schedule.timeZone})`)
    }
    case "Cron": {
      const zone = schedule.timeZone === undefined ? "" : ` (${schedule.timeZone})`
      return oneLine(`cron ${Cron.split(schedule.expression).join(" ")}${zone}`)
    }
    case "Job": {
      const ids = Object.entries(schedule.ids).map(([name, id]) => `${name} ${id}`)
      return oneLine(`after ${schedule.tool} job ${ids.join(", ")}`)
    }
  }
}
