import { describe, expect, it } from "@effect/vitest"
import * as Schedule from "@openretl/core/Schedule"
import { Duration, Effect, Schema } from "effect"
import * as Codec from "../src/internal/schedule.ts"
import { forms as schedules } from "../src/internal/scheduleForms.ts"
import * as ConnectionsApi from "../src/RudderStackConnectionsApi.ts"

/** Named in each refusal of a cron expression that fires too often. */
const floor = /at least 5 minutes apart \(RudderStack's schedule settings page and own client\), found/

describe("S1: a schedule that RudderStack can express is encoded and decoded unchanged:", () => {
  it.each<[string, Schedule.Schedule, ConnectionsApi.Schedule]>([
    ["manual", Schedule.manual, { type: "manual" }],
    ["five minutes", Schedule.every("5 minutes"), { type: "basic", everyMinutes: 5 }],
    ["a day", Schedule.every("1 day"), { type: "basic", everyMinutes: 1440 }],
    ["cron", Schedule.cron("0 */6 * * *"), { type: "cron", cronExpression: "0 */6 * * *" }],
  ])("%s", (_, schedule, wire) => {
    expect(Schedule.problems(schedule, schedules)).toEqual([])
    expect(Codec.encode(schedule)).toEqual(wire)
    expect(Codec.decode(wire)).toEqual({ schedule })
    expect(Codec.resend(wire)).toEqual(wire)
  })

  it("cron in UTC, with extra spaces", () => {
    const schedule = Schedule.cron(" 0\t6  * * 1-5 ", "UTC")
    expect(Schedule.problems(schedule, schedules)).toEqual([])
    expect(Codec.encode(schedule)).toEqual({ type: "cron", cronExpression: "0 6 * * 1-5" })
  })

  const Minutes = Schema.Int.check(Schema.isBetween({ minimum: 5, maximum: 100_000 }))
  const Field = (maximum: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum }))

  it.effect.prop(
    "any schedule",
    { minutes: Minutes, minute: Field(59), hour: Field(22), day: Field(7) },
    ({ minutes, minute, hour, day }) =>
      Effect.sync(() => {
        const schedulesOfEachKind = [
          Schedule.manual,
          Schedule.every(Duration.minutes(minutes)),
          Schedule.cron(`${minute} ${hour} * * ${day}`),
          Schedule.cron(`${minute % 10}/10,${(minute % 10) + 5} */${hour + 1} 1-${day + 2} * *`, "Etc/UTC"),
        ]
        for (const schedule of schedulesOfEachKind) {
          expect(Schedule.problems(schedule, schedules)).toEqual([])
          const wire = Codec.encode(schedule)
          const decoded = Codec.decode(wire).schedule
          expect(decoded !== undefined && Schedule.equivalent(decoded, schedule, { assumedTimeZone: "UTC" })).toBe(true)
          expect(Schema.is(ConnectionsApi.Schedule)(wire)).toBe(true)
        }
      }),
  )
})

