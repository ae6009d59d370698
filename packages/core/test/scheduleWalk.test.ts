import { describe, expect, it } from "@effect/vitest"
import { DateTime, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import * as Schedule from "../src/model/schedule/Schedule.ts"

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

/** The local clock at each minute from two days before, as minutes since 1970 as if it were that of UTC. */
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
  const told: Array<readonly [number, number]> = []
  for (let at = from - 2 * 1440 * minute; at < until; at += minute) {
    const parts: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(at)) parts[type] = Number(value)
    const { year = 0, month = 0, day = 0, hour = 0, minute: past = 0 } = parts
    told.push([at, Date.UTC(year, month - 1, day, hour, past) / minute])
  }
  return told
}

const days = 4
const clocks = weeks.map(([zone, text]) => {
  const from = DateTime.makeUnsafe(text).epochMilliseconds
  const until = from + days * 1440 * minute
  return { zone, from, until, clock: clockOf(zone, from, until) }
})

/** What a field says, by hand: numbers, ranges, lists, and steps over a star or a range. */
const valuesOf = (field: string, first: number, last: number): ReadonlySet<number> =>
  new Set(
    field.split(",").flatMap((part) => {
      const [range = "", by = "1"] = part.split("/")
      const [low, high = low] = range === "*" ? [first, last] : range.split("-").map(Number)
      const values: Array<number> = []
      for (let value = low ?? first; value <= (high ?? last); value += Number(by)) values.push(value)
      return values
    }),
  )

const matcherOf = (expression: string) => {
  const [minutes = "", hours = "", dates = "", months = "", weekdays = ""] = expression.split(" ")
  const either = !dates.startsWith("*") && !weekdays.startsWith("*")
  const sets = {
    minute: valuesOf(minutes, 0, 59),
    hour: valuesOf(hours, 0, 23),
    date: valuesOf(dates, 1, 31),
    month: valuesOf(months, 1, 12),
    weekday: new Set(Array.from(valuesOf(weekdays, 0, 6), (day) => day % 7)),
  }
  return {
    isHourly: sets.hour.size === 24,
    holds: (local: number) => {
      const date = new Date(local * minute)
      if (!sets.minute.has(date.getUTCMinutes()) || !sets.hour.has(date.getUTCHours())) return false
      if (!sets.month.has(date.getUTCMonth() + 1)) return false
      const [byDate, byWeekday] = [sets.date.has(date.getUTCDate()), sets.weekday.has(date.getUTCDay())]
      return either ? byDate || byWeekday : byDate && byWeekday
    },
  }
}

/** Every minute, looked at one by one: what is skipped fires as much later, what comes twice the first time. */
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
      one: Arbitrary.schema(number(first, last)),
      other: Arbitrary.schema(number(first, last)),
      by: Arbitrary.schema(number(1, Math.min(last, 20))),
    }),
    ({ kind, one, other, by }) => {
      const [low, high] = [Math.min(one, other), Math.max(one, other)]
      return ["*", `${one}`, `${low}-${high}`, `*/${by}`, `${low}-${high}/${by}`, `${one},${other}`][kind] ?? "*"
    },
  )

const expressions = Arbitrary.map(
  Arbitrary.all({
    minute: field(0, 59),
    hour: field(0, 23),
    date: field(1, 31),
    month: field(1, 12),
    weekday: field(0, 7),
    which: Arbitrary.schema(number(0, 7)),
  }),
  ({ minute: minutes, hour, date, month, weekday, which }) =>
    // Most of them fire on all days, so that the week of the change is not empty.
    [minutes, hour, which & 1 ? "*" : date, which & 2 || which & 4 ? "*" : month, which > 0 ? "*" : weekday].join(" "),
)

const found = (expression: string, { zone, from, until }: (typeof clocks)[number]) => {
  const known = Schedule.occurrences(Schedule.cron(expression, zone), {
    from: DateTime.makeUnsafe(from),
    until: DateTime.makeUnsafe(until),
    limit: 10_000,
  })
  return known._tag === "Known" ? known.at.map((at) => at.epochMilliseconds) : known.why
}

describe("when an expression fires, against a walk over every minute", () => {
  it.prop(
    "S3: in weeks in which the local clock changes",
    { expression: expressions },
    ({ expression }) => {
      if (Schedule.problems(Schedule.cron(expression)).length > 0) {
        return expect(clocks.flatMap((week) => walk(expression, week))).toEqual([])
      }
      for (const week of clocks) {
        expect(found(expression, week), `${expression} in ${week.zone}, ${new Date(week.from).toISOString()}`).toEqual(
          walk(expression, week),
        )
      }
    },
    { arbitrary: { runs: 30 } },
  )

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
    for (const week of clocks) expect(found(expression, week), week.zone).toEqual(walk(expression, week))
  })
})
