import { describe, expect, it, vi } from "@effect/vitest"
import { Duration, Effect, Exit, Fiber, Schema } from "effect"
import { TestClock } from "effect/testing"
import type { RateLimit as Limit } from "../src/driver/Description.ts"
import { type Grant, Priority, type RateLimit } from "../src/engine/rate-limit/rateLimit.ts"
import { OnRemaining } from "../src/http/remaining.ts"
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

/** Sends a request after another, as a trigger does: it has its grant meanwhile. Gives up after three grants. */
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
  setsClockBack: Schema.Literals([false, false, false, false, true]),
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
    { calls: Calls, limits: Schema.Literals([1, 2, 3, 4]), share: Schema.Literals([0.3, 0.7, 1]) },
    ({ calls, limits: index, share }) =>
      Effect.gen(function* () {
        yield* TestClock.setTime(1_000_000_000)
        const limits = limitsOf[index]?.limits ?? []
        const rateLimit = yield* LimitedVendor.make(limits, { share })
        const { request, arrivals } = LimitedVendor.vendor()
        const fibers: Array<Fiber.Fiber<unknown, unknown>> = []
        for (const { after, up, down, kind, interruptedAfter, setsClockBack } of calls) {
          yield* TestClock.adjust(after)
          if (setsClockBack) yield* TestClock.setTime(1_000_000_000)
          const program =
            kind === "trigger"
              ? trigger(rateLimit, request(up, down), request(up, down))
              : kind === "idle"
                ? Effect.flatMap(rateLimit.acquire("start", Priority.write), rateLimit.giveBack)
                : rateLimit.within("get", Priority[kind])(request(up, down))
          const fiber = yield* begin(program)
          fibers.push(fiber)
          if (interruptedAfter !== null)
            yield* Effect.forkDetach(Effect.delay(Fiber.interrupt(fiber), interruptedAfter))
        }
        yield* TestClock.adjust("300 hours")
        expect(fibers.filter((fiber) => fiber.pollUnsafe() === undefined)).toEqual([])
        for (const limit of limits) {
          expect(LimitedVendor.mostIn(arrivals, limit.window)).toBeLessThanOrEqual(most(limit, share))
        }
      }).pipe(Effect.scoped, Effect.provide(TestClock.layer())),
    { arbitrary: { runs: 60 } },
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
      const rateLimit = yield* LimitedVendor.make([perMinute(1)])
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
      for (const limits of limitsOf.slice(1).map((entry) => entry.limits)) {
        if (limits[0]?.requests === 1) continue
        const rateLimit = yield* LimitedVendor.make(limits, { share: 0.7 })
        const { request, arrivals } = LimitedVendor.vendor()
        const fibers = yield* Effect.forEach(Array.from({ length: 200 }), () =>
          begin(trigger(rateLimit, request(), request())),
        )
        yield* TestClock.adjust("5 hours")
        expect(fibers.every((fiber) => fiber.pollUnsafe() !== undefined)).toBe(true)
        expect(arrivals).toHaveLength(400)
      }
    }),
  )

  it.effect("B1: a trigger goes where its fence needs the only slot of a second", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([perMinute(5), { ...perMinute(1), window: "1 second" }])
      const { request, arrivals } = LimitedVendor.vendor()
      yield* begin(trigger(rateLimit, request(), request()))
      yield* TestClock.adjust(1_001)
      expect(arrivals).toEqual([1, 1_001])
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

describe("priorities", () => {
  const acquiring = (rateLimit: RateLimit, order: Array<string>) => (name: string, priority: Priority) =>
    rateLimit.within("get", priority)(Effect.sync(() => void order.push(name)))

  it.effect("B4: a trigger overtakes polls that are already waiting", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([perMinute(10)])
      const order: Array<string> = []
      const acquire = acquiring(rateLimit, order)
      for (let i = 0; i < 10; i++) yield* acquire("first", Priority.read)
      for (let i = 0; i < 50; i++) yield* begin(acquire("poll", Priority.poll))
      yield* TestClock.adjust("55 seconds")
      const before = order.length
      yield* begin(acquire("trigger", Priority.write))
      yield* begin(acquire("read", Priority.read))
      yield* begin(acquire("urgent", Priority.urgent))
      yield* TestClock.adjust("1 minute")
      expect(order.slice(before, before + 3)).toEqual(["urgent", "trigger", "read"])
    }),
  )

  it.effect("B4: requests of one urgency go in the order in which they came", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([perMinute(1)])
      const order: Array<string> = []
      const acquire = acquiring(rateLimit, order)
      for (const name of ["a", "b", "c", "d"]) yield* begin(acquire(name, Priority.read))
      yield* TestClock.adjust("1 hour")
      expect(order).toEqual(["a", "b", "c", "d"])
    }),
  )

  it.effect("B4, W4: of four grants one goes to the earliest request, so that none starves", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([perMinute(1)])
      const order: Array<string> = []
      const acquire = acquiring(rateLimit, order)
      yield* acquire("first", Priority.read)
      for (let i = 0; i < 3; i++) yield* begin(acquire("poll", Priority.poll))
      yield* TestClock.adjust("1 second")
      for (let i = 0; i < 20; i++) yield* begin(acquire("write", Priority.write))
      yield* TestClock.adjust("13 minutes")
      const row = ["write", "write", "write", "poll"]
      expect(order.slice(1)).toEqual([...row, ...row, ...row, "write"])
    }),
  )

  it.effect("B4: a lane counts who was overtaken by itself: a busy lane beside it takes nobody's turn", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([
        { ...perMinute(1, ["get"]), name: "get" },
        { ...perMinute(1, ["list"]), name: "list" },
      ])
      const order: Array<string> = []
      const acquire = acquiring(rateLimit, order)
      const busy = (operation: "get" | "list", priority: Priority) =>
        Effect.forever(rateLimit.within(operation, priority)(Effect.sync(() => void order.push(operation))))
      const fibers = yield* Effect.forEach(["get", "list", "list"] as const, (operation) =>
        begin(busy(operation, operation === "get" ? Priority.write : Priority.read)),
      )
      yield* begin(acquire("poll", Priority.poll))
      yield* TestClock.adjust("10 minutes")
      expect(order).toContain("poll")
      yield* Fiber.interruptAll(fibers)
    }),
  )

  it.effect("B4: a burst of polls keeps no caller waiting for a window", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([perMinute(100)])
      const order: Array<string> = []
      const polls = yield* begin(
        Effect.forEach(Array.from({ length: 1_000 }), () => acquiring(rateLimit, order)("poll", Priority.poll), {
          concurrency: "unbounded",
        }),
      )
      yield* TestClock.adjust(1)
      // A quarter of the slots at once.
      expect(order).toHaveLength(25)
      yield* TestClock.adjust("10 minutes")
      // Three quarters in each minute after that.
      expect(order.length).toBeGreaterThan(25 + 700)
      expect(order.length).toBeLessThanOrEqual(25 + 760)
      for (let i = 0; i < 20; i++) {
        const caller = yield* begin(rateLimit.within("get", Priority.read)(Effect.void))
        yield* TestClock.adjust(1_000)
        expect(caller.pollUnsafe()).toBeDefined()
      }
      yield* Fiber.interrupt(polls)
    }),
  )

  it.effect("B4: an interrupted waiter gives its place back", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([perMinute(10)])
      const order: Array<string> = []
      const acquire = acquiring(rateLimit, order)
      const reads = yield* Effect.forEach(Array.from({ length: 500 }), () => begin(acquire("read", Priority.read)))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interruptAll(reads)
      const trigger = yield* begin(acquire("trigger", Priority.write))
      yield* TestClock.adjust("60 seconds")
      expect(trigger.pollUnsafe()).toBeDefined()
      expect(order).toHaveLength(11)
    }),
  )
})

