import { describe, expect, it } from "@effect/vitest"
import { DateTime, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import { form } from "../../../scripts/forms.ts"
import * as Schedule from "../src/model/schedule/Schedule.ts"
import { matcherOf } from "./support/cronMatcher.ts"
import { millis } from "./support/schedules.ts"

const minute = 60_000

/** Weeks in which the local clock changes: at night, at midnight, by half an hour, for Ramadan, and over a whole day. */
const weeks: ReadonlyArray<readonly [zone: string, from: string]> = [
  ["Europe/Berlin", "2026-03-26T00:00:00Z"],
  ["Europe/Berlin", "2026-10-22T00:00:00Z"],
  ["America/New_York", "2026-03-05T00:00:00Z"],
  ["America/New_York", "2026-10-29T00:00:00Z"],
  ["Australia/Lord_Howe", "2026-04-02T00:00:00Z"],
  ["Australia/Lord_Howe", "2026-10-01T00:00:00Z"],
  ["America/Havana", "2024-03-07T00:00:00Z"],
  ["America/Havana", "2024-10-31T00:00:00Z"],
  ["Africa/Casablanca", "2024-03-07T00:00:00Z"],
  ["Africa/Casablanca", "2024-04-11T00:00:00Z"],
  ["Pacific/Apia", "2011-12-28T00:00:00Z"],
]

/** The local time at each minute from two days before the window, in minutes since 1970 on a clock of UTC. */
const clockOf = (
  timeZone: string,
  from: number,
  until: number,
): ReadonlyArray<readonly [at: number, local: number]> => {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  })
  const localTimes: Array<readonly [number, number]> = []
  for (let at = from - 2 * 1440 * minute; at < until; at += minute) {
    const parts: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(at)) parts[type] = Number(value)
    const { year = 0, month = 0, day = 0, hour = 0, minute: minutes = 0 } = parts
    localTimes.push([at, Date.UTC(year, month - 1, day, hour, minutes) / minute])
  }
  return localTimes
}

const days = 4
const clocks = weeks.map(([zone, start]) => {
  const from = DateTime.makeUnsafe(start).epochMilliseconds
  const until = from + days * 1440 * minute
  return { zone, start, from, until, clock: clockOf(zone, from, until) }
})

/** Looks at every minute. A skipped time fires as much later as the clock jumped, a repeated one the first time. */
const walk = (expression: string, { clock, from, until }: (typeof clocks)[number]): ReadonlyArray<number> => {
  const { isHourly, holds } = matcherOf(expression)
  const fired = new Set<number>()
  let latest = (clock[0]?.[1] ?? 0) - 1
  for (const [at, local] of clock) {
    for (let skipped = latest + 1; skipped < local; skipped++) {
      if (holds(skipped)) fired.add(at + (skipped - latest - 1) * minute)
    }
    if (holds(local) && (local > latest || isHourly)) fired.add(at)
    latest = Math.max(latest, local)
  }
  return Array.from(fired)
    .filter((at) => at >= from && at < until)
    .sort((a, b) => a - b)
}

const number = (minimum: number, maximum: number) =>
  Schema.Int.check(Schema.isBetween({ minimum, maximum })) as Schema.Codec<number>

const field = (first: number, last: number) =>
  Arbitrary.map(
    Arbitrary.all({
      kind: Arbitrary.schema(number(0, 5)),
      start: Arbitrary.schema(number(first, last)),
      end: Arbitrary.schema(number(first, last)),
      step: Arbitrary.schema(number(1, Math.min(last, 20))),
    }),
    ({ kind, start, end, step }) => {
      const range = `${Math.min(start, end)}-${Math.max(start, end)}`
      return ["*", `${start}`, range, `*/${step}`, `${range}/${step}`, `${start},${end}`][kind] ?? "*"
    },
  )

const expressions = Arbitrary.map(
  Arbitrary.all({
    minute: field(0, 59),
    hour: field(0, 23),
    date: field(1, 31),
    month: field(1, 12),
    weekday: field(0, 7),
    stars: Arbitrary.schema(number(0, 7)),
  }),
  ({ minute: minutes, hour, date, month, weekday, stars }) =>
    // Most expressions fire on all days, so that the week of the change is not empty.
    [minutes, hour, stars & 1 ? "*" : date, stars & 2 || stars & 4 ? "*" : month, stars > 0 ? "*" : weekday].join(" "),
)

const computed = (expression: string, { zone, from, until }: (typeof clocks)[number]) =>
  millis(
    Schedule.occurrences(Schedule.cron(expression, zone), {
      from: DateTime.makeUnsafe(from),
      until: DateTime.makeUnsafe(until),
      limit: 10_000,
    }),
  )

describe("the occurrences of an expression against a walk over every minute", () => {
  it.prop(
    "S3: any expression, in weeks in which the local clock changes",
    { expression: expressions },
    ({ expression }) => {
      if (Schedule.problems(Schedule.cron(expression)).length > 0) {
        return expect(clocks.flatMap((week) => walk(expression, week))).toEqual([])
      }
      for (const week of clocks) {
        expect(computed(expression, week), `${expression} in ${week.zone} from ${week.start}`).toEqual(
          walk(expression, week),
        )
      }
    },
    { arbitrary: { runs: form(3, 120) } },
  )

  describe.each(clocks)("in $zone from $start", (week) => {
    it.each([
      "* * * * *",
      "30 2 * * *",
      "0 0 * * *",
      "30 0 * * *",
      "*/7 1-3 * * *",
      "0 12 30 12 *",
      "15 * * * 5",
      "59 23 * * *",
    ])("S3: %s", (expression) => {
      expect(computed(expression, week)).toEqual(walk(expression, week))
    })
  })
})
