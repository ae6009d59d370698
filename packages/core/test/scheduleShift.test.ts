import { describe, expect, it } from "@effect/vitest"
import { DateTime } from "effect"
import * as Schedule from "../src/model/schedule/Schedule.ts"
import { zeotapLike } from "./support/scheduleForms.ts"

const zone = "Zeotap stores no time zone (Zeotap's documentation)"

const unsaid = `${zone}, and no cron expression in UTC fires at these times on these days.`

const standardTime = (timeZone: string) => `Runs keep the standard time of ${timeZone}, because ${zone}: they are`

type Row = readonly [expression: string, timeZone: string, inUtc: string, ...lost: ReadonlyArray<string>]

const translated = (expression: string, timeZone: string, options?: Schedule.TranslateOptions) =>
  Schedule.translate(Schedule.cron(expression, timeZone), zeotapLike, options)

describe("cron expressions of one zone at a vendor that reads them in UTC", () => {
  const exact: ReadonlyArray<Row> = [
    ["0 9 * * *", "Asia/Tokyo", "0 0 * * *"],
    ["0 9 * * *", "Etc/GMT-9", "0 0 * * *"],
    ["15 17 * * 1-5", "Etc/GMT+7", "15 0 * * 2-6"],
    ["*/5 9-17 * * 1-5", "Asia/Tokyo", "*/5 0-8 * * 1-5"],
    // The day of the week moves with the time.
    ["0 6 * * 1-5", "Asia/Tokyo", "0 21 * * 0-4"],
    ["0 6 * * sun,wed", "Asia/Tokyo", "0 21 * * 2,6"],
    ["30 22 * * 6", "America/Phoenix", "30 5 * * 0"],
    // Over midnight on every day: no day is named.
    ["0 */6 * * *", "Asia/Tokyo", "0 3,9,15,21 * * *"],
    ["0 6,12 1-31 * *", "Asia/Tokyo", "0 3,21 1-31 * *"],
    // Days of the month, where they have no month's end between them.
    ["0 6 2,15 * *", "Asia/Tokyo", "0 21 1,14 * *"],
    ["0 6 31 * *", "Asia/Tokyo", "0 21 30 1,3,5,7,8,10,12 *"],
    ["0 6 1 5 *", "Asia/Tokyo", "0 21 30 4 *"],
    ["0 6 1 1 *", "Asia/Tokyo", "0 21 31 12 *"],
    ["0 22 31 12 *", "America/Phoenix", "0 5 1 1 *"],
    // Either the day or the weekday, and both.
    ["0 6 15 * 1", "Asia/Tokyo", "0 21 14 * 0"],
    ["0 12 */2 * 1", "Asia/Tokyo", "0 3 */2 * 1"],
    // Offsets that are not whole hours.
    ["0 9 * * *", "Asia/Kolkata", "30 3 * * *"],
    ["0,15 9 * * 1", "Asia/Kolkata", "30,45 3 * * 1"],
    ["0,30 * * * *", "Asia/Kolkata", "0,30 * * * *"],
    ["20 * * * *", "Asia/Kolkata", "50 * * * *"],
    ["10 3 * * 0", "Asia/Kathmandu", "25 21 * * 6"],
    // Daylight saving, where it never matters.
    ["0 9 * 7 *", "Europe/Berlin", "0 7 * 7 *"],
    ["0 9 * 12,1 1", "Europe/Berlin", "0 8 * 12,1 1"],
    ["0 9 24 3 *", "Europe/Berlin", "0 8 24 3 *"],
    ["*/20 * * * *", "America/New_York", "*/20 * * * *"],
  ]
  it.each(exact)("S2: %s of %s is exactly %s", (expression, timeZone, inUtc) => {
    const schedule = Schedule.cron(inUtc, "UTC")
    expect(translated(expression, timeZone)).toEqual({ _tag: "Exact", schedule })
    expect(Schedule.equivalent(Schedule.cron(expression, timeZone), schedule)).toBe(true)
    expect(Schedule.equivalent(schedule, Schedule.cron(expression, timeZone))).toBe(true)
  })

  const summers = "60 minutes late from 2027-03-28 to 2027-10-31 and from 2028-03-26 to 2028-10-29."
  const nearest: ReadonlyArray<Row> = [
    ["0 6 1 * *", "Asia/Tokyo", "0 0 1 * *", `Runs are 180 minutes late: ${unsaid}`],
    ["30 6 1 * 1", "Asia/Tokyo", "30 0 1 * 1", `Runs are 180 minutes late: ${unsaid}`],
    ["0 6 * 3 1", "Asia/Tokyo", "0 0 * 3 1", `Runs are 180 minutes late: ${unsaid}`],
    ["0 6 */2 * 1", "Asia/Tokyo", "0 0 */2 * 1", `Runs are 180 minutes late: ${unsaid}`],
    ["0 6,12 * * 1", "Asia/Tokyo", "0 0,6 * * 1", `Runs are 180 minutes late: ${unsaid}`],
    ["0 22 28 * *", "America/Phoenix", "0 23 28 * *", `Runs are 360 minutes early: ${unsaid}`],
    ["0,30 9 * * *", "Asia/Kolkata", "0,30 4 * * *", `Runs are 30 minutes late: ${unsaid}`],
    ["0,50 9 * * *", "Asia/Kathmandu", "0,50 3 * * *", `Runs are 15 minutes early: ${unsaid}`],
    ["0 9 * * *", "Europe/Berlin", "0 8 * * *", `${standardTime("Europe/Berlin")} ${summers}`],
    // The clock may change within the day before it does.
    ["0 9 25 3 *", "Europe/Berlin", "0 8 25 3 *", `${standardTime("Europe/Berlin")} ${summers}`],
    [
      "0 0 * * 1",
      "Australia/Lord_Howe",
      "30 13 * * 0",
      `${standardTime("Australia/Lord_Howe")} 30 minutes late until 2027-04-04 and from 2027-10-03 to 2028-04-02.`,
    ],
    [
      "0 0 1 * *",
      "Europe/Berlin",
      "0 0 1 * *",
      `Runs are 60 minutes late: ${unsaid}`,
      `${standardTime("Europe/Berlin")} ${summers.replace("60", "120")}`,
    ],
    [
      "0 20 28 * *",
      "America/New_York",
      "0 23 28 * *",
      `Runs are 120 minutes early: ${unsaid}`,
      `${standardTime("America/New_York")} 60 minutes early from 2027-03-14 to 2027-11-07 and from 2028-03-12 to 2028-11-05.`,
    ],
  ]
  it.each(nearest)("S2: %s of %s is nearly %s", (expression, timeZone, inUtc, ...lost) => {
    const schedule = Schedule.cron(inUtc, "UTC")
    expect(translated(expression, timeZone)).toEqual({ _tag: "Approximate", schedule, lost })
    expect(Schedule.equivalent(Schedule.cron(expression, timeZone), schedule)).toBe(false)
  })

  it("S2: a vendor may read expressions in a zone with daylight saving", () => {
    const forms = { vendor: "Acme", cron: { timeZone: { assumed: "Australia/Lord_Howe" }, source: "Acme" } }
    expect(Schedule.translate(Schedule.cron("* 0 * 10 0", "UTC"), forms)).toEqual({
      _tag: "Exact",
      schedule: Schedule.cron("* 11 * 10 0", "Australia/Lord_Howe"),
    })
  })

  it("S2: days with hours move to UTC", () => {
    const days = Schedule.onDays({ days: [1, 5], hours: [6, 8], timeZone: "Asia/Tokyo" })
    const schedule = Schedule.cron("0 21,23 * * 0,4", "UTC")
    expect(Schedule.translate(days, zeotapLike)).toEqual({ _tag: "Exact", schedule })
    expect(Schedule.equivalent(days, schedule)).toBe(true)
  })

  it("S2: what is lost names the changes of the clock after an instant of the caller", () => {
    const from = DateTime.makeUnsafe("2030-06-01T12:34:56Z")
    expect(translated("0 9 * * *", "Europe/Berlin", { from })).toMatchObject({
      lost: [`${standardTime("Europe/Berlin")} 60 minutes late until 2030-10-27 and from 2031-03-30 to 2031-10-26.`],
    })
  })

  it("S2: a zone that gave up daylight saving has one offset from then on", () => {
    // Mexico's last summer ended on 2022-10-30.
    const [past, now] = ["2022-01-01T00:00:00Z", "2023-01-01T00:00:00Z"].map((text) =>
      translated("0 9 * * *", "America/Mexico_City", { from: DateTime.makeUnsafe(text) }),
    )
    expect([past?._tag, now]).toEqual(["Approximate", { _tag: "Exact", schedule: Schedule.cron("0 15 * * *", "UTC") }])
  })

  it("S2: an expression without a zone stays without one, and two of them are not shifted", () => {
    expect(Schedule.equivalent(Schedule.cron("0 9 * * *"), Schedule.cron("0 0 * * *"))).toBe(false)
    const [tokyo, utc] = [Schedule.cron("0 9 * * *", "Asia/Tokyo"), Schedule.cron("0 0 * * *")]
    expect(Schedule.equivalent(tokyo, utc)).toBe(false)
    expect(Schedule.equivalent(tokyo, utc, { assumedTimeZone: "UTC" })).toBe(true)
    expect(Schedule.equivalent(tokyo, utc, { assumedTimeZone: "Nowhere" })).toBe(false)
  })

  it("S2: two zones with the same one offset are the same", () => {
    const [tokyo, seoul] = [Schedule.cron("0 6 1 * *", "Asia/Tokyo"), Schedule.cron("0 6 1 * *", "Asia/Seoul")]
    expect(Schedule.equivalent(tokyo, seoul)).toBe(true)
    expect(Schedule.equivalent(tokyo, Schedule.cron("0 6 1 * *", "Asia/Shanghai"))).toBe(false)
  })
})
