/** RudderStack's schedules and core's, both ways. Pure. */

import * as Wire from "@openretl/core/driver/Wire"
import * as Schedule from "@openretl/core/Schedule"
import type { ScheduleForms } from "@openretl/core/ScheduleForms"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as RudderStackApi from "../RudderStackApi.ts"
import * as ConnectionsApi from "../RudderStackConnectionsApi.ts"

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
    : { unreadSchedule: Wire.oneLine(wire) }
}

type Known = NonNullable<RudderStackApi.ConnectionSummary["schedule"]>

const toCore = ({ type, everyMinutes, cronExpression }: Known): Schedule.Schedule | undefined => {
  if (type === "manual") return Schedule.manual
  if (type === "basic" && everyMinutes !== undefined) return Schedule.every(Duration.minutes(everyMinutes))
  return type === "cron" && cronExpression !== undefined ? Schedule.cron(cronExpression) : undefined
}

/**
 * A connection's own schedule as it is sent back with a change, whatever its bounds: of a type that is known the field of
 * that type, of one to come all of it. Nothing where there is none, or its field is missing.
 */
export const resend = (
  wire: ConnectionsApi.Connection["schedule"],
): ConnectionsApi.KeepScheduleRequest["schedule"] | undefined => {
  switch (wire?.type) {
    case undefined:
      return undefined
    case "manual":
      return { type: "manual" }
    case "basic":
      return wire.everyMinutes === undefined ? undefined : { type: "basic", everyMinutes: wire.everyMinutes }
    case "cron":
      return wire.cronExpression === undefined ? undefined : { type: "cron", cronExpression: wire.cronExpression }
    default:
      return asSent(wire)
  }
}

const asSent = (wire: unknown) => Option.getOrUndefined(decodeSent(wire))

const decodeSent = Schema.decodeUnknownOption(ConnectionsApi.KeepScheduleRequest.fields.schedule)
