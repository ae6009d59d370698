/** RudderStack's schedules and core's, both ways. Pure. */
import * as Schedule from "@openretl/core/Schedule"
import type { ScheduleForms } from "@openretl/core/ScheduleForms"
import * as Duration from "effect/Duration"
import type * as RudderStackApi from "../RudderStackApi.ts"
import type * as ConnectionsApi from "../RudderStackConnectionsApi.ts"

/** What RudderStack's schedules can say. A connection names no time zone, and nothing tells which one it is read in. */
export const schedules: ScheduleForms = {
  vendor: "RudderStack",
  every: {
    shortest: "5 minutes",
    step: "1 minute",
    source: "RudderStack's schedule settings page and Terraform provider",
  },
  cron: { timeZone: { assumed: "UTC" }, source: "RudderStack's own client" },
}

/** As the vendor has it; nothing where the vendor has no such schedule. */
export const encode = (schedule: Schedule.Schedule): ConnectionsApi.Schedule | undefined => {
  switch (schedule._tag) {
    case "Manual":
      return { type: "manual" }
    case "Every":
      return { type: "basic", everyMinutes: Duration.toMinutes(schedule.every) }
    case "Cron":
      return { type: "cron", cronExpression: schedule.expression.trim().split(/\s+/).join(" ") }
    default:
      return undefined
  }
}

/** What can be read of a connection's schedule; a `type` to come, or an expression that is none, stays unread. */
export const decode = (
  wire: RudderStackApi.ConnectionSummary["schedule"],
): { readonly schedule?: Schedule.Schedule; readonly unreadSchedule?: string } => {
  if (wire === undefined) return {}
  const schedule = toCore(wire)
  return schedule !== undefined && Schedule.problems(schedule).length === 0
    ? { schedule }
    : { unreadSchedule: oneLine(wire) }
}

type Known = NonNullable<RudderStackApi.ConnectionSummary["schedule"]>

const toCore = ({ type, everyMinutes, cronExpression }: Known): Schedule.Schedule | undefined => {
  if (type === "manual") return Schedule.manual
  if (type === "basic" && everyMinutes !== undefined) return Schedule.every(Duration.minutes(everyMinutes))
  return type === "cron" && cronExpression !== undefined ? Schedule.cron(cronExpression) : undefined
}

/** A connection's own schedule as it is sent back with a change; nothing where it cannot be read. */
export const resend = (wire: RudderStackApi.ConnectionSummary["schedule"]): ConnectionsApi.Schedule | undefined => {
  switch (wire?.type) {
    case "manual":
      return { type: "manual" }
    case "basic":
      return wire.everyMinutes === undefined ? undefined : { type: "basic", everyMinutes: wire.everyMinutes }
    case "cron":
      return wire.cronExpression === undefined ? undefined : { type: "cron", cronExpression: wire.cronExpression }
    default:
      return undefined
  }
}

const maxLine = 200

const oneLine = (value: unknown): string => {
  const text = JSON.stringify(value)
  return text.length <= maxLine ? text : `${text.slice(0, maxLine - 1).toWellFormed()}…`
}
