/** Schedules as the vendor writes them, and when they fire. */
import * as Cron from "effect/Cron"
import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import type { OwnSchedule } from "../../Emulator.ts"
import * as Timing from "../world/timing.ts"
import { type Body, type Findings, look } from "./body.ts"

export type Schedule =
  | { readonly type: "manual" }
  | { readonly type: "basic"; readonly everyMinutes: number }
  | { readonly type: "cron"; readonly cronExpression: string }

const minMinutes = 5

/** The schedule of a body, which has to be there, with exactly the field of its type. One that is there already may stay. */
export const scheduleOf = (body: Body, findings: Findings, before?: unknown): Schedule | undefined => {
  const isKept = JSON.stringify(body["schedule"]) === JSON.stringify(before)
  if (body["schedule"] === undefined) findings.add("schedule", "Required")
  const given = findings.object("schedule")
  if (given === undefined) return undefined
  const own = look(given)
  const { everyMinutes } = given
  let schedule: Schedule | undefined
  switch (given["type"]) {
    case "manual":
      own.only(["type"])
      schedule = { type: "manual" }
      break
    case "basic":
      own.only(["type", "everyMinutes"])
      if (everyMinutes === undefined) own.add("everyMinutes", "Required")
      else if (typeof everyMinutes !== "number" || !Number.isInteger(everyMinutes)) {
        own.add("everyMinutes", "Expected integer")
      } else if (everyMinutes < minMinutes && !isKept) {
        own.add("everyMinutes", `Number must be greater than or equal to ${minMinutes}`)
      } else schedule = { type: "basic", everyMinutes }
      break
    case "cron": {
      own.only(["type", "cronExpression"])
      const cronExpression = own.text("cronExpression")
      if (cronExpression !== undefined) schedule = { type: "cron", cronExpression }
      break
    }
    default:
      own.add("type", given["type"] === undefined ? "Required" : "Expected basic | manual | cron")
  }
  const wrong = Object.entries(own.details)
  for (const [field, message] of wrong) findings.add(`schedule.${field}`, message)
  return wrong.length === 0 ? schedule : undefined
}

/** A cron expression is kept without being read; one that cannot be never fires. */
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

/** Of a schedule that was set up from outside, whatever its length. */
export const formOf = (schedule: OwnSchedule): Schedule =>
  "cron" in schedule
    ? { type: "cron", cronExpression: schedule.cron }
    : { type: "basic", everyMinutes: Math.max(1, Math.round(Duration.toMinutes(schedule.every))) }
