/** RudderStack's schedules: their wire form, their checks, and when they fire. */
import * as Cron from "effect/Cron"
import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import type { SyncSchedule } from "../../Emulator.ts"
import * as Timing from "../world/timing.ts"
import { addNested, type Body, type BodyCheck, checkBody } from "./body.ts"

/** A connection's schedule as the API writes it. */
export type Schedule =
  | { readonly type: "manual" }
  | { readonly type: "basic"; readonly everyMinutes: number }
  | { readonly type: "cron"; readonly cronExpression: string }

const minMinutes = 5

/**
 * Reads the schedule of a body, which is required and has exactly the field of its type. An interval below the minimum is
 * accepted if it equals `before`, the schedule that the connection has.
 */
export const readSchedule = (body: Body, check: BodyCheck, before?: unknown): Schedule | undefined => {
  const isUnchanged = JSON.stringify(body["schedule"]) === JSON.stringify(before)
  if (body["schedule"] === undefined) check.add("schedule", "Required")
  const fields = check.object("schedule")
  if (fields === undefined) return undefined
  const scheduleCheck = checkBody(fields)
  const schedule = readFields(fields, scheduleCheck, isUnchanged)
  return addNested(check, "schedule", scheduleCheck) ? undefined : schedule
}

const readFields = (fields: Body, check: BodyCheck, isUnchanged: boolean): Schedule | undefined => {
  switch (fields["type"]) {
    case "manual":
      check.allowOnly(["type"])
      return { type: "manual" }
    case "basic": {
      check.allowOnly(["type", "everyMinutes"])
      const { everyMinutes } = fields
      if (everyMinutes === undefined) check.add("everyMinutes", "Required")
      else if (typeof everyMinutes !== "number" || !Number.isInteger(everyMinutes)) {
        check.add("everyMinutes", "Expected integer")
      } else if (everyMinutes < minMinutes && !isUnchanged) {
        check.add("everyMinutes", `Number must be greater than or equal to ${minMinutes}`)
      } else return { type: "basic", everyMinutes }
      return undefined
    }
    case "cron": {
      check.allowOnly(["type", "cronExpression"])
      const cronExpression = check.text("cronExpression")
      return cronExpression === undefined ? undefined : { type: "cron", cronExpression }
    }
    default:
      check.add("type", fields["type"] === undefined ? "Required" : "Expected basic | manual | cron")
      return undefined
  }
}

/** When a schedule fires, counted from `now`. A cron expression that is not valid is stored, and never fires. */
export const timingOf = (schedule: Schedule, now: number): Timing.Timing => {
  switch (schedule.type) {
    case "manual":
      return Timing.never
    case "basic": {
      const every = schedule.everyMinutes * 60_000
      return Timing.interval(every, now + every)
    }
    case "cron":
      return Result.isSuccess(Cron.parse(schedule.cronExpression, "UTC"))
        ? Timing.cron(schedule.cronExpression)
        : Timing.never
  }
}

/** Returns the schedule in RudderStack's form, an interval in whole minutes; the API's minimum does not apply. */
export const toWireSchedule = (schedule: SyncSchedule): Schedule =>
  "cron" in schedule
    ? { type: "cron", cronExpression: schedule.cron }
    : { type: "basic", everyMinutes: Math.max(1, Math.round(Duration.toMinutes(schedule.every))) }
