/** What is created: never more than it is to be, and what exists is told when only a part of it was done. */

import * as CoreSchedule from "@openretl/core/Schedule"
import { Fault } from "@openretl/emulator"
import type { TruthSync } from "@openretl/emulator/Emulator"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import { expect } from "vitest"
import { type ConfiguredLab, changing, fires, incomplete } from "../internal/configured.ts"
import * as Random from "../internal/random.ts"
import type { Law } from "../Law.ts"
import { tellsTruly } from "./lostChanges.ts"

/** What a sync shows agrees with what is true. */
const agrees = Effect.fnUntraced(function* (testbed: ConfiguredLab, truth: TruthSync) {
  const shown = yield* testbed.run(testbed.catalog.get(yield* testbed.refOf(truth.ids)))
  expect(shown.state === "enabled").toBe(truth.state === "enabled")
  const isScheduled = shown.schedule !== undefined && shown.schedule._tag !== "Manual"
  expect(isScheduled || shown.unreadSchedule !== undefined).toBe(truth.nextFire !== undefined)
  return shown
})

/** The only one over these parts. */
const only = Effect.fnUntraced(function* (testbed: ConfiguredLab, parts: TruthSync["parts"]) {
  const [sync, ...others] = yield* testbed.over(parts)
  expect(others).toEqual([])
  return sync ?? expect.fail("nothing was made")
})

/** Lets time pass, and looks every so often. */
const watch = Effect.fnUntraced(function* (
  testbed: ConfiguredLab,
  looks: number,
  every: `${number} seconds`,
  look: Effect.Effect<void, unknown>,
) {
  for (let count = 0; count < looks; count++) {
    yield* look
    yield* testbed.pass(every)
  }
})

/** Whether a request to update was needed for what was created. */
const neededTwo = (testbed: ConfiguredLab) => Effect.map(testbed.count("update"), (updates) => updates > 0)

