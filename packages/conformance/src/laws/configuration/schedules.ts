/** Schedules of the vendor: what other vendors' schedules become here, and when a schedule fires. */

import * as Schedule from "@openretl/core/Schedule"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import type { Law } from "../../Law.ts"
import * as Errors from "../../testbed/errors.ts"
import { changing } from "./configuredTestbed.ts"

/** Schedules of every kind that a vendor can have. */
const foreignSchedules: ReadonlyArray<Schedule.Schedule> = [
  Schedule.manual,
  Schedule.every("15 minutes"),
  Schedule.every("90 minutes"),
  Schedule.every("6 hours"),
  Schedule.every("1 minute"),
  Schedule.every("10 days"),
  Schedule.onDays({ days: [1, 3, 5], hours: [6, 18], timeZone: "Europe/Berlin" }),
  Schedule.onDays({ days: [0], hours: [0], timeZone: "UTC" }),
  Schedule.cron("0 */6 * * *"),
  Schedule.cron("30 7 * * 1-5", "America/New_York"),
  Schedule.cron("*/5 * * * *", "UTC"),
  Schedule.cron("0 5 1 JAN,jul MON", "Australia/Sydney"),
  Schedule.job("dbt-cloud", { jobId: "1", accountId: "2" }),
]

/** Schedules that fire at the wrong time when a change of daylight-saving time is ignored. */
const dailySchedules: ReadonlyArray<Schedule.Schedule> = [
  Schedule.cron("30 7 * * *", "Europe/Berlin"),
  Schedule.cron("15 18 * * *", "America/New_York"),
  Schedule.cron("45 5 * * *", "Australia/Sydney"),
]

export const scheduleLaws: ReadonlyArray<Law> = [
  ...foreignSchedules.map((schedule) =>
    changing(
      "S2, S1",
      `${Schedule.describe(schedule)}: its translation is accepted, or the schedule is refused before any request`,
      {},
      (testbed) =>
        Effect.gen(function* () {
          const { administration, catalog, sync } = testbed
          const translation = Schedule.translate(schedule, administration.schedules)
          if (translation._tag === "Impossible") {
            const before = yield* testbed.writes
            const error = yield* testbed.failure(administration.setSchedule(sync, schedule))
            expect(Errors.reasonTag(error)).toBe("InvalidRequest")
            expect((yield* testbed.writes).length).toBe(before.length)
            return
          }
          expect(Schedule.problems(translation.schedule, administration.schedules)).toEqual([])
          if (translation._tag === "Approximate") expect(translation.lost.length).toBeGreaterThan(0)
          yield* testbed.run(administration.setSchedule(sync, translation.schedule))
          const shown = yield* testbed.run(catalog.get(sync))
          expect(testbed.isSameSchedule(shown.schedule, translation.schedule)).toBe(true)
        }),
    ),
  ),

  changing("S3", "a daily schedule fires at its time across the weeks in which clocks change", {}, (testbed) =>
    Effect.gen(function* () {
      const { administration } = testbed
      const schedules = dailySchedules.flatMap((schedule) => {
        const translation = Schedule.translate(schedule, administration.schedules)
        return translation._tag === "Impossible" ? [] : [translation.schedule]
      })
      if (schedules.length === 0) return yield* testbed.skip("the vendor has no schedule that names a time of day")
      const from = DateTime.makeUnsafe(yield* testbed.emulator.now)
      const scheduledSyncs = yield* Effect.forEach(schedules, (schedule) =>
        Effect.gen(function* () {
          const { ids, ref } = yield* testbed.addSync()
          yield* testbed.run(administration.setSchedule(ref, schedule))
          return { ids, schedule }
        }),
      )
      // From September to November: summer time ends in the north and begins in the south.
      yield* testbed.advance("60 days")
      const until = DateTime.makeUnsafe(yield* testbed.emulator.now)
      for (const { ids, schedule } of scheduledSyncs) {
        const occurrences = Schedule.occurrences(schedule, { from, until, ...testbed.timeZone })
        const runs = yield* testbed.emulator.runsOf(ids)
        const fired = runs.filter(({ origin }) => origin === "schedule").map(({ createdAt }) => createdAt)
        const expected = occurrences._tag === "Known" ? occurrences.at.map(DateTime.toEpochMillis) : []
        expect(expected.length, Schedule.describe(schedule)).toBeGreaterThanOrEqual(59)
        expect(fired, Schedule.describe(schedule)).toEqual(expected)
      }
    }),
  ),
]