describe("429", () => {
  const limited = (seconds?: number) =>
    FakeDriver.failure(
      new Reason.RateLimited({ ...(seconds !== undefined && { retryAfter: Duration.seconds(seconds) }) }),
      "refused",
      { status: 429 },
    )
  const patient = { rateLimitWithin: Duration.days(10) }

  it.effect("B2: after a 429 nothing is sent until the vendor's wait is over, and then no burst", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([], patient)
      const times: Array<number> = []
      let refusals = 20
      const request = Effect.gen(function* () {
        times.push(yield* LimitedVendor.elapsed)
        if (refusals-- > 0) return yield* limited(60)
      })
      const send = Effect.exit(rateLimit.within("get", Priority.poll)(request))
      for (let i = 0; i < 20; i++) yield* begin(send)
      yield* TestClock.adjust("1 second")
      refusals = 1
      const before = times.length
      for (let i = 0; i < 50; i++) yield* begin(send)
      yield* TestClock.adjust("58 seconds")
      expect(times.length).toBe(before)
      yield* TestClock.adjust("3 seconds")
      expect(times.length).toBeLessThanOrEqual(before + 3)
      yield* TestClock.adjust("1 hour")
      expect(times.length).toBe(70)
    }),
  )

  it.effect("B2: after the wait, one request a second leaves until the vendor has answered one of them", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([], patient)
      const times: Array<number> = []
      const note = Effect.map(LimitedVendor.elapsed, (at) => void times.push(at))
      const send = rateLimit.within("get", Priority.read)
      // An answer to a request that left before the 429 says nothing.
      yield* begin(send(Effect.sleep("8 seconds")))
      yield* begin(Effect.exit(send(Effect.fail(limited(5)))))
      yield* TestClock.adjust("1 second")
      for (let i = 0; i < 4; i++) yield* begin(send(Effect.andThen(note, Effect.sleep("2500 millis"))))
      for (let i = 0; i < 9; i++) yield* begin(send(note))
      yield* TestClock.adjust("1 minute")
      const first = times[0] ?? 0
      expect(times.map((at) => at - first)).toEqual([0, 1_000, 2_000, ...Array.from({ length: 10 }, () => 2_500)])
    }),
  )

  it.effect("B2: 429s that name no wait are followed by growing waits", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([], patient)
      const times: Array<number> = []
      const request = Effect.gen(function* () {
        times.push(yield* LimitedVendor.elapsed)
        return yield* limited()
      })
      yield* begin(Effect.forever(Effect.exit(rateLimit.within("get", Priority.poll)(request))))
      yield* TestClock.adjust("1 hour")
      const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0))
      expect(gaps.slice(0, 8)).toEqual([5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000])
    }),
  )

  it.effect("B2: 429s to requests that left together count as one", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([], patient)
      const send = rateLimit.within("get", Priority.read)
      for (let i = 0; i < 12; i++) yield* begin(Effect.exit(send(Effect.delay(Effect.fail(limited()), 100 + i))))
      yield* TestClock.adjust("1 second")
      const next = yield* begin(send(Effect.void))
      yield* TestClock.adjust(4_500)
      expect(next.pollUnsafe()).toBeDefined()
    }),
  )

  it.effect("B2: of overlapping waits the later end holds", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([], patient)
      const send = rateLimit.within("get", Priority.read)
      for (const [delay, seconds] of [
        [1_000, 40],
        [2_000, 5],
      ] as const) {
        yield* begin(Effect.exit(send(Effect.delay(Effect.fail(limited(seconds)), delay))))
      }
      yield* TestClock.adjust("3 seconds")
      const next = yield* begin(send(Effect.void))
      yield* TestClock.adjust(37_999)
      expect(next.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust(3)
      expect(next.pollUnsafe()).toBeDefined()
    }),
  )

  it.effect("B2: a demand of years counts as a day", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([], patient)
      const send = rateLimit.within("get", Priority.read)
      yield* Effect.exit(send(Effect.fail(limited(999_999_999))))
      const next = yield* begin(send(Effect.void))
      yield* TestClock.adjust("23 hours")
      expect(next.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("61 minutes")
      expect(next.pollUnsafe()).toBeDefined()
    }),
  )

  it.effect("B2: a 429 stops the requests of its own limits only", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make(
        [perMinute(20, ["start"]), { ...perMinute(600), name: "all" }],
        patient,
      )
      yield* Effect.exit(rateLimit.within("start", Priority.write)(Effect.fail(limited(30))))
      yield* within(1, rateLimit.within("get", Priority.read)(Effect.void))
      const start = yield* begin(rateLimit.within("start", Priority.write)(Effect.void))
      yield* TestClock.adjust("29 seconds")
      expect(start.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("2 seconds")
      expect(start.pollUnsafe()).toBeDefined()
    }),
  )

  it.effect("B2: a clock that is set back prolongs no wait after a 429", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(7_200_000)
      const rateLimit = yield* LimitedVendor.make([])
      const send = rateLimit.within("get", Priority.read)
      yield* begin(Effect.exit(send(Effect.fail(limited(30)))))
      yield* TestClock.adjust("1 second")
      yield* TestClock.setTime(3_600_000)
      const next = yield* begin(send(Effect.void))
      yield* TestClock.adjust(28_999)
      expect(next.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("2 seconds")
      expect(next.pollUnsafe()).toBeDefined()
    }),
  )

  it.effect(
    "B2: a grant that was acquired before a 429 is not confirmed during its wait, nor in a burst after it",
    () =>
      Effect.gen(function* () {
        const rateLimit = yield* LimitedVendor.make([perMinute(10, ["start"])], patient)
        const grants: Array<Grant> = []
        for (let i = 0; i < 4; i++) grants.push(yield* rateLimit.acquire("start", Priority.write))
        yield* Effect.exit(rateLimit.within("start", Priority.write)(Effect.fail(limited(30))))
        const [first, ...others] = grants
        if (first === undefined) return expect.fail("no grant")
        expect(yield* within("3 seconds", rateLimit.confirm("start", first))).toBe(false)
        yield* TestClock.adjust("27 seconds")
        expect(yield* within(1, rateLimit.confirm("start", first))).toBe(true)
        const confirmed = yield* Effect.forEach(others, (grant) => begin(rateLimit.confirm("start", grant)))
        yield* TestClock.adjust(900)
        expect(confirmed.map((fiber) => fiber.pollUnsafe())).toEqual([undefined, undefined, undefined])
        yield* TestClock.adjust("5 seconds")
        expect(confirmed.map((fiber) => fiber.pollUnsafe()).filter((exit) => exit !== undefined)).toHaveLength(3)
      }),
  )

  describe("rateLimitWithin", () => {
    const restOf = (error: RetlError) =>
      error.reason._tag === "RateLimited" && error.reason.retryAfter
        ? [error.operation, error.delivery, Math.ceil(Duration.toSeconds(error.reason.retryAfter))]
        : error

    it.effect.each(["poll", "read", "write", "urgent"] as const)(
      "B2: a request (%s) that would stand still for longer fails at once, with the rest of the wait",
      (priority) =>
        Effect.gen(function* () {
          const rateLimit = yield* LimitedVendor.make([])
          const send = rateLimit.within("get", Priority[priority])
          yield* Effect.exit(send(Effect.fail(limited(75))))
          yield* TestClock.adjust("10 seconds")
          const sent = vi.fn()
          const error = yield* Effect.flip(within(1, send(Effect.sync(sent))))
          expect(restOf(error)).toEqual(["get", "not-sent", 65])
          yield* TestClock.adjust("5 seconds")
          const next = yield* begin(send(Effect.void))
          yield* TestClock.adjust("61 seconds")
          expect([next.pollUnsafe(), sent.mock.calls]).toEqual([Exit.void, []])
        }),
    )

    it.effect("B2: a request that waits already fails once a 429 makes it stand still for longer", () =>
      Effect.gen(function* () {
        const rateLimit = yield* LimitedVendor.make([], { rateLimitWithin: Duration.seconds(30) })
        const send = rateLimit.within("get", Priority.read)
        yield* Effect.exit(send(Effect.fail(limited(20))))
        const [probe, ...waiting] = yield* Effect.forEach([0, 1, 2], (index) =>
          begin(Effect.flip(send(index === 0 ? Effect.fail(limited(20)) : Effect.never))),
        )
        yield* TestClock.adjust(19_999)
        expect(probe?.pollUnsafe()).toBeUndefined()
        const late = yield* begin(send(Effect.void))
        yield* TestClock.adjust(1_001)
        for (const fiber of [probe, ...waiting]) expect(fiber?.pollUnsafe()).toBeDefined()
        expect(late.pollUnsafe()).toBeUndefined()
        yield* TestClock.adjust("20 seconds")
        expect(late.pollUnsafe()).toBeDefined()
        expect(restOf(yield* Fiber.join(waiting[0] ?? (yield* Effect.die("no fiber"))))).toEqual([
          "get",
          "not-sent",
          20,
        ])
      }),
    )

    it.effect("B2: a wait for slots of its own fails no request", () =>
      Effect.gen(function* () {
        const rateLimit = yield* LimitedVendor.make([perMinute(1)], { rateLimitWithin: Duration.seconds(1) })
        const send = rateLimit.within("get", Priority.read)
        yield* send(Effect.void)
        yield* within("61 seconds", send(Effect.void))
      }),
    )
  })
})

