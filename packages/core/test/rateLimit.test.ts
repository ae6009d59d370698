import { describe, expect, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Schema } from "effect"
import { TestClock } from "effect/testing"
import type { RateLimit as Limit } from "../src/driver/Description.ts"
import { Priority, type RateLimit } from "../src/engine/rate-limit/rateLimit.ts"
import * as Reason from "../src/model/Reason.ts"
import type { RetlError } from "../src/model/RetlError.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import * as LimitedVendor from "./support/limitedVendor.ts"
import { begin, within } from "./support/testbed.ts"

const perMinute = (requests: number, operations: Limit["operations"] = "all"): Limit => ({
  name: "a",
  operations,
  requests,
  window: "1 minute",
})

const limitsOf = [
  { name: "Segment's trigger", limits: [perMinute(20, ["start"])] },
  { name: "Segment's run", limits: [perMinute(250)] },
  { name: "Segment's mappings", limits: [perMinute(5)] },
  { name: "one a minute", limits: [perMinute(1)] },
  { name: "Zeotap", limits: [perMinute(100), { ...perMinute(20), window: "1 second" }] },
] satisfies ReadonlyArray<{ name: string; limits: ReadonlyArray<Limit> }>

const most = (limit: Limit, share: number) => Math.max(1, Math.floor(limit.requests * share))

/**
 * Sends a request a moment after another, as a trigger does: it has its grant meanwhile. Gives up after three grants.
 */
const trigger = (
  rateLimit: RateLimit,
  before: Effect.Effect<void, RetlError>,
  request: Effect.Effect<void, RetlError>,
) =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      for (let round = 0; round < 3; round++) {
        const grant = yield* restore(rateLimit.acquire("start", Priority.write))
        const isSent = yield* Effect.ensuring(
          restore(
            Effect.gen(function* () {
              yield* Effect.sleep(10)
              yield* rateLimit.within("list", Priority.urgent)(before)
              if (!(yield* rateLimit.confirm("start", grant))) return false
              yield* rateLimit.spend("start", grant)(request)
              return true
            }),
          ),
          rateLimit.giveBack(grant),
        )
        if (isSent) return
      }
    }),
  )

const Millis = (maximum: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum }))

/** What a caller does: how long after the previous one it begins, and how long its request is on its way. */
const Call = Schema.Struct({
  after: Schema.Union([Millis(20), Millis(3_000), Millis(61_000)]),
  up: Schema.Union([Millis(0), Millis(10_000)]),
  down: Schema.Union([Millis(0), Millis(10_000)]),
  kind: Schema.Literals(["read", "poll", "write", "trigger", "idle"]),
  /** When its caller is interrupted, after it began. */
  interruptedAfter: Schema.Union([Schema.Null, Schema.Null, Millis(15_000)]),
  /** Whether the clock is set back before it begins. */
  isSetBack: Schema.Literals([false, false, false, false, true]),
})

const Calls = Schema.Array(Call).check(Schema.isMinLength(30), Schema.isMaxLength(120))

describe("documented limits", () => {
  const cases = limitsOf.flatMap(({ name, limits }) => [0.7, 1].map((share) => ({ name, limits, share })))

  it.effect.each(cases)("B1: no window at the vendor has more than the share $share of $name", ({ limits, share }) =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make(limits, { share })
      const { request, arrivals } = LimitedVendor.vendor()
      const send = rateLimit.within("start", Priority.poll)(request())
      // A drip that leaves some of the rate limit unused, then bursts at awkward moments.
      for (let i = 0; i < 30; i++) {
        yield* begin(send)
        yield* TestClock.adjust(1_700)
      }
      for (const pause of [57_000, 500, 59_999, 1]) {
        for (let i = 0; i < 300; i++) yield* begin(send)
        yield* TestClock.adjust(pause)
      }
      yield* TestClock.adjust("30 hours")
      expect(arrivals).toHaveLength(1_230)
      for (const limit of limits) {
        expect(LimitedVendor.mostIn(arrivals, limit.window)).toBeLessThanOrEqual(most(limit, share))
      }
    }),
  )

  it.effect.prop(
    "B1: no window at the vendor has more, however long requests and answers take, and wherever the clock is set",
    {
      calls: Calls,
      limits: Schema.Literals([1, 2, 3, 4]),
      share: Schema.Literals([0.3, 0.7, 1]),
      // Not both: a clock that is set back prolongs the way of requests that nobody waits for, on the test clock only.
      trouble: Schema.Literals(["interrupts", "clock"]),
    },
    ({ calls, limits: index, share, trouble }) =>
      Effect.gen(function* () {
        yield* TestClock.setTime(1_000_000_000)
        const limits = limitsOf[index]?.limits ?? []
        const rateLimit = yield* LimitedVendor.make(limits, { share })
        const { request, arrivals } = LimitedVendor.vendor()
        const fibers: Array<Fiber.Fiber<unknown, unknown>> = []
        for (const { after, up, down, kind, interruptedAfter, isSetBack } of calls) {
          yield* TestClock.adjust(after)
          if (trouble === "clock" && isSetBack) yield* TestClock.setTime(1_000_000_000)
          const program =
            kind === "trigger"
              ? trigger(rateLimit, request(up, down), request(up, down))
              : kind === "idle"
                ? Effect.flatMap(rateLimit.acquire("start", Priority.write), rateLimit.giveBack)
                : rateLimit.within("get", Priority[kind])(request(up, down))
          const fiber = yield* begin(program)
          fibers.push(fiber)
          if (trouble === "interrupts" && interruptedAfter !== null)
            yield* Effect.forkDetach(Effect.delay(Fiber.interrupt(fiber), interruptedAfter))
        }
        yield* TestClock.adjust("300 hours")
        expect(fibers.filter((fiber) => fiber.pollUnsafe() === undefined)).toEqual([])
        for (const limit of limits) {
          expect(LimitedVendor.mostIn(arrivals, limit.window)).toBeLessThanOrEqual(most(limit, share))
        }
      }).pipe(Effect.scoped, Effect.provide(TestClock.layer())),
    { arbitrary: { runs: 100 } },
  )
})

