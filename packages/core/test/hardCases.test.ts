import { describe, expect, it } from "@effect/vitest"
import { Context, Duration, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { instant, since } from "../src/engine/trigger/elapsed.ts"
import * as Journal from "../src/journal/Journal.ts"
import { Runs } from "../src/Runs.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { settableClock } from "./support/settableClock.ts"
import { begin, otherProcess, within, workspace } from "./support/testbed.ts"

const sync = FakeDriver.sync()
const fail = { whenRunning: "fail" } as const

describe("clocks that are set", () => {
  it.effect("J5: a clock that is set back does not make a lease last longer for its call", () =>
    Effect.gen(function* () {
      const { provide, move } = yield* settableClock
      const start = yield* provide(instant)
      yield* TestClock.adjust("25 seconds")
      move(-3_600_000)
      expect(since(start, yield* provide(instant))).toBe(25_000)
    }),
  )

  it.effect("T3: a clock that is set forward does not prove that a trigger started nothing", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const { provide, move } = yield* settableClock
      const runs = Context.get((yield* workspace(fake)).services, Runs)
      fake.fail("start", FakeDriver.lost)
      const caller = yield* begin(provide(Effect.result(runs.trigger(sync, { ...fail, exclusive: true }))))
      yield* TestClock.adjust("10 seconds")
      move(600_000)
      yield* TestClock.adjust("20 seconds")
      // The run of the lost request appears half a minute after it.
      fake.begin("s1", 30_000)
      yield* TestClock.adjust("10 minutes")
      expect(yield* Fiber.join(caller)).not.toMatchObject({ failure: { delivery: "refused" } })
    }),
  )

  it.effect("T9: a clock that is set back does not make turnWithin longer", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const journal = Journal.memory()
      const { provide, move } = yield* settableClock
      const [here, there] = yield* Effect.all([otherProcess(fake, { journal }), otherProcess(fake, { journal })])
      const { trigger } = Context.get(here.services, Runs)
      fake.delay("list", 1_800_000)
      yield* begin(Effect.result(Context.get(there.services, Runs).trigger(sync, fail)))
      yield* TestClock.adjust("1 second")
      yield* begin(Effect.result(trigger(sync, { ...fail, turnWithin: "2 minutes" })))
      yield* TestClock.adjust("1 second")
      const caller = yield* begin(provide(Effect.flip(trigger(sync, { ...fail, turnWithin: "4 minutes" }))))
      yield* TestClock.adjust("1 minute")
      move(-3_600_000)
      yield* TestClock.adjust("4 minutes")
      expect(caller.pollUnsafe()).toMatchObject({ value: { reason: { _tag: "TriggerBusy" } } })
    }),
  )
})

