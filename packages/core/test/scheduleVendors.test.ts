import { describe, expect, it } from "@effect/vitest"
import { DateTime } from "effect"
import { form } from "../../../scripts/forms.ts"
import * as Schedule from "../src/model/schedule/Schedule.ts"
import type { ScheduleForms } from "../src/model/schedule/ScheduleForms.ts"
import { vendors, withoutCron, zeotapLike } from "./support/scheduleForms.ts"
import { crons, millis, onDays, schedules } from "./support/schedules.ts"

/** A year with every change of the clock in it. */
const year = { from: DateTime.makeUnsafe("2026-01-01T00:00:00Z"), until: DateTime.makeUnsafe("2027-01-01T00:00:00Z") }

const instants = (schedule: Schedule.Schedule) => millis(Schedule.occurrences(schedule, { ...year, limit: 40_000 }))

/** Only cron, in a named zone and at any distance. */
const onlyCron: ScheduleForms = { vendor: "Acme", cron: { timeZone: "named", source: "Acme" } }

const expectHonest = (schedule: Schedule.Schedule, forms: ScheduleForms) => {
  const translated = Schedule.translate(schedule, forms)
  switch (translated._tag) {
    case "Exact":
      expect(Schedule.problems(translated.schedule, forms)).toEqual([])
      expect(Schedule.equivalent(schedule, translated.schedule)).toBe(true)
      if (translated.schedule !== schedule) expect(instants(translated.schedule)).toEqual(instants(schedule))
      return
    case "Approximate":
      expect(Schedule.problems(translated.schedule, forms)).toEqual([])
      expect(translated.schedule._tag).not.toBe("Manual")
      expect(translated.lost.length).toBeGreaterThan(0)
      for (const sentence of translated.lost) expect(sentence).toMatch(/^[A-Z].+\.$/)
      return expect(Schedule.equivalent(schedule, translated.schedule)).toBe(false)
    case "Impossible":
      expect(Schedule.problems(schedule, forms).length).toBeGreaterThan(0)
      return expect(translated.why).toMatch(/^[A-Z].+\.$/)
  }
}

describe.each(vendors)("any schedule at a vendor like $vendor", (forms) => {
  it.prop(
    "S2: exact is the same, approximate says what is lost, impossible says why",
    { schedule: schedules },
    ({ schedule }) => expectHonest(schedule, forms),
    { timeout: 60_000 },
  )

  it.prop("S2: a schedule that the vendor can express stays as it is", { schedule: schedules }, ({ schedule }) => {
    if (Schedule.problems(schedule, forms).length > 0) return
    expect(Schedule.translate(schedule, forms)).toEqual({ _tag: "Exact", schedule })
  })

  it.prop("S2: a translated schedule stays as it is", { schedule: schedules }, ({ schedule }) => {
    const translated = Schedule.translate(schedule, forms)
    if (translated._tag === "Impossible") return
    expect(Schedule.translate(translated.schedule, forms)).toEqual({ _tag: "Exact", schedule: translated.schedule })
  })

  it.prop("S2, S3: an exact translation fires at the same times", { cron: crons, days: onDays }, ({ cron, days }) => {
    const from = DateTime.makeUnsafe("2026-03-27T00:00:00Z")
    const options = { from, until: DateTime.makeUnsafe("2026-04-06T12:00:00Z"), limit: 20_000 }
    for (const schedule of [cron, days]) {
      const translated = Schedule.translate(schedule, forms)
      if (translated._tag !== "Exact") continue
      expect(millis(Schedule.occurrences(translated.schedule, options))).toEqual(
        millis(Schedule.occurrences(schedule, options)),
      )
      expect(Schedule.equivalent(translated.schedule, schedule, { assumedTimeZone: "UTC" })).toBe(true)
    }
  })
})

describe("days and cron", () => {
  it.prop(
    "S2: days in cron, and cron in days, fire at the same instants all year",
    { days: onDays, cron: crons },
    ({ cron, days }) => {
      const translated = Schedule.translate(days, onlyCron)
      expect(translated._tag === "Exact" && translated.schedule._tag).toBe("Cron")
      expectHonest(days, onlyCron)
      expectHonest(cron, withoutCron)
      expectHonest(cron, zeotapLike)
    },
    { timeout: 60_000, arbitrary: { runs: form(3, 120) } },
  )
})