export const newSyncs: ReadonlyArray<Law> = [
  changing(
    "A2",
    "what is created without a word on it is disabled and manual, and never runs by itself",
    {},
    (testbed) =>
      Effect.gen(function* () {
        const parts = yield* testbed.emulator.addParts()
        const sync = yield* testbed.run(testbed.administration.create(testbed.definition(parts)))
        yield* tellsTruly(testbed, parts, sync)
        const truth = yield* only(testbed, parts)
        expect([truth.state === "enabled", truth.nextFire]).toEqual([false, undefined])
        expect(sync.state).not.toBe("enabled")
        expect(yield* agrees(testbed, truth)).toMatchObject({ schedule: { _tag: "Manual" } })
        yield* testbed.pass("48 hours")
        expect(yield* testbed.emulator.runsOf(truth.ids)).toEqual([])
        const calls = (yield* testbed.emulator.calls).filter(({ operation }) => operation === "create")
        expect(calls.length).toBe(1)
      }),
  ),

  ...(["20 seconds", "170 seconds"] as const).map((latency) =>
    changing(
      "A2",
      `at no moment on the way is it more than it is to be (answers to writes take ${latency})`,
      {},
      (testbed) =>
        Effect.gen(function* () {
          const slow = { latency, times: Number.POSITIVE_INFINITY } as const
          yield* testbed.emulator.addFaults(Fault.slow("create", slow), Fault.slow("update", slow))
          const [plain, scheduled] = [yield* testbed.emulator.addParts("one"), yield* testbed.emulator.addParts("two")]
          const [schedule] = testbed.schedules
          const creating = yield* testbed.begin(
            Effect.all([
              testbed.administration.create(testbed.definition(plain)),
              testbed.administration.create(testbed.definition(scheduled, { ...(schedule && { schedule }) })),
            ]),
          )
          const look = Effect.gen(function* () {
            for (const sync of [...(yield* testbed.over(plain)), ...(yield* testbed.over(scheduled))]) {
              expect(fires(sync), "A2: it would fire by itself").toBe(false)
            }
          })
          yield* watch(testbed, 1_500, "2 seconds", look)
          yield* creating.result
          expect((yield* only(testbed, plain)).nextFire).toBe(undefined)
          expect((yield* only(testbed, scheduled)).nextFire, "with a schedule, and disabled").toBeDefined()
          for (const parts of [plain, scheduled]) expect((yield* only(testbed, parts)).state).not.toBe("enabled")
        }),
    ),
  ),

  changing("A2, S1", "enabled and with a schedule where the definition says so, and it fires", {}, (testbed) =>
    Effect.gen(function* () {
      for (const schedule of testbed.schedules) {
        const parts = yield* testbed.emulator.addParts()
        const sync = yield* testbed.run(
          testbed.administration.create(testbed.definition(parts, { enabled: true, schedule })),
        )
        yield* tellsTruly(testbed, parts, sync)
        const truth = yield* only(testbed, parts)
        const what = JSON.stringify(schedule)
        expect(sync.state, what).toBe("enabled")
        expect(sync.schedule && CoreSchedule.equivalent(sync.schedule, schedule, zone(testbed)), what).toBe(true)
        // Some follow another tool's job.
        if (truth.nextFire === undefined) continue
        yield* agrees(testbed, truth)
        yield* testbed.pass(Math.max(0, truth.nextFire - (yield* testbed.emulator.now)) + 1_000)
        const origins = (yield* testbed.emulator.runsOf(truth.ids)).map(({ origin }) => origin)
        expect(origins, what).toEqual(["schedule"])
      }
      const firing = (yield* testbed.emulator.syncs).filter(fires)
      expect(firing.length, "at least one of the schedules fires by the clock").toBeGreaterThan(0)
    }),
  ),

  changing("A2", "enabled and without a schedule: it can be triggered, and does not fire", {}, (testbed) =>
    Effect.gen(function* () {
      const parts = yield* testbed.emulator.addParts()
      const sync = yield* testbed.run(testbed.administration.create(testbed.definition(parts, { enabled: true })))
      const truth = yield* only(testbed, parts)
      expect([truth.state, truth.nextFire]).toEqual(["enabled", undefined])
      yield* testbed.pass("48 hours")
      expect(yield* testbed.emulator.runsOf(truth.ids)).toEqual([])
      const { _tag } = yield* testbed.run(testbed.runs.trigger(sync.ref, { whenRunning: "fail" }))
      expect(_tag).toBe("Started")
      expect((yield* testbed.emulator.runsOf(truth.ids)).length).toBe(1)
    }),
  ),

  ...(
    [
      ["refused", Fault.respond("update", { status: 400, body: '{"error":"no"}' })],
      ["lost, and not done", Fault.lost("update", { commits: false })],
    ] as const
  ).flatMap(([how, fault]) =>
    (["finished", "undone"] as const).map((next) =>
      changing(
        "A3",
        `the second request of a create is ${how}: what exists is told, and can be ${next}`,
        {},
        (testbed) =>
          Effect.gen(function* () {
            const parts = yield* testbed.emulator.addParts()
            const [schedule = CoreSchedule.manual] = testbed.schedules
            const wanted = testbed.definition(parts, { enabled: true, schedule })
            yield* testbed.emulator.addFaults(fault)
            const ended = yield* Effect.result(yield* testbed.exit(testbed.administration.create(wanted), "1 hour"))
            yield* testbed.emulator.clearFaults
            if (!(yield* neededTwo(testbed))) {
              yield* tellsTruly(testbed, parts, Result.isSuccess(ended) ? ended.success : undefined)
              return yield* testbed.skip("the vendor makes a sync in one request")
            }
            const error = incomplete(Result.isFailure(ended) ? ended.failure : undefined)
            const truth = yield* only(testbed, parts)
            expect(String(error.sync.ref)).toBe(String(yield* testbed.refOf(truth.ids)))
            expect(fires(truth), "A2").toBe(false)
            const shown = yield* agrees(testbed, truth)
            expect([error.sync.state, error.sync.schedule]).toEqual([shown.state, shown.schedule])
            expect(error.error?.delivery).toBe(how === "refused" ? "refused" : "unknown")
            expect(Object.keys(error.remaining).length).toBeGreaterThan(0)
            if (next === "undone") {
              yield* testbed.run(testbed.administration.delete(error.sync.ref))
              expect(yield* testbed.over(parts)).toEqual([])
            } else {
              const sync = yield* testbed.run(testbed.administration.update(error.sync.ref, error.remaining))
              expect([
                sync.state,
                sync.schedule && CoreSchedule.equivalent(sync.schedule, schedule, zone(testbed)),
              ]).toEqual(["enabled", true])
              expect((yield* only(testbed, parts)).state).toBe("enabled")
            }
            expect(yield* testbed.count("create")).toBe(1)
          }),
      ),
    ),
  ),

  changing("A3", "the answer to the second request of a create is lost after it was done: all is well", {}, (testbed) =>
    Effect.gen(function* () {
      const parts = yield* testbed.emulator.addParts()
      const [schedule = CoreSchedule.manual] = testbed.schedules
      yield* testbed.emulator.addFaults(Fault.lost("update", { commits: true }))
      const sync = yield* testbed.run(
        testbed.administration.create(testbed.definition(parts, { enabled: true, schedule })),
        "1 hour",
      )
      yield* tellsTruly(testbed, parts, sync)
      expect(sync.state).toBe("enabled")
      expect(yield* testbed.count("update")).toBeLessThanOrEqual(1)
    }),
  ),

  changing("A1", "interrupted before its request: a create leaves nothing behind", {}, (testbed) =>
    Effect.gen(function* () {
      const parts = yield* testbed.emulator.addParts()
      const slow = { latency: "20 seconds", times: Number.POSITIVE_INFINITY } as const
      yield* testbed.emulator.addFaults(Fault.slow("syncs", slow), Fault.slow("sync", slow), Fault.slow("parts", slow))
      const creating = yield* testbed.begin(testbed.administration.create(testbed.definition(parts)))
      yield* testbed.pass("5 seconds")
      const isLooking = (yield* testbed.count("create")) === 0
      yield* creating.stop
      yield* testbed.emulator.clearFaults
      yield* testbed.pass("1 hour")
      if (!isLooking) return yield* testbed.skip("a create of this vendor needs no look before")
      expect(yield* testbed.count("create")).toBe(0)
      expect(yield* testbed.over(parts)).toEqual([])
      yield* testbed.run(testbed.administration.create(testbed.definition(parts)))
      expect((yield* testbed.over(parts)).length, "its turn is given back").toBe(1)
    }),
  ),

  changing(
    "A1, A3",
    "interrupted at any moment: a create that has begun comes to its end, and one that has not sends nothing",
    { emulator: { latency: "100 millis" } },
    (testbed) =>
      Effect.gen(function* () {
        const random = Random.make(11)
        const [schedule = CoreSchedule.manual] = testbed.schedules
        for (let moment = 0; moment < 1_200; moment += 20 + random.int(60)) {
          const parts = yield* testbed.emulator.addParts()
          yield* testbed.emulator.clearCalls
          const wanted = testbed.definition(parts, { enabled: true, schedule })
          const creating = yield* testbed.begin(testbed.administration.create(wanted))
          yield* testbed.pass(1 + moment)
          yield* creating.stop
          yield* testbed.pass("10 minutes")
          const made = yield* testbed.over(parts)
          expect(made.length, `after ${moment} ms`).toBe(yield* testbed.count("create"))
          expect(made.length).toBeLessThanOrEqual(1)
          for (const { state, nextFire } of made) {
            expect([state, nextFire !== undefined], `nothing is half done, after ${moment} ms`).toEqual([
              "enabled",
              true,
            ])
          }
        }
      }),
  ),

  changing(
    "A1, A3",
    "interrupted while the second request fails: what is half done is logged",
    { emulator: { latency: "1 second" } },
    (testbed) =>
      Effect.gen(function* () {
        const parts = yield* testbed.emulator.addParts()
        const [schedule = CoreSchedule.manual] = testbed.schedules
        yield* testbed.emulator.addFaults(
          Fault.slow("create", { latency: "20 seconds" }),
          Fault.respond("update", { status: 400, body: '{"error":"no"}' }),
        )
        const creating = yield* testbed.begin(testbed.administration.create(testbed.definition(parts, { schedule })))
        for (let second = 0; second < 60 && (yield* testbed.count("create")) === 0; second++)
          yield* testbed.pass("1 second")
        yield* testbed.pass("2 seconds")
        yield* creating.stop
        expect(Exit.isFailure(yield* creating.exit)).toBe(true)
        yield* testbed.pass("10 minutes")
        const truth = yield* only(testbed, parts)
        const line = testbed.logged.find((text) => text.includes("went on after its caller had gone"))
        expect(line).toBeDefined()
        if (!(yield* neededTwo(testbed))) return expect(line).toContain("done")
        expect(line).toContain(String(yield* testbed.refOf(truth.ids)))
      }),
  ),
]

/** A vendor that names no zone of an expression shows none: it is the one that it is taken to read in. */
export const zone = ({ administration }: ConfiguredLab): { readonly assumedTimeZone?: string } => {
  const { cron } = administration.schedules
  return cron === undefined || cron.timeZone === "named" ? {} : { assumedTimeZone: cron.timeZone.assumed }
}
