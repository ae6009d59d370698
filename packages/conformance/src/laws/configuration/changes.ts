/** Changes touch what they name and nothing else; a schedule is read back as it was set. */

import * as Schedule from "@openretl/core/Schedule"
import type { SyncFields } from "@openretl/core/Sync"
import type { TruthSync } from "@openretl/emulator/Emulator"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import type { Law } from "../../Law.ts"
import { needsChange, needsCreationAndDeletion, needsDeletion } from "../../Setup.ts"
import * as Errors from "../../testbed/errors.ts"
import { expectWithinLimits } from "../withinLimits.ts"
import { type ConfiguredTestbed, canFire, changing, nameOf } from "./configuredTestbed.ts"

/** The testbed's sync fires every two hours. */
const scheduled = { sync: { schedule: { every: "2 hours" } } } as const

/** The testbed's sync as the emulator has it, and as the catalog shows it, without what runs change. */
const readSync = Effect.fnUntraced(function* (testbed: ConfiguredTestbed) {
  const { native: _, lastRun: __, ...shown } = yield* testbed.run(testbed.catalog.get(testbed.sync))
  return { actual: (yield* testbed.actualSync()) ?? expect.fail("the sync is gone"), shown }
})

type SyncReading = Effect.Success<ReturnType<typeof readSync>>

/** Expects that only these fields differ. */
const expectOnlyChanged = (
  before: SyncReading,
  after: SyncReading,
  actualFields: ReadonlyArray<keyof TruthSync>,
  shownFields: ReadonlyArray<keyof SyncFields>,
) => {
  expect(without(after.actual, actualFields), "A4: at the vendor").toEqual(without(before.actual, actualFields))
  expect(without(after.shown, shownFields), "A4: in the catalog").toEqual(without(before.shown, shownFields))
}

const without = (record: object, names: ReadonlyArray<string>) =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)))

const stateFields = ["state", "vendorState", "stateText", "isSwitchedOn"] as const

const expectNoWrite = Effect.fnUntraced(function* (testbed: ConfiguredTestbed) {
  const writes = yield* testbed.writes
  expect(writes.map(({ method, path }) => `${method} ${path}`)).toEqual([])
})

/** Schedules that most vendors cannot express. No vendor can express the first one. */
const inexpressibleSchedules: ReadonlyArray<Schedule.Schedule> = [
  Schedule.job("no-such-tool", { job: "1" }),
  Schedule.every("7 millis"),
  Schedule.every(0),
  Schedule.every(-60_000),
  Schedule.every("1000 days"),
  Schedule.cron("not a cron"),
  Schedule.cron("* * * * * *"),
  Schedule.cron("61 25 * * *", "UTC"),
  Schedule.cron("0 0 * * *", "Nowhere/Nope"),
  Schedule.onDays({ days: [9], hours: [25], timeZone: "Nowhere/Nope" }),
  Schedule.onDays({ days: [], hours: [], timeZone: "UTC" }),
]

