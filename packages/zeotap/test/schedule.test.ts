import { describe, expect, it } from "@effect/vitest"
import * as Schedule from "@openretl/core/Schedule"
import { Effect, Schema } from "effect"
import { decode, encode, schedules } from "../src/internal/schedule.ts"
import { Cron } from "../src/ZeotapSyncsApi.ts"

const isSent = Schema.is(Cron)

describe("a schedule that is read", () => {
  it.each<[unknown]>([[undefined], [null], [""], ["  "]])("S1: %j is manual", (wire) => {
    expect(decode(wire)).toEqual({ schedule: Schedule.manual })
  })

  it.each(["0 */6 * * *", "30 7 * * 1-5", "0 6 * * MON", "0 0 1 1 *"])("S1: %j is read as that expression", (wire) => {
    expect(decode(wire)).toEqual({ schedule: Schedule.cron(wire) })
  })

  it("S1: space around an expression is ignored", () => {
    expect(decode(" 0 6 * * *\n")).toEqual({ schedule: Schedule.cron("0 6 * * *") })
  })

  it.each<[unknown, string]>([
    ["@every 15m", '"@every 15m"'],
    ["0 0 6 * * *", '"0 0 6 * * *"'],
    ["0 0 30 2 *", '"0 0 30 2 *"'],
    [15, "15"],
    [{ type: "interval", minutes: 15 }, '{"type":"interval","minutes":15}'],
    [[], "[]"],
  ])("S1: %j is kept unread", (wire, unreadSchedule) => {
    expect(decode(wire)).toEqual({ unreadSchedule })
  })

  it("K2, H5: a schedule that is nested too deep to be written is kept unread", () => {
    const deep: unknown = JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`)
    expect(decode(deep)).toEqual({ unreadSchedule: '"nested too deep"' })
  })

  it("S1: an unread schedule is one bounded line", () => {
    const { unreadSchedule = "" } = decode({ text: `${"😀\n".repeat(1_000)}` })
    expect(unreadSchedule).toHaveLength(200)
    expect(unreadSchedule.isWellFormed()).toBe(true)
    expect(unreadSchedule).not.toContain("\n")
  })

  it.effect.prop("S1: any JSON is read or kept", { wire: Schema.Json }, ({ wire }) =>
    Effect.sync(() => {
      expect(Object.keys(decode(wire))).toHaveLength(1)
    }),
  )
})

describe("a schedule that is sent", () => {
  it.each<[string, string]>([
    ["0 */6 * * *", "0 */6 * * *"],
    ["05 06 * * *", "5 6 * * *"],
    ["0 6 * jan-mar,DEC mon-fri", "0 6 * 1-3,12 1-5"],
    ["0 6 * * 7", "0 6 * * 0"],
    ["0 6 * * 5-7", "0 6 * * 5,6,0"],
    ["0 6 * * 0-7", "0 6 * * 0,1,2,3,4,5,6,0"],
    ["0 6 * * 1/2", "0 6 * * 1,3,5,0"],
    ["0 6 * * SUN,6", "0 6 * * 0,6"],
    ["5/10 * * * *", "5-59/10 * * * *"],
    ["0 2/6 * * *", "0 2-23/6 * * *"],
    ["0 0 */2 * 1", "0 0 */2 * 1"],
    ["  0\t6 *  * * ", "0 6 * * *"],
  ])("S1: %j is sent as %j, which is equivalent", (expression, sent) => {
    const schedule = Schedule.cron(expression)
    expect(Schedule.problems(schedule, schedules)).toEqual([])
    expect(encode(schedule)).toBe(sent)
    expect(isSent(sent)).toBe(true)
    expect(Schedule.equivalent(schedule, Schedule.cron(sent))).toBe(true)
  })

  it("S1: manual is an empty text", () => {
    expect(encode(Schedule.manual)).toBe("")
  })

  it.each<[Schedule.Schedule, string]>([
    [Schedule.every("15 minutes"), ""],
    [Schedule.onDays({ days: [1], hours: [6], timeZone: "UTC" }), ""],
    [Schedule.job("dbt-cloud", { job: "1" }), ""],
    [Schedule.cron("0 6 * * *", "Europe/Berlin"), "timeZone"],
    [Schedule.cron("0 0 6 * * *"), "expression"],
  ])("S1: Zeotap cannot express %j", (schedule, path) => {
    expect(Schedule.problems(schedule, schedules).map((issue) => issue.path.join("."))).toEqual([path])
  })

  it.each<[Schedule.Schedule]>([
    [Schedule.every("15 minutes")],
    [Schedule.onDays({ days: [1], hours: [6], timeZone: "UTC" })],
    [Schedule.job("dbt-cloud", { job: "1" })],
  ])("S1: the client refuses the encoding of %j", (schedule) => {
    expect(isSent(encode(schedule))).toBe(false)
    expect(encode(schedule)).not.toBe("")
  })
})

/** Returns the forms of one field of an expression, and how they are written. */
const fieldOf = (first: number, end: number, names: ReadonlyArray<string>) => {
  const value = Schema.Int.check(Schema.isBetween({ minimum: first, maximum: end }))
  const span = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: end - first }))
  const step = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 70 }))
  return Schema.Array(
    Schema.Struct({
      form: Schema.Literals(["*", "one", "named", "range", "step", "from"]),
      value,
      span,
      step,
      padded: Schema.Boolean,
    }),
  ).pipe((entries) => ({
    entries,
    text: (all: (typeof entries)["Type"]) =>
      all.length === 0
        ? "*"
        : all
            .map(({ form, value, span, step, padded }) => {
              const from = padded ? String(value).padStart(2, "0") : String(value)
              const to = Math.min(end, value + span)
              return {
                "*": padded ? "*" : `*/${step}`,
                one: from,
                named: names[value - first] ?? from,
                range: `${from}-${to}`,
                step: `${from}-${to}/${step}`,
                from: `${from}/${step}`,
              }[form]
            })
            .join(","),
  }))
}

const fields = [
  fieldOf(0, 59, []),
  fieldOf(0, 23, []),
  fieldOf(1, 31, []),
  fieldOf(1, 12, ["jan", "Feb", "MAR", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
  fieldOf(0, 7, ["sun", "Mon", "TUE", "wed", "thu", "fri", "sat"]),
]

describe("any schedule that Zeotap can express", () => {
  it.effect.prop(
    "S1: is sent in documented characters, and comes back equivalent",
    { drawn: Schema.Tuple(fields.map(({ entries }) => entries)) },
    ({ drawn }) =>
      Effect.sync(() => {
        const expression = fields.map(({ text }, index) => text(drawn[index] ?? [])).join(" ")
        const schedule = Schedule.cron(expression)
        const isFit = Schedule.problems(schedule, schedules).length === 0
        const sent = encode(schedule)
        const { schedule: read } = decode(sent)
        expect([expression, sent, isFit && isSent(sent)]).toEqual([expression, sent, isFit])
        expect([expression, sent, read !== undefined && Schedule.equivalent(read, schedule)]).toEqual([
          expression,
          sent,
          isFit,
        ])
      }),
  )
})
