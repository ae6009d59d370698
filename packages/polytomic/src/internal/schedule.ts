/** Schedules as Polytomic writes them: a frequency, and the fields that go with it as texts. Pure. */
import type { Snapshot } from "@openretl/core/driver/Catalog"
import * as Wire from "@openretl/core/driver/Wire"
import * as Schedule from "@openretl/core/Schedule"
import type { ScheduleForms } from "@openretl/core/ScheduleForms"
import * as Schema from "effect/Schema"
import type * as SyncsApi from "../PolytomicSyncsApi.ts"

/** The schedules that a request sets. In which time zone a model sync's schedule is read is not documented. */
export const schedules: ScheduleForms = {
  vendor: "Polytomic",
  cron: { source: "Polytomic's client, the form of a schedule", timeZone: { assumed: "UTC" } },
}

const decodeWire = Wire.orUndefined(
  Schema.Struct({
    frequency: Schema.String,
    minute: Wire.text,
    hour: Wire.text,
    day_of_week: Wire.text,
    day_of_month: Wire.text,
    month: Wire.text,
  }),
)

/** Returns the frequency of a schedule; `undefined` where it has none. */
export const frequencyOf = (wire: unknown): string | undefined => decodeWire(wire)?.frequency || undefined

/** Decodes a schedule. One of another form, as after other syncs, is in `unreadSchedule`; an absent one is not shown. */
export const decode = (wire: unknown): Pick<Snapshot, "schedule" | "unreadSchedule"> => {
  if (Wire.isEmpty(wire)) return {}
  const schedule = toCore(wire)
  return schedule !== undefined && Schedule.problems(schedule).length === 0
    ? { schedule }
    : { unreadSchedule: Wire.oneLine(wire) }
}

const toCore = (wire: unknown): Schedule.Schedule | undefined => {
  const fields = decodeWire(wire)
  const minute = fields?.minute || "0"
  const hour = fields?.hour || "0"
  switch (fields?.frequency) {
    case "manual":
      return Schedule.manual
    case "hourly":
      return Schedule.cron(`${minute} * * * *`)
    case "daily":
      return Schedule.cron(`${minute} ${hour} * * *`)
    case "weekly": {
      const day = days.get((fields.day_of_week ?? "").slice(0, 3).toLowerCase()) ?? fields.day_of_week
      return day ? Schedule.cron(`${minute} ${hour} * * ${day}`) : undefined
    }
    case "custom":
      return Schedule.cron(
        [fields.minute, fields.hour, fields.day_of_month, fields.month, fields.day_of_week]
          .map((field) => field || "*")
          .join(" "),
      )
    default:
      return undefined
  }
}

/** Days of the week by the first letters of their names. */
const days: ReadonlyMap<string, string> = new Map(
  ["sun", "mon", "tue", "wed", "thu", "fri", "sat"].map((day, number) => [day, String(number)]),
)

/** Encodes a schedule; `undefined` for one that Polytomic cannot express. */
export const encode = (schedule: Schedule.Schedule): SyncsApi.Schedule | undefined => {
  if (schedule._tag === "Manual") return { frequency: "manual" }
  if (schedule._tag !== "Cron") return undefined
  const [minute = "", hour = "", day_of_month = "", month = "", day_of_week = ""] = schedule.expression
    .trim()
    .split(/\s+/)
  return { frequency: "custom", minute, hour, day_of_month, month, day_of_week }
}
