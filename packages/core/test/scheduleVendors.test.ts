import { describe, expect, it } from "@effect/vitest"
import { DateTime } from "effect"
import * as Schedule from "../src/model/schedule/Schedule.ts"
import type { ScheduleForms } from "../src/model/schedule/ScheduleForms.ts"
import { all, withoutCron, zeotapLike } from "./support/scheduleForms.ts"
import { crons, onDays, schedules } from "./support/schedules.ts"

/** A year with every change of the clock in it. */
const year = { from: DateTime.makeUnsafe("2026-01-01T00:00:00Z"), until: DateTime.makeUnsafe("2027-01-01T00:00:00Z") }

const instants = (schedule: Schedule.Schedule) => {
  const found = Schedule.occurrences(schedule, { ...year, limit: 40_000 })
  return found._tag === "Known" ? found.at.map((one) => one.epochMilliseconds) : found.why
}

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

describe("any schedule, at any vendor", () => {
  it.prop(
    "S2: exact is the same, approximate says what is lost, impossible says why",
    { schedule: schedules },
    ({ schedule }) => {
      for (const forms of all) expectHonest(schedule, forms)
    },
    { timeout: 60_000 },
  )

  it.prop(
    "S2: days in cron, and cron in days, fire at the same instants all year",
    { schedule: onDays, cron: crons },
    ({ cron, schedule }) => {
      const inCron: ScheduleForms = { vendor: "Acme", cron: { timeZone: "named", source: "Acme" } }
      const translated = Schedule.translate(schedule, inCron)
      expect(translated._tag === "Exact" && translated.schedule._tag).toBe("Cron")
      expectHonest(schedule, inCron)
      expectHonest(cron, withoutCron)
      expectHonest(cron, zeotapLike)
    },
    { timeout: 60_000, arbitrary: { runs: 30 } },
  )

  it.prop("S2: what a vendor can express stays as it is", { schedule: schedules }, ({ schedule }) => {
    for (const forms of all) {
      if (Schedule.problems(schedule, forms).length > 0) continue
      expect(Schedule.translate(schedule, forms)).toEqual({ _tag: "Exact", schedule })
    }
  })

  it.prop("S2: what was translated stays as it is", { schedule: schedules }, ({ schedule }) => {
    for (const forms of all) {
      const translated = Schedule.translate(schedule, forms)
      if (translated._tag === "Impossible") continue
      expect(Schedule.translate(translated.schedule, forms)).toEqual({ _tag: "Exact", schedule: translated.schedule })
    }
  })
})
