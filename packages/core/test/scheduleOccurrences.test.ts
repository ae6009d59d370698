import { describe, expect, it } from "@effect/vitest"
import { Cron, DateTime, Schema } from "effect"
import * as Schedule from "../src/model/schedule/Schedule.ts"
import { at, crons, schedules, texts } from "./support/schedules.ts"

const minute = 60_000

describe("when a schedule fires", () => {
  const window = { from: at("2026-01-01T00:00"), until: at("2028-01-01T00:00") }

  it.prop(
    "S3: in UTC as Effect's own cron has it, where a date may be right by its day or by its weekday",
    { cron: crons },
    ({ cron }) => {
      const expression = cron._tag === "Cron" ? cron.expression : ""
      const found = Schedule.occurrences(Schedule.cron(expression, "UTC"), {
        ...window,
        until: at("2046-01-01T00:00"),
        limit: 40,
      })
      const effects: Array<number> = []
      const parsed = Cron.parseUnsafe(expression, "UTC")
      for (let now = window.from.epochMilliseconds - 1; effects.length < 40; ) {
        now = Cron.next(parsed, now).getTime()
        if (now >= at("2046-01-01T00:00").epochMilliseconds) break
        effects.push(now)
      }
      expect(found._tag === "Known" && found.at.map((one) => one.epochMilliseconds)).toEqual(effects)
    },
  )

  it.prop(
    "S3: ascending, within the bounds, as many as asked for",
    { schedule: schedules, start: Schema.Int, hours: Schema.Int, limit: Schema.Int },
    ({ hours, limit, schedule, start }) => {
      const from = DateTime.makeUnsafe(1_790_000_000_000 + start * minute)
      const until = DateTime.makeUnsafe(from.epochMilliseconds + hours * 60 * minute)
      const anchor = DateTime.makeUnsafe(from.epochMilliseconds - 1)
      const found = Schedule.occurrences(schedule, { from, until, anchor, limit: limit % 100 })
      if (schedule._tag === "Job") return expect(found._tag).toBe("Unknown")
      if (found._tag === "Unknown") return expect.unreachable(found.why)
      const instants = found.at.map((one) => one.epochMilliseconds)
      expect(instants).toEqual(Array.from(new Set(instants)).sort((a, b) => a - b))
      expect(instants.every((one) => one >= from.epochMilliseconds && one < until.epochMilliseconds)).toBe(true)
      expect(instants.length).toBeLessThanOrEqual(Math.max(0, limit % 100))
      expect(found.assumedTimeZone).toBe(
        schedule._tag === "Cron" && schedule.timeZone === undefined ? "UTC" : undefined,
      )
    },
  )

  it.prop(
    "S3: two windows side by side hold what the whole holds",
    { schedule: crons, hours: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 96 })) },
    ({ hours, schedule }) => {
      const from = at("2026-10-23T00:00")
      const between = DateTime.add(from, { hours })
      const until = DateTime.add(from, { hours: 96 })
      const find = (options: { readonly from: DateTime.Utc; readonly until: DateTime.Utc }) =>
        texts(Schedule.occurrences(schedule, { ...options, limit: 10_000 }))
      expect([...find({ from, until: between }), ...find({ from: between, until })]).toEqual(find({ from, until }))
    },
  )

  const both = Schedule.cron("0 0 13 * 5", "UTC")

  it("S3: a cron with a day of the month and a weekday fires on either", () => {
    const found = Schedule.occurrences(both, { from: at("2026-01-01T00:00"), until: at("2026-01-20T00:00") })
    expect(texts(found)).toEqual(["2026-01-02T00:00", "2026-01-09T00:00", "2026-01-13T00:00", "2026-01-16T00:00"])
  })

  it("S3: a cron with a star in one of the two fires on both", () => {
    const found = Schedule.occurrences(Schedule.cron("0 0 */10 * 5", "UTC"), window)
    expect(texts(found).slice(0, 3)).toEqual(["2026-05-01T00:00", "2026-07-31T00:00", "2026-08-21T00:00"])
  })

  it("S3: the bounds are from, inclusive, to until, exclusive", () => {
    const found = Schedule.occurrences(both, { from: at("2026-01-02T00:00"), until: at("2026-01-13T00:00") })
    expect(texts(found)).toEqual(["2026-01-02T00:00", "2026-01-09T00:00"])
  })

  it("S3: a limit cuts and says so, and only where it cuts", () => {
    const options = { from: at("2026-01-01T00:00"), until: at("2026-01-10T00:00") }
    expect(Schedule.occurrences(both, { ...options, limit: 2 })).toEqual({
      _tag: "Known",
      at: [at("2026-01-02T00:00"), at("2026-01-09T00:00")],
    })
    expect(Schedule.occurrences(both, { ...options, limit: 1 })).toEqual({
      _tag: "Known",
      at: [at("2026-01-02T00:00")],
      isCut: true,
    })
    const minutes = Schedule.occurrences(Schedule.cron("* * * * *", "UTC"), window)
    expect(minutes).toMatchObject({ isCut: true, at: { length: 1000 } })
  })

  it("S3: manual never fires", () => {
    expect(Schedule.occurrences(Schedule.manual, window)).toEqual({ _tag: "Known", at: [] })
  })

  it("S3: a length counts from its anchor, which has fired already", () => {
    const schedule = Schedule.every("25 minutes")
    const from = at("2026-01-01T00:00")
    const until = at("2026-01-01T01:00")
    const from10 = Schedule.occurrences(schedule, { from, until, anchor: at("2026-01-01T00:10") })
    expect(texts(from10)).toEqual(["2026-01-01T00:35"])
    const earlier = Schedule.occurrences(schedule, { from, until, anchor: at("2025-12-31T23:35") })
    expect(texts(earlier)).toEqual(["2026-01-01T00:00", "2026-01-01T00:25", "2026-01-01T00:50"])
  })

  const unknown: ReadonlyArray<[string, Schedule.Schedule, string]> = [
    ["a job", Schedule.job("dbt-cloud", { jobId: "1" }), "Nothing tells when a job of dbt-cloud is done"],
    [
      "a length without an anchor",
      Schedule.every("1 hour"),
      "It counts from an anchor, as from the start of the last run, and none is given",
    ],
    [
      "what never fires",
      Schedule.cron("0 0 30 2 *", "UTC"),
      'The schedule is not valid: expression: Expected an expression that fires some day, found "0 0 30 2 *": no year has such a day',
    ],
    [
      "what cannot be read",
      Schedule.cron("0 0 L * *", "UTC"),
      'The schedule is not valid: expression: Expected a day of the month (1 to 31; *, lists, ranges and steps), found "L"',
    ],
  ]
  it.each(unknown)("S3: %s is unknown, and why", (_, schedule, why) => {
    expect(Schedule.occurrences(schedule, window)).toEqual({ _tag: "Unknown", why })
  })

  it("S3: a zone that is assumed is named", () => {
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
      why: "There is no time zone Mars/Base",
    })
  })

  it("S3: the ends of time, and years of two digits, are no trouble", () => {
    const [first, last] = [DateTime.makeUnsafe(-8.64e15), DateTime.makeUnsafe(8.64e15)]
    const rare = Schedule.cron("0 0 29 2 */7", "UTC")
    const found = Schedule.occurrences(rare, { from: first, until: last, limit: 5 })
    expect(found).toMatchObject({ _tag: "Known", isCut: true, at: { length: 5 } })
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

  it("S3: what is found can be stored", () => {
    const json = Schema.toCodecJson(Schedule.Occurrences)
    const found = Schedule.occurrences(both, { ...window, limit: 3 })
    expect(Schema.decodeUnknownSync(json)(JSON.parse(JSON.stringify(Schema.encodeSync(json)(found))))).toEqual(found)
  })
})
