import { describe, expect, it } from "@effect/vitest"
import { Duration } from "effect"
import * as Schedule from "../src/model/schedule/Schedule.ts"
import type { ScheduleForms } from "../src/model/schedule/ScheduleForms.ts"
import { segmentLike, vendors } from "./support/scheduleForms.ts"
import { at } from "./support/schedules.ts"

/** A value in place of a schedule, as from a caller without a type checker. */
const asSchedule = (value: unknown) => value as Schedule.Schedule

const window = { from: at("2026-01-01T00:00"), until: at("2026-01-02T00:00") }

const cyclic: Record<string, unknown> = {}
cyclic["self"] = cyclic

const revoked = Proxy.revocable({}, {})
revoked.revoke()

const entries = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, index]))

const throwing = () => {
  throw new Error("a getter of the caller")
}

const invalid: ReadonlyArray<[title: string, value: unknown, paths: ReadonlyArray<string>]> = [
  ["undefined", undefined, [""]],
  ["null", null, [""]],
  ["a string", "hourly", [""]],
  ["an array", [Schedule.manual], [""]],
  ["an unknown _tag", { _tag: "Hourly" }, [""]],
  ["the name of a method as _tag", { _tag: "toString" }, [""]],
  ["an interval as text", { _tag: "Every", every: "1 hour" }, ["every"]],
  ["days as one string", { _tag: "OnDays", days: "Mon", hours: [1, "2"] }, ["days", "hours.1", "timeZone"]],
  ["an expression that is a number", { _tag: "Cron", expression: 5, timeZone: 1 }, ["expression", "timeZone"]],
  ["an unknown field", { _tag: "Cron", expression: "0 0 * * *", timezone: "UTC" }, ["timezone"]],
  ["ids that are numbers", { _tag: "Job", tool: "dbt-cloud", ids: { jobId: 1 } }, ["ids.jobId"]],
  ["ids that hold themselves", { _tag: "Job", tool: "dbt-cloud", ids: cyclic }, ["ids.self"]],
  ["a _tag that throws", Object.defineProperty({}, "_tag", { enumerable: true, get: throwing }), [""]],
  ["a field that throws", Object.defineProperty({ _tag: "Cron" }, "expression", { get: throwing }), [""]],
  ["a revoked proxy", revoked.proxy, [""]],
  ["a million days", { _tag: "OnDays", days: Array(1e6).fill("Mon"), hours: [0], timeZone: "UTC" }, ["days"]],
  ["days of the greatest length", { _tag: "OnDays", days: Array(2 ** 32 - 1), hours: [0], timeZone: "UTC" }, ["days"]],
  ["a hundred thousand ids", { _tag: "Job", tool: "dbt-cloud", ids: entries(1e5) }, ["ids"]],
  ["a hundred thousand unknown fields", { _tag: "Manual", ...entries(1e5) }, [""]],
]

const targets: ReadonlyArray<[title: string, forms: ScheduleForms | undefined]> = [
  ["no vendor", undefined],
  ...vendors.map((forms): [string, ScheduleForms] => [forms.vendor, forms]),
]

