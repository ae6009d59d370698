/** Hightouch's schedules: intervals and cron expressions. Visual schedules and jobs of dbt are stored, and never fire. */
import * as Cron from "effect/Cron"
import * as Duration from "effect/Duration"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type { SyncSchedule } from "../../Emulator.ts"
import * as Timing from "../../kit/Timing.ts"

/** A schedule as the API writes it. Null, for none, is `undefined` here. */
export interface Schedule {
  readonly type: string
  readonly schedule: Readonly<Record<string, unknown>>
}

/** The units of an interval, in minutes, the longest first. */
const units = [
  ["week", 7 * 24 * 60],
  ["day", 24 * 60],
  ["hour", 60],
  ["minute", 1],
] as const

/** Returns the schedule in Hightouch's form, an interval in whole minutes. It stores no time zone. */
export const toWireSchedule = (schedule: SyncSchedule): Schedule => {
  if ("cron" in schedule) return { type: "cron", schedule: { expression: schedule.cron } }
  const minutes = Math.max(1, Math.round(Duration.toMinutes(schedule.every)))
  const [unit, length] = units.find(([, length]) => minutes % length === 0) ?? ["minute", 1]
  return { type: "interval", schedule: { interval: { unit, quantity: minutes / length } } }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  Predicate.isObject(value) && !Array.isArray(value)

/** The length of an interval in milliseconds; `undefined` where it is not one. */
const intervalOf = (interval: unknown): number | undefined => {
  if (!isRecord(interval)) return undefined
  const [, minutes] = units.find(([unit]) => unit === interval["unit"]) ?? []
  const { quantity } = interval
  return minutes !== undefined && typeof quantity === "number" && Number.isInteger(quantity) && quantity >= 1
    ? quantity * minutes * 60_000
    : undefined
}

const isCron = (expression: unknown): expression is string =>
  typeof expression === "string" && Result.isSuccess(Cron.parse(expression, "UTC"))

/** Reads the schedule of a body: `null` for none, `undefined` for one that the API does not take. */
export const decode = (value: unknown): Schedule | null | undefined => {
  if (value === null) return null
  if (!isRecord(value) || typeof value["type"] !== "string" || !isRecord(value["schedule"])) return undefined
  const schedule = { type: value["type"], schedule: value["schedule"] }
  const { interval, expression, expressions, job } = schedule.schedule
  const isForm = intervalOf(interval) !== undefined || isCron(expression) || Array.isArray(expressions) || isRecord(job)
  return isForm ? schedule : undefined
}

/** When a schedule fires, counted from `now`. */
export const timingOf = ({ schedule }: Schedule, now: number): Timing.Timing => {
  const { interval, expression } = schedule
  const every = intervalOf(interval)
  if (every !== undefined) return Timing.interval(every, now + every)
  return isCron(expression) ? Timing.cron(expression) : Timing.never
}
