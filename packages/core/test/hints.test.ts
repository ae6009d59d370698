/** Hints: somebody says that a run has changed, and waits look sooner. */
import { describe, expect, it } from "@effect/vitest"
import { Context, DateTime, Effect, Exit, Fiber, Random, Schema, Stream } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import { TestClock } from "effect/testing"
import * as Fleet from "../src/Fleet.ts"
import { RunRef, SyncRef } from "../src/model/Ref.ts"
import { Runs } from "../src/Runs.ts"
import type { MakeOptions } from "../src/Workspace.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { begin, within, workspace } from "./support/testbed.ts"

const minutes = (count: number) => count * 60_000

const ref = (run = "r1", sync = "s1") =>
  new RunRef({ sync: FakeDriver.sync(sync), run, acceptedAt: DateTime.makeUnsafe(0) })

const open = Effect.fnUntraced(function* (
  fake: FakeDriver.Fake,
  options: Partial<MakeOptions> = { hints: "expected" },
) {
  const opened = yield* workspace(fake, options)
  return { workspace: opened, runs: Context.get(opened.services, Runs) }
})

const times = ({ sent }: FakeDriver.Fake) => sent.map(({ at }) => at)

describe("hints", () => {
  it.effect("W8: with hints expected, a wait looks every ten minutes, and at once where it is told", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.begin("s1", 0, { lasts: minutes(30) })
      const { runs } = yield* open(fake)
      const wait = yield* begin(runs.wait(ref()))
      yield* TestClock.setTime(minutes(30) + 500)
      expect(times(fake)).toEqual([1, minutes(10) + 1, minutes(20) + 1, minutes(30) + 1])
      yield* TestClock.adjust(10)
      expect(yield* Fiber.join(wait)).toMatchObject({ verdict: "complete" })
    }),
  )

  it.effect("W8: a hint about the run, or about its sync, leads to a look at once", () =>
    Effect.gen(function* () {
      for (const hint of [ref(), FakeDriver.sync()]) {
        const fake = FakeDriver.make()
        fake.begin("s1", 0, { lasts: 15_000 })
        const { runs } = yield* open(fake)
        yield* TestClock.setTime(0)
        const wait = yield* begin(runs.wait(ref()))
        yield* TestClock.setTime(15_000)
        expect(wait.pollUnsafe()).toBeUndefined()
        yield* runs.notice(hint)
        yield* TestClock.adjust(0)
        expect(times(fake)).toEqual([1, 15_000])
        expect(yield* Fiber.join(wait)).toMatchObject({ verdict: "complete" })
      }
    }),
  )

  it.effect("W8: without hints expected they help too", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.begin("s1", 0, { lasts: minutes(59) + 5_000 })
      const { runs } = yield* open(fake, {})
      const wait = yield* begin(runs.wait(ref()))
      yield* TestClock.setTime(minutes(59) + 5_000)
      yield* runs.notice(ref())
      yield* TestClock.adjust(0)
      expect(wait.pollUnsafe()).toBeDefined()
    }),
  )

  it.effect("W8: many hints lead to one look in two seconds", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.begin("s1", 0, { lasts: minutes(30) })
      const { runs } = yield* open(fake)
      const wait = yield* begin(runs.wait(ref()))
      yield* TestClock.setTime(10_000)
      for (let i = 0; i < 1_000; i++) {
        yield* runs.notice(ref())
        yield* TestClock.adjust(7)
      }
      yield* TestClock.adjust("5 seconds")
      expect(times(fake)).toEqual([1, 10_000, 12_000, 14_000, 16_000, 18_000])
      yield* Fiber.interrupt(wait)
    }),
  )

  it.effect("W8: a hint during a look is not lost: the look may have begun before the change", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.begin("s1", 0, { lasts: 30_500 })
      const { runs } = yield* open(fake)
      const wait = yield* begin(runs.wait(ref()))
      yield* TestClock.setTime(30_000)
      // The vendor answers after the end what it knew before it.
      fake.fail("get", FakeDriver.down)
      yield* runs.notice(ref())
      yield* TestClock.setTime(30_000)
      expect(times(fake)).toEqual([1, 30_000])
      yield* runs.notice(ref())
      yield* TestClock.adjust("3 seconds")
      expect(times(fake)).toEqual([1, 30_000, 32_000])
      expect(yield* Fiber.join(wait)).toMatchObject({ verdict: "complete" })
    }),
  )

  it.effect("W8: hints about what nobody waits for cost nothing, and are kept for nobody", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.begin("s1", 0, { lasts: minutes(30) })
      const { runs } = yield* open(fake)
      yield* runs.notice(ref())
      yield* runs.notice(ref("r2"))
      yield* runs.notice(FakeDriver.sync("s2"))
      yield* TestClock.adjust("1 minute")
      expect(fake.sent).toHaveLength(0)
    }),
  )

  it.effect("W8, F2: a hint for another workspace, and what is no ref, is refused", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const opened = yield* open(fake)
      const other = new RunRef({ sync: FakeDriver.sync("s1", "other"), run: "r1" })
      expect(yield* Effect.flip(opened.runs.notice(other))).toMatchObject({ reason: { _tag: "WrongWorkspace" } })
      expect(yield* Effect.flip(opened.runs.notice("r1" as unknown as RunRef))).toMatchObject({
        reason: { _tag: "InvalidRequest" },
      })
      expect(yield* Effect.flip(opened.runs.notice(undefined as unknown as RunRef))).toMatchObject({
        reason: { _tag: "InvalidRequest" },
      })
      const fleet = yield* Fleet.make({ test: opened.workspace })
      expect(yield* Effect.flip(fleet.notice(other))).toMatchObject({ reason: { _tag: "WrongWorkspace" } })
      yield* fleet.notice(ref())
      yield* fleet.notice(FakeDriver.sync())
    }),
  )

  it.effect("W8: a hint as JSON counts as its ref does", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.begin("s1", 0, { lasts: 15_000 })
      const { runs } = yield* open(fake)
      const wait = yield* begin(runs.wait(ref()))
      yield* TestClock.setTime(15_000)
      yield* runs.notice(JSON.parse(JSON.stringify(yield* Schema.encodeEffect(RunRef)(ref()))))
      yield* TestClock.adjust(0)
      expect(wait.pollUnsafe()).toBeDefined()
      yield* runs.notice(JSON.parse(JSON.stringify(yield* Schema.encodeEffect(SyncRef)(FakeDriver.sync()))))
    }),
  )

  const Hint = Schema.Struct({
    at: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: minutes(45) })),
    run: Schema.Literals(["r1", "r2", "r3", "r9"]),
    isForSync: Schema.Boolean,
  })

  it.effect.prop(
    "W8: for any hints, lost, doubled, forged or late, the outcomes are the same, and requests stay bounded",
    { hints: Arbitrary.schema(Schema.Array(Hint)) },
    ({ hints }) =>
      Effect.gen(function* () {
        const fake = FakeDriver.make()
        fake.begin("s1", 0, { lasts: minutes(12) })
        fake.begin("s1", 0, { lasts: minutes(31), ends: "failed" })
        fake.begin("s2", 0, { lasts: minutes(7), ends: "partial", rows: { succeeded: 1, failed: 1 } })
        yield* TestClock.setTime(0)
        const { runs } = yield* open(fake)
        const waits = yield* begin(
          Effect.all([runs.wait(ref("r1")), runs.wait(ref("r2")), runs.wait(ref("r3", "s2"))], {
            concurrency: "unbounded",
          }),
        )
        yield* TestClock.setTime(1)
        for (const { at, run, isForSync } of hints.toSorted((a, b) => a.at - b.at)) {
          yield* TestClock.setTime(Math.max(1, at))
          yield* runs.notice(
            isForSync ? FakeDriver.sync(run === "r3" ? "s2" : "s1") : ref(run, run === "r3" ? "s2" : "s1"),
          )
        }
        yield* TestClock.setTime(minutes(46))
        const ends = yield* Fiber.join(waits)
        expect(ends.map(({ verdict }) => verdict)).toEqual(["complete", "failed", "partial"])
        expect(fake.sent.length).toBeLessThanOrEqual(3 * 6 + 2 * hints.length)
      }),
    { arbitrary: { runs: 60 } },
  )

  it.effect("W8: ten thousand forged hints while a run is waited for send one request in two seconds at the most", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.begin("s1", 0, { lasts: minutes(10) })
      const { runs } = yield* open(fake)
      const wait = yield* begin(Effect.exit(runs.wait(ref())))
      yield* TestClock.setTime(1)
      for (let i = 0; i < 10_000; i++) {
        if (i % 50 === 0) yield* TestClock.adjust(yield* Random.nextIntBetween(0, 6_000))
        yield* runs.notice(i % 3 === 0 ? FakeDriver.sync() : ref())
      }
      // The hints may have been over before the run.
      yield* TestClock.adjust("11 minutes")
      expect(Exit.isSuccess(yield* Fiber.join(wait))).toBe(true)
      expect(fake.sent.length).toBeLessThanOrEqual(302)
      const pauses = times(fake)
        .slice(1)
        .map((at, index) => at - (times(fake)[index] ?? 0))
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(2_000)
    }),
  )

  it.effect("W8: a watch takes hints as a wait does", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.begin("s1", 0, { lasts: 20_000 })
      const { runs } = yield* open(fake)
      const watch = yield* begin(Stream.runCollect(runs.watch(ref())))
      yield* TestClock.setTime(20_000)
      yield* runs.notice(ref())
      yield* TestClock.adjust(0)
      expect((yield* Fiber.join(watch)).map(({ status }) => status)).toEqual(["running", "succeeded"])
    }),
  )

  it.effect("W8: a wait that has ended leaves nothing for a hint to find", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.begin("s1", 0, { lasts: 1_000 })
      const { runs } = yield* open(fake)
      yield* TestClock.setTime(2_000)
      yield* within(10, runs.wait(ref()))
      const sent = fake.sent.length
      yield* runs.notice(ref())
      yield* TestClock.adjust("1 hour")
      expect(fake.sent).toHaveLength(sent)
    }),
  )
})
