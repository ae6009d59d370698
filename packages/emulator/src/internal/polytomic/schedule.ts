/** Polytomic's schedules: a frequency, with the fields that go with it as texts. */
import * as Cron from "effect/Cron"
import * as Duration from "effect/Duration"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type { SyncSchedule } from "../../Emulator.ts"
import * as Timing from "../../kit/Timing.ts"

/** A schedule as the API writes it. */
export type Schedule = Readonly<Record<string, unknown>>

/** A sync without a schedule of its own. */
export const none: Schedule = { frequency: "manual" }

const frequencies = [
  "manual",
  "continuous",
  "hourly",
  "daily",
  "weekly",
  "custom",
  "builder",
  "runafter",
  "multi",
  "dbtcloud",
]

/** The fields of a `custom` schedule, in the order of a cron expression. */
const cronFields = ["minute", "hour", "day_of_month", "month", "day_of_week"] as const

const ofCron = (expression: string): Schedule => {
  const parts = expression.trim().split(/\s+/)
  return { frequency: "custom", ...Object.fromEntries(cronFields.map((name, index) => [name, parts[index] ?? "*"])) }
}

/** Returns the schedule in Polytomic's form. An interval becomes the nearest minutes, hours or days. */
export const toWireSchedule = (schedule: SyncSchedule): Schedule => {
  if ("cron" in schedule) return ofCron(schedule.cron)
  const minutes = Math.max(1, Math.round(Duration.toMinutes(schedule.every)))
  if (minutes < 60) return ofCron(`*/${minutes} * * * *`)
  const hours = Math.round(minutes / 60)
  if (hours === 1) return { frequency: "hourly", minute: "0" }
  return hours < 24 ? ofCron(`0 */${hours} * * *`) : { frequency: "daily", hour: "0", minute: "0" }
}

const days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]

/** Returns the cron expression of a schedule; `undefined` where it fires by no clock. */
const cronOf = (schedule: Schedule): string | undefined => {
  const field = (name: string, otherwise: string) => String(schedule[name] || otherwise)
  const [minute, hour] = [field("minute", "0"), field("hour", "0")]
  switch (schedule["frequency"]) {
    case "hourly":
      return `${minute} * * * *`
    case "daily":
      return `${minute} ${hour} * * *`
    case "weekly":
      return `${minute} ${hour} * * ${Math.max(0, days.indexOf(field("day_of_week", "sunday")))}`
    case "custom":
      return cronFields.map((name) => field(name, "*")).join(" ")
    default:
      return undefined
  }
}

/** Reads the schedule of a body; `undefined` for one that the API does not take. */
export const decode = (value: unknown): Schedule | undefined => {
  if (!Predicate.isObject(value) || Array.isArray(value)) return undefined
  const schedule = value as Schedule
  const { frequency = "manual" } = schedule
  if (typeof frequency !== "string" || !frequencies.includes(frequency)) return undefined
  const expression = cronOf(schedule)
  return expression === undefined || Result.isSuccess(Cron.parse(expression, "UTC"))
    ? { frequency, ...schedule }
    : undefined
}

/** When a schedule fires. */
export const timingOf = (schedule: Schedule): Timing.Timing => {
  const expression = cronOf(schedule)
  return expression === undefined ? Timing.never : Timing.cron(expression)
}
