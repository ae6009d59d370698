/** Schedules as Hightouch writes them: a type and its form, or null. Pure. */
import type { Snapshot } from "@openretl/core/driver/Catalog"
import * as Wire from "@openretl/core/driver/Wire"
import * as Schedule from "@openretl/core/Schedule"
import type { ScheduleForms } from "@openretl/core/ScheduleForms"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import * as HightouchApi from "../HightouchApi.ts"
import * as SyncsApi from "../HightouchSyncsApi.ts"

const source = "Hightouch's OpenAPI document"

/**
 * The schedules that a request can set. The app also has visual schedules and jobs of dbt, whose `type` in the API is not
 * documented, nor is the time zone of an expression.
 */
export const schedules: ScheduleForms = {
  vendor: "Hightouch",
  every: { source, shortest: "1 minute", step: "1 minute" },
  cron: { source, timeZone: { assumed: "UTC" } },
}

/** How many minutes each unit has, the longest first. */
const units: ReadonlyArray<readonly [unit: SyncsApi.IntervalUnit, minutes: number]> = [
  ["week", 7 * 24 * 60],
  ["day", 24 * 60],
  ["hour", 60],
  ["minute", 1],
]

const Job = Schema.Struct({ id: HightouchApi.Id })

/** The forms tell schedules apart: only `interval` is documented among the types. */
const decodeForm = Wire.orUndefined(
  Schema.Struct({
    schedule: Schema.Struct({
      interval: Wire.object({ unit: SyncsApi.IntervalUnit, quantity: Schema.Int }),
      expression: Wire.text,
      expressions: Schema.optionalKey(Schema.Unknown),
      account: Wire.lenient(Job),
      job: Wire.lenient(Job),
    }),
  }),
)

/** Decodes a schedule. Null stands for none; an absent one is not shown. */
export const decode = (wire: unknown): Pick<Snapshot, "schedule" | "unreadSchedule"> => {
  if (wire === undefined) return {}
  if (wire === null) return { schedule: Schedule.manual }
  const schedule = toCore(wire)
  return schedule !== undefined && Schedule.problems(schedule).length === 0
    ? { schedule }
    : { unreadSchedule: Wire.oneLine(wire) }
}

const toCore = (wire: unknown): Schedule.Schedule | undefined => {
  const { interval, expression, expressions, account, job } = decodeForm(wire)?.schedule ?? {}
  const isOne = [interval, expression, expressions, job].filter((form) => form !== undefined).length === 1
  if (!isOne) return undefined
  if (interval !== undefined) {
    const [, minutes] = units.find(([unit]) => unit === interval.unit) ?? []
    return minutes === undefined ? undefined : everyMinutes(interval.quantity * minutes)
  }
  if (expression !== undefined) return Schedule.cron(expression)
  return job !== undefined && account !== undefined
    ? Schedule.job("dbt-cloud", { accountId: account.id, jobId: job.id })
    : undefined
}

const everyMinutes = (minutes: number): Schedule.Schedule | undefined =>
  minutes >= 1 && Number.isSafeInteger(minutes * 60_000) ? Schedule.every(Duration.minutes(minutes)) : undefined

/** Encodes a schedule; `undefined` for one that Hightouch cannot express. */
export const encode = (schedule: Schedule.Schedule): SyncsApi.Schedule | undefined => {
  switch (schedule._tag) {
    case "Manual":
      return null
    case "Every": {
      const minutes = Duration.toMinutes(schedule.every)
      const [unit, length] = units.find(([, length]) => minutes % length === 0) ?? ["minute", 1]
      return { type: "interval", schedule: { interval: { unit, quantity: minutes / length } } }
    }
    case "Cron":
      return { type: "cron", schedule: { expression: schedule.expression.trim().split(/\s+/).join(" ") } }
    default:
      return undefined
  }
}
