import { describe, expect, it } from "@effect/vitest"
import { Cron, DateTime, Schema } from "effect"
import { form } from "../../../scripts/forms.ts"
import * as Schedule from "../src/model/schedule/Schedule.ts"
import { at, expressions, millis, texts, zones } from "./support/schedules.ts"

const minute = 60_000
const day = 24 * 60 * minute
const everyDay = [0, 1, 2, 3, 4, 5, 6]

describe("occurrences where the local clock changes", () => {
  // Berlin 2026: at 01:00Z on 29 March 02:00 becomes 03:00, at 01:00Z on 25 October 03:00 becomes 02:00.
  // New York 2026: at 07:00Z on 8 March 02:00 becomes 03:00, at 06:00Z on 1 November 02:00 becomes 01:00.
  // Sydney 2026: at 16:00Z on 4 April 03:00 of the 5th becomes 02:00, at 16:00Z on 3 October 02:00 of the 4th becomes 03:00.
  // Lord Howe 2026: at 15:00Z on 4 April 02:00 of the 5th becomes 01:30, at 15:30Z on 3 October 02:00 of the 4th becomes 02:30.
  // Kolkata never changes, and is 5 hours 30 minutes ahead.
  const table: ReadonlyArray<[string, Schedule.Schedule, string, string, ReadonlyArray<string>]> = [
    [
      "Berlin, spring: 02:30 is skipped and fires at 03:30",
      Schedule.cron("30 2 * * *", "Europe/Berlin"),
      "2026-03-28T00:00",
      "2026-03-31T00:00",
      ["2026-03-28T01:30", "2026-03-29T01:30", "2026-03-30T00:30"],
    ],
    [
      "Berlin, spring: days at 02:00 fire at 03:00",
      Schedule.onDays({ days: everyDay, hours: [2], timeZone: "Europe/Berlin" }),
      "2026-03-28T00:00",
      "2026-03-31T00:00",
      ["2026-03-28T01:00", "2026-03-29T01:00", "2026-03-30T00:00"],
    ],
    [
      "Berlin, spring: 02:00 and 03:00 are one instant",
      Schedule.onDays({ days: [0], hours: [2, 3], timeZone: "Europe/Berlin" }),
      "2026-03-28T00:00",
      "2026-03-31T00:00",
      ["2026-03-29T01:00"],
    ],
    [
      "Berlin, spring: every half hour keeps its pace",
      Schedule.cron("*/30 * * * *", "Europe/Berlin"),
      "2026-03-29T00:00",
      "2026-03-29T02:30",
      ["2026-03-29T00:00", "2026-03-29T00:30", "2026-03-29T01:00", "2026-03-29T01:30", "2026-03-29T02:00"],
    ],
    [
      "Berlin, autumn: 02:30 comes twice and fires once",
      Schedule.cron("30 2 * * *", "Europe/Berlin"),
      "2026-10-24T00:00",
      "2026-10-27T00:00",
      ["2026-10-24T00:30", "2026-10-25T00:30", "2026-10-26T01:30"],
    ],
    [
      "Berlin, autumn: a window that begins between the two 02:30 holds neither",
      Schedule.cron("30 2 * * *", "Europe/Berlin"),
      "2026-10-25T00:31",
      "2026-10-26T01:31",
      ["2026-10-26T01:30"],
    ],
    [
      "Berlin, autumn: 02:00 fires once, 03:00 an hour later than usual",
      Schedule.onDays({ days: [0], hours: [2, 3], timeZone: "Europe/Berlin" }),
      "2026-10-24T00:00",
      "2026-10-26T00:00",
      ["2026-10-25T00:00", "2026-10-25T02:00"],
    ],
    [
      "Berlin, autumn: every half hour keeps its pace",
      Schedule.cron("*/30 * * * *", "Europe/Berlin"),
      "2026-10-25T00:00",
      "2026-10-25T02:30",
      ["2026-10-25T00:00", "2026-10-25T00:30", "2026-10-25T01:00", "2026-10-25T01:30", "2026-10-25T02:00"],
    ],
    [
      "Berlin, autumn: all hours of the day fire 25 times",
      Schedule.onDays({ days: [0], hours: Array.from({ length: 24 }, (_, hour) => hour), timeZone: "Europe/Berlin" }),
      "2026-10-24T23:00",
      "2026-10-25T04:00",
      ["2026-10-24T23:00", "2026-10-25T00:00", "2026-10-25T01:00", "2026-10-25T02:00", "2026-10-25T03:00"],
    ],
    [
      "Berlin: an interval counts real time",
      Schedule.every("12 hours"),
      "2026-03-28T12:00",
      "2026-03-30T00:00",
      ["2026-03-28T18:00", "2026-03-29T06:00", "2026-03-29T18:00"],
    ],
    [
      "New York, spring: 02:30 is skipped and fires at 03:30",
      Schedule.cron("30 2 * * *", "America/New_York"),
      "2026-03-07T00:00",
      "2026-03-10T00:00",
      ["2026-03-07T07:30", "2026-03-08T07:30", "2026-03-09T06:30"],
    ],
    [
      "New York, autumn: 01:30 comes twice and fires once",
      Schedule.cron("30 1 * * *", "America/New_York"),
      "2026-10-31T00:00",
      "2026-11-03T00:00",
      ["2026-10-31T05:30", "2026-11-01T05:30", "2026-11-02T06:30"],
    ],
    [
      "New York, autumn: Sundays at 01:00 fire once",
      Schedule.onDays({ days: [0], hours: [1], timeZone: "America/New_York" }),
      "2026-10-31T00:00",
      "2026-11-09T00:00",
      ["2026-11-01T05:00", "2026-11-08T06:00"],
    ],
    [
      "New York, autumn: every hour keeps its pace",
      Schedule.cron("0 * * * *", "America/New_York"),
      "2026-11-01T04:00",
      "2026-11-01T08:00",
      ["2026-11-01T04:00", "2026-11-01T05:00", "2026-11-01T06:00", "2026-11-01T07:00"],
    ],
    [
      "Sydney, autumn: 02:30 comes twice and fires once",
      Schedule.cron("30 2 * * *", "Australia/Sydney"),
      "2026-04-03T00:00",
      "2026-04-06T00:00",
      ["2026-04-03T15:30", "2026-04-04T15:30", "2026-04-05T16:30"],
    ],
    [
      "Sydney, spring: 02:30 is skipped and fires at 03:30",
      Schedule.cron("30 2 * * *", "Australia/Sydney"),
      "2026-10-02T00:00",
      "2026-10-05T00:00",
      ["2026-10-02T16:30", "2026-10-03T16:30", "2026-10-04T15:30"],
    ],
    [
      "Sydney, spring: Sundays at 02:00 fire at 03:00",
      Schedule.onDays({ days: [0], hours: [2], timeZone: "Australia/Sydney" }),
      "2026-09-26T00:00",
      "2026-10-11T00:00",
      ["2026-09-26T16:00", "2026-10-03T16:00", "2026-10-10T15:00"],
    ],
    [
      "Lord Howe, spring: times in the skipped half hour fire half an hour later",
      Schedule.cron("10,20,40 2 * * *", "Australia/Lord_Howe"),
      "2026-10-03T00:00",
      "2026-10-04T16:00",
      ["2026-10-03T15:40", "2026-10-03T15:50", "2026-10-04T15:10", "2026-10-04T15:20", "2026-10-04T15:40"],
    ],
    [
      "Lord Howe, spring: every hour at 15 fires half an hour late once",
      Schedule.cron("15 * * * *", "Australia/Lord_Howe"),
      "2026-10-03T14:00",
      "2026-10-03T17:00",
      ["2026-10-03T14:45", "2026-10-03T15:45", "2026-10-03T16:15"],
    ],
    [
      "Lord Howe, autumn: 01:45 comes twice and fires once",
      Schedule.cron("45 1 * * *", "Australia/Lord_Howe"),
      "2026-04-03T00:00",
      "2026-04-06T00:00",
      ["2026-04-03T14:45", "2026-04-04T14:45", "2026-04-05T15:15"],
    ],
    [
      "Lord Howe, autumn: every hour at 45 fires twice within half an hour",
      Schedule.cron("45 * * * *", "Australia/Lord_Howe"),
      "2026-04-04T13:00",
      "2026-04-04T17:00",
      ["2026-04-04T13:45", "2026-04-04T14:45", "2026-04-04T15:15", "2026-04-04T16:15"],
    ],
    [
      "Kolkata: 02:30 is 21:00 UTC of the day before",
      Schedule.cron("30 2 * * 1", "Asia/Kolkata"),
      "2026-03-28T00:00",
      "2026-03-31T00:00",
      ["2026-03-29T21:00"],
    ],
    [
      "Apia skips 30 December 2011: its 09:00 is that of the 31st",
      Schedule.onDays({ days: everyDay, hours: [9], timeZone: "Pacific/Apia" }),
      "2011-12-28T00:00",
      "2012-01-01T00:00",
      ["2011-12-28T19:00", "2011-12-29T19:00", "2011-12-30T19:00", "2011-12-31T19:00"],
    ],
  ]
  it.each(table)("S3: %s", (_, schedule, from, until, expected) => {
    const options = { from: at(from), until: at(until), anchor: at("2026-03-28T06:00") }
    expect(texts(Schedule.occurrences(schedule, options))).toEqual(expected)
  })

  /** Reads the local clock minute by minute. A skipped time fires late, a repeated time fires once. */
  const firingsOnClock = (expression: string, zone: string, from: number, until: number) => {
    const cron = Cron.parseUnsafe(expression, "UTC")
    const isHourly = cron.hours.size === 0 || cron.hours.size === 24
    const localTime = (instant: number) => {
      const { year, month, day, hour, minute } = DateTime.toParts(DateTime.makeZonedUnsafe(instant, { timeZone: zone }))
      return Date.UTC(year, month - 1, day, hour, minute)
    }
    const fired = new Set<number>()
    let latest = localTime(from - minute)
    for (let now = from; now < until + day; now += minute) {
      const local = localTime(now)
      for (let skipped = latest + minute; skipped < local; skipped += minute) {
        if (Cron.match(cron, skipped)) fired.add(now + (skipped - latest - minute))
      }
      if ((local > latest || isHourly) && Cron.match(cron, local)) fired.add(now)
      latest = Math.max(latest, local)
    }
    return Array.from(fired)
      .filter((instant) => instant < until)
      .sort((a, b) => a - b)
  }

  const changes = [
    "2026-03-08T00:00",
    "2026-03-29T00:00",
    "2026-04-04T00:00",
    "2026-10-03T00:00",
    "2026-10-25T00:00",
    "2026-11-01T00:00",
  ] as const

  it.prop(
    "S3: any expression fires as the local clock shows its times",
    { expression: expressions, zone: Schema.Literals(zones), change: Schema.Literals(changes) },
    ({ change, expression, zone }) => {
      const from = at(change)
      const until = DateTime.add(from, { hours: 30 })
      const occurrences = Schedule.occurrences(Schedule.cron(expression, zone), { from, until, limit: 5000 })
      const expected = firingsOnClock(expression, zone, from.epochMilliseconds, until.epochMilliseconds)
      expect(millis(occurrences)).toEqual(expected)
    },
    { timeout: 60_000, arbitrary: { runs: form(6, 240) } },
  )
})
