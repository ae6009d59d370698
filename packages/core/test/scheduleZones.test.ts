import { describe, expect, it } from "@effect/vitest"
import { DateTime, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import { form } from "../../../scripts/forms.ts"
import * as Schedule from "../src/model/schedule/Schedule.ts"
import type { ScheduleForms } from "../src/model/schedule/ScheduleForms.ts"
import { firstMinute, walk } from "./support/longWalk.ts"
import { millis } from "./support/schedules.ts"

const zones = ["Asia/Tokyo", "Asia/Kolkata", "UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"] as const

/** A vendor that stores no zone and reads every expression in this one. */
const readsIn = (assumed: string): ScheduleForms => ({
  vendor: "Acme",
  cron: { timeZone: { assumed }, source: "Acme's documentation" },
})

const number = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

/** A field: a star, one value, a range, steps, steps in a range, or two values. */
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

/** Expressions of which every second fires on all days, or by weekdays only. */
const expressions = Arbitrary.map(
  Arbitrary.all({
    minute: field(0, 59),
    hour: field(0, 23),
    date: field(1, 31),
    month: field(1, 12),
    weekday: field(0, 6),
    stars: Arbitrary.schema(number(0, 7)),
  }),
  ({ minute, hour, date, month, weekday, stars }) =>
    [minute, hour, stars > 3 ? "*" : date, stars === 1 || stars > 3 ? "*" : month, stars % 2 ? "*" : weekday].join(" "),
)

const zone = Arbitrary.schema(Schema.Literals(zones))

const window = { from: DateTime.makeUnsafe("2027-01-01T00:00:00Z"), until: DateTime.makeUnsafe("2029-01-01T00:00:00Z") }

const minutesAt = (date: string) => Date.parse(`${date}T00:00:00Z`) / 60_000

/** Returns how late runs are after each of these instants, as `lost` says: they end with its last date. */
const latenessOf = (lost: ReadonlyArray<string>): ReadonlyArray<readonly [since: number, late: number]> => {
  const minutesIn = (text: string) => {
    const [, count = "0", word] = /(\d+) minutes (late|early)/.exec(text) ?? []
    return word === "early" ? -Number(count) : Number(count)
  }
  const [always = "", changing = ""] = lost.length > 1 ? lost : lost[0]?.startsWith("Runs are") ? lost : ["", ...lost]
  const usual = minutesIn(always)
  const late: Array<readonly [number, number]> = [[minutesAt("2027-01-01"), usual]]
  let minutes = 0
  for (const period of changing.replace(/^.*: they are /, "").split(" and ")) {
    if (/minutes|on time/.test(period)) minutes = minutesIn(period)
    const [first, last] = period.match(/\d{4}-\d\d-\d\d/g) ?? []
    if (period.includes("until")) late[0] = [minutesAt("2027-01-01"), minutes]
    else if (first !== undefined) late.push([minutesAt(first), minutes])
    const end = last ?? first
    if (end !== undefined) late.push([minutesAt(end), usual])
  }
  return lost.length > 1 || changing !== "" ? late : [...late, [minutesAt("2029-01-01"), usual]]
}

/** Near a change of the clock, and at the ends of the two years, nothing is compared. */
const margin = 3 * 1440

/** Returns the minutes within a period at which one fires, or so many minutes later the other, but not both. */
const differences = (fires: Uint8Array, other: Uint8Array, late: number, since: number, until: number) => {
  const minutes: Array<number> = []
  for (let at = since - firstMinute + margin; at < until - firstMinute - margin; at++) {
    if (fires[at] !== other[at + late] && minutes.length < 10) minutes.push(firstMinute + at)
  }
  return minutes
}

const instantsOf = (fires: Uint8Array): ReadonlyArray<number> =>
  Array.from(fires.entries()).flatMap(([minute, isFiring]) => (isFiring ? [(firstMinute + minute) * 60_000] : []))

describe("schedules in other zones, against a walk over every minute of two years", () => {
  it.prop(
    "S2: an exact translation, and the one back, fire at the same minutes; another one is late as it says",
    { expression: expressions, timeZone: zone, target: zone },
    ({ expression, timeZone, target }) => {
      const schedule = Schedule.cron(expression, timeZone)
      if (Schedule.problems(schedule).length > 0) return
      const title = `${expression} of ${timeZone} in ${target}`
      const there = Schedule.translate(schedule, readsIn(target))
      if (there._tag === "Impossible" || there.schedule._tag !== "Cron") return expect.fail(`${title}: ${there._tag}`)
      const [fires, firesThere] = [walk(expression, timeZone), walk(there.schedule.expression, target)]
      expect(Schedule.equivalent(schedule, there.schedule), title).toBe(there._tag === "Exact")
      if (there._tag === "Approximate") {
        const late = latenessOf(there.lost)
        for (const [index, [since, minutes]] of late.slice(0, -1).entries()) {
          const until = late[index + 1]?.[0] ?? 0
          expect(
            differences(fires, firesThere, minutes, since, until),
            `${title} is ${there.schedule.expression}: ${there.lost.join(" ")}`,
          ).toEqual([])
        }
        return
      }
      expect(Buffer.compare(fires, firesThere), `${title} is ${there.schedule.expression}`).toBe(0)
      const occurrences = millis(Schedule.occurrences(there.schedule, { ...window, limit: 500 }))
      if (occurrences.length < 500) expect(occurrences, title).toEqual(instantsOf(fires))
      const back = Schedule.translate(there.schedule, readsIn(timeZone))
      if (back._tag !== "Exact" || back.schedule._tag !== "Cron") return
      expect(Buffer.compare(walk(back.schedule.expression, timeZone), fires), `${title} and back`).toBe(0)
    },
    { arbitrary: { runs: form(10, 10_000) }, timeout: form(60_000, 3_600_000) },
  )
})
