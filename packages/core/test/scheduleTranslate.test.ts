import { describe, expect, it } from "@effect/vitest"
import { Duration, Schema } from "effect"
import * as Schedule from "../src/model/schedule/Schedule.ts"
import type { ScheduleForms } from "../src/model/schedule/ScheduleForms.ts"
import { rudderStackLike, segmentLike, withoutCron, zeotapLike } from "./support/scheduleForms.ts"

const atClockTimes = (zone = "UTC") => `It fires at clock times in ${zone} and does not count from the last run.`

const countsInterval = (vendor: string) => `${vendor} counts the interval, not by the clock: the times of day are lost.`

const noZone = "The expression names no time zone: UTC is assumed."

const weekdays = { days: [1, 3], hours: [9, 17] }

const exact = (schedule: Schedule.Schedule): Schedule.Translation => ({ _tag: "Exact", schedule })

const approximate = (schedule: Schedule.Schedule, ...lost: ReadonlyArray<string>): Schedule.Translation => ({
  _tag: "Approximate",
  schedule,
  lost,
})

describe("a schedule in a vendor's forms", () => {
  const table: ReadonlyArray<[string, Schedule.Schedule, ScheduleForms, Schedule.Translation]> = [
    ["manual", Schedule.manual, zeotapLike, exact(Schedule.manual)],
    ["an interval", Schedule.every("1 hour"), segmentLike, exact(Schedule.every("1 hour"))],
    [
      "a job",
      Schedule.job("dbt-cloud", { jobId: "1", accountId: "2" }),
      segmentLike,
      exact(Schedule.job("dbt-cloud", { jobId: "1", accountId: "2" })),
    ],
    [
      "an interval that is too short",
      Schedule.every("5 minutes"),
      segmentLike,
      approximate(
        Schedule.every("15 minutes"),
        "Runs are 15 minutes apart, not 5 minutes: Segment allows nothing shorter (Segment's documentation).",
      ),
    ],
    [
      "an interval between steps",
      Schedule.every("330 seconds"),
      rudderStackLike,
      approximate(
        Schedule.every("6 minutes"),
        "Runs are 6 minutes apart, not 5 minutes 30 seconds: RudderStack counts in steps of 1 minute (RudderStack's documentation).",
      ),
    ],
    [
      "an interval that is too long",
      Schedule.every("10 days"),
      segmentLike,
      approximate(
        Schedule.every(Duration.seconds(168 * 3600 - 1)),
        "Runs are 6 days 23 hours 59 minutes 59 seconds apart, not 10 days: Segment allows nothing longer (Segment's documentation).",
      ),
    ],
    [
      "a week, which is a second too long but even",
      Schedule.every("7 days"),
      segmentLike,
      approximate(Schedule.cron("0 0 * * 0", "UTC"), atClockTimes()),
    ],
    [
      "a quarter of an hour in cron",
      Schedule.every("15 minutes"),
      zeotapLike,
      approximate(Schedule.cron("*/15 * * * *", "UTC"), atClockTimes()),
    ],
    [
      "a minute in cron",
      Schedule.every("1 minute"),
      zeotapLike,
      approximate(Schedule.cron("* * * * *", "UTC"), atClockTimes()),
    ],
    [
      "an hour in cron",
      Schedule.every("60 minutes"),
      zeotapLike,
      approximate(Schedule.cron("0 * * * *", "UTC"), atClockTimes()),
    ],
    [
      "six hours in cron",
      Schedule.every("6 hours"),
      zeotapLike,
      approximate(Schedule.cron("0 */6 * * *", "UTC"), atClockTimes()),
    ],
    [
      "a day in cron",
      Schedule.every("1 day"),
      zeotapLike,
      approximate(Schedule.cron("0 0 * * *", "UTC"), atClockTimes()),
    ],
    [
      "an interval that is too short for the vendor's cron",
      Schedule.every("7 seconds"),
      { vendor: "Acme", cron: { shortest: "7 minutes", timeZone: { assumed: "Asia/Tokyo" }, source: "Acme" } },
      approximate(
        Schedule.cron("*/10 * * * *", "Asia/Tokyo"),
        "Runs are 10 minutes apart, not 7 seconds: Acme allows nothing shorter (Acme).",
        atClockTimes("Asia/Tokyo"),
      ),
    ],
    [
      "an interval of seconds in cron",
      Schedule.every("20 seconds"),
      zeotapLike,
      approximate(
        Schedule.cron("* * * * *", "UTC"),
        "Runs are 1 minute apart, not 20 seconds: an expression cannot fire more often.",
        atClockTimes(),
      ),
    ],
    [
      "an interval in days and hours",
      Schedule.every("12 hours"),
      { vendor: "Acme", onDays: { source: "Acme" } },
      approximate(Schedule.onDays({ days: [0, 1, 2, 3, 4, 5, 6], hours: [0, 12], timeZone: "UTC" }), atClockTimes()),
    ],
    [
      "an interval that divides neither an hour nor a day",
      Schedule.every("90 minutes"),
      zeotapLike,
      {
        _tag: "Impossible",
        why: "Zeotap cannot fire every 1 hour 30 minutes: Expected manual or cron, the only kinds that Zeotap supports, found an interval. No cron expression fires at this interval; the nearest are 1 hour and 2 hours.",
      },
    ],
    [
      "days in the assumed zone",
      Schedule.onDays({ ...weekdays, timeZone: "Etc/UTC" }),
      zeotapLike,
      exact(Schedule.cron("0 9,17 * * 1,3", "UTC")),
    ],
    [
      "days in a zone that the vendor cannot store",
      Schedule.onDays({ ...weekdays, timeZone: "Europe/Berlin" }),
      rudderStackLike,
      approximate(
        Schedule.cron("0 8,16 * * 1,3", "UTC"),
        "Runs keep the standard time of Europe/Berlin, because RudderStack stores no time zone (RudderStack's documentation): they are 60 minutes late from 2027-03-28 to 2027-10-31 and from 2028-03-26 to 2028-10-29.",
      ),
    ],
    [
      "all days at all hours",
      Schedule.onDays({
        days: [6, 5, 4, 3, 2, 1, 0],
        hours: Array.from({ length: 24 }, (_, hour) => 23 - hour),
        timeZone: "UTC",
      }),
      zeotapLike,
      exact(Schedule.cron("0 * * * *", "UTC")),
    ],
    [
      "evenly spaced days as an interval",
      Schedule.onDays({ days: [0, 1, 2, 3, 4, 5, 6], hours: [3, 11, 19], timeZone: "Europe/Berlin" }),
      { vendor: "Acme", every: { shortest: "1 hour", step: "1 hour", source: "Acme" } },
      approximate(Schedule.every("8 hours"), countsInterval("Acme")),
    ],
    [
      "one day a week as an interval",
      Schedule.onDays({ days: [5], hours: [3], timeZone: "Europe/Berlin" }),
      { vendor: "Acme", every: { shortest: "1 hour", step: "1 hour", source: "Acme" } },
      approximate(Schedule.every("7 days"), countsInterval("Acme")),
    ],
    [
      "unevenly spaced days where the vendor has only intervals",
      Schedule.onDays({ days: [1], hours: [9, 10], timeZone: "UTC" }),
      { vendor: "Acme", every: { shortest: "1 hour", step: "1 hour", source: "Acme" } },
      {
        _tag: "Impossible",
        why: "Acme cannot fire Mon at 09:00, 10:00 (UTC): Expected manual or an interval, the only kinds that Acme supports, found days and hours.",
      },
    ],
    [
      "a cron expression that says days and full hours",
      Schedule.cron("0 17,9 * * mon,3", "Europe/Berlin"),
      withoutCron,
      exact(Schedule.onDays({ ...weekdays, timeZone: "Europe/Berlin" })),
    ],
    [
      "a cron expression that says days, without a zone",
      Schedule.cron("0 9,17 * * 1,3"),
      withoutCron,
      approximate(Schedule.onDays({ ...weekdays, timeZone: "UTC" }), noZone),
    ],
    [
      "a cron expression that says more than days",
      Schedule.cron("0 9 1 * *", "UTC"),
      withoutCron,
      {
        _tag: "Impossible",
        why: "Weekly cannot fire cron 0 9 1 * * (UTC): Expected manual, an interval or days and hours, the only kinds that Weekly supports, found cron.",
      },
    ],
    [
      "an evenly spaced cron expression as an interval",
      Schedule.cron("5/30 * * * *", "Europe/Berlin"),
      withoutCron,
      approximate(Schedule.every("30 minutes"), countsInterval("Weekly")),
    ],
    [
      "an evenly spaced cron expression that is too close, as an interval",
      Schedule.cron("*/5 * * * *"),
      withoutCron,
      approximate(
        Schedule.every("10 minutes"),
        "Runs are 10 minutes apart, not 5 minutes: Weekly allows nothing shorter (Weekly's documentation).",
        countsInterval("Weekly"),
      ),
    ],
    [
      "a cron expression without a zone where the vendor stores none",
      Schedule.cron("0 6 * * *"),
      zeotapLike,
      exact(Schedule.cron("0 6 * * *")),
    ],
    [
      "a cron expression without a zone where the vendor needs one",
      Schedule.cron("0 6 1 * *"),
      segmentLike,
      approximate(Schedule.cron("0 6 1 * *", "UTC"), noZone),
    ],
    [
      "a cron expression in a zone that the vendor cannot store",
      Schedule.cron("0 6 1 * *", "Asia/Tokyo"),
      zeotapLike,
      approximate(
        Schedule.cron("0 0 1 * *", "UTC"),
        "Runs are 180 minutes late: Zeotap stores no time zone (Zeotap's documentation), and no cron expression in UTC fires at these times on these days.",
      ),
    ],
    [
      "a cron expression that is too close, in a zone that the vendor cannot store",
      Schedule.cron("*/2 * * * *", "Asia/Tokyo"),
      rudderStackLike,
      approximate(
        Schedule.cron("*/5 * * * *", "UTC"),
        "Runs are 5 minutes apart, not 2 minutes: RudderStack allows nothing shorter (RudderStack's documentation).",
      ),
    ],
    [
      "every hour around the clock in a zone that is whole hours off",
      Schedule.cron("20 * * * *", "Europe/Berlin"),
      zeotapLike,
      exact(Schedule.cron("20 * * * *", "UTC")),
    ],
    [
      "every hour around the clock in a zone that is half an hour off",
      Schedule.cron("20 * * * *", "Asia/Kolkata"),
      zeotapLike,
      exact(Schedule.cron("50 * * * *", "UTC")),
    ],
    [
      "every half hour around the clock in a zone that is half an hour off",
      Schedule.cron("*/30 * * * *", "Australia/Lord_Howe"),
      zeotapLike,
      exact(Schedule.cron("*/30 * * * *", "UTC")),
    ],
    [
      "a cron expression that is too close",
      Schedule.cron("*/5 * * * *", "Asia/Tokyo"),
      segmentLike,
      approximate(
        Schedule.cron("*/15 * * * *", "Asia/Tokyo"),
        "Runs are 15 minutes apart, not 5 minutes: Segment allows nothing shorter (Segment's documentation).",
      ),
    ],
    [
      "a cron expression that is sometimes too close",
      Schedule.cron("0,5 6 * * *", "UTC"),
      segmentLike,
      {
        _tag: "Impossible",
        why: "Segment cannot fire cron 0,5 6 * * * (UTC): expression: Expected firings at least 15 minutes apart (Segment's documentation), found 5 minutes.",
      },
    ],
    [
      "a job where the vendor has only clock times",
      Schedule.job("dbt-cloud", { jobId: "1" }),
      zeotapLike,
      {
        _tag: "Impossible",
        why: "Zeotap cannot fire after dbt-cloud job jobId 1: Expected manual or cron, the only kinds that Zeotap supports, found a job to follow. No clock predicts when a job ends.",
      },
    ],
    [
      "a cron expression where the vendor has only manual",
      Schedule.cron("0 6 * * *", "UTC"),
      { vendor: "Acme" },
      {
        _tag: "Impossible",
        why: "Acme cannot fire cron 0 6 * * * (UTC): Expected manual, the only kind that Acme supports, found cron.",
      },
    ],
    [
      "an invalid schedule",
      Schedule.every(0),
      segmentLike,
      {
        _tag: "Impossible",
        why: "The schedule itself is not valid: every: Expected a positive, finite number of whole seconds, found 0 seconds.",
      },
    ],
  ]
  it.each(table)("S2: translates %s", (_, schedule, forms, expected) => {
    expect(Schedule.translate(schedule, forms)).toEqual(expected)
  })

  it("S2: the caller can choose the assumed zone", () => {
    const translated = Schedule.translate(Schedule.cron("0 6 * * *"), segmentLike, { assumedTimeZone: "Asia/Tokyo" })
    expect(translated).toEqual(
      approximate(
        Schedule.cron("0 6 * * *", "Asia/Tokyo"),
        "The expression names no time zone: Asia/Tokyo is assumed.",
      ),
    )
  })

  it("S2: a translation survives JSON", () => {
    const json = Schema.toCodecJson(Schedule.Translation)
    const translated = Schedule.translate(Schedule.every("5 minutes"), segmentLike)
    expect(Schema.decodeUnknownSync(json)(JSON.parse(JSON.stringify(Schema.encodeSync(json)(translated))))).toEqual(
      translated,
    )
  })
})
