import { describe, expect, it } from "@effect/vitest"
import { Duration, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import * as FieldIssue from "../src/model/FieldIssue.ts"
import * as Schedule from "../src/model/schedule/Schedule.ts"
import type { ScheduleForms } from "../src/model/schedule/ScheduleForms.ts"
import { rudderStackLike, segmentLike, zeotapLike } from "./support/scheduleForms.ts"
import { schedules } from "./support/schedules.ts"

const texts = (schedule: Schedule.Schedule, forms?: ScheduleForms) =>
  Schedule.problems(schedule, forms).map((issue) => FieldIssue.toText([issue]))

const five = "Expected five fields (minute, hour, day of the month, month, day of the week)"

describe("what is wrong with a schedule in itself", () => {
  const table: ReadonlyArray<[string, Schedule.Schedule, ReadonlyArray<string>]> = [
    ["manual", Schedule.manual, []],
    ["a second", Schedule.every("1 second"), []],
    ["no time", Schedule.every(0), ["every: Expected a positive, finite number of whole seconds, found 0 seconds"]],
    [
      "a negative length",
      Schedule.every(Duration.minutes(-5)),
      ["every: Expected a positive, finite number of whole seconds, found minus 5 minutes"],
    ],
    [
      "for ever",
      Schedule.every(Duration.infinity),
      ["every: Expected a positive, finite number of whole seconds, found infinity"],
    ],
    [
      "part of a second",
      Schedule.every(1500),
      ["every: Expected a positive, finite number of whole seconds, found 1 second 500 milliseconds"],
    ],
    ["days", Schedule.onDays({ days: [6, 0], hours: [23, 0], timeZone: "Asia/Kolkata" }), []],
    [
      "days, hours and a zone, all of them wrong",
      Schedule.onDays({ days: [7, 1, 1.5, 1], hours: [], timeZone: "Europe/Utopia" }),
      [
        "days.0: Expected a whole day from 0 (Sunday) to 6 (Saturday), found 7",
        "days.2: Expected a whole day from 0 (Sunday) to 6 (Saturday), found 1.5",
        "days.3: Expected each of the days once, found 1 again",
        "hours: Expected 1 to 24 hours, found none",
        'timeZone: Expected an IANA time zone, as in Europe/Berlin, found "Europe/Utopia"',
      ],
    ],
    [
      "more days than a week has",
      Schedule.onDays({ days: [0, 1, 2, 3, 4, 5, 6, 0], hours: [24, -1], timeZone: "" }),
      [
        "days: Expected 1 to 7 days, found 8",
        "days.7: Expected each of the days once, found 0 again",
        "hours.0: Expected a whole hour from 0 to 23, found 24",
        "hours.1: Expected a whole hour from 0 to 23, found -1",
        'timeZone: Expected an IANA time zone, as in Europe/Berlin, found ""',
      ],
    ],
    [
      "an offset for a zone",
      Schedule.cron("0 6 * * *", "+01:00"),
      ['timeZone: Expected an IANA time zone, as in Europe/Berlin, found "+01:00"'],
    ],
    [
      "a zone in lower case",
      Schedule.cron("0 6 * * *", "europe/berlin"),
      ["timeZone: Expected Europe/Berlin, found europe/berlin"],
    ],
    ["an expression", Schedule.cron("*/15 0-6,20 1 JAN 1-7", "UTC"), []],
    ["the 29th of February", Schedule.cron("0 0 29 2 *"), []],
    ["space around the fields", Schedule.cron("  0  6 * *\t* "), []],
    ["six fields", Schedule.cron("0 0 6 * * *"), [`expression: ${five}, found 6; seconds are no part of it`]],
    ["four fields", Schedule.cron("0 6 * *"), [`expression: ${five}, found 4`]],
    ["nothing", Schedule.cron(" "), [`expression: ${five}, found none`]],
    ["a word", Schedule.cron("@daily"), [`expression: ${five}, found 1`]],
    [
      "several fields wrong, and the zone",
      Schedule.cron("60 */25 L 0 8", "Mars/Base"),
      [
        'expression: Expected a minute (0 to 59; *, lists, ranges and steps), found "60"',
        'expression: Expected an hour (0 to 23; *, lists, ranges and steps), found "*/25"',
        'expression: Expected a day of the month (1 to 31; *, lists, ranges and steps), found "L"',
        'expression: Expected a month (1 to 12; *, lists, ranges and steps), found "0"',
        'expression: Expected a day of the week (0 to 7, Sunday is 0 or 7; *, lists, ranges and steps), found "8"',
        'timeZone: Expected an IANA time zone, as in Europe/Berlin, found "Mars/Base"',
      ],
    ],
    [
      "a day that never comes",
      Schedule.cron("0 0 30 2 *"),
      ['expression: Expected an expression that fires some day, found "0 0 30 2 *": no year has such a day'],
    ],
    ["a day that never comes, or Mondays", Schedule.cron("0 0 30 2 1"), []],
    [
      "a day that never comes, and every second weekday",
      Schedule.cron("0 0 31 4,6,9,11 */2"),
      ['expression: Expected an expression that fires some day, found "0 0 31 4,6,9,11 */2": no year has such a day'],
    ],
    [
      "a job without names",
      Schedule.job("", { jobId: " " }),
      ["tool: Expected the name of a tool, found nothing", "ids.jobId: Expected an id, found nothing"],
    ],
  ]
  it.each(table)("S1: %s", (_, schedule, expected) => {
    expect(texts(schedule)).toEqual(expected)
  })
})

describe("what a vendor cannot express", () => {
  const segment = "(Segment's documentation)"
  const rudderStack = "(RudderStack's documentation)"
  const table: ReadonlyArray<[string, Schedule.Schedule, ScheduleForms, ReadonlyArray<string>]> = [
    ["manual, anywhere", Schedule.manual, zeotapLike, []],
    ["the shortest", Schedule.every("15 minutes"), segmentLike, []],
    ["the longest", Schedule.every(Duration.seconds(168 * 3600 - 1)), segmentLike, []],
    [
      "too short",
      Schedule.every("5 minutes"),
      segmentLike,
      [`every: Expected at least 15 minutes ${segment}, found 5 minutes`],
    ],
    [
      "as long as the excluded longest",
      Schedule.every("7 days"),
      segmentLike,
      [`every: Expected less than 7 days ${segment}, found 7 days`],
    ],
    [
      "too short, and between steps",
      Schedule.every("90 seconds"),
      rudderStackLike,
      [
        `every: Expected at least 5 minutes ${rudderStack}, found 1 minute 30 seconds`,
        `every: Expected a whole number of steps of 1 minute ${rudderStack}, found 1 minute 30 seconds`,
      ],
    ],
    [
      "too long where the longest is included",
      Schedule.every("2 hours"),
      { vendor: "Acme", every: { shortest: "1 hour", longest: "1 hour", step: "1 hour", source: "Acme" } },
      ["every: Expected at most 1 hour (Acme), found 2 hours"],
    ],
    [
      "wrong in itself and for the vendor",
      Schedule.every("500 millis"),
      segmentLike,
      [
        "every: Expected a positive, finite number of whole seconds, found 500 milliseconds",
        `every: Expected at least 15 minutes ${segment}, found 500 milliseconds`,
        `every: Expected a whole number of steps of 1 second ${segment}, found 500 milliseconds`,
      ],
    ],
    [
      "a length, where there is only cron",
      Schedule.every("1 hour"),
      zeotapLike,
      ["Expected manual or cron, which are all that Zeotap knows, found an interval"],
    ],
    [
      "days, where there are none",
      Schedule.onDays({ days: [1], hours: [9], timeZone: "UTC" }),
      rudderStackLike,
      ["Expected manual, an interval or cron, which are all that RudderStack knows, found days and hours"],
    ],
    [
      "a job, where there are none",
      Schedule.job("dbt-cloud", { jobId: "1" }),
      { vendor: "Acme" },
      ["Expected manual, which is all that Acme knows, found a job to follow"],
    ],
    ["a cron in a named zone", Schedule.cron("*/15 * * * *", "Europe/Berlin"), segmentLike, []],
    [
      "a cron without a zone",
      Schedule.cron("0 6 * * *"),
      segmentLike,
      [`timeZone: Expected an IANA time zone ${segment}: it is missing`],
    ],
    ["a cron in the assumed zone", Schedule.cron("0 6 * * *", "Etc/UTC"), zeotapLike, []],
    ["a cron without a zone, where none is stored", Schedule.cron("0 6 * * *"), zeotapLike, []],
    [
      "a cron in another zone than the assumed, and too close",
      Schedule.cron("*/2 * * * *", "Europe/Berlin"),
      rudderStackLike,
      [
        `expression: Expected firings at least 5 minutes apart ${rudderStack}, found 2 minutes`,
        `timeZone: Expected none or UTC, for which RudderStack's times are taken ${rudderStack}: it stores no time zone, found Europe/Berlin`,
      ],
    ],
    [
      "a cron in itself wrong, and without a zone",
      Schedule.cron("0 6 * *"),
      segmentLike,
      [`expression: ${five}, found 4`, `timeZone: Expected an IANA time zone ${segment}: it is missing`],
    ],
    ["a job", Schedule.job("dbt-cloud", { jobId: "1", accountId: "2" }), segmentLike, []],
    [
      "another tool's job",
      Schedule.job("toString", { jobId: "1" }),
      segmentLike,
      ["tool: Expected dbt-cloud: Segment follows no other tool, found toString"],
    ],
    [
      "a job by the wrong ids",
      Schedule.job("dbt-cloud", { accountId: "2", name: "x" }),
      segmentLike,
      [
        "ids.jobId: Expected a value: it is missing",
        "ids.name: Expected no more than jobId and accountId for dbt-cloud",
      ],
    ],
  ]
  it.each(table)("S1: %s", (_, schedule, forms, expected) => {
    expect(texts(schedule, forms)).toEqual(expected)
  })

  const gaps: ReadonlyArray<[string, string]> = [
    ["* * * * *", "1 minute"],
    ["0,50 * * * *", "10 minutes"],
    ["0,50 3 * * *", "50 minutes"],
    ["0,50 3,4 * * *", "10 minutes"],
    ["0,50 3,5 * * *", "50 minutes"],
    ["0,55 0,23 * * *", "5 minutes"],
    ["0,55 0,23 * * 1", "55 minutes"],
    ["0,55 0,23 * * 6,0", "5 minutes"],
    ["0,55 0,23 1,15 * *", "55 minutes"],
    ["0,55 0,23 1,31 * *", "5 minutes"],
    ["0,55 0,23 31,1 12,1 *", "5 minutes"],
    ["0,55 0,23 28 2 1", "5 minutes"],
    ["7/20 5 * * *", "20 minutes"],
    ["0 0 * * 1", "7 days"],
    ["0 0 1 * *", "28 days"],
    ["0 12 29 2 *", "1461 days"],
  ]
  it.each(gaps)("S1: the firings of %s are %s apart at least", (expression, gap) => {
    const forms: ScheduleForms = { vendor: "Acme", cron: { shortest: "9999 days", timeZone: "named", source: "Acme" } }
    expect(texts(Schedule.cron(expression, "UTC"), forms)).toEqual([
      `expression: Expected firings at least 9999 days apart (Acme), found ${gap}`,
    ])
  })
})

describe("what is the same schedule", () => {
  const table: ReadonlyArray<[string, Schedule.Schedule, Schedule.Schedule, boolean]> = [
    ["manual", Schedule.manual, Schedule.manual, true],
    ["manual and a length", Schedule.manual, Schedule.every("1 hour"), false],
    ["a length in other units", Schedule.every("90 minutes"), Schedule.every(Duration.seconds(5400)), true],
    ["two lengths", Schedule.every("90 minutes"), Schedule.every("91 minutes"), false],
    [
      "days and hours in another order",
      Schedule.onDays({ days: [1, 3], hours: [9, 17], timeZone: "UTC" }),
      Schedule.onDays({ days: [3, 1], hours: [17, 9], timeZone: "Etc/UTC" }),
      true,
    ],
    [
      "days in another zone",
      Schedule.onDays({ days: [1], hours: [9], timeZone: "Europe/Berlin" }),
      Schedule.onDays({ days: [1], hours: [9], timeZone: "Europe/Paris" }),
      false,
    ],
    ["Sunday as 0, 7 and by its name", Schedule.cron("0 6 * * 0"), Schedule.cron("0 6 * * 7"), true],
    ["weekdays by name", Schedule.cron("0 6 * * MON-WED"), Schedule.cron("00 06 * * 1,2,3"), true],
    ["steps and lists", Schedule.cron("*/30 */12 * * *", "UTC"), Schedule.cron("30,0 12,0 * * *", "UTC"), true],
    ["every day, one way or another", Schedule.cron("0 6 * * *"), Schedule.cron("0 6 1-31 * 1"), true],
    ["the first or a Monday, not both", Schedule.cron("0 6 1 * 1"), Schedule.cron("0 6 1 * *"), false],
    ["another minute", Schedule.cron("0 6 * * *"), Schedule.cron("1 6 * * *"), false],
    ["a zone and none", Schedule.cron("0 6 * * *", "UTC"), Schedule.cron("0 6 * * *"), false],
    [
      "days, and the expression that says them",
      Schedule.onDays({ days: [1, 5], hours: [9], timeZone: "Europe/Berlin" }),
      Schedule.cron("0 9 * * 1,5", "Europe/Berlin"),
      true,
    ],
    ["every hour in two zones", Schedule.cron("5 * * * *", "Europe/Berlin"), Schedule.cron("5 * * * *", "UTC"), true],
    [
      "every hour of Mondays in two zones",
      Schedule.cron("5 * * * 1", "Europe/Berlin"),
      Schedule.cron("5 * * * 1", "UTC"),
      false,
    ],
    [
      "every hour, half an hour off",
      Schedule.cron("5 * * * *", "Asia/Kolkata"),
      Schedule.cron("5 * * * *", "UTC"),
      false,
    ],
    ["what cannot be read, spelled alike", Schedule.cron("0 0 L * *"), Schedule.cron(" 0 0  L * *"), true],
    ["what cannot be read, spelled otherwise", Schedule.cron("0 0 L * *"), Schedule.cron("0 0 W * *"), false],
    ["what cannot be read, and what can", Schedule.cron("0 0 L * *"), Schedule.cron("0 0 1 * *"), false],
    ["ids in another order", Schedule.job("dbt", { a: "1", b: "2" }), Schedule.job("dbt", { b: "2", a: "1" }), true],
    ["another id", Schedule.job("dbt", { a: "1", b: "2" }), Schedule.job("dbt", { a: "1", b: "3" }), false],
    ["another tool", Schedule.job("dbt", {}), Schedule.job("airflow", {}), false],
  ]
  it.each(table)("S2: %s", (_, one, other, expected) => {
    expect(Schedule.equivalent(one, other)).toBe(expected)
    expect(Schedule.equivalent(other, one)).toBe(expected)
  })

  it("S2: an expression without a zone is compared in the assumed one", () => {
    const [one, other] = [Schedule.cron("0 6 * * *"), Schedule.cron("0 6 * * *", "Etc/UTC")]
    expect(Schedule.equivalent(one, other, { assumedTimeZone: "UTC" })).toBe(true)
    expect(Schedule.equivalent(one, other, { assumedTimeZone: "Europe/Berlin" })).toBe(false)
  })

  it.prop("S2: a schedule is what it is", { one: schedules, other: schedules }, ({ one, other }) => {
    expect(Schedule.equivalent(one, one)).toBe(true)
    expect(Schedule.equivalent(one, other)).toBe(Schedule.equivalent(other, one))
  })
})

describe("a schedule for people and for storage", () => {
  const table: ReadonlyArray<[string, Schedule.Schedule]> = [
    ["manual", Schedule.manual],
    ["every 15 minutes", Schedule.every("15 minutes")],
    ["every 1 hour 30 minutes", Schedule.every("90 minutes")],
    ["every 1 day", Schedule.every("24 hours")],
    [
      "Mon, Wed, Sun at 09:00, 17:00 (Europe/Berlin)",
      Schedule.onDays({ days: [0, 3, 1], hours: [17, 9], timeZone: "Europe/Berlin" }),
    ],
    ["every day at 00:00 (UTC)", Schedule.onDays({ days: [0, 1, 2, 3, 4, 5, 6], hours: [0], timeZone: "UTC" })],
    ["no day at no hour (UTC)", Schedule.onDays({ days: [], hours: [], timeZone: "UTC" })],
    ["cron 0 6 * * * (UTC)", Schedule.cron(" 0 6\n* * * ", "UTC")],
    ["cron 0 6 * * *", Schedule.cron("0 6 * * *")],
    ["after dbt-cloud job jobId 12, accountId 7", Schedule.job("dbt-cloud", { jobId: "12", accountId: "7" })],
  ]
  it.each(table)("S1: %s", (expected, schedule) => {
    expect(Schedule.describe(schedule)).toBe(expected)
  })

  it.prop("S1: any schedule is one line", { schedule: Arbitrary.schema(Schedule.Schedule) }, ({ schedule }) => {
    expect(Schedule.describe(schedule)).toMatch(/^[^\p{Cc}]+$/u)
  })

  const json = Schema.toCodecJson(Schedule.Schedule)

  it.prop("S1: what is stored comes back", { schedule: schedules }, ({ schedule }) => {
    const text = JSON.stringify(Schema.encodeSync(json)(schedule))
    expect(Schema.decodeUnknownSync(json)(JSON.parse(text))).toEqual(schedule)
  })

  it.prop(
    "S1: any schedule, valid or not, comes back",
    { schedule: Arbitrary.schema(Schedule.Schedule) },
    ({ schedule }) => {
      const text = JSON.stringify(Schema.encodeSync(json)(schedule))
      const back = Schema.decodeUnknownSync(json)(JSON.parse(text))
      expect(JSON.stringify(Schema.encodeSync(json)(back))).toBe(text)
      expect(Schedule.equivalent(back, schedule)).toBe(true)
    },
  )

  it.prop(
    "S1: any schedule has problems or none, and no defect",
    { schedule: Arbitrary.schema(Schedule.Schedule) },
    ({ schedule }) => {
      for (const forms of [segmentLike, rudderStackLike, zeotapLike]) {
        expect(Array.isArray(Schedule.problems(schedule, forms))).toBe(true)
        expect(Schedule.translate(schedule, forms)._tag).toMatch(/^(Exact|Approximate|Impossible)$/)
      }
    },
  )
})
