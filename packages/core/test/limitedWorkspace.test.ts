import { describe, expect, it } from "@effect/vitest"
import { Context, DateTime, Duration, Effect, Exit, Fiber, Scope, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Cancellation } from "../src/Cancellation.ts"
import { CurrentWorkspace } from "../src/CurrentWorkspace.ts"
import type { RateLimit as Limit } from "../src/driver/Description.ts"
import * as Reason from "../src/model/Reason.ts"
import { RunRef } from "../src/model/Ref.ts"
import { Runs } from "../src/Runs.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import * as LimitedVendor from "./support/limitedVendor.ts"
import { begin, within, workspace } from "./support/testbed.ts"

const sync = FakeDriver.sync()

const segment: ReadonlyArray<Limit> = [
  { name: "start", operations: ["start"], requests: 20, window: "1 minute" },
  { name: "get", operations: ["get"], requests: 250, window: "1 minute" },
  { name: "default", operations: "all", requests: 600, window: "1 minute" },
]
const zeotap: ReadonlyArray<Limit> = [
  { name: "workspace", operations: "all", requests: 100, window: "1 minute" },
  { name: "workspace", operations: "all", requests: 20, window: "1 second" },
]

const limited = (seconds: number) =>
  FakeDriver.failure(new Reason.RateLimited({ retryAfter: Duration.seconds(seconds) }), "refused", { status: 429 })

const open = Effect.fnUntraced(function* (limits: ReadonlyArray<Limit> = []) {
  const fake = FakeDriver.make({ description: { limits } })
  const { services } = yield* workspace(fake)
  return { fake, runs: Context.get(services, Runs) }
})

describe("a reader beside a wait", () => {
  const readers = [
    { vendor: "Segment", limits: segment, reads: "one run" },
    { vendor: "Zeotap", limits: zeotap, reads: "one run" },
    { vendor: "Zeotap", limits: zeotap, reads: "a list" },
  ] as const

  it.effect.each(readers)(
    "W4, B4: a fiber that reads $reads without pause keeps no wait from ending ($vendor)",
    (reader) =>
      Effect.gen(function* () {
        const { fake, runs } = yield* open(reader.limits)
        const run = fake.begin("s1", 0, { lasts: 300_000 })
        const ref = new RunRef({ sync, run: run.id, acceptedAt: DateTime.makeUnsafe(0) })
        const read = reader.reads === "a list" ? Stream.runDrain(runs.list(sync)) : runs.get(ref)
        const loops = yield* Effect.forEach([1, 2, 3], (millis) =>
          begin(Effect.forever(Effect.delay(read, millis * 150))),
        )
        const wait = yield* begin(runs.wait(ref))
        yield* TestClock.adjust("330 seconds")
        expect(wait.pollUnsafe()).toMatchObject({ _tag: "Success", value: { verdict: "complete" } })
        yield* Fiber.interruptAll(loops)
        for (const { requests, window } of reader.limits.slice(-1)) {
          const times = fake.sent.map(({ at }) => at)
          expect(LimitedVendor.mostIn(times, window)).toBeLessThanOrEqual(requests * 0.7)
        }
      }),
  )

  it.effect("B4: a hundred waits keep no caller waiting", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open(zeotap)
      for (let i = 0; i < 100; i++) {
        const id = `s${i}`
        const run = fake.begin(id, 0, { lasts: 3_600_000 })
        yield* begin(runs.wait(new RunRef({ sync: FakeDriver.sync(id), run: run.id })))
      }
      yield* TestClock.adjust("10 minutes")
      for (let i = 0; i < 10; i++) {
        yield* within("4 seconds", runs.get(new RunRef({ sync, run: "r2" })))
        yield* TestClock.adjust("3 seconds")
      }
    }),
  )
})

