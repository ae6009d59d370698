import { describe, expect, it } from "@effect/vitest"
import * as Schedule from "@openretl/core/Schedule"
import { Duration, Effect, Schema } from "effect"
import { Schedule as WireSchedule } from "../src/HightouchSyncsApi.ts"
import { decode, encode, schedules } from "../src/internal/schedule.ts"
import * as Fixtures from "./fixtures.ts"

const isSent = Schema.is(WireSchedule)

const interval = (unit: string, quantity: unknown) => ({ type: "interval", schedule: { interval: { unit, quantity } } })
const cron = (expression: string, type = "cron") => ({ type, schedule: { expression } })
const dbt = { type: "dbt_schedule", schedule: { account: { id: "12" }, job: { id: 345 } } }
const visual = { type: "visual_cron", schedule: { expressions: [{ days: { monday: true }, time: "09:00" }] } }

describe("a schedule that is read", () => {
  it.each<[string, unknown, Schedule.Schedule]>([
    ["null", null, Schedule.manual],
    ["the vendor's sample", Fixtures.sync.schedule, Schedule.every("1 day")],
    ["minutes", interval("minute", 90), Schedule.every("90 minutes")],
    ["weeks", interval("week", 2), Schedule.every("14 days")],
    ["a cron expression", cron("30 7 * * 1-5"), Schedule.cron("30 7 * * 1-5")],
    ["a cron expression of another type", cron("0 6 * * *", "custom"), Schedule.cron("0 6 * * *")],
    ["a job of dbt", dbt, Schedule.job("dbt-cloud", { accountId: "12", jobId: "345" })],
  ])("S1: %s", (_, wire, schedule) => {
    expect(decode(wire)).toEqual({ schedule })
  })

  it("S1: is absent where the vendor shows none", () => {
    expect(decode(undefined)).toEqual({})
  })

  it.each<[unknown]>([
    [visual],
    [interval("month", 1)],
    [interval("day", 0)],
    [interval("day", 1.5)],
    [interval("week", 1e15)],
    [cron("0 0 6 * * *")],
    [{ type: "cron", schedule: { expression: "0 6 * * *", expressions: [] } }],
    ["0 6 * * *"],
    [{}],
  ])("S1: %j is kept unread", (wire) => {
    expect(decode(wire)).toEqual({ unreadSchedule: JSON.stringify(wire) })
  })

  it.effect.prop("H5: any JSON is read or kept", { wire: Schema.Json }, ({ wire }) =>
    Effect.sync(() => {
      expect(Object.keys(decode(wire))).toHaveLength(1)
    }),
  )
})

describe("a schedule that is sent", () => {
  it.each<[Schedule.Schedule, unknown]>([
    [Schedule.manual, null],
    [Schedule.every("1 minute"), interval("minute", 1)],
    [Schedule.every("90 minutes"), interval("minute", 90)],
    [Schedule.every("6 hours"), interval("hour", 6)],
    [Schedule.every("3 days"), interval("day", 3)],
    [Schedule.every("14 days"), interval("week", 2)],
    [Schedule.cron(" 0  6 * * 1 "), cron("0 6 * * 1")],
  ])("S1: %j", (schedule, wire) => {
    expect(encode(schedule)).toEqual(wire)
    expect(isSent(encode(schedule))).toBe(true)
  })

  it("S1, S2: an interval of any number of minutes comes back as it was", () => {
    for (let minutes = 1; minutes < 20_000; minutes += 7) {
      const schedule = Schedule.every(Duration.minutes(minutes))
      expect(decode(encode(schedule))).toEqual({ schedule })
    }
  })

  it.each([
    Schedule.every("30 seconds"),
    Schedule.cron("0 6 * * *", "Europe/Berlin"),
    Schedule.job("dbt-cloud", { accountId: "1", jobId: "2" }),
    Schedule.onDays({ days: [1], hours: [9], timeZone: "UTC" }),
  ])("S1: %j is a problem before anything is sent", (schedule) => {
    expect(Schedule.problems(schedule, schedules)).not.toEqual([])
  })
})