describe("values of callers without a type checker", () => {
  describe.each(invalid)("%s", (_, value, paths) => {
    const schedule = asSchedule(value)

    it.each(targets)("S1, H6: with %s, every problem has the path of its field", (_, forms) => {
      expect(Schedule.problems(schedule, forms).map(({ path }) => path.join("."))).toEqual(paths)
    })

    it.each(vendors)("S2: it cannot be translated for $vendor", (forms) => {
      expect(Schedule.translate(schedule, forms)._tag).toBe("Impossible")
    })

    it("S2: it is equivalent to itself only", () => {
      expect(Schedule.equivalent(schedule, Schedule.manual)).toBe(false)
      expect(Schedule.equivalent(schedule, schedule)).toBe(true)
    })

    it("S3: its occurrences are unknown", () => {
      expect(Schedule.occurrences(schedule, window)._tag).toBe("Unknown")
    })

    it("S1: its description says that it cannot be read", () => {
      expect(Schedule.describe(schedule)).toBe("a schedule that cannot be read")
    })
  })

  it.each([
    ["days", { _tag: "OnDays", days: Array(1000).fill(9), hours: [0], timeZone: "UTC" }],
    ["days of another type", { _tag: "OnDays", days: Array(1000).fill("Mon"), hours: [0], timeZone: "UTC" }],
    ["ids", { _tag: "Job", tool: "dbt-cloud", ids: entries(1000) }],
    ["unknown fields", { _tag: "Manual", ...entries(999) }],
  ])("S1: a thousand wrong %s are a hundred problems", (_, value) => {
    expect(Schedule.problems(asSchedule(value), segmentLike)).toHaveLength(100)
  })

  it.each([
    ["hourly"],
    ["NaN hours"],
    [undefined],
    [null],
    [{}],
    [Number.NaN],
    [-1],
    [0.5],
    [Number.POSITIVE_INFINITY],
  ])("S1: an interval of %s is one problem", (interval) => {
    expect(Schedule.problems(Schedule.every(interval as Duration.Input))).toHaveLength(1)
  })

  it("S1: an interval may be a duration", () => {
    expect(Schedule.every("1 hour")).toEqual({ _tag: "Every", every: Duration.hours(1) })
    expect(Schedule.problems(Schedule.every("1 hour"))).toEqual([])
  })

  const long = "😀".repeat(100_000)

  it.each([
    ["field", Schedule.cron(`${long} * * * *`)],
    ["time zone", Schedule.cron("0 0 * * *", long)],
    ["expression", Schedule.cron(long)],
  ])("S1: a message quotes the beginning of a long %s", (_, schedule) => {
    const messages = vendors.flatMap((forms) => Schedule.problems(schedule, forms)).map(({ message }) => message)
    expect(messages.every((message) => message.isWellFormed() && message.length < 400)).toBe(true)
    expect(Schedule.describe(schedule).length).toBeLessThan(1000)
  })

  it.each([
    ["from", Schedule.cron("0 0 * * *", "UTC"), { from: "2026-01-01", until: undefined }],
    ["until", Schedule.cron("0 0 * * *", "UTC"), { ...window, until: undefined }],
    ["anchor", Schedule.every("1 hour"), { ...window, anchor: Number.NaN }],
  ])("S3: a wrong %s is named", (field, schedule, options: unknown) => {
    expect(Schedule.occurrences(schedule, options as Schedule.OccurrencesOptions)).toEqual({
      _tag: "Unknown",
      why: `${field} is not a DateTime`,
    })
  })

  it.each<[limit: unknown, length: number]>([
    [Number.NaN, 0],
    ["many", 0],
    [-1, 0],
    [0, 0],
    [1.9, 1],
    [Number.POSITIVE_INFINITY, 100_000],
  ])("S3: a limit of %s lists %i occurrences", (limit, length) => {
    const century = { ...window, until: at("2126-01-01T00:00"), limit } as Schedule.OccurrencesOptions
    expect(Schedule.occurrences(Schedule.cron("* * * * *", "UTC"), century)).toMatchObject({
      isCut: true,
      at: { length },
    })
  })

  it.each<[assumedTimeZone: unknown]>([["UTC+3"], [""], ["😀"], [3]])(
    "S2, S3: nothing is computed in the assumed zone %j",
    (assumedTimeZone) => {
      const schedule = Schedule.cron("0 6 * * *")
      const options = { assumedTimeZone } as Schedule.TranslateOptions
      expect(Schedule.translate(schedule, segmentLike, options)).toMatchObject({
        _tag: "Impossible",
        why: expect.stringContaining("time zone"),
      })
      expect(Schedule.occurrences(schedule, { ...window, ...options })).toMatchObject({
        _tag: "Unknown",
        why: expect.stringContaining("time zone"),
      })
    },
  )

  const throws = new Proxy({}, { get: throwing, has: throwing, ownKeys: throwing })
  const values: ReadonlyArray<[title: string, value: unknown]> = [
    ["undefined", undefined],
    ["null", null],
    ["a number", 5],
    ["a text", "UTC"],
    ["an array", []],
    ["an empty object", {}],
    ["a function", throwing],
    ["a symbol", Symbol("UTC")],
    ["a bigint", 10n],
    ["a revoked proxy", revoked.proxy],
    ["an object that throws", throws],
  ]
  const cron = Schedule.cron("0 9 * * *", "Asia/Tokyo")

  describe.each(values)("%s", (_, value) => {
    const input = value as never

    it("S3: in place of options, of from or of until, the occurrences are unknown", () => {
      for (const options of [value, { ...window, from: value }, { ...window, until: value }]) {
        expect(Schedule.occurrences(cron, options as never)).toMatchObject({
          _tag: "Unknown",
          why: expect.stringMatching(/^(from|until) is not a DateTime$/),
        })
      }
    })

    it("S3: in place of another option, nothing throws", () => {
      for (const name of ["anchor", "assumedTimeZone", "limit"]) {
        for (const schedule of [Schedule.cron("0 9 * * *"), Schedule.every("1 hour")]) {
          expect(Schedule.occurrences(schedule, { ...window, [name]: input })._tag).toMatch(/^(Known|Unknown)$/)
        }
      }
    })

    it("S1, S2: in place of a vendor's forms, it is a problem, and nothing is translated", () => {
      if (value !== undefined) {
        expect(Schedule.problems(cron, input)).toEqual([{ path: [], message: expect.stringContaining("forms") }])
      }
      expect(Schedule.translate(cron, input)).toMatchObject({
        _tag: "Impossible",
        why: expect.stringMatching(/^Expected the forms of a vendor's schedules.*\.$/),
      })
    })

    it.each([
      ["every", (part: unknown) => ({ every: part })],
      ["every.shortest", (part: unknown) => ({ every: { ...segmentLike.every, shortest: part } })],
      ["every.source", (part: unknown) => ({ every: { ...segmentLike.every, source: part } })],
      ["cron", (part: unknown) => ({ cron: part })],
      ["cron.shortest", (part: unknown) => ({ cron: { ...segmentLike.cron, shortest: part } })],
      ["cron.timeZone", (part: unknown) => ({ cron: { ...segmentLike.cron, timeZone: part } })],
      ["cron.timeZone.assumed", (part: unknown) => ({ cron: { ...segmentLike.cron, timeZone: { assumed: part } } })],
      ["jobs", (part: unknown) => ({ jobs: part })],
      ["jobs.airflow", (part: unknown) => ({ jobs: { airflow: part } })],
    ])("S1, S2: in place of %s of the forms, nothing throws", (_, partOf) => {
      const forms = { ...segmentLike, ...partOf(value) } as ScheduleForms
      for (const schedule of [cron, Schedule.every("1 hour"), Schedule.job("airflow", { dag: "1" })]) {
        expect(Array.isArray(Schedule.problems(schedule, forms))).toBe(true)
        expect(Schedule.translate(schedule, forms)._tag).toMatch(/^(Exact|Approximate|Impossible)$/)
      }
    })

    it("S2: in place of options, or of one of them, nothing throws", () => {
      for (const options of [value, { assumedTimeZone: value }, { from: value }]) {
        expect(Schedule.translate(Schedule.cron("0 9 * * *"), segmentLike, options as never)._tag).toMatch(
          /^(Approximate|Impossible)$/,
        )
        expect(Schedule.equivalent(cron, cron, options as never)).toBe(true)
      }
    })
  })
})
