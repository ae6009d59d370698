/**
 * Creating syncs: never more active than their definition, and with a report of what exists when only a part was
 * done.
 */

import * as Schedule from "@openretl/core/Schedule"
import { Fault } from "@openretl/emulator"
import type { TruthSync } from "@openretl/emulator/Emulator"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import { expect } from "vitest"
import type { Law } from "../../Law.ts"
import { needsCreation, needsCreationAndDeletion } from "../../Setup.ts"
import * as Random from "../../testbed/random.ts"
import { type ConfiguredTestbed, canFire, changing, expectCreatedOnce, requireIncomplete } from "./configuredTestbed.ts"

const needs = { needs: needsCreation } as const

/** Expects that the catalog shows a sync as enabled and scheduled as it actually is, and returns what it shows. */
const expectShown = Effect.fnUntraced(function* (testbed: ConfiguredTestbed, actual: TruthSync) {
  const shown = yield* testbed.run(testbed.catalog.get(yield* testbed.syncRef(actual.ids)))
  expect(shown.state === "enabled").toBe(actual.state === "enabled")
  const isScheduled = shown.schedule !== undefined && shown.schedule._tag !== "Manual"
  expect(isScheduled || shown.unreadSchedule !== undefined).toBe(actual.nextFire !== undefined)
  return shown
})

/** Expects exactly one sync over these parts, and returns it. */
const onlySyncOver = Effect.fnUntraced(function* (testbed: ConfiguredTestbed, parts: TruthSync["parts"]) {
  const [sync, ...others] = yield* testbed.syncsOver(parts)
  expect(others).toEqual([])
  return sync ?? expect.fail("no sync over the parts")
})

/** Whether a create also took an update. */
const neededUpdate = (testbed: ConfiguredTestbed) =>
  Effect.map(testbed.requestCount("update"), (updates) => updates > 0)