describe("what others have left", () => {
  it.effect("T13: an open entry whose key was claimed before many others does not stop its sync for good", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const runs = Context.get((yield* workspace(fake)).services, Runs)
      fake.begin("s1", 0, { lasts: 60_000 })
      const nightly = yield* begin(Effect.flip(runs.trigger(sync, { whenRunning: "wait", key: "nightly" })))
      yield* TestClock.adjust("5 seconds")
      for (let click = 0; click < 60; click++) {
        yield* within("20 millis", runs.trigger(sync, { whenRunning: "adopt", key: `click/${click}` }))
      }
      fake.setSchedule("scheduled")
      fake.begin("s1", 70_000, { lasts: 10_000 })
      fake.fail("start", FakeDriver.lost)
      yield* TestClock.adjust("20 minutes")
      expect(yield* Fiber.join(nightly)).toMatchObject({ _tag: "TriggerIndeterminate" })
      const next = yield* within("1 hour", runs.trigger(sync, { whenRunning: "wait", whenOpen: "supersede" }))
      expect(next).toMatchObject({ _tag: "Started" })
    }),
  )

  it.effect("T12: the end of a run reaches the entries of all keys that have it", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const runs = Context.get((yield* workspace(fake)).services, Runs)
      fake.begin("s1", 0, { lasts: 60_000 })
      const callers = yield* Effect.forEach(["a", "b", "c"], (key) =>
        begin(runs.run(sync, { whenRunning: "adopt", key })),
      )
      yield* TestClock.adjust("10 minutes")
      yield* Effect.forEach(callers, Fiber.join)
      expect(yield* runs.pending).toEqual([])
    }),
  )

  it.effect("T10: resume goes on with a key of another workspace of the account, as a trigger does", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const journal = Journal.memory()
      const here = Context.get((yield* workspace(fake, { journal })).services, Runs)
      const there = Context.get((yield* workspace(fake, { journal, name: "other" })).services, Runs)
      const named = { sync: FakeDriver.sync("s1", "other"), key: "k" }
      yield* within("1 second", here.trigger(sync, { ...fail, key: "k" }))
      const finished = yield* within("10 minutes", there.resume(named))
      expect(finished).toMatchObject({ finished: { run: { ref: { run: "r1", sync: { workspace: "other" } } } } })
      const remembered = yield* within("1 second", there.resume(named))
      expect(remembered).toMatchObject({
        finished: { how: "remembered", run: { ref: { sync: { workspace: "other" } } } },
      })
      fake.fail("start", FakeDriver.lost)
      fake.begin("s1", 700_000)
      fake.begin("s1", 700_000)
      const second = yield* begin(Effect.result(here.trigger(sync, { ...fail, key: "l" })))
      yield* TestClock.adjust("10 minutes")
      yield* Fiber.join(second)
      const open = yield* Effect.flip(within("10 minutes", there.resume({ ...named, key: "l" })))
      expect(open).toMatchObject({ _tag: "TriggerIndeterminate", candidates: [{ sync: { workspace: "other" } }, {}] })
    }),
  )

  it.effect("T1: a trigger that cannot look an earlier one up says that it was not sent", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const runs = Context.get((yield* workspace(fake)).services, Runs)
      fake.fail("start", FakeDriver.lost)
      const first = yield* begin(Effect.flip(runs.trigger(sync, fail)))
      yield* TestClock.adjust("1 second")
      fake.fail("list", FakeDriver.down, 1_000)
      yield* TestClock.adjust("20 minutes")
      expect(yield* Fiber.join(first)).toMatchObject({ _tag: "TriggerIndeterminate" })
      const next = yield* Effect.flip(within("20 minutes", runs.trigger(sync, fail)))
      expect(next).toMatchObject({ operation: "start", delivery: "not-sent", reason: { _tag: "Unavailable" } })
      expect(fake.count("start")).toBe(1)
    }),
  )

  it.effect("H6: resume refuses what names no entry, whatever it is", () =>
    Effect.gen(function* () {
      const runs = Context.get((yield* workspace(FakeDriver.make())).services, Runs)
      for (const named of [undefined, null, "id", 3, Symbol("id")]) {
        const exit = yield* Effect.exit(runs.resume(named as never))
        expect(String(exit)).toContain("InvalidRequest")
      }
    }),
  )
})

describe("limits", () => {
  const limit = (name: string, operations: "all" | ReadonlyArray<"start">, requests: number) => ({
    ...{ name, operations, requests, window: Duration.minutes(1) },
  })

  it.effect(
    "J11: a start waits for the window after another process's request, not for the longest that it can take",
    () =>
      Effect.gen(function* () {
        const limits = [limit("starts", ["start"], 1), limit("all", "all", 1_000)]
        const fake = FakeDriver.make({ description: { limits } })
        const journal = Journal.memory()
        const [here, there] = yield* Effect.all([otherProcess(fake, { journal }), otherProcess(fake, { journal })])
        fake.delay("start", 2_000)
        yield* begin(Context.get(here.services, Runs).trigger(sync, fail))
        yield* TestClock.adjust("500 millis")
        const other = yield* begin(Context.get(there.services, Runs).trigger(FakeDriver.sync("s2"), fail))
        yield* TestClock.adjust("90 seconds")
        expect(other.pollUnsafe()).toMatchObject({ value: { _tag: "Started" } })
      }),
  )

  it.effect(
    "B1: a share that allows one request in a window starts a run all the same, or the options are refused",
    () =>
      Effect.gen(function* () {
        const fake = FakeDriver.make({ description: { limits: [limit("all", "all", 100)] } })
        const opened = yield* Effect.result(workspace(fake, { rateLimitShare: 0.01 }))
        if (opened._tag === "Failure") return expect(opened.failure.message).toContain("rateLimitShare")
        const runs = Context.get(opened.success.services, Runs)
        expect(yield* within("10 minutes", runs.trigger(sync, fail))).toMatchObject({ _tag: "Started" })
      }),
  )
})
