import { describe, expect, it } from "@effect/vitest"
import { Cron, DateTime, Schema } from "effect"
import * as Schedule from "../src/model/schedule/Schedule.ts"
import { at, crons, expressions, millis, schedules, texts } from "./support/schedules.ts"

const minute = 60_000

describe("the occurrences of a schedule", () => {
  const window = { from: at("2026-01-01T00:00"), until: at("2028-01-01T00:00") }

  it.prop("S3: in UTC, any expression fires as Effect's Cron does", { expression: expressions }, ({ expression }) => {
    const until = at("2046-01-01T00:00")
    const expected: Array<number> = []
    const cron = Cron.parseUnsafe(expression, "UTC")
    for (let now = window.from.epochMilliseconds - 1; expected.length < 40; ) {
      now = Cron.next(cron, now).getTime()
      if (now >= until.epochMilliseconds) break
      expected.push(now)
    }
    const occurrences = Schedule.occurrences(Schedule.cron(expression, "UTC"), { ...window, until, limit: 40 })
    expect(millis(occurrences)).toEqual(expected)
  })

  it.prop(
    "S3: instants ascend, lie in the window, and are at most as many as the limit",
    { schedule: schedules, start: Schema.Int, hours: Schema.Int, limit: Schema.Int },
    ({ hours, limit, schedule, start }) => {
      const from = DateTime.makeUnsafe(1_790_000_000_000 + start * minute)
      const until = DateTime.makeUnsafe(from.epochMilliseconds + hours * 60 * minute)
      const anchor = DateTime.makeUnsafe(from.epochMilliseconds - 1)
      const occurrences = Schedule.occurrences(schedule, { from, until, anchor, limit: limit % 100 })
      if (schedule._tag === "Job") return expect(occurrences._tag).toBe("Unknown")
      if (occurrences._tag === "Unknown") return expect.unreachable(occurrences.why)
      const instants = occurrences.at.map((instant) => instant.epochMilliseconds)
      expect(instants).toEqual(Array.from(new Set(instants)).sort((a, b) => a - b))
      expect(instants.every((at) => at >= from.epochMilliseconds && at < until.epochMilliseconds)).toBe(true)
      expect(instants.length).toBeLessThanOrEqual(Math.max(0, limit % 100))
      expect(occurrences.assumedTimeZone).toBe(
        schedule._tag === "Cron" && schedule.timeZone === undefined ? "UTC" : undefined,
      )
    },
  )

  it.prop(
    "S3: two adjacent windows hold the same instants as the whole",
    { schedule: crons, hours: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 96 })) },
    ({ hours, schedule }) => {
      const from = at("2026-10-23T00:00")
      const between = DateTime.add(from, { hours })
      const until = DateTime.add(from, { hours: 96 })
      const textsIn = (options: { readonly from: DateTime.Utc; readonly until: DateTime.Utc }) =>
        texts(Schedule.occurrences(schedule, { ...options, limit: 10_000 }))
      expect([...textsIn({ from, until: between }), ...textsIn({ from: between, until })]).toEqual(
        textsIn({ from, until }),
      )
    },
  )

  const fridays13 = Schedule.cron("0 0 13 * 5", "UTC")

  it("S3: an expression with a day of the month and a weekday fires on either", () => {
    const occurrences = Schedule.occurrences(fridays13, { from: at("2026-01-01T00:00"), until: at("2026-01-20T00:00") })
    expect(texts(occurrences)).toEqual(["2026-01-02T00:00", "2026-01-09T00:00", "2026-01-13T00:00", "2026-01-16T00:00"])
  })

  it("S3: an expression with a star in one of the two fires on days that match both", () => {
    const occurrences = Schedule.occurrences(Schedule.cron("0 0 */10 * 5", "UTC"), window)
    expect(texts(occurrences).slice(0, 3)).toEqual(["2026-05-01T00:00", "2026-07-31T00:00", "2026-08-21T00:00"])
  })

  it("S3: `from` is inclusive, `until` exclusive", () => {
    const occurrences = Schedule.occurrences(fridays13, { from: at("2026-01-02T00:00"), until: at("2026-01-13T00:00") })
    expect(texts(occurrences)).toEqual(["2026-01-02T00:00", "2026-01-09T00:00"])
  })

  it("S3: the result says that it is cut only where the limit cuts it", () => {
    const options = { from: at("2026-01-01T00:00"), until: at("2026-01-10T00:00") }
    expect(Schedule.occurrences(fridays13, { ...options, limit: 2 })).toEqual({
      _tag: "Known",
      at: [at("2026-01-02T00:00"), at("2026-01-09T00:00")],
    })
    expect(Schedule.occurrences(fridays13, { ...options, limit: 1 })).toEqual({
      _tag: "Known",
      at: [at("2026-01-02T00:00")],
      isCut: true,
    })
    const everyMinute = Schedule.occurrences(Schedule.cron("* * * * *", "UTC"), window)
    expect(everyMinute).toMatchObject({ isCut: true, at: { length: 1000 } })
  })

  it("S3: manual never fires", () => {
    expect(Schedule.occurrences(Schedule.manual, window)).toEqual({ _tag: "Known", at: [] })
  })

  it("S3: an interval counts from its anchor, which is not an occurrence itself", () => {
    const schedule = Schedule.every("25 minutes")
    const from = at("2026-01-01T00:00")
    const until = at("2026-01-01T01:00")
    const anchoredWithin = Schedule.occurrences(schedule, { from, until, anchor: at("2026-01-01T00:10") })
    expect(texts(anchoredWithin)).toEqual(["2026-01-01T00:35"])
    const anchoredBefore = Schedule.occurrences(schedule, { from, until, anchor: at("2025-12-31T23:35") })
    expect(texts(anchoredBefore)).toEqual(["2026-01-01T00:00", "2026-01-01T00:25", "2026-01-01T00:50"])
  })

  const unknown: ReadonlyArray<[string, Schedule.Schedule, string]> = [
    [
      "a job",
      Schedule.job("dbt-cloud", { jobId: "1" }),
      "It fires when a job of dbt-cloud ends, which no clock predicts",
    ],
    [
      "an interval without an anchor",
      Schedule.every("1 hour"),
      "An interval counts from an anchor, such as the start of the last run, and none is given",
    ],
    [
      "an expression that never fires",
      Schedule.cron("0 0 30 2 *", "UTC"),
      'The schedule is not valid: expression: Expected an expression that fires some day, found "0 0 30 2 *": no year has such a day',
    ],
    [
      "an invalid expression",
      Schedule.cron("0 0 L * *", "UTC"),
      'The schedule is not valid: expression: Expected a day of the month (1 to 31; *, lists, ranges and steps), found "L"',
    ],
  ]
  it.each(unknown)("S3: the occurrences of %s are unknown, with the reason", (_, schedule, why) => {
    expect(Schedule.occurrences(schedule, window)).toEqual({ _tag: "Unknown", why })
  })

  it("S3: the result names the assumed zone", () => {
    const options = { from: at("2026-07-01T00:00"), until: at("2026-07-02T00:00") }
    const schedule = Schedule.cron("0 6 * * *")
    expect(Schedule.occurrences(schedule, options)).toEqual({
      _tag: "Known",
      at: [at("2026-07-01T06:00")],
      assumedTimeZone: "UTC",
    })
    expect(Schedule.occurrences(schedule, { ...options, assumedTimeZone: "Europe/Berlin" })).toEqual({
      _tag: "Known",
      at: [at("2026-07-01T04:00")],
      assumedTimeZone: "Europe/Berlin",
    })
    expect(Schedule.occurrences(schedule, { ...options, assumedTimeZone: "Mars/Base" })).toEqual({
      _tag: "Unknown",
      why: 'assumedTimeZone: Expected an IANA time zone, as in Europe/Berlin, found "Mars/Base"',
    })
  })

  it("S3: occurrences are right at the ends of time and in the year 50", () => {
    const [first, last] = [DateTime.makeUnsafe(-8.64e15), DateTime.makeUnsafe(8.64e15)]
    const rare = Schedule.cron("0 0 29 2 */7", "UTC")
    const occurrences = Schedule.occurrences(rare, { from: first, until: last, limit: 5 })
    expect(occurrences).toMatchObject({ _tag: "Known", isCut: true, at: { length: 5 } })
    expect(Schedule.occurrences(rare, { from: last, until: first })).toEqual({ _tag: "Known", at: [] })
    const year50 = {
      from: DateTime.makeUnsafe("0050-01-01T00:00:00Z"),
      until: DateTime.makeUnsafe("0050-03-01T00:00:00Z"),
    }
    expect(texts(Schedule.occurrences(Schedule.cron("0 6 1 * *", "UTC"), year50))).toEqual([
      "0050-01-01T06:00",
      "0050-02-01T06:00",
    ])
  })

  it("S3: occurrences survive JSON", () => {
    const json = Schema.toCodecJson(Schedule.Occurrences)
    const occurrences = Schedule.occurrences(fridays13, { ...window, limit: 3 })
    const text = JSON.stringify(Schema.encodeSync(json)(occurrences))
    expect(Schema.decodeUnknownSync(json)(JSON.parse(text))).toEqual(occurrences)
  })
})