describe("after a 429", () => {
  it.effect.each([
    ["get", (runs: Context.Service.Shape<typeof Runs>) => runs.get(new RunRef({ sync, run: "r1" }))],
    ["list", (runs: Context.Service.Shape<typeof Runs>) => Stream.runDrain(runs.list(sync))],
    ["trigger", (runs: Context.Service.Shape<typeof Runs>) => runs.trigger(sync, { whenRunning: "fail" })],
  ] as const)("B2: %s fails at once where it would stand still for too long, and a wait looks again", ([, call]) =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open()
      fake.begin("s1", 0, { lasts: 3_700_000 })
      const wait = yield* begin(runs.wait(new RunRef({ sync, run: "r1" })))
      fake.fail("get", limited(3_600))
      yield* TestClock.adjust("1 minute")
      const before = fake.sent.length
      const error = yield* Effect.flip(within(1, Effect.asVoid(call(runs))))
      expect(error).toMatchObject({ delivery: "not-sent", reason: { _tag: "RateLimited" }, exhausted: false })
      expect(fake.sent).toHaveLength(before)
      yield* TestClock.adjust("61 minutes")
      yield* within("3 seconds", runs.get(new RunRef({ sync, run: "r1" })))
      yield* TestClock.adjust("2 minutes")
      expect(wait.pollUnsafe()).toMatchObject({ _tag: "Success", value: { verdict: "complete" } })
    }),
  )

  it.effect("B2: a wait goes on within a day after a 429 that demands years", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open()
      fake.begin("s1", 0, { lasts: 60_000 })
      fake.fail("get", limited(999_999_999))
      const wait = yield* begin(runs.wait(new RunRef({ sync, run: "r1" }), { deadline: "2 days" }))
      yield* TestClock.adjust("24 hours")
      yield* TestClock.adjust("3 minutes")
      expect(wait.pollUnsafe()).toMatchObject({ _tag: "Success" })
    }),
  )
})

describe("a trigger that sends nothing", () => {
  it.effect("B1: triggers that are skipped, that fail and that are interrupted give their grants back", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open(segment)
      const run = fake.begin("s1", 0, { lasts: 100_000_000 })
      const trigger = (whenRunning: "skip" | "fail") => Effect.exit(runs.trigger(sync, { whenRunning }))
      for (let i = 0; i < 20; i++) {
        yield* within(2, trigger("skip"))
        yield* within(2, trigger("fail"))
        fake.delay("list", 5_000)
        const interrupted = yield* begin(trigger("fail"))
        yield* TestClock.adjust("1 second")
        yield* Fiber.interrupt(interrupted)
        // Its fence may still arrive.
        yield* TestClock.adjust("2 seconds")
      }
      run.endsAt = 0
      expect(fake.count("start")).toBe(0)
      for (let i = 0; i < 14; i++) yield* begin(runs.trigger(FakeDriver.sync(`t${i}`), { whenRunning: "fail" }))
      yield* TestClock.adjust("1 second")
      expect(fake.count("start")).toBe(14)
    }),
  )
})

describe("closing a workspace", () => {
  const ref = new RunRef({ sync, run: "r1" })
  const calls: ReadonlyArray<
    readonly [
      string,
      (services: Context.Context<Runs | CurrentWorkspace | Cancellation>) => Effect.Effect<unknown, unknown>,
    ]
  > = [
    ["a read", (services) => Context.get(services, Runs).get(ref)],
    ["a list", (services) => Stream.runDrain(Context.get(services, Runs).list(sync))],
    ["a wait", (services) => Context.get(services, Runs).wait(ref)],
    ["a watch", (services) => Stream.runDrain(Context.get(services, Runs).watch(ref))],
    ["a cancel", (services) => Context.get(services, Cancellation).cancel(ref)],
    ["a check", (services) => Context.get(services, CurrentWorkspace).check()],
    ["a trigger before its request", (services) => Context.get(services, Runs).trigger(sync, { whenRunning: "fail" })],
  ]

  const closing = Effect.fnUntraced(function* (
    call: (typeof calls)[number][1],
    arrange: (fake: FakeDriver.Fake) => void,
  ) {
    const fake = FakeDriver.make()
    fake.begin("s1", 0, { lasts: 3_600_000 })
    arrange(fake)
    const scope = yield* Scope.make()
    const { services } = yield* Scope.provide(workspace(fake), scope)
    const caller = yield* begin(Effect.exit(call(services)))
    yield* TestClock.adjust("100 millis")
    expect(caller.pollUnsafe()).toBeUndefined()
    const close = yield* begin(Scope.close(scope, Exit.void))
    yield* TestClock.adjust(1)
    expect(close.pollUnsafe()).toBeDefined()
    expect(caller.pollUnsafe()).toBeDefined()
    const late = yield* begin(Effect.exit(call(services)))
    yield* TestClock.adjust(1)
    expect(late.pollUnsafe()).toBeDefined()
  })

  it.effect.each(calls)("B5: %s ends at once while its request is under way", ([, call]) =>
    closing(call, (fake) => {
      for (const operation of ["get", "list", "check"] as const) fake.delay(operation, 25_000)
    }),
  )

  it.effect.each(calls)("B5: %s ends at once while it pauses after a failure", ([, call]) =>
    closing(call, (fake) => {
      for (const operation of ["get", "list", "check"] as const) fake.fail(operation, FakeDriver.down, 3)
    }),
  )
})
