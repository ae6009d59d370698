import { describe, expect, it } from "@effect/vitest"
import { Duration } from "effect"
import { form } from "../../../scripts/forms.ts"
import * as Schedule from "../src/model/schedule/Schedule.ts"
import { crons, onDays, schedules } from "./support/schedules.ts"

type Pair = [title: string, schedule: Schedule.Schedule, other: Schedule.Schedule]

const hourly = { berlin: Schedule.cron("5 * * * *", "Europe/Berlin"), utc: Schedule.cron("5 * * * *", "UTC") }

describe("whether two schedules are equivalent", () => {
  const same: ReadonlyArray<Pair> = [
    ["manual", Schedule.manual, Schedule.manual],
    ["an interval in other units", Schedule.every("90 minutes"), Schedule.every(Duration.seconds(5400))],
    [
      "days and hours in another order",
      Schedule.onDays({ days: [1, 3], hours: [9, 17], timeZone: "UTC" }),
      Schedule.onDays({ days: [3, 1], hours: [17, 9], timeZone: "Etc/UTC" }),
    ],
    ["Sunday as 0 and as 7", Schedule.cron("0 6 * * 0"), Schedule.cron("0 6 * * 7")],
    ["weekdays by name and by number", Schedule.cron("0 6 * * MON-WED"), Schedule.cron("00 06 * * 1,2,3")],
    ["steps and lists", Schedule.cron("*/30 */12 * * *", "UTC"), Schedule.cron("30,0 12,0 * * *", "UTC")],
    ["every day as stars and as a range", Schedule.cron("0 6 * * *"), Schedule.cron("0 6 1-31 * 1")],
    [
      "days and the expression that says them",
      Schedule.onDays({ days: [1, 5], hours: [9], timeZone: "Europe/Berlin" }),
      Schedule.cron("0 9 * * 1,5", "Europe/Berlin"),
    ],
    ["every hour in two zones that are whole hours apart", hourly.berlin, hourly.utc],
    ["invalid expressions that differ by space only", Schedule.cron("0 0 L * *"), Schedule.cron(" 0 0  L * *")],
    ["ids in another order", Schedule.job("dbt", { a: "1", b: "2" }), Schedule.job("dbt", { b: "2", a: "1" })],
  ]
  it.each(same)("S2: %s: the same", (_, schedule, other) => {
    expect(Schedule.equivalent(schedule, other)).toBe(true)
    expect(Schedule.equivalent(other, schedule)).toBe(true)
  })

  const different: ReadonlyArray<Pair> = [
    ["manual and an interval", Schedule.manual, Schedule.every("1 hour")],
    ["two intervals", Schedule.every("90 minutes"), Schedule.every("91 minutes")],
    [
      "days in two zones, also zones with the same clock",
      Schedule.onDays({ days: [1], hours: [9], timeZone: "Europe/Berlin" }),
      Schedule.onDays({ days: [1], hours: [9], timeZone: "Europe/Paris" }),
    ],
    ["the first or a Monday, and the first only", Schedule.cron("0 6 1 * 1"), Schedule.cron("0 6 1 * *")],
    ["two minutes", Schedule.cron("0 6 * * *"), Schedule.cron("1 6 * * *")],
    ["a zone and none", Schedule.cron("0 6 * * *", "UTC"), Schedule.cron("0 6 * * *")],
    [
      "every hour of Mondays in two zones",
      Schedule.cron("5 * * * 1", "Europe/Berlin"),
      Schedule.cron("5 * * * 1", "UTC"),
    ],
    [
      "every hour in two zones that are half an hour apart",
      Schedule.cron("5 * * * *", "Asia/Kolkata"),
      Schedule.cron("5 * * * *", "UTC"),
    ],
    ["two invalid expressions", Schedule.cron("0 0 L * *"), Schedule.cron("0 0 W * *")],
    ["an invalid expression and a valid one", Schedule.cron("0 0 L * *"), Schedule.cron("0 0 1 * *")],
    ["two ids", Schedule.job("dbt", { a: "1", b: "2" }), Schedule.job("dbt", { a: "1", b: "3" })],
    ["two tools", Schedule.job("dbt", {}), Schedule.job("airflow", {})],
  ]
  it.each(different)("S2: %s: not the same", (_, schedule, other) => {
    expect(Schedule.equivalent(schedule, other)).toBe(false)
    expect(Schedule.equivalent(other, schedule)).toBe(false)
  })

  it("S2: an expression without a zone compares in the assumed one", () => {
    const [unzoned, zoned] = [Schedule.cron("0 6 * * *"), Schedule.cron("0 6 * * *", "Etc/UTC")]
    expect(Schedule.equivalent(unzoned, zoned, { assumedTimeZone: "UTC" })).toBe(true)
    expect(Schedule.equivalent(unzoned, zoned, { assumedTimeZone: "Europe/Berlin" })).toBe(false)
  })

  describe.each([{}, { assumedTimeZone: "UTC" }])("with %o", (options) => {
    it.prop(
      "S2: equivalence is reflexive, symmetric and transitive",
      { first: schedules, second: schedules, third: schedules, cron: crons, days: onDays },
      ({ first, second, third, cron, days }) => {
        const berlin = Schedule.cron("*/30 * * * *", "Europe/Berlin")
        const utc = Schedule.cron("0,30 0-23 * * 0-7", "UTC")
        const all = [first, second, third, cron, days, berlin, utc, Schedule.cron("*/30 * * * *", "Asia/Kolkata")]
        const results = all.map((a) => all.map((b) => Schedule.equivalent(a, b, options)))
        const isSame = (a: number, b: number) => results[a]?.[b]
        for (const a of all.keys()) {
          expect(isSame(a, a)).toBe(true)
          for (const b of all.keys()) {
            expect(isSame(a, b)).toBe(isSame(b, a))
            if (isSame(a, b)) for (const c of all.keys()) expect(isSame(a, c)).toBe(isSame(b, c))
          }
        }
      },
      { arbitrary: { runs: form(4, 100) } },
    )
  })
})