describe("what the vendor says is left", () => {
  const answers = (requests: number, seconds: number, takes = 0) =>
    Effect.delay(
      Effect.flatMap(OnRemaining, (report) => report({ requests, resetAfter: Duration.seconds(seconds) })),
      takes,
    )

  it.effect("B3: where nothing remains, nothing is sent before the reset", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([perMinute(100)])
      const send = rateLimit.within("get", Priority.read)
      yield* send(answers(0, 40))
      const next = yield* begin(send(Effect.void))
      yield* TestClock.adjust(39_999)
      expect(next.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust(1)
      expect(next.pollUnsafe()).toBeDefined()
    }),
  )

  it.effect("B3: no more requests leave at once than remain, those that are under way included", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([perMinute(100)])
      const { request, arrivals } = LimitedVendor.vendor()
      const send = rateLimit.within("get", Priority.read)
      for (let i = 0; i < 2; i++) yield* begin(send(Effect.andThen(request(), Effect.sleep("30 seconds"))))
      yield* begin(send(answers(5, 50, 1_000)))
      yield* TestClock.adjust("2 seconds")
      for (let i = 0; i < 20; i++) yield* begin(send(request()))
      yield* TestClock.adjust("45 seconds")
      expect(arrivals).toHaveLength(2 + 3)
      yield* TestClock.adjust("5 seconds")
      expect(arrivals).toHaveLength(22)
    }),
  )

  it.effect("B3: a later answer corrects an earlier one", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([perMinute(100)])
      const send = rateLimit.within("get", Priority.read)
      yield* begin(send(answers(90, 50, 2_000)))
      yield* begin(send(answers(0, 50, 1_000)))
      yield* TestClock.adjust("3 seconds")
      yield* within(1, send(Effect.void))
    }),
  )

  it.effect.each([
    ["that lies behind", 0],
    ["that is negative", -5],
    ["in an hour, of a limit by the minute", 3_600],
  ] as const)("B3: a reset %s is ignored", ([, seconds]) =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([perMinute(100)])
      const send = rateLimit.within("get", Priority.read)
      yield* send(answers(0, seconds))
      yield* within(1, send(Effect.void))
    }),
  )

  it.effect("B3: without a documented limit, a reset within ten minutes counts", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([])
      const send = rateLimit.within("get", Priority.read)
      yield* send(answers(0, 601))
      yield* within(1, send(answers(0, 600)))
      const next = yield* begin(send(Effect.void))
      yield* TestClock.adjust("599 seconds")
      expect(next.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("2 seconds")
      expect(next.pollUnsafe()).toBeDefined()
    }),
  )
})