export const newSyncLaws: ReadonlyArray<Law> = [
  changing("A2", "a new sync is disabled and manual by default, and never fires", needs, (testbed) =>
    Effect.gen(function* () {
      const parts = yield* testbed.emulator.addParts()
      const sync = yield* testbed.run(testbed.administration.create(testbed.definition(parts)))
      yield* expectCreatedOnce(testbed, parts, sync)
      const actual = yield* onlySyncOver(testbed, parts)
      expect([actual.state === "enabled", actual.nextFire]).toEqual([false, undefined])
      expect(sync.state).not.toBe("enabled")
      expect(yield* expectShown(testbed, actual)).toMatchObject({ schedule: { _tag: "Manual" } })
      yield* testbed.advance("48 hours")
      expect(yield* testbed.emulator.runsOf(actual.ids)).toEqual([])
      const creates = (yield* testbed.emulator.calls).filter(({ operation }) => operation === "create")
      expect(creates.length).toBe(1)
    }),
  ),

  ...(["20 seconds", "170 seconds"] as const).map((latency) =>
    changing(
      "A2",
      `a sync cannot fire at any moment of its create (answers to writes take ${latency})`,
      needs,
      (testbed) =>
        Effect.gen(function* () {
          const slow = { latency, times: Number.POSITIVE_INFINITY } as const
          yield* testbed.emulator.addFaults(Fault.slow("create", slow), Fault.slow("update", slow))
          const manualParts = yield* testbed.emulator.addParts("one")
          const scheduledParts = yield* testbed.emulator.addParts("two")
          const [schedule] = testbed.schedules
          const creating = yield* testbed.begin(
            Effect.all([
              testbed.administration.create(testbed.definition(manualParts)),
              testbed.administration.create(testbed.definition(scheduledParts, { ...(schedule && { schedule }) })),
            ]),
          )
          for (let look = 0; look < 1_500; look++) {
            const manualSyncs = yield* testbed.syncsOver(manualParts)
            const scheduledSyncs = yield* testbed.syncsOver(scheduledParts)
            expect([...manualSyncs, ...scheduledSyncs].filter(canFire), "A2: no sync can fire").toEqual([])
            yield* testbed.advance("2 seconds")
          }
          yield* creating.result
          const manual = yield* onlySyncOver(testbed, manualParts)
          const scheduled = yield* onlySyncOver(testbed, scheduledParts)
          expect(manual.nextFire).toBe(undefined)
          expect(scheduled.nextFire, "the disabled sync has its schedule").toBeDefined()
          for (const { state } of [manual, scheduled]) expect(state).not.toBe("enabled")
        }),
    ),
  ),

  changing("A2, S1", "a new sync is enabled and scheduled when its definition says so, and fires", needs, (testbed) =>
    Effect.gen(function* () {
      for (const schedule of testbed.schedules) {
        const parts = yield* testbed.emulator.addParts()
        const definition = testbed.definition(parts, { enabled: true, schedule })
        const sync = yield* testbed.run(testbed.administration.create(definition))
        yield* expectCreatedOnce(testbed, parts, sync)
        const actual = yield* onlySyncOver(testbed, parts)
        const input = JSON.stringify(schedule)
        expect(sync.state, input).toBe("enabled")
        expect(testbed.isSameSchedule(sync.schedule, schedule), input).toBe(true)
        // A schedule can follow another tool's job instead of the clock.
        if (actual.nextFire === undefined) continue
        yield* expectShown(testbed, actual)
        yield* testbed.advance(Math.max(0, actual.nextFire - (yield* testbed.emulator.now)) + 1_000)
        const origins = (yield* testbed.emulator.runsOf(actual.ids)).map(({ origin }) => origin)
        expect(origins, input).toEqual(["schedule"])
      }
      const firingSyncs = (yield* testbed.emulator.syncs).filter(canFire)
      expect(firingSyncs.length, "at least one schedule fires by the clock").toBeGreaterThan(0)
    }),
  ),

  changing("A2", "a new sync that is enabled without a schedule can be triggered and never fires", needs, (testbed) =>
    Effect.gen(function* () {
      const parts = yield* testbed.emulator.addParts()
      const sync = yield* testbed.run(testbed.administration.create(testbed.definition(parts, { enabled: true })))
      const actual = yield* onlySyncOver(testbed, parts)
      expect([actual.state, actual.nextFire]).toEqual(["enabled", undefined])
      yield* testbed.advance("48 hours")
      expect(yield* testbed.emulator.runsOf(actual.ids)).toEqual([])
      const { _tag } = yield* testbed.run(testbed.runs.trigger(sync.ref, { whenRunning: "fail" }))
      expect(_tag).toBe("Started")
      expect((yield* testbed.emulator.runsOf(actual.ids)).length).toBe(1)
    }),
  ),

  ...(
    [
      ["refused", Fault.refuse("update", { status: 400 })],
      ["lost, and not done", Fault.lost("update", { commits: false })],
    ] as const
  ).flatMap(([trouble, fault]) =>
    (["finished", "undone"] as const).map((next) =>
      changing(
        "A3",
        `a create whose second request is ${trouble} reports what exists, and can be ${next}`,
        { needs: next === "undone" ? needsCreationAndDeletion : needsCreation },
        (testbed) =>
          Effect.gen(function* () {
            const parts = yield* testbed.emulator.addParts()
            const [schedule = Schedule.manual] = testbed.schedules
            const definition = testbed.definition(parts, { enabled: true, schedule })
            yield* testbed.emulator.addFaults(fault)
            const result = yield* testbed.result(testbed.administration.create(definition), "1 hour")
            yield* testbed.emulator.clearFaults
            if (!(yield* neededUpdate(testbed))) {
              yield* expectCreatedOnce(testbed, parts, Result.isSuccess(result) ? result.success : undefined)
              expect(canFire(yield* onlySyncOver(testbed, parts)), "the one request made all of the sync").toBe(true)
              return yield* testbed.skip("the vendor makes a sync in one request")
            }
            const error = requireIncomplete(Result.isFailure(result) ? result.failure : undefined)
            const actual = yield* onlySyncOver(testbed, parts)
            expect(testbed.textOf(error.sync.ref)).toBe(String(yield* testbed.syncRef(actual.ids)))
            expect(canFire(actual), "A2").toBe(false)
            const shown = yield* expectShown(testbed, actual)
            expect([error.sync.state, error.sync.schedule]).toEqual([shown.state, shown.schedule])
            expect(error.error?.delivery).toBe(trouble === "refused" ? "refused" : "unknown")
            expect(Object.keys(error.remaining).length).toBeGreaterThan(0)
            if (next === "undone") {
              yield* testbed.run(testbed.administration.delete(error.sync.ref))
              expect(yield* testbed.syncsOver(parts)).toEqual([])
            } else {
              const sync = yield* testbed.run(testbed.administration.update(error.sync.ref, error.remaining))
              expect([sync.state, testbed.isSameSchedule(sync.schedule, schedule)]).toEqual(["enabled", true])
              expect((yield* onlySyncOver(testbed, parts)).state).toBe("enabled")
            }
            expect(yield* testbed.requestCount("create")).toBe(1)
          }),
      ),
    ),
  ),

  changing(
    "A3",
    "a create succeeds when the answer to its second request is lost and the request done",
    needs,
    (testbed) =>
      Effect.gen(function* () {
        const parts = yield* testbed.emulator.addParts()
        const [schedule = Schedule.manual] = testbed.schedules
        yield* testbed.emulator.addFaults(Fault.lost("update", { commits: true }))
        const definition = testbed.definition(parts, { enabled: true, schedule })
        const sync = yield* testbed.run(testbed.administration.create(definition), "1 hour")
        yield* expectCreatedOnce(testbed, parts, sync)
        expect(sync.state).toBe("enabled")
        expect(yield* testbed.requestCount("update")).toBeLessThanOrEqual(1)
      }),
  ),

  changing("A1", "an interrupt before its request leaves nothing of a create behind", needs, (testbed) =>
    Effect.gen(function* () {
      const parts = yield* testbed.emulator.addParts()
      const slow = { latency: "20 seconds", times: Number.POSITIVE_INFINITY } as const
      yield* testbed.emulator.addFaults(Fault.slow("syncs", slow), Fault.slow("sync", slow), Fault.slow("parts", slow))
      const creating = yield* testbed.begin(testbed.administration.create(testbed.definition(parts)))
      yield* testbed.advance("5 seconds")
      const isReading = (yield* testbed.requestCount("create")) === 0
      yield* creating.stop
      yield* testbed.emulator.clearFaults
      yield* testbed.advance("1 hour")
      if (!isReading) return yield* testbed.skip("a create of this vendor reads nothing before its request")
      expect(yield* testbed.requestCount("create")).toBe(0)
      expect(yield* testbed.syncsOver(parts)).toEqual([])
      yield* testbed.run(testbed.administration.create(testbed.definition(parts)))
      expect((yield* testbed.syncsOver(parts)).length, "the next create can start").toBe(1)
    }),
  ),

  changing(
    "A1, A3",
    "a create that is interrupted at any moment is done completely, or sends nothing",
    { ...needs, emulator: { latency: "100 millis" } },
    (testbed) =>
      Effect.gen(function* () {
        const random = Random.make(11)
        const [schedule = Schedule.manual] = testbed.schedules
        for (let moment = 0; moment < 1_200; moment += 20 + random.int(60)) {
          const parts = yield* testbed.emulator.addParts()
          yield* testbed.emulator.clearCalls
          const definition = testbed.definition(parts, { enabled: true, schedule })
          const creating = yield* testbed.begin(testbed.administration.create(definition))
          yield* testbed.advance(1 + moment)
          yield* creating.stop
          yield* testbed.advance("10 minutes")
          const syncs = yield* testbed.syncsOver(parts)
          expect(syncs.length, `after ${moment} ms`).toBe(yield* testbed.requestCount("create"))
          expect(syncs.length).toBeLessThanOrEqual(1)
          for (const { state, nextFire } of syncs) {
            const isScheduled = nextFire !== undefined
            expect([state, isScheduled], `complete, after ${moment} ms`).toEqual(["enabled", true])
          }
        }
      }),
  ),

  changing(
    "A1, A3",
    "an interrupted create whose second request fails is logged",
    { ...needs, emulator: { latency: "1 second" } },
    (testbed) =>
      Effect.gen(function* () {
        const parts = yield* testbed.emulator.addParts()
        const [schedule = Schedule.manual] = testbed.schedules
        yield* testbed.emulator.addFaults(
          Fault.slow("create", { latency: "20 seconds" }),
          Fault.refuse("update", { status: 400 }),
        )
        const creating = yield* testbed.begin(testbed.administration.create(testbed.definition(parts, { schedule })))
        for (let second = 0; second < 60 && (yield* testbed.requestCount("create")) === 0; second++) {
          yield* testbed.advance("1 second")
        }
        yield* testbed.advance("2 seconds")
        yield* creating.stop
        expect(Exit.isFailure(yield* creating.exit)).toBe(true)
        yield* testbed.advance("10 minutes")
        const actual = yield* onlySyncOver(testbed, parts)
        // Core annotates the log line of an interrupted change with its outcome.
        const line = testbed.logLines.find((text) => text.includes('"outcome":'))
        expect(line).toBeDefined()
        if (!(yield* neededUpdate(testbed))) return expect(line).toContain('"outcome":"done"')
        for (const id of Object.values(actual.ids)) expect(line).toContain(id)
      }),
  ),
]
