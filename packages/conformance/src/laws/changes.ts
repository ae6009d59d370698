/** Changes touch what they name and nothing else; schedules are read back as they were set. */

import * as CoreSchedule from "@openretl/core/Schedule"
import type { Sync } from "@openretl/core/Sync"
import type { TruthSync } from "@openretl/emulator/Emulator"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import { type ConfiguredLab, changing, fires } from "../internal/configured.ts"
import * as Errors from "../internal/errors.ts"
import type { Law } from "../Law.ts"
import { zone } from "./newSyncs.ts"

/** The testbed's sync runs every two hours. */
const scheduled = { sync: { schedule: { every: "2 hours" } } } as const

/** What is true of the testbed's sync, and what is shown of it, but for the vendor's own payload and what runs change. */
const everything = Effect.fnUntraced(function* (testbed: ConfiguredLab) {
  const { native: _, lastRun: __, ...shown } = yield* testbed.run(testbed.catalog.get(testbed.sync))
  return { truth: (yield* testbed.really()) ?? expect.fail("the sync is gone"), shown }
})

type Seen = Effect.Success<ReturnType<typeof everything>>

/** Only these of its attributes are different. */
const onlyChanged = (
  before: Seen,
  after: Seen,
  truth: ReadonlyArray<keyof TruthSync>,
  shown: ReadonlyArray<keyof Sync>,
) => {
  expect(without(after.truth, truth), "A4: truly").toEqual(without(before.truth, truth))
  expect(without(after.shown, shown), "A4: as shown").toEqual(without(before.shown, shown))
}

const without = (record: object, names: ReadonlyArray<string>) =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)))

const state = ["state", "vendorState", "stateText", "isSwitchedOn"] as const

/** Nothing was sent but reads. */
const nothingWritten = Effect.fnUntraced(function* (testbed: ConfiguredLab) {
  const writes = (yield* testbed.emulator.calls).filter(({ method }) => method !== "GET")
  expect(writes.map(({ method, path }) => `${method} ${path}`)).toEqual([])
})

/** Schedules that most vendors cannot express; one that follows an unheard-of tool nobody can. */
const strange: ReadonlyArray<CoreSchedule.Schedule> = [
  CoreSchedule.job("no-such-tool", { job: "1" }),
  CoreSchedule.every("7 millis"),
  CoreSchedule.every(0),
  CoreSchedule.every(-60_000),
  CoreSchedule.every("1000 days"),
  CoreSchedule.cron("not a cron"),
  CoreSchedule.cron("* * * * * *"),
  CoreSchedule.cron("61 25 * * *", "UTC"),
  CoreSchedule.cron("0 0 * * *", "Nowhere/Nope"),
  CoreSchedule.onDays({ days: [9], hours: [25], timeZone: "Nowhere/Nope" }),
  CoreSchedule.onDays({ days: [], hours: [], timeZone: "UTC" }),
]

