/** When syncs of Fivetran Activations run by themselves: a schedule, jobs of other tools, and other syncs. Pure. */
import type { Snapshot } from "@openretl/core/driver/Catalog"
import * as Wire from "@openretl/core/driver/Wire"
import * as Schedule from "@openretl/core/Schedule"
import type { ScheduleForms } from "@openretl/core/ScheduleForms"
import * as Cron from "effect/Cron"
import * as Schema from "effect/Schema"
import type * as FivetranActivationsApi from "../FivetranActivationsApi.ts"
import type * as SyncsApi from "../FivetranActivationsSyncsApi.ts"

const source = "Fivetran docs, Triggering & Scheduling page"

/**
 * The schedules that a request can set. The vendor's other frequencies are cron expressions by another name; they can be
 * read.
 */
export const schedules: ScheduleForms = {
  vendor: "Fivetran Activations",
  cron: { source, timeZone: { assumed: "UTC" } },
}

/** One thing that may start a run: `schedule` for the sync's own, `live` where it runs all the time, or another name. */
type Trigger = readonly [kind: string, form: unknown]

const decodeMode = Wire.orUndefined(
  Schema.Struct({ type: Wire.text, triggers: Wire.lenient(Schema.Record(Schema.String, Schema.Unknown)) }),
)

const decodeSchedule = Wire.orUndefined(
  Schema.Struct({
    frequency: Schema.String,
    day: Schema.optionalKey(Schema.Unknown),
    hour: Wire.count,
    minute: Wire.count,
    cron_expression: Wire.text,
  }),
)

type Scheduled = Pick<
  FivetranActivationsApi.Sync,
  "mode" | "schedule_frequency" | "schedule_day" | "schedule_hour" | "schedule_minute" | "cron_expression"
>

/**
 * Returns everything that may start a run of a sync, from `mode`, or else from the fields of the sync itself; `undefined` where
 * the sync does not show it.
 */
export const triggersOf = (sync: Scheduled): ReadonlyArray<Trigger> | undefined => {
  const { type, triggers } = decodeMode(sync.mode) ?? {}
  if (type === "live") return [["live", type]]
  if (type !== undefined && type !== "triggered") return undefined
  const all = triggers === undefined && type === undefined ? triggersOfFields(sync) : triggers
  return all && Object.entries(all).filter(isOn)
}

const triggersOfFields = (sync: Scheduled): Readonly<Record<string, unknown>> | undefined => {
  const { schedule_frequency: frequency, schedule_day: day, schedule_hour: hour, schedule_minute: minute } = sync
  if (frequency === undefined || frequency === "") return undefined
  return { schedule: { frequency, day, hour, minute, cron_expression: sync.cron_expression } }
}

/** A schedule that cannot be read is a trigger all the same. */
const isOn = ([kind, form]: Trigger): boolean =>
  !Wire.isEmpty(form) && (kind !== "schedule" || decodeSchedule(form)?.frequency !== "never")

/** Decodes when a sync runs by itself. Several triggers, and those that are no schedule, stay unread. */
export const decode = (sync: Scheduled): Pick<Snapshot, "schedule" | "unreadSchedule"> => {
  const triggers = triggersOf(sync)
  if (triggers === undefined && Wire.isEmpty(sync.mode)) return {}
  if (triggers?.length === 0) return { schedule: Schedule.manual }
  const [, form] = triggers?.find(([kind]) => kind === "schedule") ?? []
  // Fields that the vendor adds may be triggers: they do not hide a schedule.
  const hasOthers = triggers?.some(([kind]) => otherKinds.includes(kind)) === true
  const schedule = hasOthers ? undefined : toCore(form)
  return schedule !== undefined && Schedule.problems(schedule).length === 0
    ? { schedule }
    : { unreadSchedule: Wire.oneLine(Wire.isEmpty(sync.mode) ? form : sync.mode) }
}

/** The documented triggers beside the schedule. */
const otherKinds: ReadonlyArray<string> = ["dbt_cloud", "fivetran", "sync_sequence"]

const toCore = (form: unknown): Schedule.Schedule | undefined => {
  const { frequency, day, hour = 0, minute = 0, cron_expression = "" } = decodeSchedule(form) ?? {}
  // The vendor documents hours up to 24.
  const time = `${minute} ${hour % 24}`
  switch (frequency) {
    case "continuous":
      return Schedule.every("1 minute")
    case "quarter_hourly":
      return Schedule.every("15 minutes")
    case "hourly":
      return Schedule.cron(`${minute} * * * *`)
    case "daily":
      return Schedule.cron(`${time} * * *`)
    case "weekly": {
      // A day is a name, as in `Monday`.
      const weekday = typeof day === "string" ? weekdays.indexOf(day.toLowerCase()) : -1
      return weekday === -1 ? undefined : Schedule.cron(`${time} * * ${weekday}`)
    }
    case "expression":
      return Schedule.cron(cron_expression)
    default:
      return undefined
  }
}

const weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]

/**
 * Encodes a schedule as the whole `mode` of a sync: a change of a nested object replaces all of it, and so takes away every
 * other trigger. Returns `undefined` for a schedule that the vendor cannot express.
 */
export const encode = (schedule: Schedule.Schedule): SyncsApi.Mode | undefined => {
  switch (schedule._tag) {
    case "Manual":
      return { type: "triggered", triggers: { schedule: { frequency: "never" } } }
    case "Cron":
      return {
        type: "triggered",
        triggers: { schedule: { frequency: "expression", cron_expression: toLists(schedule.expression) } },
      }
    default:
      return undefined
  }
}

/** Returns the same expression in documented characters: numbers for names, and lists for ranges. Steps of all values stay. */
const toLists = (expression: string): string => {
  const { minutes, hours, days, months, weekdays } = Cron.parseUnsafe(expression)
  const values = [minutes, hours, days, months, weekdays]
  const fields = expression.trim().split(/\s+/)
  return fields
    .map((field, index) => (field.startsWith("*") ? field : [...(values[index] ?? [])].join(",") || "*"))
    .join(" ")
}
