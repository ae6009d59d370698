/** When syncs of Fivetran Activations run by themselves: a schedule, jobs of other tools, and other syncs. Pure. */
import type { Snapshot } from "@openretl/core/driver/Catalog"
import * as Wire from "@openretl/core/driver/Wire"
import * as Schedule from "@openretl/core/Schedule"
import type { ScheduleForms } from "@openretl/core/ScheduleForms"
import * as Predicate from "effect/Predicate"
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

/** What a schedule has in `mode`, and in the fields of the sync itself. */
interface Frequency {
  readonly frequency: string
  readonly day: unknown
  readonly hour: number | undefined
  readonly minute: number | undefined
  readonly cron: string | undefined
}

/** One thing that may start a run. */
interface Trigger {
  /** The name of the trigger; `schedule` for the sync's own. */
  readonly kind: string
  /** Present for a schedule that can be read. */
  readonly schedule?: Frequency
}

/** What may start a run of a sync; `triggers` is `undefined` where the sync does not show it. */
export interface Triggers {
  /** Whether the sync runs all the time, and not once in a while. */
  readonly isLive: boolean
  readonly triggers: ReadonlyArray<Trigger> | undefined
}

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

/** Returns everything that may start a run of a sync, from `mode`, or else from the fields of the sync itself. */
export const triggersOf = (sync: Scheduled): Triggers => {
  const mode = decodeMode(sync.mode)
  if (mode !== undefined && (mode.type !== undefined || mode.triggers !== undefined)) {
    if (mode.type === "live") return { isLive: true, triggers: [] }
    const isKnown = mode.type === undefined || mode.type === "triggered"
    if (!isKnown || mode.triggers === undefined) return { isLive: false, triggers: undefined }
    const triggers = Object.entries(mode.triggers)
      .filter(([, trigger]) => !Wire.isEmpty(trigger))
      .map(([kind, trigger]) => toTrigger(kind, trigger))
    return { isLive: false, triggers: triggers.filter(isOn) }
  }
  const { schedule_frequency: frequency } = sync
  if (frequency === undefined || frequency === "") return { isLive: false, triggers: undefined }
  const trigger: Trigger = {
    kind: "schedule",
    schedule: {
      frequency,
      day: sync.schedule_day,
      hour: sync.schedule_hour,
      minute: sync.schedule_minute,
      cron: sync.cron_expression,
    },
  }
  return { isLive: false, triggers: [trigger].filter(isOn) }
}

const toTrigger = (kind: string, trigger: unknown): Trigger => {
  const schedule = kind === "schedule" ? decodeSchedule(trigger) : undefined
  // A schedule that cannot be read is a trigger all the same.
  if (schedule === undefined) return { kind }
  const { cron_expression: cron, ...fields } = schedule
  return { kind, schedule: { day: undefined, hour: undefined, minute: undefined, ...fields, cron } }
}

const isOn = ({ schedule }: Trigger): boolean => schedule?.frequency !== "never"

/** Decodes when a sync runs by itself. Several triggers, and those that are no schedule, stay unread. */
export const decode = (sync: Scheduled): Pick<Snapshot, "schedule" | "unreadSchedule"> => {
  const { isLive, triggers } = triggersOf(sync)
  if (triggers === undefined && Wire.isEmpty(sync.mode)) return {}
  if (!isLive && triggers?.length === 0) return { schedule: Schedule.manual }
  const first = triggers?.find((trigger) => trigger.schedule !== undefined)
  // Fields that the vendor adds may be triggers: they do not hide a schedule.
  const hasOthers = triggers?.some(({ kind }) => otherKinds.includes(kind)) === true
  const schedule = first?.schedule !== undefined && !hasOthers ? toCore(first.schedule) : undefined
  return schedule !== undefined && Schedule.problems(schedule).length === 0
    ? { schedule }
    : { unreadSchedule: Wire.oneLine(Wire.isEmpty(sync.mode) ? first : sync.mode) }
}

/** The documented triggers beside the schedule. */
const otherKinds: ReadonlyArray<string> = ["dbt_cloud", "fivetran", "sync_sequence"]

const toCore = ({ frequency, day, hour = 0, minute = 0, cron = "" }: Frequency): Schedule.Schedule | undefined => {
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
      const weekday = weekdayOf(day)
      return weekday === undefined ? undefined : Schedule.cron(`${time} * * ${weekday}`)
    }
    case "expression":
      return Schedule.cron(cron)
    default:
      return undefined
  }
}

const weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]

/** A day is a name, as in `Monday`. */
const weekdayOf = (day: unknown): number | undefined => {
  const index = Predicate.isString(day) ? weekdays.indexOf(day.toLowerCase()) : -1
  return index === -1 ? undefined : index
}

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

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

/** The last value of each field. */
const lastValues = [59, 23, 31, 12, 6]

/** Returns the same expression in documented characters: numbers for names, and lists for ranges, with or without a step. */
const toLists = (expression: string): string =>
  expression
    .trim()
    .split(/\s+/)
    .map((field, index) =>
      field
        .replace(/[a-z]{3}/gi, toNumber)
        .split(",")
        .flatMap((entry) => valuesOf(entry, index))
        .join(","),
    )
    .join(" ")

const toNumber = (word: string): string => {
  const name = word.toLowerCase()
  if (days.includes(name)) return String(days.indexOf(name))
  return months.includes(name) ? String(months.indexOf(name) + 1) : word
}

const valuesOf = (entry: string, index: number): ReadonlyArray<string> => {
  const [, from, to, step] = /^(\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(entry) ?? []
  if (from === undefined) return [entry]
  const end = Number(to ?? (step === undefined ? from : lastValues[index]))
  const values: Array<string> = []
  // Among weekdays, 7 is Sunday once more.
  for (let value = Number(from); value <= end; value += Number(step ?? 1)) {
    values.push(String(index === 4 ? value % 7 : value))
  }
  return values
}
