/** Zeotap's schedules: cron expressions of five fields. */
import * as Cron from "effect/Cron"
import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import type { SyncSchedule } from "../../Emulator.ts"
import type { Settings } from "../../Switch.ts"
import type { ZeotapSwitches } from "../../ZeotapSwitches.ts"

/** Returns the cron expression, or for an interval the nearest one: minutes below an hour, hours above. */
export const toWireSchedule = (schedule: SyncSchedule): string => {
  if ("cron" in schedule) return schedule.cron
  const minutes = Math.max(1, Math.round(Duration.toMinutes(schedule.every)))
  return minutes < 60 ? `*/${minutes} * * * *` : `0 */${Math.min(23, Math.round(minutes / 60))} * * *`
}

/** The problem of a body's schedule, in words. An empty text is none. */
export const scheduleProblem = (schedule: unknown): string | undefined => {
  if (schedule === undefined || schedule === "") return undefined
  const isValid =
    typeof schedule === "string" &&
    schedule.trim().split(/\s+/).length === 5 &&
    Result.isSuccess(Cron.parse(schedule, "UTC"))
  return isValid ? undefined : "invalid schedule: expected a cron expression"
}

/**
 * Returns the schedule of an update as `scheduleClear` reads it: `""` clears the schedule, `undefined` keeps it, and `null`
 * is refused.
 */
export const scheduleOfUpdate = (switches: Settings<ZeotapSwitches>, schedule: unknown): unknown => {
  if (schedule !== "" && schedule !== null) return schedule
  if (switches.scheduleClear === "either") return ""
  const [clearing, otherwise] = switches.scheduleClear.split("/")
  if (clearing === (schedule === null ? "null" : "empty")) return ""
  return otherwise === "ignored" ? undefined : null
}
