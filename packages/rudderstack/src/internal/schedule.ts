/** RudderStack's schedules and core's, both ways. Pure. */
import * as Wire from "@openretl/core/driver/Wire"
import * as Schedule from "@openretl/core/Schedule"
import * as Duration from "effect/Duration"
import type { ConnectionSummary } from "../RudderStackApi.ts"
import * as ConnectionsApi from "../RudderStackConnectionsApi.ts"

/** Returns a schedule in RudderStack's form; `undefined` where it has none. */
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

/** A connection's schedule as core shows it: absent where there is none, unread where it cannot be read. */
export interface Decoded {
  readonly schedule?: Schedule.Schedule
  /** A schedule of a new type, or an invalid schedule: one line of JSON. */
  readonly unreadSchedule?: string
}

/** Returns a connection's schedule as core shows it. */
export const decode = (wire: ConnectionSummary["schedule"]): Decoded => {
  if (wire === undefined) return {}
  const schedule = toCore(wire)
  return schedule !== undefined && Schedule.problems(schedule).length === 0
    ? { schedule }
    : { unreadSchedule: Wire.oneLine(wire) }
}

const toCore = ({
  type,
  everyMinutes,
  cronExpression,
}: NonNullable<ConnectionSummary["schedule"]>): Schedule.Schedule | undefined => {
  if (type === "manual") return Schedule.manual
  if (type === "basic" && everyMinutes !== undefined) return Schedule.every(Duration.minutes(everyMinutes))
  return type === "cron" && cronExpression !== undefined ? Schedule.cron(cronExpression) : undefined
}

/**
 * Returns the schedule that a connection has, as a change sends it back, whatever its bounds: with all of its fields, but those
 * of another type that this version lists. `undefined` where the connection shows none, or one that cannot be written.
 */
export const resend = (
  wire: ConnectionsApi.Connection["schedule"],
): ConnectionsApi.KeepScheduleRequest["schedule"] | undefined => {
  if (wire?.type === undefined) return undefined
  const { everyMinutes, cronExpression, ...fields } = wire
  switch (wire.type) {
    case "manual":
      return decodeJson(fields)
    case "basic":
      return everyMinutes === undefined ? undefined : decodeJson({ ...fields, everyMinutes })
    case "cron":
      return cronExpression === undefined ? undefined : decodeJson({ ...fields, cronExpression })
    default:
      return decodeJson(wire)
  }
}

/** The schedule of a connection that does not run by itself. */
export const none: ConnectionsApi.KeepScheduleRequest["schedule"] = { type: "manual" }

/** Returns what two schedules are compared by: of a type that this version lists, its own field. */
export const comparable = (wire: ConnectionsApi.Connection["schedule"]): unknown => {
  switch (wire?.type) {
    case "manual":
      return none
    case "basic":
      return { type: "basic", everyMinutes: wire.everyMinutes }
    case "cron":
      return { type: "cron", cronExpression: wire.cronExpression }
    default:
      return wire && Wire.oneLine(wire)
  }
}

const decodeJson = Wire.orUndefined(ConnectionsApi.KeepScheduleRequest.fields.schedule)
