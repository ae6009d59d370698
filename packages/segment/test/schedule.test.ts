import { describe, expect, it } from "@effect/vitest"
import * as Schedule from "@openretl/core/Schedule"
import { Duration, Effect, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import * as Codec from "../src/internal/schedule.ts"
import * as SegmentAdmin from "../src/SegmentAdmin.ts"
import * as Api from "../src/SegmentSubscriptionsApi.ts"

const days = { days: [1, 3], hours: [9, 17], timeZone: "Europe/Berlin" }

describe("S1: a schedule that Segment can express survives a round trip", () => {
  it.each<readonly [Schedule.Schedule, Api.Schedule]>([
    [Schedule.manual, { strategy: "MANUAL" }],
    [Schedule.every("15 minutes"), { strategy: "PERIODIC", config: { interval: "15m" } }],
    [Schedule.every("12330 seconds"), { strategy: "PERIODIC", config: { interval: "3h25m30s" } }],
    [Schedule.every("7 hours"), { strategy: "PERIODIC", config: { interval: "7h" } }],
    [
      Schedule.onDays({ ...days, days: [3, 1] }),
      { strategy: "SPECIFIC_DAYS", config: { days: [1, 3], hours: [9, 17], timezone: "Europe/Berlin" } },
    ],
    [
      Schedule.cron("*/15 8-18 * * 1-5", "America/New_York"),
      { strategy: "CRON", config: { spec: "*/15 8-18 * * 1-5", timezone: "America/New_York" } },
    ],
    [
      Schedule.job("dbt-cloud", { accountId: "1", jobId: "2" }),
      { strategy: "DBT_CLOUD", config: { accountId: "1", jobId: "2" } },
    ],
  ])("%j", (schedule, wire) => {
    expect(Schedule.problems(schedule, SegmentAdmin.schedules)).toEqual([])
    expect(Codec.encode(schedule)).toEqual(wire)
    const { schedule: read } = Codec.decode(wire)
    expect(read && Schedule.equivalent(read, schedule)).toBe(true)
  })

  const Second = Schema.Int.check(Schema.isBetween({ minimum: 900, maximum: 604_799 }))
  const Chosen = Schema.Union([
    Schema.Struct({ seconds: Second }),
    Schema.Struct({
      days: Schema.NonEmptyArray(Schema.Literals([0, 1, 2, 3, 4, 5, 6])).check(Schema.isUnique()),
      hours: Schema.NonEmptyArray(Schema.Literals([0, 1, 7, 12, 23])).check(Schema.isUnique()),
      timeZone: Schema.Literals(["UTC", "Europe/Berlin", "Asia/Kolkata"]),
    }),
    Schema.Struct({
      minute: Schema.Literals(["0", "7", "*/20", "0,15,30,45"]),
      hour: Schema.Literals(["*", "*/2", "9-17", "0,23"]),
      weekday: Schema.Literals(["*", "1-5", "0", "7"]),
    }),
  ])
  it.effect.prop("an arbitrary schedule", { chosen: Arbitrary.schema(Chosen) }, ({ chosen }) =>
    Effect.gen(function* () {
      const schedule =
        "seconds" in chosen
          ? Schedule.every(Duration.seconds(chosen.seconds))
          : "days" in chosen
            ? Schedule.onDays(chosen)
            : Schedule.cron(`${chosen.minute} ${chosen.hour} * * ${chosen.weekday}`, "Europe/Berlin")
      expect(Schedule.problems(schedule, SegmentAdmin.schedules)).toEqual([])
      const wire = yield* Schema.decodeUnknownEffect(Api.Schedule)(JSON.parse(JSON.stringify(Codec.encode(schedule))))
      const { schedule: read } = Codec.decode(wire)
      expect(read && Schedule.equivalent(read, schedule)).toBe(true)
    }),
  )
})

describe("S1: a schedule that Segment cannot express is refused with the bound", () => {
  it.each([
    [Schedule.every("14 minutes"), "every", /15 minutes.*Segment/i],
    [Schedule.every("168 hours"), "every", /Segment/],
    [Schedule.cron("*/10 * * * *", "UTC"), "expression", /15 minutes.*Segment/i],
    [Schedule.cron("0 * * * *"), "timeZone", /zone/],
    [Schedule.job("airflow", { dag: "1" }), "tool", /dbt-cloud/],
    [Schedule.onDays({ ...days, hours: [24] }), "hours.0", /0 to 23|23/],
  ] as const)("%j", (schedule, path, message) => {
    const problems = Schedule.problems(schedule, SegmentAdmin.schedules)
    expect(problems.map((problem) => problem.path.join("."))).toEqual([path])
    expect(problems[0]?.message).toMatch(message)
  })
})

describe("K2: a schedule is decoded where it can be, and kept as a line otherwise", () => {
  it.each([
    ["nothing", undefined, {}],
    ["lower case", { strategy: "manual", config: {} }, { schedule: Schedule.manual }],
    [
      "an interval in lower case",
      { strategy: "periodic", config: { interval: "1h" } },
      { schedule: Schedule.every("1 hour") },
    ],
    [
      "numbers for a job",
      { strategy: "DBT_CLOUD", config: { jobId: 7, accountId: 8 } },
      { schedule: Schedule.job("dbt-cloud", { jobId: "7", accountId: "8" }) },
    ],
    [
      "days twice, with something more",
      { strategy: "SPECIFIC_DAYS", config: { days: [3, 1, 3], hours: [17, 9, 9], timezone: "UTC", more: 1 } },
      { schedule: Schedule.onDays({ ...days, timeZone: "UTC" }) },
    ],
    [
      "an interval with a fraction that binary numbers do not have",
      { strategy: "PERIODIC", config: { interval: "1.1h" } },
      { schedule: Schedule.every("66 minutes") },
    ],
    [
      "an interval that a new schedule cannot have",
      { strategy: "PERIODIC", config: { interval: "5m" } },
      { schedule: Schedule.every("5 minutes") },
    ],
  ] as const)("%s", (_, wire, decoded) => {
    expect(Codec.decode(wire)).toEqual(decoded)
  })

  it.each([
    // As in the tests of terraform-provider-segment 1.6.0 (2025-10): Go has no unit for a day.
    { strategy: "PERIODIC", config: { interval: "1d" } },
    { strategy: "PERIODIC", config: { interval: "0s" } },
    { strategy: "PERIODIC" },
    { strategy: "SPECIFIC_DAYS", config: { days: [], hours: [1], timezone: "UTC" } },
    { strategy: "SPECIFIC_DAYS", config: { days: ["1"], hours: [1], timezone: "UTC" } },
    { strategy: "SPECIFIC_DAYS", config: { days: [1], hours: [1], timezone: "Nowhere" } },
    { strategy: "CRON", config: { spec: "0 0 0 * * *", timezone: "UTC" } },
    { strategy: "CRON", config: "0 * * * *" },
    { strategy: "DBT_CLOUD", config: null },
    { strategy: "EVENTUALLY", config: { text: "é".repeat(500) } },
    { config: { interval: "1h" } },
  ])("%j", (wire) => {
    const { schedule, unreadSchedule = "" } = Codec.decode(wire)
    expect(schedule).toBeUndefined()
    expect(unreadSchedule.length).toBeLessThanOrEqual(200)
    expect(JSON.stringify(wire).startsWith(unreadSchedule.replace(/…$/, ""))).toBe(true)
    expect(unreadSchedule).not.toBe("")
  })

  it.effect.prop(
    "an arbitrary schedule becomes a schedule or a line",
    { strategy: Schema.String, config: Schema.Json },
    (wire) =>
      Effect.sync(() => {
        for (const strategy of [wire.strategy, "PERIODIC", "SPECIFIC_DAYS", "CRON", "DBT_CLOUD"]) {
          expect(Object.keys(Codec.decode({ ...wire, strategy }))).toHaveLength(1)
        }
      }),
  )
})

describe("S2: a schedule is translated exactly, approximately or not at all", () => {
  it.each([
    [Schedule.manual, "Exact"],
    [Schedule.every("1 hour"), "Exact"],
    [Schedule.onDays(days), "Exact"],
    [Schedule.cron("0 6 * * *"), "Approximate"],
    [Schedule.every("5 minutes"), "Approximate"],
    [Schedule.job("airflow", { dag: "1" }), "Impossible"],
  ] as const)("%j is %s", (schedule, tag) => {
    expect(Schedule.translate(schedule, SegmentAdmin.schedules)._tag).toBe(tag)
  })
})
