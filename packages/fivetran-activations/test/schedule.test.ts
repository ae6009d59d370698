import { describe, expect, it } from "@effect/vitest"
import * as Schedule from "@openretl/core/Schedule"
import { Effect, Schema } from "effect"
import { Mode } from "../src/FivetranActivationsSyncsApi.ts"
import { decode, encode, schedules } from "../src/internal/schedule.ts"

const isSent = Schema.is(Mode)

const mode = (schedule: object, others: object = {}) => ({
  mode: { type: "triggered", triggers: { schedule, ...others } },
})

describe("a schedule that is read", () => {
  it.each<[string, object, Schedule.Schedule]>([
    ["never", mode({ frequency: "never" }), Schedule.manual],
    ["continuous", mode({ frequency: "continuous" }), Schedule.every("1 minute")],
    ["quarter_hourly", mode({ frequency: "quarter_hourly" }), Schedule.every("15 minutes")],
    ["hourly", mode({ frequency: "hourly", minute: 5 }), Schedule.cron("5 * * * *")],
    ["daily", mode({ frequency: "daily", hour: 24, minute: 5 }), Schedule.cron("5 0 * * *")],
    ["weekly", mode({ frequency: "weekly", day: "Monday", hour: 6, minute: 0 }), Schedule.cron("0 6 * * 1")],
    [
      "an expression with a computed day",
      mode({ frequency: "expression", day: "Sunday", hour: 0, minute: 0, cron_expression: "0 6 * * 1,2" }),
      Schedule.cron("0 6 * * 1,2"),
    ],
    ["the fields of the sync", { schedule_frequency: "hourly", schedule_minute: 7 }, Schedule.cron("7 * * * *")],
    [
      "a trigger that the vendor adds beside it",
      mode({ frequency: "hourly" }, { x: { y: 1 } }),
      Schedule.cron("0 * * * *"),
    ],
  ])("S1: %s", (_, sync, schedule) => {
    expect(decode(sync)).toEqual({ schedule })
  })

  it("S1: is absent where the vendor shows none", () => {
    expect(decode({})).toEqual({})
  })

  it.each<[object]>([
    [mode({ frequency: "never" }, { dbt_cloud: { project_id: "1", job_id: "2" } })],
    [mode({ frequency: "hourly" }, { sync_sequence: { sync_id: 7 } })],
    [mode({ frequency: "never" }, { moon: { phase: "full" } })],
    [mode({ frequency: "fortnightly" })],
    [mode({ frequency: "weekly", day: "Someday" })],
    [mode({ frequency: "expression", cron_expression: "0 0 6 * * *" })],
    [{ mode: { type: "live", triggers: {} } }],
    [{ mode: "daily" }],
  ])("S1: %j is kept unread", (sync) => {
    expect(Object.keys(decode(sync))).toEqual(["unreadSchedule"])
  })

  it.effect.prop("H5: any JSON is read or kept", { wire: Schema.Json }, ({ wire }) =>
    Effect.sync(() => {
      expect(Object.keys(decode({ mode: wire })).length).toBeLessThanOrEqual(1)
    }),
  )
})

describe("a schedule that is sent", () => {
  it.each<[Schedule.Schedule, unknown]>([
    [Schedule.manual, { frequency: "never" }],
    [Schedule.cron("0 6 * * *"), { frequency: "expression", cron_expression: "0 6 * * *" }],
    [Schedule.cron(" 0  6 * * mon-fri "), { frequency: "expression", cron_expression: "0 6 * * 1,2,3,4,5" }],
    [Schedule.cron("*/5 8-10 * * *"), { frequency: "expression", cron_expression: "*/5 8,9,10 * * *" }],
    [Schedule.cron("0-30/10 0 1 jan *"), { frequency: "expression", cron_expression: "0,10,20,30 0 1 1 *" }],
    [Schedule.cron("0 0 * * 5-7"), { frequency: "expression", cron_expression: "0 0 * * 0,5,6" }],
  ])("S1: %j", (schedule, wire) => {
    expect(encode(schedule)).toEqual({ type: "triggered", triggers: { schedule: wire } })
    expect(isSent(encode(schedule))).toBe(true)
  })

  it("S1, S2: an expression comes back as one that fires at the same times", () => {
    for (const expression of ["0 6 * * 1-5", "15,45 */2 1-7 * *", "5 4 * 2-4 sun"]) {
      const schedule = Schedule.cron(expression)
      const read = decode({ mode: encode(schedule) }).schedule ?? Schedule.manual
      expect(Schedule.equivalent(read, schedule, { assumedTimeZone: "UTC" })).toBe(true)
    }
  })

  it.each([
    Schedule.every("15 minutes"),
    Schedule.cron("0 6 * * *", "Europe/Berlin"),
    Schedule.job("dbt-cloud", { accountId: "1", jobId: "2" }),
    Schedule.onDays({ days: [1], hours: [9], timeZone: "UTC" }),
  ])("S1: %j is a problem before anything is sent", (schedule) => {
    expect(Schedule.problems(schedule, schedules)).not.toEqual([])
  })
})
