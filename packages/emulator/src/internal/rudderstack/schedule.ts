/** RudderStack's schedules: their wire form, their checks, and when they fire. */
import * as Cron from "effect/Cron"
import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import type { SyncSchedule } from "../../Emulator.ts"
import * as Timing from "../../kit/Timing.ts"
import { addNested, type Body, type BodyCheck, checkBody } from "./body.ts"

/** A connection's schedule as the API writes it. */
export type Schedule =
  | { readonly type: "manual" }
  | { readonly type: "basic"; readonly everyMinutes: number }
  | { readonly type: "cron"; readonly cronExpression: string }

const minMinutes = 5

/** What a schedule is checked against. */
export interface ScheduleBounds {
  /** Whether a cron expression may not fire more often than the minimum. */
  readonly isCronChecked: boolean
  /** The schedule that the connection has. It is accepted again, whatever the minimum. */
  readonly before?: unknown
}

/** Reads the schedule of a body, which is required and has exactly the field of its type. */
export const readSchedule = (body: Body, check: BodyCheck, bounds: ScheduleBounds): Schedule | undefined => {
  const isUnchanged = JSON.stringify(body["schedule"]) === JSON.stringify(bounds.before)
  if (body["schedule"] === undefined) check.add("schedule", "Required")
  const fields = check.object("schedule")
  if (fields === undefined) return undefined
  const scheduleCheck = checkBody(fields)
  const schedule = readFields(fields, scheduleCheck, { isUnchanged, isCronChecked: bounds.isCronChecked })
  return addNested(check, "schedule", scheduleCheck) ? undefined : schedule
}

const readFields = (
  fields: Body,
  check: BodyCheck,
  { isUnchanged, isCronChecked }: { readonly isUnchanged: boolean; readonly isCronChecked: boolean },
): Schedule | undefined => {
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
      if (cronExpression === undefined) return undefined
      if (isCronChecked && !isUnchanged && isTooOften(cronExpression)) {
        check.add("cronExpression", `Must not fire more often than every ${minMinutes} minutes`)
        return undefined
      }
      return { type: "cron", cronExpression }
    }
    default:
      check.add("type", fields["type"] === undefined ? "Required" : "Expected basic | manual | cron")
      return undefined
  }
}

const isTooOften = (cronExpression: string): boolean => {
  const parsed = Cron.parse(cronExpression, "UTC")
  return Result.isSuccess(parsed) && Timing.shortestOf(parsed.success) < minMinutes * 60_000
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