describe("S1: a schedule that RudderStack cannot express has an issue with the bound and its source:", () => {
  it.each<[string, Schedule.Schedule, string, RegExp]>([
    ["four minutes", Schedule.every("4 minutes"), "every", /at least 5 minutes.*schedule settings page/],
    ["broken minutes", Schedule.every("330 seconds"), "every", /steps of 1 minute/],
    ["cron each minute", Schedule.cron("* * * * *"), "expression", floor],
    ["cron each fourth minute", Schedule.cron("*/4 * * * *", "UTC"), "expression", floor],
    ["cron before and after midnight", Schedule.cron("0,56 0,23 * * *"), "expression", floor],
    ["cron before and after the end of a month", Schedule.cron("0,56 0,23 1,28 3,2 *"), "expression", floor],
    ["another zone", Schedule.cron("0 6 * * *", "Europe/Berlin"), "timeZone", /none or UTC/],
    ["six fields", Schedule.cron("0 0 6 * * *"), "expression", /five/],
    ["days", Schedule.onDays({ days: [1], hours: [6], timeZone: "UTC" }), "", /manual, an interval or cron/],
    ["a job", Schedule.job("dbt-cloud", { job: "1" }), "", /manual, an interval or cron/],
  ])("%s", (_, schedule, path, message) => {
    const issues = Schedule.problems(schedule, schedules).map((issue) => [issue.path.join("."), issue.message])
    expect(issues).toEqual([[path, expect.stringMatching(message)]])
  })

  it.each(["*/5 * * * *", "0,56 0,23 1 * *", "0,55 0,23 * * *"])("cron %s is not too often", (expression) => {
    expect(Schedule.problems(Schedule.cron(expression), schedules)).toEqual([])
    expect(Schema.is(ConnectionsApi.Schedule)({ type: "cron", cronExpression: expression })).toBe(true)
  })

  it.each<[ConnectionsApi.Schedule, RegExp]>([
    [{ type: "basic", everyMinutes: 4 }, /5 minutes.*schedule settings page and Terraform.*everyMinutes/s],
    [{ type: "basic", everyMinutes: 5.5 }, /steps of 1 minute.*everyMinutes/s],
    [{ type: "basic", everyMinutes: Number.NaN }, /everyMinutes/],
    [{ type: "cron", cronExpression: "* * * * *" }, /5 minutes apart.*schedule settings page.*cronExpression/s],
    [{ type: "cron", cronExpression: "0 0 6 * * *" }, /five fields.*cronExpression/s],
    [{ type: "cron", cronExpression: " 0 6 * * *" }, /blanks.*cronExpression/s],
  ])("the body of a request refuses %j", (schedule, message) => {
    const refused = Schema.decodeUnknownExit(ConnectionsApi.Schedule, { errors: "all" })(schedule)
    expect(String(refused)).toMatch(message)
  })

  it("days and a job have no wire form", () => {
    expect(Codec.encode(Schedule.onDays({ days: [1], hours: [6], timeZone: "UTC" }))).toBeUndefined()
    expect(Codec.encode(Schedule.job("dbt-cloud", { job: "1" }))).toBeUndefined()
  })
})

describe("S2: a schedule is translated to the nearest one, with what is lost:", () => {
  it("days at hours become cron, and a short interval the shortest", () => {
    const days = Schedule.translate(Schedule.onDays({ days: [1, 3], hours: [6], timeZone: "UTC" }), schedules)
    expect(days).toMatchObject({ _tag: "Exact", schedule: { _tag: "Cron" } })
    expect(Schedule.translate(Schedule.every("1 minute"), schedules)._tag).toBe("Approximate")
  })
})

describe("K2: an unreadable schedule", () => {
  it.each<[string, Parameters<typeof Codec.decode>[0], string]>([
    ["of another type", { type: "lunar" }, '{"type":"lunar"}'],
    ["without a type", {}, "{}"],
    ["without its minutes", { type: "basic" }, '{"type":"basic"}'],
    ["of no minutes", { type: "basic", everyMinutes: 0 }, '{"type":"basic","everyMinutes":0}'],
    [
      "of an expression that is not cron",
      { type: "cron", cronExpression: "whenever" },
      '{"type":"cron","cronExpression":"whenever"}',
    ],
  ])("%s is kept as one line of JSON", (_, wire, unreadSchedule) => {
    expect(Codec.decode(wire)).toEqual({ unreadSchedule })
  })

  it("is bounded, and absent where there is no schedule", () => {
    expect(Codec.decode({ type: "x".repeat(1_000) }).unreadSchedule).toHaveLength(200)
    expect(Codec.decode(undefined)).toEqual({})
  })

  it("is sent back unchanged, without foreign fields where its type is listed", () => {
    const whenever = { type: "cron", cronExpression: "whenever" }
    expect(Codec.resend({ ...whenever, everyMinutes: 5 })).toEqual(whenever)
    expect(Codec.resend({ type: "manual", cronExpression: "" })).toEqual({ type: "manual" })
    expect(Codec.resend({ type: "lunar", phase: "full" })).toEqual({ type: "lunar", phase: "full" })
    for (const wire of [undefined, {}, { type: "basic" }, { type: "cron" }]) {
      expect(Codec.resend(wire)).toBeUndefined()
    }
  })
})
