/** Segment's schedules: their wire form, their checks, and when they fire. */
import * as Cron from "effect/Cron"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { SyncSchedule } from "../../Emulator.ts"
import * as Timing from "../../kit/Timing.ts"
import { type Check, fieldProblem, id, isRecord } from "./body.ts"
import type { Problem } from "./wire.ts"

/** A subscription's schedule as it is stored: its strategy is in upper case. */
export interface Schedule {
  readonly strategy: string
  readonly config?: Readonly<Record<string, unknown>> | null
}

const minute = 60_000
const hour = 60 * minute

/** Checks the schedule of a body. Its strategy may be in either case. */
export const scheduleCheck =
  (refusesUnknown: boolean): Check =>
  (value, path) => {
    if (!isRecord(value)) return [fieldProblem(path, "must be an object")]
    const unknownFields = Object.keys(value).filter(
      (name) => refusesUnknown && name !== "strategy" && name !== "config",
    )
    const unknownProblems = unknownFields.map((name) => fieldProblem([...path, name], "is not allowed"))
    const { strategy, config } = value
    if (typeof strategy !== "string" || !Object.hasOwn(configChecks, strategy.toUpperCase())) {
      const strategies = Object.keys(configChecks).join(", ")
      return [...unknownProblems, fieldProblem([...path, "strategy"], `must be one of [${strategies}]`)]
    }
    return [...unknownProblems, ...(configChecks[strategy.toUpperCase()]?.(config, [...path, "config"]) ?? [])]
  }

/** Decodes the schedule of a body that was checked. */
export const decodeSchedule = (value: unknown): Schedule => {
  const { strategy, config } = value as Schedule
  return { strategy: strategy.toUpperCase(), ...(config !== undefined && { config }) }
}

/** The checks of `config`, by strategy. */
const configChecks: Readonly<Record<string, Check>> = {
  MANUAL: (config, path) =>
    config === undefined || config === null || (isRecord(config) && Object.keys(config).length === 0)
      ? []
      : [fieldProblem(path, "is not allowed")],
  PERIODIC: (config, path) => configProblems(config, path, { interval }),
  SPECIFIC_DAYS: (config, path) =>
    configProblems(config, path, { days: numbersUpTo(6), hours: numbersUpTo(23), timezone }),
  CRON: (config, path) => configProblems(config, path, { spec, timezone }),
  DBT_CLOUD: (config, path) => configProblems(config, path, { jobId: id, accountId: id }),
}

/** Returns the problems of a config whose fields are all required. */
const configProblems = (
  config: unknown,
  path: ReadonlyArray<string>,
  checks: Readonly<Record<string, Check>>,
): ReadonlyArray<Problem> =>
  isRecord(config)
    ? Object.entries(checks).flatMap(([name, check]) =>
        config[name] === undefined
          ? [fieldProblem([...path, name], "is required")]
          : check(config[name], [...path, name]),
      )
    : [fieldProblem(path, config === undefined ? "is required" : "must be an object")]

const interval: Check = (value, path) => {
  const millis = typeof value === "string" ? parseInterval(value) : undefined
  if (millis === undefined) return [fieldProblem(path, "is not a valid duration")]
  if (millis < 15 * minute) return [fieldProblem(path, "must be at least 15 minutes")]
  return millis < 168 * hour ? [] : [fieldProblem(path, "must be less than 168 hours")]
}

const numbersUpTo =
  (max: number): Check =>
  (value, path) => {
    if (!Array.isArray(value)) return [fieldProblem(path, "must be an array")]
    if (value.length < 1 || value.length > max + 1) return [fieldProblem(path, `must contain 1 to ${max + 1} items`)]
    const isInRange = (item: unknown) => typeof item === "number" && Number.isInteger(item) && item >= 0 && item <= max
    return value.every(isInRange) ? [] : [fieldProblem(path, `must hold numbers from 0 to ${max}`)]
  }

const timezone: Check = (value, path) =>
  typeof value === "string" && Option.isSome(DateTime.zoneMakeNamed(value))
    ? []
    : [fieldProblem(path, "is not a time zone")]

const spec: Check = (value, path) => {
  if (typeof value !== "string" || value.trim().split(/\s+/).length !== 5) {
    return [fieldProblem(path, "must have five fields")]
  }
  const parsed = Cron.parse(value, "UTC")
  if (Result.isFailure(parsed)) return [fieldProblem(path, "is not a valid cron expression")]
  return Timing.shortestOf(parsed.success) < 15 * minute
    ? [fieldProblem(path, "must not fire more often than every 15 minutes")]
    : []
}

/** Milliseconds by unit. */
const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: minute,
  h: hour,
}

/** Parses an interval as Go's `time.ParseDuration` does, without signs. In milliseconds. */
const parseInterval = (text: string): number | undefined => {
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined
  let sum = 0
  for (const [, number, unit] of text.matchAll(/([\d.]+)([a-zµ]+)/g)) sum += Number(number) * (units[unit ?? ""] ?? 0)
  return sum
}

/** When a schedule fires that was checked, counted from `now`. */
export const timingOf = (schedule: unknown, now: number): Timing.Timing => {
  if (schedule === undefined) return Timing.never
  const { strategy, config } = schedule as Schedule
  const timeZone = String(config?.["timezone"])
  switch (strategy) {
    case "PERIODIC": {
      const every = parseInterval(String(config?.["interval"])) ?? Number.POSITIVE_INFINITY
      return Timing.interval(every, now + every)
    }
    case "CRON":
      return Timing.cron(String(config?.["spec"]), timeZone)
    case "SPECIFIC_DAYS":
      return Timing.cron(`0 ${String(config?.["hours"])} * * ${String(config?.["days"])}`, timeZone)
    default:
      return Timing.never
  }
}

/** Returns the schedule in Segment's form; the API's minimum does not apply. */
export const toWireSchedule = (schedule: SyncSchedule): Schedule =>
  "cron" in schedule
    ? { strategy: "CRON", config: { spec: schedule.cron, timezone: schedule.timeZone ?? "UTC" } }
    : { strategy: "PERIODIC", config: { interval: formatInterval(Duration.toMillis(schedule.every)) } }

/** Writes an interval as Go does: `1h30m`. */
const formatInterval = (millis: number): string => {
  const [hours, minutes, seconds] = [
    Math.floor(millis / hour),
    Math.floor(millis / minute) % 60,
    (millis % minute) / 1000,
  ]
  const text = `${hours > 0 ? `${hours}h` : ""}${minutes > 0 ? `${minutes}m` : ""}${seconds > 0 ? `${seconds}s` : ""}`
  return text === "" ? "0s" : text
}
