import { describe, expect, it } from "@effect/vitest"
import * as Schedule from "@openretl/core/Schedule"
import { Schema } from "effect"
import { decode, encode, schedules } from "../src/internal/schedule.ts"
import { Schedule as WireSchedule } from "../src/PolytomicSyncsApi.ts"

const isSent = Schema.is(WireSchedule)

describe("a schedule that is read", () => {
  it.each<[object, Schedule.Schedule]>([
    [{ frequency: "manual" }, Schedule.manual],
    [{ frequency: "hourly", minute: "5" }, Schedule.cron("5 * * * *")],
    [{ frequency: "hourly" }, Schedule.cron("0 * * * *")],
    [{ frequency: "daily", hour: "6", minute: "30" }, Schedule.cron("30 6 * * *")],
    [{ frequency: "weekly", day_of_week: "monday", hour: "6", minute: "30" }, Schedule.cron("30 6 * * 1")],
    [{ frequency: "weekly", day_of_week: "0", hour: "6" }, Schedule.cron("0 6 * * 0")],
    [{ frequency: "custom", minute: "*/15", hour: "8-18", day_of_week: "1-5" }, Schedule.cron("*/15 8-18 * * 1-5")],
  ])("S1: %j is %s", (wire, schedule) => {
    expect(decode(wire)).toEqual({ schedule })
  })

  it.each([
    { frequency: "continuous" },
    { frequency: "runafter", run_after: { sync_ids: ["s"] } },
    { frequency: "dbtcloud", connection_id: "c", job_id: 1 },
    { frequency: "weekly", hour: "6" },
    { frequency: "daily", hour: "noon" },
    { frequency: "fortnightly" },
    "daily",
  ])("K2: %j is unread", (wire) => {
    expect(decode(wire)).toEqual({ unreadSchedule: JSON.stringify(wire) })
  })

  it.each([undefined, null, {}])("K2: %j is not shown", (wire) => {
    expect(decode(wire)).toEqual({})
  })
})

describe("a schedule that is sent", () => {
  it.each<Schedule.Schedule>([Schedule.manual, Schedule.cron("0 6 * * 1-5"), Schedule.cron("*/15 8-18 1 */2 *")])(
    "S1: %s is read back as the same, and fits the request",
    (schedule) => {
      expect(Schedule.problems(schedule, schedules)).toEqual([])
      const wire = encode(schedule)
      expect(isSent(wire)).toBe(true)
      expect(decode(wire)).toEqual({ schedule })
    },
  )

  it("S1: an interval and a zone are refused", () => {
    expect(encode(Schedule.every("1 hour"))).toBeUndefined()
    expect(Schedule.problems(Schedule.every("1 hour"), schedules)).toHaveLength(1)
    const zoned = Schedule.cron("0 6 * * *", "Europe/Berlin")
    expect(Schedule.problems(zoned, schedules).length).toBeGreaterThan(0)
  })
})
