/** Translates schedules between core's words and Segment's. Pure functions that accept every decoded schedule. */
import * as Wire from "@openretl/core/driver/Wire"
import * as Schedule from "@openretl/core/Schedule"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import type * as Api from "../SegmentSubscriptionsApi.ts"
import * as GoDuration from "./goDuration.ts"

/** The schedule of a subscription; both fields are absent where the vendor does not report it. */
export interface DecodedSchedule {
  readonly schedule?: Schedule.Schedule
  /** A schedule that cannot be decoded, as one line of JSON, at most 200 characters. */
  readonly unreadSchedule?: string
}

/** Decodes the schedule of a subscription. */
export const decode = (wire: Api.Subscription["reverseETLSchedule"]): DecodedSchedule => {
  if (wire === undefined || Object.keys(wire).length === 0) return {}
  const schedule = decodeConfig(wire.strategy?.toUpperCase(), wire.config)
  return schedule === undefined || Schedule.problems(schedule).length > 0
    ? { unreadSchedule: Wire.oneLine(wire, { strategy: wire.strategy }) }
    : { schedule }
}

const decodeConfig = (strategy: string | undefined, config: unknown): Schedule.Schedule | undefined => {
  switch (strategy) {
    case "MANUAL":
      return Schedule.manual
    case "PERIODIC": {
      const periodic = decodePeriodic(config)
      return periodic && every(periodic.interval)
    }
    case "SPECIFIC_DAYS": {
      const onDays = decodeDays(config)
      return (
        onDays &&
        Schedule.onDays({ days: ascending(onDays.days), hours: ascending(onDays.hours), timeZone: onDays.timezone })
      )
    }
    case "CRON": {
      const cron = decodeCron(config)
      return cron && Schedule.cron(cron.spec, cron.timezone)
    }
    case "DBT_CLOUD": {
      const job = decodeJob(config)
      return job && Schedule.job("dbt-cloud", { accountId: String(job.accountId), jobId: String(job.jobId) })
    }
    default:
      return undefined
  }
}

const every = (interval: string): Schedule.Schedule | undefined => {
  const millis = GoDuration.parse(interval)
  return millis !== undefined && Number.isSafeInteger(millis) && millis > 0
    ? Schedule.every(Duration.millis(millis))
    : undefined
}

const JobId = Schema.Union([Schema.String, Schema.Int])

const decodePeriodic = Wire.orUndefined(Schema.Struct({ interval: Schema.String }))
const decodeDays = Wire.orUndefined(
  Schema.Struct({ days: Wire.entries(Schema.Int), hours: Wire.entries(Schema.Int), timezone: Schema.String }),
)
const decodeCron = Wire.orUndefined(Schema.Struct({ spec: Schema.String, timezone: Schema.optionalKey(Schema.String) }))
const decodeJob = Wire.orUndefined(Schema.Struct({ accountId: JobId, jobId: JobId }))

/** Encodes a schedule that has no problems for Segment. */
export const encode = (schedule: Schedule.Schedule): Api.Schedule => {
  switch (schedule._tag) {
    case "Manual":
      return { strategy: "MANUAL" }
    case "Every":
      return { strategy: "PERIODIC", config: { interval: GoDuration.format(Duration.toMillis(schedule.every)) } }
    case "OnDays":
      return {
        strategy: "SPECIFIC_DAYS",
        config: { days: ascending(schedule.days), hours: ascending(schedule.hours), timezone: schedule.timeZone },
      }
    case "Cron":
      return { strategy: "CRON", config: { spec: schedule.expression, timezone: schedule.timeZone ?? "UTC" } }
    case "Job": {
      const { accountId = "", jobId = "" } = schedule.ids
      return { strategy: "DBT_CLOUD", config: { jobId, accountId } }
    }
  }
}

const ascending = (values: ReadonlyArray<number>): ReadonlyArray<number> =>
  [...new Set(values)].sort((left, right) => left - right)