export const changes: ReadonlyArray<Law> = [
  changing(
    "A4",
    "pause stops its own schedule and nothing else: a run under way goes on to its end",
    scheduled,
    (testbed) =>
      Effect.gen(function* () {
        yield* testbed.emulator.script(testbed.ids, [{ duration: "10 hours" }])
        const run = yield* testbed.emulator.triggerAsStranger(testbed.ids)
        const before = yield* everything(testbed)
        const sync = yield* testbed.run(testbed.administration.pause(testbed.sync))
        expect(sync.state).toBe("paused")
        const after = yield* everything(testbed)
        expect(after.truth.state).toBe("paused")
        onlyChanged(before, after, ["state", "nextFire"], state)
        yield* testbed.pass("48 hours")
        const [first, ...others] = yield* testbed.truth
        expect(others, "A4: its schedule fires no more").toEqual([])
        expect([first?.id, first?.stopped, first?.finishedAt !== undefined]).toEqual([run, undefined, true])
        expect(yield* testbed.count("cancel")).toBe(0)
      }),
  ),

  changing(
    "A4",
    "resume switches it on with the schedule that it has, and it fires",
    { sync: { ...scheduled.sync, state: "paused" } },
    (testbed) =>
      Effect.gen(function* () {
        const before = yield* everything(testbed)
        expect((yield* testbed.run(testbed.administration.resume(testbed.sync))).state).toBe("enabled")
        const after = yield* everything(testbed)
        expect(after.truth.state).toBe("enabled")
        onlyChanged(before, after, ["state", "nextFire"], state)
        yield* testbed.pass("5 hours")
        expect((yield* testbed.truth).map(({ origin }) => origin)).toEqual(["schedule", "schedule"])
      }),
  ),

  changing("A4, S1", "a schedule is set, and nothing else: enabled stays enabled, paused stays paused", {}, (testbed) =>
    Effect.gen(function* () {
      for (const enabled of [true, false]) {
        yield* testbed.emulator.setState(testbed.ids, enabled ? "enabled" : "paused")
        for (const schedule of [...testbed.schedules, CoreSchedule.manual]) {
          const what = JSON.stringify({ enabled, schedule })
          const before = yield* everything(testbed)
          const told = yield* testbed.run(testbed.administration.setSchedule(testbed.sync, schedule))
          const after = yield* everything(testbed)
          for (const shown of [told.schedule, after.shown.schedule]) {
            expect(shown && CoreSchedule.equivalent(shown, schedule, zone(testbed)), what).toBe(true)
          }
          onlyChanged(before, after, ["schedule", "nextFire"], ["schedule", "unreadSchedule"])
          if (schedule._tag === "Manual") expect(after.truth.nextFire, what).toBe(undefined)
          if (!enabled) expect(fires(after.truth), what).toBe(false)
        }
      }
    }),
  ),

  changing("A4", "the name is changed, and nothing else", scheduled, (testbed) =>
    Effect.gen(function* () {
      const { name } = testbed.definition(yield* testbed.emulator.addParts(), { name: "Another name" })
      if (name === undefined) return yield* testbed.skip("syncs of this vendor have no names")
      const before = yield* everything(testbed)
      expect((yield* testbed.run(testbed.administration.update(testbed.sync, { name }))).name).toBe(name)
      const after = yield* everything(testbed)
      expect([after.truth.name, after.shown.name]).toEqual([name, name])
      onlyChanged(before, after, ["name"], ["name"])
    }),
  ),

  changing("A4", "several things at once are changed as one", scheduled, (testbed) =>
    Effect.gen(function* () {
      const before = yield* everything(testbed)
      const change = { enabled: false, schedule: CoreSchedule.manual }
      const sync = yield* testbed.run(testbed.administration.update(testbed.sync, change))
      expect([sync.state, sync.schedule?._tag ?? "Manual"]).toEqual(["paused", "Manual"])
      const after = yield* everything(testbed)
      expect([after.truth.state, after.truth.nextFire]).toEqual(["paused", undefined])
      onlyChanged(before, after, ["state", "schedule", "nextFire"], [...state, "schedule"])
    }),
  ),

  changing("A4", "what is so already is not sent", scheduled, (testbed) =>
    Effect.gen(function* () {
      const { administration, catalog, sync } = testbed
      const { schedule, name } = yield* testbed.run(catalog.get(sync))
      yield* testbed.run(administration.resume(sync))
      if (schedule !== undefined) yield* testbed.run(administration.setSchedule(sync, schedule))
      if (name !== undefined) yield* testbed.run(administration.update(sync, { name, enabled: true }))
      yield* nothingWritten(testbed)
      yield* testbed.emulator.setState(testbed.ids, "paused")
      yield* testbed.run(administration.pause(sync))
      yield* nothingWritten(testbed)
    }),
  ),

  changing(
    "A4",
    "a change to what is not there is NotFound, and nothing is sent; a delete has nothing to do",
    {},
    (testbed) =>
      Effect.gen(function* () {
        yield* testbed.run(testbed.administration.delete(testbed.sync))
        expect(yield* testbed.really()).toBe(undefined)
        yield* testbed.emulator.clearCalls
        yield* testbed.run(testbed.administration.delete(testbed.sync))
        for (const change of [
          testbed.administration.pause(testbed.sync),
          testbed.administration.resume(testbed.sync),
          testbed.administration.setSchedule(testbed.sync, CoreSchedule.manual),
        ]) {
          const error = Errors.retl(yield* testbed.failure(change))
          expect([error.reason._tag, error.delivery]).toEqual(["NotFound", "not-sent"])
        }
        yield* nothingWritten(testbed)
      }),
  ),

  changing("A4", "a delete deletes that sync and no other", {}, (testbed) =>
    Effect.gen(function* () {
      const others = [yield* testbed.addSync(), yield* testbed.addSync({ schedule: { every: "1 hour" } })]
      const before = yield* Effect.forEach(others, ({ ref }) => testbed.really(ref))
      yield* testbed.run(testbed.administration.delete(testbed.sync))
      expect(yield* testbed.really()).toBe(undefined)
      expect(yield* Effect.forEach(others, ({ ref }) => testbed.really(ref))).toEqual(before)
      expect(yield* testbed.count("delete")).toBe(1)
    }),
  ),

  changing(
    "S1",
    "a schedule that the vendor cannot express is refused before any request, and says where",
    {},
    (testbed) =>
      Effect.gen(function* () {
        const parts = yield* testbed.emulator.addParts()
        const { administration, sync } = testbed
        const refused = strange.filter(
          (schedule) => CoreSchedule.problems(schedule, administration.schedules).length > 0,
        )
        expect(refused[0]?._tag, "no vendor follows a tool that nobody has heard of").toBe("Job")
        for (const schedule of refused) {
          for (const change of [
            administration.create(testbed.definition(parts, { schedule })),
            administration.setSchedule(sync, schedule),
            administration.update(sync, { enabled: false, schedule }),
          ]) {
            const error = Errors.retl(yield* testbed.failure(change))
            const what = JSON.stringify(schedule)
            expect([error.reason._tag, error.delivery], what).toEqual(["InvalidRequest", "not-sent"])
            const issues = error.reason._tag === "InvalidRequest" ? error.reason.issues : []
            expect(issues.length, what).toBeGreaterThan(0)
            expect(new Set(issues.map(({ path }) => path[0])), what).toEqual(new Set(["schedule"]))
          }
        }
        expect(testbed.wire.seen).toEqual([])
      }),
  ),

  changing("S1, A1", "everything that is wrong with a change is told at once, before any request", {}, (testbed) =>
    Effect.gen(function* () {
      const { administration, sync } = testbed
      const definition = testbed.definition(yield* testbed.emulator.addParts())
      const [schedule = CoreSchedule.manual] = strange
      const part = { vendor: "othervendor", spec: {} }
      for (const change of [
        administration.create({ ...definition, name: " ", schedule, part }),
        administration.update(sync, { name: " ", schedule, part }),
      ]) {
        const { reason } = Errors.retl(yield* testbed.failure(change))
        const fields = reason._tag === "InvalidRequest" ? reason.issues.map(({ path }) => path[0]) : []
        expect(fields).toEqual(expect.arrayContaining(["name", "schedule", "part"]))
      }
      const { reason } = Errors.retl(yield* testbed.failure(administration.update(sync, {})))
      expect(reason._tag, "a change of nothing").toBe("InvalidRequest")
      expect(testbed.wire.seen).toEqual([])
    }),
  ),

  changing("B1", "creating, changing and deleting a dozen in a row breaks no limit", {}, (testbed) =>
    Effect.gen(function* () {
      const { administration } = testbed
      const [schedule = CoreSchedule.manual] = testbed.schedules
      const work = Effect.forEach(Array.from({ length: 12 }), (_, index) =>
        Effect.gen(function* () {
          const parts = yield* testbed.emulator.addParts(`Parts ${index}`)
          const made = yield* administration.create(testbed.definition(parts, { name: `Sync ${index}`, schedule }))
          yield* administration.resume(made.ref)
          yield* administration.pause(made.ref)
          if (index % 2 === 0) yield* administration.delete(made.ref)
        }),
      )
      yield* testbed.run(work, "10 hours")
      expect((yield* testbed.emulator.syncs).length).toBe(1 + 6)
      expect((yield* testbed.emulator.syncs).filter(fires)).toEqual([])
      expect(yield* testbed.emulator.overLimit).toBe(0)
    }),
  ),
]
