import { describe, expect, it } from "@effect/vitest"
import { Duration, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import * as FieldIssue from "../src/model/FieldIssue.ts"
import * as Schedule from "../src/model/schedule/Schedule.ts"
import type { ScheduleForms } from "../src/model/schedule/ScheduleForms.ts"
import { rudderStackLike, segmentLike, vendors, zeotapLike } from "./support/scheduleForms.ts"
import { schedules } from "./support/schedules.ts"

const problemTexts = (schedule: Schedule.Schedule, forms?: ScheduleForms) =>
  Schedule.problems(schedule, forms).map((issue) => FieldIssue.toText([issue]))

const fiveFields = "Expected five fields (minute, hour, day of the month, month, day of the week)"

describe("the problems of a schedule in itself", () => {
  const table: ReadonlyArray<[string, Schedule.Schedule, ReadonlyArray<string>]> = [
    ["a manual schedule: none", Schedule.manual, []],
    ["an interval of a second: none", Schedule.every("1 second"), []],
    [
      "an interval of zero",
      Schedule.every(0),
      ["every: Expected a positive, finite number of whole seconds, found 0 seconds"],
    ],
    [
      "a negative interval",
      Schedule.every(Duration.minutes(-5)),
      ["every: Expected a positive, finite number of whole seconds, found minus 5 minutes"],
    ],
    [
      "an infinite interval",
      Schedule.every(Duration.infinity),
      ["every: Expected a positive, finite number of whole seconds, found infinity"],
    ],
    [
      "an interval that ends within a second",
      Schedule.every(1500),
      ["every: Expected a positive, finite number of whole seconds, found 1 second 500 milliseconds"],
    ],
    ["days and hours: none", Schedule.onDays({ days: [6, 0], hours: [23, 0], timeZone: "Asia/Kolkata" }), []],
    [
      "days, hours and a zone that are all wrong: all at once",
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
      "an offset in place of a zone",
      Schedule.cron("0 6 * * *", "+01:00"),
      ['timeZone: Expected an IANA time zone, as in Europe/Berlin, found "+01:00"'],
    ],
    [
      "a zone in lower case",
      Schedule.cron("0 6 * * *", "europe/berlin"),
      ["timeZone: Expected Europe/Berlin, found europe/berlin"],
    ],
    ["an expression with lists, ranges, steps and names: none", Schedule.cron("*/15 0-6,20 1 JAN 1-7", "UTC"), []],
    ["the 29th of February: none", Schedule.cron("0 0 29 2 *"), []],
    ["space around the fields: none", Schedule.cron("  0  6 * *\t* "), []],
    [
      "six fields",
      Schedule.cron("0 0 6 * * *"),
      [`expression: ${fiveFields}, found 6; an expression has no field for seconds: write 0 6 * * *`],
    ],
    ["four fields", Schedule.cron("0 6 * *"), [`expression: ${fiveFields}, found 4`]],
    ["an empty expression", Schedule.cron(" "), [`expression: ${fiveFields}, found none`]],
    ["a word in place of an expression", Schedule.cron("daily"), [`expression: ${fiveFields}, found 1`]],
    [
      "several wrong fields and a wrong zone: all at once",
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
    ["a day that never comes, or a Monday: none", Schedule.cron("0 0 30 2 1"), []],
    [
      "a day that never comes, and every second weekday",
      Schedule.cron("0 0 31 4,6,9,11 */2"),
      ['expression: Expected an expression that fires some day, found "0 0 31 4,6,9,11 */2": no year has such a day'],
    ],
    [
      "a job with empty names",
      Schedule.job("", { jobId: " " }),
      ["tool: Expected the name of a tool, found nothing", "ids.jobId: Expected an id, found nothing"],
    ],
  ]
  it.each(table)("S1: problems of %s", (_, schedule, expected) => {
    expect(problemTexts(schedule)).toEqual(expected)
  })
})

describe("the problems of a schedule at a vendor", () => {
  const segment = "(Segment's documentation)"
  const rudderStack = "(RudderStack's documentation)"
  const table: ReadonlyArray<[string, Schedule.Schedule, ScheduleForms, ReadonlyArray<string>]> = [
    ["a manual schedule: none", Schedule.manual, zeotapLike, []],
    ["the shortest interval: none", Schedule.every("15 minutes"), segmentLike, []],
    ["the longest interval: none", Schedule.every(Duration.seconds(168 * 3600 - 1)), segmentLike, []],
    [
      "an interval that is too short",
      Schedule.every("5 minutes"),
      segmentLike,
      [`every: Expected at least 15 minutes ${segment}, found 5 minutes`],
    ],
    [
      "an interval as long as the excluded longest",
      Schedule.every("7 days"),
      segmentLike,
      [`every: Expected less than 7 days ${segment}, found 7 days`],
    ],
    [
      "an interval that is too short and between steps: both",
      Schedule.every("90 seconds"),
      rudderStackLike,
      [
        `every: Expected at least 5 minutes ${rudderStack}, found 1 minute 30 seconds`,
        `every: Expected a whole number of steps of 1 minute ${rudderStack}, found 1 minute 30 seconds`,
      ],
    ],
    [
      "an interval that is longer than the included longest",
      Schedule.every("2 hours"),
      { vendor: "Acme", every: { shortest: "1 hour", longest: "1 hour", step: "1 hour", source: "Acme" } },
      ["every: Expected at most 1 hour (Acme), found 2 hours"],
    ],
    [
      "an interval that is wrong in itself and at the vendor: both",
      Schedule.every("500 millis"),
      segmentLike,
      [
        "every: Expected a positive, finite number of whole seconds, found 500 milliseconds",
        `every: Expected at least 15 minutes ${segment}, found 500 milliseconds`,
        `every: Expected a whole number of steps of 1 second ${segment}, found 500 milliseconds`,
      ],
    ],
    [
      "an interval where the vendor has only cron",
      Schedule.every("1 hour"),
      zeotapLike,
      ["Expected manual or cron, the only kinds that Zeotap supports, found an interval"],
    ],
    [
      "days where the vendor has none",
      Schedule.onDays({ days: [1], hours: [9], timeZone: "UTC" }),
      rudderStackLike,
      ["Expected manual, an interval or cron, the only kinds that RudderStack supports, found days and hours"],
    ],
    [
      "a job where the vendor follows none",
      Schedule.job("dbt-cloud", { jobId: "1" }),
      { vendor: "Acme" },
      ["Expected manual, the only kind that Acme supports, found a job to follow"],
    ],
    ["a cron expression in a named zone: none", Schedule.cron("*/15 * * * *", "Europe/Berlin"), segmentLike, []],
    [
      "a cron expression without a zone where the vendor needs one",
      Schedule.cron("0 6 * * *"),
      segmentLike,
      [`timeZone: Expected an IANA time zone ${segment}: it is missing`],
    ],
    ["a cron expression in an alias of the assumed zone: none", Schedule.cron("0 6 * * *", "Etc/UTC"), zeotapLike, []],
    ["a cron expression without a zone where the vendor stores none: none", Schedule.cron("0 6 * * *"), zeotapLike, []],
    [
      "a cron expression in another zone than the assumed, and too close: both",
      Schedule.cron("*/2 * * * *", "Europe/Berlin"),
      rudderStackLike,
      [
        `expression: Expected firings at least 5 minutes apart ${rudderStack}, found 2 minutes`,
        `timeZone: Expected none or UTC: RudderStack stores no time zone, and core reads its times as UTC ${rudderStack}, found Europe/Berlin`,
      ],
    ],
    [
      "a wrong cron expression without a zone: both",
      Schedule.cron("0 6 * *"),
      segmentLike,
      [`expression: ${fiveFields}, found 4`, `timeZone: Expected an IANA time zone ${segment}: it is missing`],
    ],
    ["a job: none", Schedule.job("dbt-cloud", { jobId: "1", accountId: "2" }), segmentLike, []],
    [
      "a job of a tool that the vendor does not follow",
      Schedule.job("toString", { jobId: "1" }),
      segmentLike,
      ["tool: Expected dbt-cloud: Segment follows no other tool, found toString"],
    ],
    [
      "a job with the wrong ids",
      Schedule.job("dbt-cloud", { accountId: "2", name: "x" }),
      segmentLike,
      [
        "ids.jobId: Expected a value: it is missing",
        "ids.name: Expected no more than jobId and accountId for dbt-cloud",
      ],
    ],
  ]
  it.each(table)("S1: problems of %s", (_, schedule, forms, expected) => {
    expect(problemTexts(schedule, forms)).toEqual(expected)
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
  it.each(gaps)("S1: the firings of %s are at least %s apart", (expression, gap) => {
    const forms: ScheduleForms = { vendor: "Acme", cron: { shortest: "9999 days", timeZone: "named", source: "Acme" } }
    expect(problemTexts(Schedule.cron(expression, "UTC"), forms)).toEqual([
      `expression: Expected firings at least 9999 days apart (Acme), found ${gap}`,
    ])
  })
})

describe("a schedule as text and as JSON", () => {
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
  it.each(table)("S1: describes %s", (expected, schedule) => {
    expect(Schedule.describe(schedule)).toBe(expected)
  })

  it.prop(
    "S1: any schedule is described in one line",
    { schedule: Arbitrary.schema(Schedule.Schedule) },
    ({ schedule }) => {
      expect(Schedule.describe(schedule)).toMatch(/^[^\p{Cc}]+$/u)
    },
  )

  const json = Schema.toCodecJson(Schedule.Schedule)

  it.prop("S1: a valid schedule survives JSON", { schedule: schedules }, ({ schedule }) => {
    const text = JSON.stringify(Schema.encodeSync(json)(schedule))
    expect(Schema.decodeUnknownSync(json)(JSON.parse(text))).toEqual(schedule)
  })

  it.prop(
    "S1: any schedule survives JSON, valid or not",
    { schedule: Arbitrary.schema(Schedule.Schedule) },
    ({ schedule }) => {
      const text = JSON.stringify(Schema.encodeSync(json)(schedule))
      const decoded = Schema.decodeUnknownSync(json)(JSON.parse(text))
      expect(JSON.stringify(Schema.encodeSync(json)(decoded))).toBe(text)
      expect(Schedule.equivalent(decoded, schedule)).toBe(true)
    },
  )

  describe.each(vendors)("at a vendor like $vendor", (forms) => {
    it.prop("S1: no schedule is a defect", { schedule: Arbitrary.schema(Schedule.Schedule) }, ({ schedule }) => {
      expect(Array.isArray(Schedule.problems(schedule, forms))).toBe(true)
      expect(Schedule.translate(schedule, forms)._tag).toMatch(/^(Exact|Approximate|Impossible)$/)
    })
  })
})
