/** Between a schedule in core's words and in Segment's. Pure, and total on whatever decodes. */

import * as Wire from "@openretl/core/driver/Wire"
import * as Schedule from "@openretl/core/Schedule"
import type { ScheduleForms } from "@openretl/core/ScheduleForms"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as Api from "../SegmentSubscriptionsApi.ts"
import * as GoDuration from "./goDuration.ts"

/** What a mapping's schedule can be. */
export const forms: ScheduleForms = {
  vendor: "Segment",
  every: {
    source: "Segment docs, Reverse ETL system page; Segment Public API docs, Reverse ETL page",
    shortest: "15 minutes",
    longest: "168 hours",
    longestIsExcluded: true,
    step: "1 second",
  },
  onDays: { source: "Segment Public API docs, Reverse ETL page" },
  cron: { source: "Segment Public API docs, Reverse ETL page", shortest: "15 minutes", timeZone: "named" },
  jobs: { "dbt-cloud": ["accountId", "jobId"] },
}

/** What a subscription tells of its schedule: nothing where it says nothing. */
export interface RunFields {
  readonly schedule?: Schedule.Schedule
  /** What cannot be read, as one line of JSON, of at most 200 characters. */
  readonly unreadSchedule?: string
}

export const decode = (told: Api.Subscription["reverseETLSchedule"]): RunFields => {
  if (told === undefined || Object.keys(told).length === 0) return {}
  const schedule = read(told.strategy?.toUpperCase(), told.config)
  return schedule === undefined || Schedule.problems(schedule).length > 0
    ? { unreadSchedule: Wire.oneLine(told, { strategy: told.strategy }) }
    : { schedule }
}

const read = (strategy: string | undefined, config: unknown): Schedule.Schedule | undefined => {
  switch (strategy) {
    case "MANUAL":
      return Schedule.manual
    case "PERIODIC":
      return Option.getOrUndefined(Option.flatMap(readPeriodic(config), ({ interval }) => every(interval)))
    case "SPECIFIC_DAYS":
      return Option.getOrUndefined(
        Option.map(readDays(config), ({ days, hours, timezone }) =>
          Schedule.onDays({ days: ascending(days), hours: ascending(hours), timeZone: timezone }),
        ),
      )
    case "CRON":
      return Option.getOrUndefined(Option.map(readCron(config), ({ spec, timezone }) => Schedule.cron(spec, timezone)))
    case "DBT_CLOUD":
      return Option.getOrUndefined(
        Option.map(readJob(config), ({ accountId, jobId }) =>
          Schedule.job("dbt-cloud", { accountId: String(accountId), jobId: String(jobId) }),
        ),
      )
    default:
      return undefined
  }
}

const every = (interval: string): Option.Option<Schedule.Schedule> => {
  const millis = GoDuration.parse(interval)
  return millis !== undefined && Number.isSafeInteger(millis) && millis > 0
    ? Option.some(Schedule.every(Duration.millis(millis)))
    : Option.none()
}

const JobId = Schema.Union([Schema.String, Schema.Int])

const readPeriodic = Schema.decodeUnknownOption(Schema.Struct({ interval: Schema.String }))
const readDays = Schema.decodeUnknownOption(
  Schema.Struct({ days: Schema.Array(Schema.Int), hours: Schema.Array(Schema.Int), timezone: Schema.String }),
)
const readCron = Schema.decodeUnknownOption(
  Schema.Struct({ spec: Schema.String, timezone: Schema.optional(Schema.String) }),
)
const readJob = Schema.decodeUnknownOption(Schema.Struct({ accountId: JobId, jobId: JobId }))

/** A schedule that `forms` has nothing against. */
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
