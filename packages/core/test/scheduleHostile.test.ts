import { describe, expect, it } from "@effect/vitest"
import { DateTime, Duration } from "effect"
import * as Schedule from "../src/model/schedule/Schedule.ts"
import * as Forms from "./support/scheduleForms.ts"
import { at, crons, onDays, schedules, texts } from "./support/schedules.ts"

/** What a caller without a type checker may hand over as a schedule. */
const given = (what: unknown) => what as Schedule.Schedule

const garbage: ReadonlyArray<[string, unknown, ReadonlyArray<string>]> = [
  ["nothing", undefined, [""]],
  ["null", null, [""]],
  ["a word", "hourly", [""]],
  ["a kind that there is not", { _tag: "Hourly" }, [""]],
  ["the name of a method", { _tag: "toString" }, [""]],
  ["a length as text", { _tag: "Every", every: "1 hour" }, ["every"]],
  ["days as one text", { _tag: "OnDays", days: "Mon", hours: [1, "2"] }, ["days", "hours.1", "timeZone"]],
  ["an expression that is a number", { _tag: "Cron", expression: 5, timeZone: 1 }, ["expression", "timeZone"]],
  ["a field that there is not", { _tag: "Cron", expression: "0 0 * * *", timezone: "UTC" }, ["timezone"]],
  ["ids that are numbers", { _tag: "Job", tool: "dbt-cloud", ids: { jobId: 1 } }, ["ids.jobId"]],
]

describe("what a caller without a type checker hands over", () => {
  const window = { from: at("2026-01-01T00:00"), until: at("2026-01-02T00:00") }

  it.each(garbage)("S1, H6: %s is told by its fields, and is no defect", (_, what, fields) => {
    const schedule = given(what)
    for (const forms of [undefined, ...Forms.all]) {
      expect(Schedule.problems(schedule, forms).map(({ path }) => path.join("."))).toEqual(fields)
    }
    expect(Schedule.occurrences(schedule, window)._tag).toBe("Unknown")
    for (const forms of Forms.all) expect(Schedule.translate(schedule, forms)._tag).toBe("Impossible")
    expect(Schedule.describe(schedule)).toBe("a schedule that cannot be read")
    expect(Schedule.equivalent(schedule, Schedule.manual)).toBe(false)
    expect(Schedule.equivalent(schedule, schedule)).toBe(true)
  })

  it("S1: a length that cannot be read is refused, and is no defect", () => {
    for (const length of ["hourly", "NaN hours", undefined, null, {}, Number.NaN, -1, 0.5, Number.POSITIVE_INFINITY]) {
      const schedule = Schedule.every(length as Duration.Input)
      expect(Schedule.problems(schedule), String(length)).toHaveLength(1)
    }
    expect(Schedule.every("1 hour")).toEqual({ _tag: "Every", every: Duration.hours(1) })
  })

  it("S1: a message quotes the beginning of a text without end", () => {
    const long = "😀".repeat(100_000)
    for (const schedule of [Schedule.cron(`${long} * * * *`), Schedule.cron("0 0 * * *", long), Schedule.cron(long)]) {
      const [problem] = Schedule.problems(schedule)
      expect(problem?.message.isWellFormed()).toBe(true)
      expect(problem?.message.length).toBeLessThan(400)
      expect(Schedule.describe(schedule).length).toBeLessThan(1000)
    }
  })

  it("S3: bounds that are no times are said", () => {
    const schedule = Schedule.cron("0 0 * * *", "UTC")
    const never = { from: "2026-01-01", until: undefined } as unknown
    expect(Schedule.occurrences(schedule, never as Schedule.OccurrencesOptions)).toEqual({
      _tag: "Unknown",
      why: "from is no DateTime",
    })
    const anchor = { ...window, anchor: Number.NaN } as unknown
    expect(Schedule.occurrences(Schedule.every("1 hour"), anchor as Schedule.OccurrencesOptions)).toMatchObject({
      why: "anchor is no DateTime",
    })
  })

  it("S3: whatever the limit is, there is an end", () => {
    const minutes = Schedule.cron("* * * * *", "UTC")
    const century = { ...window, until: at("2126-01-01T00:00") }
    const table: ReadonlyArray<[number, number]> = [
      [Number.NaN, 0],
      [-1, 0],
      [0, 0],
      [1.9, 1],
      [Number.POSITIVE_INFINITY, 100_000],
    ]
    for (const [limit, count] of table) {
      expect(Schedule.occurrences(minutes, { ...century, limit }), String(limit)).toMatchObject({
        isCut: true,
        at: { length: count },
      })
    }
  })

  it("S2: a zone to assume that there is not is said, and nothing is translated with it", () => {
    for (const assumedTimeZone of ["UTC+3", "", "😀"]) {
      expect(Schedule.translate(Schedule.cron("0 6 * * *"), Forms.segmentLike, { assumedTimeZone })).toMatchObject({
        _tag: "Impossible",
        why: expect.stringContaining("time zone"),
      })
    }
  })
})

describe("what is said of two schedules", () => {
  it.prop(
    "S2: the same to one is the same to all that it is the same as",
    {
      one: schedules,
      two: schedules,
      three: schedules,
      cron: crons,
      days: onDays,
    },
    ({ one, two, three, cron, days }) => {
      const berlin = Schedule.cron("*/30 * * * *", "Europe/Berlin")
      const utc = Schedule.cron("0,30 0-23 * * 0-7", "UTC")
      const all = [one, two, three, cron, days, berlin, utc, Schedule.cron("*/30 * * * *", "Asia/Kolkata")]
      for (const assumed of [{}, { assumedTimeZone: "UTC" }]) {
        const told = new Map(
          all.map((a) => [a, new Map(all.map((b) => [b, Schedule.equivalent(a, b, assumed)] as const))] as const),
        )
        const same = (a: Schedule.Schedule, b: Schedule.Schedule) => told.get(a)?.get(b)
        for (const a of all) {
          expect(same(a, a)).toBe(true)
          for (const b of all) {
            expect(same(a, b)).toBe(same(b, a))
            if (same(a, b)) for (const c of all) expect(same(a, c)).toBe(same(b, c))
          }
        }
      }
    },
    { arbitrary: { runs: 25 } },
  )

  it.prop("S2, S3: an exact translation fires at the same times", { cron: crons, days: onDays }, ({ cron, days }) => {
    for (const schedule of [cron, days]) {
      for (const forms of Forms.all) {
        const there = Schedule.translate(schedule, forms)
        if (there._tag !== "Exact") continue
        const window = { until: DateTime.makeUnsafe("2026-04-06T12:00:00Z"), limit: 20_000 }
        const from = DateTime.makeUnsafe("2026-03-27T00:00:00Z")
        expect(texts(Schedule.occurrences(there.schedule, { ...window, from }))).toEqual(
          texts(Schedule.occurrences(schedule, { ...window, from })),
        )
        expect(Schedule.equivalent(there.schedule, schedule, { assumedTimeZone: "UTC" })).toBe(true)
      }
    }
  })
})
