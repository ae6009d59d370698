/** A subscription's schedule as Segment writes it: what is refused, and when it fires. */
import * as Cron from "effect/Cron"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { OwnSchedule } from "../../Emulator.ts"
import * as Timing from "../world/timing.ts"
import { type Check, field, id, record } from "./body.ts"
import type { Problem } from "./wire.ts"

/** With its strategy in upper case. */
export interface Schedule {
  readonly strategy: string
  readonly config?: Readonly<Record<string, unknown>> | null
}

const minute = 60_000

/** A body's schedule. Strategies are taken in either case. */
export const check =
  (refuseUnknown: boolean): Check =>
  (value, path) => {
    if (!record.holds(value)) return [field(path, "must be an object")]
    const unknown = Object.keys(value).filter((name) => refuseUnknown && name !== "strategy" && name !== "config")
    const strange = unknown.map((name) => field([...path, name], "is not allowed"))
    const { strategy, config } = value
    if (typeof strategy !== "string" || !Object.hasOwn(configs, strategy.toUpperCase())) {
      const names = Object.keys(configs).join(", ")
      return [...strange, field([...path, "strategy"], `must be one of [${names}]`)]
    }
    return [...strange, ...(configs[strategy.toUpperCase()]?.(config, [...path, "config"]) ?? [])]
  }

/** What is kept of a schedule that was checked. */
export const read = (value: unknown): Schedule => {
  const { strategy, config } = value as Schedule
  return { strategy: strategy.toUpperCase(), ...(config !== undefined && { config }) }
}

const configs: Readonly<Record<string, Check>> = {
  MANUAL: (config, path) =>
    config === undefined || config === null || (record.holds(config) && Object.keys(config).length === 0)
      ? []
      : [field(path, "is not allowed")],
  PERIODIC: (config, path) => fields(config, path, { interval }),
  SPECIFIC_DAYS: (config, path) => fields(config, path, { days: numbers(6), hours: numbers(23), timezone }),
  CRON: (config, path) => fields(config, path, { spec, timezone }),
  DBT_CLOUD: (config, path) => fields(config, path, { jobId: id, accountId: id }),
}

const fields = (
  config: unknown,
  path: ReadonlyArray<string>,
  checks: Readonly<Record<string, Check>>,
): ReadonlyArray<Problem> =>
  record.holds(config)
    ? Object.entries(checks).flatMap(([name, one]) =>
        config[name] === undefined ? [field([...path, name], "is required")] : one(config[name], [...path, name]),
      )
    : [field(path, config === undefined ? "is required" : "must be an object")]

const interval: Check = (value, path) => {
  const millis = typeof value === "string" ? parseInterval(value) : undefined
  if (millis === undefined) return [field(path, "is not a valid duration")]
  if (millis < 15 * minute) return [field(path, "must be at least 15 minutes")]
  return millis < 168 * 60 * minute ? [] : [field(path, "must be less than 168 hours")]
}

const numbers =
  (max: number): Check =>
  (value, path) => {
    if (!Array.isArray(value)) return [field(path, "must be an array")]
    if (value.length < 1 || value.length > max + 1) return [field(path, `must contain 1 to ${max + 1} items`)]
    const wrong = value.some((one) => !Number.isInteger(one) || one < 0 || one > max)
    return wrong ? [field(path, `must hold numbers from 0 to ${max}`)] : []
  }

const timezone: Check = (value, path) =>
  typeof value === "string" && Option.isSome(DateTime.zoneMakeNamed(value)) ? [] : [field(path, "is not a time zone")]

const spec: Check = (value, path) => {
  if (typeof value !== "string" || value.trim().split(/\s+/).length !== 5) return [field(path, "must have five fields")]
  const parsed = Cron.parse(value, "UTC")
  if (Result.isFailure(parsed)) return [field(path, "is not a valid cron expression")]
  return oftenest(parsed.success) < 15 * minute ? [field(path, "must not fire more often than every 15 minutes")] : []
}

/** The shortest of many waits between two firings. */
const oftenest = (cron: Cron.Cron): number => {
  let shortest = Number.POSITIVE_INFINITY
  let at = Cron.next(cron, new Date(0)).getTime()
  for (let count = 0; count < 300; count++) {
    const next = Cron.next(cron, new Date(at)).getTime()
    shortest = Math.min(shortest, next - at)
    at = next
  }
  return shortest
}

const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: minute,
  h: 60 * minute,
}

/** As Go's `time.ParseDuration`, without signs. */
const parseInterval = (text: string): number | undefined => {
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined
  let sum = 0
  for (const [, number, unit] of text.matchAll(/([\d.]+)([a-zµ]+)/g)) sum += Number(number) * (units[unit ?? ""] ?? 0)
  return sum
}

/** When a schedule that was checked fires, counted from now. */
export const timing = (schedule: unknown, now: number): Timing.Timing => {
  if (schedule === undefined) return Timing.never
  const { strategy, config } = schedule as Schedule
  const zone = String(config?.["timezone"])
  switch (strategy) {
    case "PERIODIC": {
      const every = parseInterval(String(config?.["interval"])) ?? Number.POSITIVE_INFINITY
      return Timing.interval(every, now + every)
    }
    case "CRON":
      return Timing.cron(String(config?.["spec"]), zone)
    case "SPECIFIC_DAYS":
      return Timing.cron(`0 ${String(config?.["hours"])} * * ${String(config?.["days"])}`, zone)
    default:
      return Timing.never
  }
}

/** A schedule that was given from outside. */
export const form = (schedule: OwnSchedule): Schedule =>
  "cron" in schedule
    ? { strategy: "CRON", config: { spec: schedule.cron, timezone: schedule.timeZone ?? "UTC" } }
    : { strategy: "PERIODIC", config: { interval: formatInterval(Duration.toMillis(schedule.every)) } }

const formatInterval = (millis: number): string => {
  const [hours, minutes] = [Math.floor(millis / 3_600_000), Math.floor(millis / minute) % 60]
  const rest = (millis % minute) / 1000
  const text = `${hours > 0 ? `${hours}h` : ""}${minutes > 0 ? `${minutes}m` : ""}${rest > 0 ? `${rest}s` : ""}`
  return text === "" ? "0s" : text
}
