/** Vendors that take a trigger while a run is under way, and never begin its run. */
import { describe, expect, it } from "@effect/vitest"
import { Context, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { Runs } from "../src/Runs.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { begin, within, workspace } from "./support/testbed.ts"

const sync = FakeDriver.sync()

/**
 * A vendor that skips a triggered run while a run is under way that no read has shown before: it begins with the request. The
 * first `skips` triggers meet one.
 */
const open = Effect.fnUntraced(function* ({ skips = 1 } = {}) {
  const fake = FakeDriver.make({ description: { whenBusy: "skips" } })
  let skipped = 0
  fake.onStart((now, id) => {
    if (skipped >= skips) return Effect.succeed(fake.begin(id, now, { lasts: 60_000 }).id)
    skipped++
    fake.begin(id, now, { lasts: 120_000 })
    return Effect.succeed(fake.begin(id, now, { lasts: 1_000, ends: "skipped", rows: {} }).id)
  })
  const { services } = yield* workspace(fake)
  return { fake, runs: Context.get(services, Runs) }
})

describe("a skipped run", () => {
  it.effect("T15: with `fail`, the call ends with it, and its verdict says so", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open()
      const error = yield* Effect.flip(within("1 minute", runs.run(sync, { whenRunning: "fail" })))
      expect(error).toMatchObject({
        _tag: "OutcomeRejected",
        verdict: "skipped",
        run: { ref: { run: "r2" } },
        how: "started",
      })
      expect(error.code).toBe("retl.outcome-skipped")
      expect(fake.count("start")).toBe(1)
    }),
  )

  it.effect("T15: with `adopt`, the call has the run that was in the way", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open()
      expect(yield* within("5 minutes", runs.run(sync, { whenRunning: "adopt" }))).toMatchObject({
        run: { ref: { run: "r1" } },
        how: "adopted",
        verdict: "complete",
      })
      expect(fake.count("start")).toBe(1)
    }),
  )

  it.effect("T15: with `wait`, that run ends first, and then comes one new attempt", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open()
      const run = yield* begin(runs.run(sync, { whenRunning: "wait" }))
      yield* TestClock.adjust("110 seconds")
      expect(fake.count("start")).toBe(1)
      yield* TestClock.adjust("5 minutes")
      expect(yield* Fiber.join(run)).toMatchObject({ run: { ref: { run: "r3" } }, how: "started", verdict: "complete" })
      expect(fake.count("start")).toBe(2)
    }),
  )

  it.effect("T15: a second skipped run ends the call as busy", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open({ skips: 9 })
      expect(yield* Effect.flip(within("20 minutes", runs.run(sync, { whenRunning: "wait" })))).toMatchObject({
        _tag: "RetlError",
        reason: { _tag: "AlreadyRunning" },
      })
      expect(fake.count("start")).toBe(2)
    }),
  )

  it.effect("T15, T10: the key of a skipped run is free", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open()
      const options = { whenRunning: "fail", key: "nightly" } as const
      yield* Effect.flip(within("1 minute", runs.run(sync, options)))
      yield* TestClock.adjust("5 minutes")
      expect(yield* within("5 minutes", runs.run(sync, options))).toMatchObject({ how: "started", verdict: "complete" })
      expect(yield* within("5 minutes", runs.run(sync, options))).toMatchObject({ how: "remembered" })
      expect(fake.count("start")).toBe(2)
    }),
  )

  it.effect("T15, T11: ensure looks again, and joins the run that was in the way", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open()
      expect(yield* within("10 minutes", runs.ensure(sync, { maxAge: "1 hour" }))).toMatchObject({
        run: { ref: { run: "r1" } },
        verdict: "complete",
      })
      expect(fake.count("start")).toBe(1)
    }),
  )

  it.effect("T15, T10: with a key, every call goes on, not only the one whose trigger was skipped", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open()
      const options = { whenRunning: "wait", key: "nightly" } as const
      const calls = [yield* begin(runs.run(sync, options)), yield* begin(runs.run(sync, options))]
      yield* TestClock.adjust("10 minutes")
      const ends = yield* Effect.forEach(calls, Fiber.join)
      expect(ends.map(({ run, how }) => [run.ref.run, how])).toEqual([
        ["r3", "started"],
        ["r3", "joined"],
      ])
      expect(fake.count("start")).toBe(2)
    }),
  )

  it.effect("T15, T11: all calls of ensure look again, not only the one whose trigger was skipped", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open()
      const calls = [
        yield* begin(runs.ensure(sync, { maxAge: "1 hour" })),
        yield* begin(runs.ensure(sync, { maxAge: "1 hour" })),
      ]
      yield* TestClock.adjust("10 minutes")
      const ends = yield* Effect.forEach(calls, Fiber.join)
      expect(ends.map(({ run }) => run.ref.run)).toEqual(["r1", "r1"])
      expect(fake.count("start")).toBe(1)
    }),
  )
})
