/** Schedules of this vendor: what they are translated to, and when they fire. */

import * as CoreSchedule from "@openretl/core/Schedule"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import type { Law } from "../../Law.ts"
import * as Errors from "../../testbed/errors.ts"
import { type ConfiguredLab, changing } from "./configuredTestbed.ts"
import { zone } from "./newSyncs.ts"

/** One of every kind, as other vendors have them. */
const elsewhere: ReadonlyArray<CoreSchedule.Schedule> = [
  CoreSchedule.manual,
  CoreSchedule.every("15 minutes"),
  CoreSchedule.every("90 minutes"),
  CoreSchedule.every("6 hours"),
  CoreSchedule.every("1 minute"),
  CoreSchedule.every("10 days"),
  CoreSchedule.onDays({ days: [1, 3, 5], hours: [6, 18], timeZone: "Europe/Berlin" }),
  CoreSchedule.onDays({ days: [0], hours: [0], timeZone: "UTC" }),
  CoreSchedule.cron("0 */6 * * *"),
  CoreSchedule.cron("30 7 * * 1-5", "America/New_York"),
  CoreSchedule.cron("*/5 * * * *", "UTC"),
  CoreSchedule.cron("0 5 1 JAN,jul MON", "Australia/Sydney"),
  CoreSchedule.job("dbt-cloud", { jobId: "1", accountId: "2" }),
]

/** What a day of a changing clock could shift. */
const daily: ReadonlyArray<CoreSchedule.Schedule> = [
  CoreSchedule.cron("30 7 * * *", "Europe/Berlin"),
  CoreSchedule.cron("15 18 * * *", "America/New_York"),
  CoreSchedule.cron("45 5 * * *", "Australia/Sydney"),
]

const fits = (testbed: ConfiguredLab, schedule: CoreSchedule.Schedule): CoreSchedule.Schedule | undefined => {
  const translated = CoreSchedule.translate(schedule, testbed.administration.schedules)
  return translated._tag === "Impossible" ? undefined : translated.schedule
}

const writes = (testbed: ConfiguredLab) =>
  Effect.map(testbed.emulator.calls, (calls) => calls.filter(({ method }) => method !== "GET").length)

export const schedules: ReadonlyArray<Law> = [
  ...elsewhere.map((schedule) =>
    changing(
      "S2, S1",
      `${CoreSchedule.describe(schedule)}, from elsewhere: what it becomes here is accepted, or refused unsent`,
      {},
      (testbed) =>
        Effect.gen(function* () {
          const translated = CoreSchedule.translate(schedule, testbed.administration.schedules)
          if (translated._tag === "Impossible") {
            const before = yield* writes(testbed)
            const refused = yield* testbed.failure(testbed.administration.setSchedule(testbed.sync, schedule))
            expect(Errors.reason(refused)).toBe("InvalidRequest")
            expect(yield* writes(testbed)).toBe(before)
            return
          }
          expect(CoreSchedule.problems(translated.schedule, testbed.administration.schedules)).toEqual([])
          if (translated._tag === "Approximate") expect(translated.lost.length).toBeGreaterThan(0)
          yield* testbed.run(testbed.administration.setSchedule(testbed.sync, translated.schedule))
          const read = yield* testbed.run(testbed.catalog.get(testbed.sync))
          expect(read.schedule && CoreSchedule.equivalent(read.schedule, translated.schedule, zone(testbed))).toBe(true)
        }),
    ),
  ),

  changing("S3", "a daily schedule fires when it was told to, across the weeks in which clocks change", {}, (testbed) =>
    Effect.gen(function* () {
      const placed = daily.flatMap((schedule) => fits(testbed, schedule) ?? [])
      if (placed.length === 0) return yield* testbed.skip("the vendor has no schedule that names a time of day")
      const from = DateTime.makeUnsafe(yield* testbed.emulator.now)
      const made = []
      for (const schedule of placed) {
        const { ids, ref } = yield* testbed.addSync()
        yield* testbed.run(testbed.administration.setSchedule(ref, schedule))
        made.push({ ids, schedule })
      }
      // From September to November: summer time ends in the north and begins in the south.
      yield* testbed.pass("60 days")
      const until = DateTime.makeUnsafe(yield* testbed.emulator.now)
      for (const { ids, schedule } of made) {
        const told = CoreSchedule.occurrences(schedule, { from, until, ...zone(testbed) })
        const runs = yield* testbed.emulator.runsOf(ids)
        const fired = runs.filter(({ origin }) => origin === "schedule").map(({ createdAt }) => createdAt)
        const expected = told._tag === "Known" ? told.at.map(DateTime.toEpochMillis) : []
        expect(expected.length, CoreSchedule.describe(schedule)).toBeGreaterThanOrEqual(59)
        expect(fired, CoreSchedule.describe(schedule)).toEqual(expected)
      }
    }),
  ),
]
