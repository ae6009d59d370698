/** What starts syncs of Fivetran Activations by itself: `mode`, with a schedule among its triggers. */
import * as Cron from "effect/Cron"
import * as Duration from "effect/Duration"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type { SyncSchedule } from "../../Emulator.ts"
import * as Timing from "../../kit/Timing.ts"

/** A schedule as the API writes it. */
export interface Schedule {
  readonly frequency: string
  readonly day?: string
  readonly hour?: number
  readonly minute?: number
  readonly cron_expression?: string
}

/** What starts a sync. The triggers beside the schedule are stored, and never fire. */
export interface Mode {
  readonly type: string
  readonly triggers: Readonly<Record<string, unknown>> & { readonly schedule?: Schedule }
}

const modeOf = (schedule: Schedule): Mode => ({ type: "triggered", triggers: { schedule } })

/** Nothing starts the sync. */
export const never = modeOf({ frequency: "never" })

/** Returns the mode of a schedule; an interval is the nearest frequency, or a cron expression. */
export const toWireSchedule = (schedule: SyncSchedule): Mode => {
  if ("cron" in schedule) return modeOf({ frequency: "expression", cron_expression: schedule.cron })
  const minutes = Math.max(1, Math.round(Duration.toMinutes(schedule.every)))
  if (minutes === 1) return modeOf({ frequency: "continuous" })
  if (minutes === 15) return modeOf({ frequency: "quarter_hourly" })
  if (minutes === 60) return modeOf({ frequency: "hourly", minute: 0 })
  if (minutes === 1440) return modeOf({ frequency: "daily", hour: 0, minute: 0 })
  const cron_expression = minutes < 60 ? `*/${minutes} * * * *` : `0 */${Math.min(23, Math.round(minutes / 60))} * * *`
  return modeOf({ frequency: "expression", cron_expression })
}

const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  Predicate.isObject(value) && !Array.isArray(value)

/** The cron expression of a schedule; `undefined` for none, and for a schedule that the API does not take. */
const cronOf = ({ frequency, day = "", hour = 0, minute = 0, cron_expression = "" }: Schedule): string | undefined => {
  switch (frequency) {
    case "continuous":
      return "* * * * *"
    case "quarter_hourly":
      return "*/15 * * * *"
    case "hourly":
      return `${minute} * * * *`
    case "daily":
      return `${minute} ${hour % 24} * * *`
    case "weekly":
      return days.includes(day) ? `${minute} ${hour % 24} * * ${days.indexOf(day)}` : undefined
    case "expression":
      return cron_expression
    default:
      return undefined
  }
}

/** Ranges must be written as lists. */
const isCron = (text: string | undefined): text is string =>
  text !== undefined && /^[\d*,/]+(?: [\d*,/]+){4}$/.test(text) && Result.isSuccess(Cron.parse(text, "UTC"))

/** Reads the mode of a body; `undefined` for one that the API does not take. */
export const decode = (value: unknown): Mode | undefined => {
  if (!isRecord(value) || !isRecord(value["triggers"])) return undefined
  if (value["type"] !== "triggered" && value["type"] !== "live") return undefined
  const mode = { ...value, type: value["type"], triggers: value["triggers"] } as Mode
  const { schedule } = mode.triggers
  if (schedule === undefined) return mode
  if (!isRecord(schedule)) return undefined
  return schedule.frequency === "never" || isCron(cronOf(schedule)) ? mode : undefined
}

/** When a mode lets a sync fire. */
export const timingOf = ({ triggers }: Mode): Timing.Timing => {
  const cron = triggers.schedule === undefined ? undefined : cronOf(triggers.schedule)
  return isCron(cron) ? Timing.cron(cron) : Timing.never
}

/** Returns the fields of a sync that show its schedule once more; none for a mode that has no schedule that can be read. */
export const fieldsOf = (mode: unknown): Readonly<Record<string, unknown>> | undefined => {
  const triggers = isRecord(mode) && isRecord(mode["triggers"]) ? mode["triggers"] : {}
  const { schedule, ...others } = triggers
  if (!isRecord(schedule) || Object.keys(others).length > 0 || typeof schedule["frequency"] !== "string")
    return undefined
  return {
    schedule_frequency: schedule["frequency"],
    schedule_day: schedule["day"] ?? null,
    schedule_hour: schedule["hour"] ?? null,
    schedule_minute: schedule["minute"] ?? null,
    cron_expression: schedule["cron_expression"] ?? null,
  }
}

/** Returns the mode as answers show it: beside an expression they have a day, an hour and a minute. */
export const shownMode = (mode: unknown): unknown => {
  const triggers = isRecord(mode) && isRecord(mode["triggers"]) ? mode["triggers"] : {}
  const { schedule } = triggers
  if (!isRecord(mode) || !isRecord(schedule) || schedule["frequency"] !== "expression") return mode
  return { ...mode, triggers: { ...triggers, schedule: { day: "Sunday", hour: 0, minute: 0, ...schedule } } }
}