export const changeLaws: ReadonlyArray<Law> = [
  changing("A4", "pause stops the sync's schedule and leaves a run under way alone", scheduled, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.emulator.script(testbed.ids, [{ duration: "10 hours" }])
      const run = yield* testbed.emulator.triggerAsStranger(testbed.ids)
      const before = yield* readSync(testbed)
      const sync = yield* testbed.run(testbed.administration.pause(testbed.sync))
      expect(sync.state).toBe("paused")
      const after = yield* readSync(testbed)
      expect(after.actual.state).toBe("paused")
      expectOnlyChanged(before, after, ["state", "nextFire"], stateFields)
      yield* testbed.advance("48 hours")
      const [first, ...others] = yield* testbed.actualRuns
      expect(others, "A4: the schedule no longer fires").toEqual([])
      expect([first?.id, first?.stopped, first?.finishedAt !== undefined]).toEqual([run, undefined, true])
      expect(yield* testbed.requestCount("cancel")).toBe(0)
    }),
  ),

  changing(
    "A4",
    "resume switches a sync on with its schedule, which fires",
    { sync: { ...scheduled.sync, state: "paused" } },
    (testbed) =>
      Effect.gen(function* () {
        const before = yield* readSync(testbed)
        expect((yield* testbed.run(testbed.administration.resume(testbed.sync))).state).toBe("enabled")
        const after = yield* readSync(testbed)
        expect(after.actual.state).toBe("enabled")
        expectOnlyChanged(before, after, ["state", "nextFire"], stateFields)
        yield* testbed.advance("5 hours")
        expect((yield* testbed.actualRuns).map(({ origin }) => origin)).toEqual(["schedule", "schedule"])
      }),
  ),

  changing("A4, S1", "setSchedule changes the schedule and nothing else, of enabled and paused syncs", {}, (testbed) =>
    Effect.gen(function* () {
      for (const enabled of [true, false]) {
        yield* testbed.emulator.setState(testbed.ids, enabled ? "enabled" : "paused")
        for (const schedule of [...testbed.schedules, Schedule.manual]) {
          const input = JSON.stringify({ enabled, schedule })
          const before = yield* readSync(testbed)
          const sync = yield* testbed.run(testbed.administration.setSchedule(testbed.sync, schedule))
          const after = yield* readSync(testbed)
          expect(testbed.isSameSchedule(sync.schedule, schedule), input).toBe(true)
          expect(testbed.isSameSchedule(after.shown.schedule, schedule), input).toBe(true)
          expectOnlyChanged(before, after, ["schedule", "nextFire"], ["schedule", "unreadSchedule"])
          if (schedule._tag === "Manual") expect(after.actual.nextFire, input).toBe(undefined)
          if (!enabled) expect(canFire(after.actual), input).toBe(false)
        }
      }
    }),
  ),

  changing("A4", "an update of the name changes the name and nothing else", scheduled, (testbed) =>
    Effect.gen(function* () {
      const name = yield* nameOf(testbed, "Another name")
      const before = yield* readSync(testbed)
      expect((yield* testbed.run(testbed.administration.update(testbed.sync, { name }))).name).toBe(name)
      const after = yield* readSync(testbed)
      expect([after.actual.name, after.shown.name]).toEqual([name, name])
      expectOnlyChanged(before, after, ["name"], ["name"])
    }),
  ),

  changing("A4", "an update of two fields changes both and nothing else", scheduled, (testbed) =>
    Effect.gen(function* () {
      const before = yield* readSync(testbed)
      const change = { enabled: false, schedule: Schedule.manual }
      const sync = yield* testbed.run(testbed.administration.update(testbed.sync, change))
      expect([sync.state, sync.schedule?._tag ?? "Manual"]).toEqual(["paused", "Manual"])
      const after = yield* readSync(testbed)
      expect([after.actual.state, after.actual.nextFire]).toEqual(["paused", undefined])
      expectOnlyChanged(before, after, ["state", "schedule", "nextFire"], [...stateFields, "schedule"])
    }),
  ),

  changing("A4", "fields that already have the requested value are not sent", scheduled, (testbed) =>
    Effect.gen(function* () {
      const { administration, catalog, sync } = testbed
      const { schedule, name } = yield* testbed.run(catalog.get(sync))
      yield* testbed.run(administration.resume(sync))
      if (schedule !== undefined) yield* testbed.run(administration.setSchedule(sync, schedule))
      if (name !== undefined) yield* testbed.run(administration.update(sync, { name, enabled: true }))
      yield* expectNoWrite(testbed)
      yield* testbed.emulator.setState(testbed.ids, "paused")
      yield* testbed.run(administration.pause(sync))
      yield* expectNoWrite(testbed)
    }),
  ),

  changing(
    "A4",
    "a change of a missing sync fails with NotFound and sends nothing; a delete succeeds",
    { needs: needsDeletion },
    (testbed) =>
      Effect.gen(function* () {
        yield* testbed.run(testbed.administration.delete(testbed.sync))
        expect(yield* testbed.actualSync()).toBe(undefined)
        yield* testbed.emulator.clearCalls
        yield* testbed.run(testbed.administration.delete(testbed.sync))
        for (const change of [
          testbed.administration.pause(testbed.sync),
          testbed.administration.resume(testbed.sync),
          testbed.administration.setSchedule(testbed.sync, Schedule.manual),
        ]) {
          const error = Errors.requireRetlError(yield* testbed.failure(change))
          expect([error.reason._tag, error.delivery]).toEqual(["NotFound", "not-sent"])
        }
        yield* expectNoWrite(testbed)
      }),
  ),

  changing("A4", "a delete deletes its sync and no other", { needs: needsDeletion }, (testbed) =>
    Effect.gen(function* () {
      const others = [yield* testbed.addSync(), yield* testbed.addSync({ schedule: { every: "1 hour" } })]
      const actualOthers = Effect.forEach(others, ({ ref }) => testbed.actualSync(ref))
      const before = yield* actualOthers
      yield* testbed.run(testbed.administration.delete(testbed.sync))
      expect(yield* testbed.actualSync()).toBe(undefined)
      expect(yield* actualOthers).toEqual(before)
      expect(yield* testbed.requestCount("delete")).toBe(1)
    }),
  ),

  ...(["create", "update"] as const).map((kind) =>
    changing(
      "S1",
      `a schedule that the vendor cannot express is refused before any request (${kind})`,
      needsChange(kind),
      (testbed) =>
        Effect.gen(function* () {
          const parts = yield* testbed.emulator.addParts()
          const { administration, sync } = testbed
          const refusedSchedules = inexpressibleSchedules.filter(
            (schedule) => Schedule.problems(schedule, administration.schedules).length > 0,
          )
          expect(refusedSchedules[0]?._tag, "no vendor follows an unknown tool").toBe("Job")
          for (const schedule of refusedSchedules) {
            const changes =
              kind === "create"
                ? [administration.create(testbed.definition(parts, { schedule }))]
                : [
                    administration.setSchedule(sync, schedule),
                    administration.update(sync, { enabled: false, schedule }),
                  ]
            for (const change of changes) {
              const error = Errors.requireRetlError(yield* testbed.failure(change))
              const input = JSON.stringify(schedule)
              expect([error.reason._tag, error.delivery], input).toEqual(["InvalidRequest", "not-sent"])
              const fields = Errors.invalidFields(error)
              expect(fields.length, input).toBeGreaterThan(0)
              expect(new Set(fields), input).toEqual(new Set(["schedule"]))
            }
          }
          expect(testbed.wire.sent).toEqual([])
        }),
    ),
  ),

  ...(["create", "update"] as const).map((kind) =>
    changing(
      "S1, A1",
      `a change is refused with all its problems at once, before any request (${kind})`,
      needsChange(kind),
      (testbed) =>
        Effect.gen(function* () {
          const { administration, sync } = testbed
          const definition = testbed.definition(yield* testbed.emulator.addParts())
          const [schedule = Schedule.manual] = inexpressibleSchedules
          const wrong = { name: " ", schedule, part: { vendor: "othervendor", spec: {} } }
          const change =
            kind === "create" ? administration.create({ ...definition, ...wrong }) : administration.update(sync, wrong)
          const fields = Errors.invalidFields(yield* testbed.failure(change))
          expect(fields).toEqual(expect.arrayContaining(["name", "schedule", "part"]))
          expect(testbed.wire.sent).toEqual([])
        }),
    ),
  ),

  changing("S1, A1", "an update without fields is refused before any request", {}, (testbed) =>
    Effect.gen(function* () {
      const error = yield* testbed.failure(testbed.administration.update(testbed.sync, {}))
      expect(Errors.reasonTag(error)).toBe("InvalidRequest")
      expect(testbed.wire.sent).toEqual([])
    }),
  ),

  changing(
    "B1",
    "a dozen syncs created, changed and deleted in a row stay within every rate limit",
    { needs: needsCreationAndDeletion },
    (testbed) =>
      Effect.gen(function* () {
        const { administration } = testbed
        const [schedule = Schedule.manual] = testbed.schedules
        const work = Effect.forEach(Array.from({ length: 12 }), (_, index) =>
          Effect.gen(function* () {
            const parts = yield* testbed.emulator.addParts(`Parts ${index}`)
            const { ref } = yield* administration.create(testbed.definition(parts, { name: `Sync ${index}`, schedule }))
            yield* administration.resume(ref)
            yield* administration.pause(ref)
            if (index % 2 === 0) yield* administration.delete(ref)
          }),
        )
        yield* testbed.run(work, "10 hours")
        expect((yield* testbed.emulator.syncs).length).toBe(1 + 6)
        expect((yield* testbed.emulator.syncs).filter(canFire)).toEqual([])
        yield* expectWithinLimits(testbed)
      }),
  ),
]