describe("slots", () => {
  it.effect("B1: what the limit allows at once goes at once", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([perMinute(20, ["start"])], { share: 0.7 })
      const { request, arrivals } = LimitedVendor.vendor()
      for (let i = 0; i < 20; i++) yield* begin(trigger(rateLimit, request(), request()))
      yield* TestClock.adjust("1 second")
      // A fence and a start of each.
      expect(arrivals).toHaveLength(14 + 14)
    }),
  )

  it.effect("B1: a slot is free again one window after its answer, to the millisecond", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([perMinute(1)])
      const { request, arrivals } = LimitedVendor.vendor()
      const send = rateLimit.within("get", Priority.read)
      yield* begin(send(request(4_000, 3_000)))
      yield* begin(send(request()))
      yield* TestClock.adjust(67_000)
      expect(arrivals).toEqual([4_001])
      yield* TestClock.adjust(1)
      expect(arrivals).toEqual([4_001, 67_001])
    }),
  )

  it.effect("B1: a request that was interrupted may still arrive, and counts until that is over", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([perMinute(1)])
      const { request, arrivals } = LimitedVendor.vendor()
      const send = rateLimit.within("get", Priority.read)
      const fiber = yield* begin(send(request(9_000, 9_000)))
      yield* begin(send(request()))
      yield* TestClock.adjust(2_000)
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("2 minutes")
      expect(arrivals).toEqual([9_001, 70_001])
    }),
  )

  it.effect(
    "B1: a request that fails without an answer counts from its failure, or from when it can have arrived",
    () =>
      Effect.gen(function* () {
        const rateLimit = yield* LimitedVendor.make([perMinute(1)])
        const send = rateLimit.within("get", Priority.read)
        const lost = Effect.fail(FakeDriver.lost)
        expect(yield* Effect.exit(send(lost))).toMatchObject({ _tag: "Failure" })
        const next = yield* begin(Effect.exit(send(Effect.delay(lost, "25 seconds"))))
        yield* TestClock.adjust(69_999)
        expect(next.pollUnsafe()).toBeUndefined()
        yield* TestClock.adjust(25_001)
        expect(next.pollUnsafe()).toBeDefined()
        const last = yield* begin(send(Effect.void))
        yield* TestClock.adjust(59_998)
        expect(last.pollUnsafe()).toBeUndefined()
        yield* TestClock.adjust(2)
        expect(last.pollUnsafe()).toBeDefined()
      }),
  )

  it.effect("B1: an answer with an error frees the slot one window after it", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([perMinute(1)])
      const send = rateLimit.within("get", Priority.read)
      for (const error of [FakeDriver.down, FakeDriver.failure(new Reason.Conflict(), "refused")]) {
        expect(yield* Effect.exit(send(Effect.fail(error)))).toMatchObject({ _tag: "Failure" })
        const next = yield* begin(send(Effect.void))
        yield* TestClock.adjust(60_000)
        expect(next.pollUnsafe()).toBeDefined()
        yield* TestClock.adjust(60_000)
      }
    }),
  )

  it.effect("B1: a grant that is not used, and a request that never left, cost nothing", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([perMinute(1, ["start", "get"])])
      const send = rateLimit.within("get", Priority.read)
      const unsent = Effect.fail(FakeDriver.failure(new Reason.Network({ code: "ECONNREFUSED" }), "not-sent"))
      for (let i = 0; i < 50; i++) {
        const grant = yield* rateLimit.acquire("start", Priority.write)
        yield* rateLimit.giveBack(grant)
        yield* rateLimit.giveBack(grant)
        expect(yield* Effect.exit(send(unsent))).toMatchObject({ _tag: "Failure" })
      }
      const next = yield* begin(send(Effect.void))
      const other = yield* begin(send(Effect.void))
      yield* TestClock.adjust(1)
      expect([next.pollUnsafe(), other.pollUnsafe()]).toEqual([Exit.void, undefined])
    }),
  )

  it.effect("B1: a grant that is given back goes to the next request at once", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([perMinute(2, ["start"])], { share: 0.5 })
      const grant = yield* rateLimit.acquire("start", Priority.write)
      const next = yield* begin(rateLimit.within("start", Priority.write)(Effect.void))
      yield* TestClock.adjust("10 minutes")
      expect(next.pollUnsafe()).toBeUndefined()
      yield* rateLimit.giveBack(grant)
      yield* TestClock.adjust(0)
      expect(next.pollUnsafe()).toBeDefined()
    }),
  )

  it.effect("B1: giving back a grant whose request is under way does not free its slot", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([perMinute(1, ["start"])])
      const grant = yield* rateLimit.acquire("start", Priority.write)
      yield* begin(rateLimit.spend("start", grant)(Effect.sleep("5 seconds")))
      yield* TestClock.adjust("1 second")
      yield* rateLimit.giveBack(grant)
      const next = yield* begin(rateLimit.within("start", Priority.write)(Effect.void))
      yield* TestClock.adjust("64 seconds")
      expect(next.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("2 seconds")
      expect(next.pollUnsafe()).toBeDefined()
    }),
  )

  it.effect("B1: triggers whose fences need the same slots all go, also many at once", () =>
    Effect.gen(function* () {
      const withLists = { name: "lists", limits: [perMinute(5, ["start", "list"])] }
      for (const { limits } of [...limitsOf, withLists].filter(({ name }) => !/trigger|one/.test(name))) {
        const rateLimit = yield* LimitedVendor.make(limits, { share: 0.7 })
        const { request, arrivals } = LimitedVendor.vendor()
        const fibers = yield* Effect.forEach(Array.from({ length: 200 }), () =>
          begin(trigger(rateLimit, request(50, 50), request(50, 50))),
        )
        yield* TestClock.adjust("5 hours")
        expect(fibers.every((fiber) => fiber.pollUnsafe() !== undefined)).toBe(true)
        expect(arrivals).toHaveLength(400)
      }
    }),
  )

  it.effect("B1: operations that share one of their limits stay within it together", () =>
    Effect.gen(function* () {
      const limits = [perMinute(20, ["start"]), { ...perMinute(10), name: "all" }]
      const rateLimit = yield* LimitedVendor.make(limits)
      const { request, arrivals } = LimitedVendor.vendor()
      for (let i = 0; i < 10; i++) {
        yield* begin(rateLimit.within("start", Priority.write)(request()))
        yield* begin(rateLimit.within("get", Priority.read)(request()))
      }
      yield* TestClock.adjust("1 second")
      expect(arrivals).toHaveLength(10)
    }),
  )

  it.effect("B1: a slot that is free earlier than others that were taken before it goes first", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([perMinute(2)])
      const { request, arrivals } = LimitedVendor.vendor()
      const send = rateLimit.within("get", Priority.read)
      const fiber = yield* begin(send(request(9_000, 9_000)))
      yield* TestClock.adjust(1)
      yield* Fiber.interrupt(fiber)
      yield* begin(send(request(1_000)))
      yield* TestClock.adjust("2 seconds")
      yield* begin(send(request()))
      yield* TestClock.adjust("2 minutes")
      expect(arrivals).toEqual([1_002, 9_001, 61_002])
    }),
  )

  it.effect("B1: a request that needs a short window does not wait for one that needs a long window", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([
        perMinute(1, ["get"]),
        { name: "b", operations: ["list"], requests: 1, window: "1 second" },
      ])
      const list = rateLimit.within("list", Priority.read)
      yield* rateLimit.within("get", Priority.read)(Effect.void)
      const get = yield* begin(rateLimit.within("get", Priority.read)(Effect.void))
      yield* TestClock.adjust("1 second")
      yield* list(Effect.void)
      yield* within(1_000, list(Effect.void))
      expect(get.pollUnsafe()).toBeUndefined()
    }),
  )

  it.effect("B1: a trigger goes where its fence needs the only slot of a second", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([perMinute(5), { ...perMinute(1), window: "1 second" }])
      const { request, arrivals } = LimitedVendor.vendor()
      yield* begin(trigger(rateLimit, request(), request()))
      yield* TestClock.adjust(1_011)
      expect(arrivals).toEqual([11, 1_011])
    }),
  )

  it.effect("B1: where a fence needs the only slot of a minute, a grant is not confirmed", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([perMinute(1)])
      const grant = yield* rateLimit.acquire("start", Priority.write)
      yield* rateLimit.within("list", Priority.urgent)(Effect.void)
      expect(yield* within("3 seconds", rateLimit.confirm("start", grant))).toBe(false)
    }),
  )
})
