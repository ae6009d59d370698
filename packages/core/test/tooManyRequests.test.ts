import { describe, expect, it, vi } from "@effect/vitest"
import { Duration, Effect, Exit, Fiber } from "effect"
import { TestClock } from "effect/testing"
import type { RateLimit as Limit } from "../src/driver/Description.ts"
import { type Grant, Priority } from "../src/engine/rate-limit/rateLimit.ts"
import { CurrentRequest } from "../src/http/currentRequest.ts"
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
      yield* begin(send(Effect.sleep("3 seconds")))
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

    it.effect("B2: the time before the 429, in which a request waited for a slot, does not count", () =>
      Effect.gen(function* () {
        const rateLimit = yield* LimitedVendor.make([perMinute(2)])
        const send = rateLimit.within("get", Priority.read)
        yield* send(Effect.void)
        yield* begin(Effect.exit(send(Effect.delay(Effect.fail(limited(20)), "50 seconds"))))
        const waiting = yield* begin(send(Effect.void))
        yield* TestClock.adjust("80 seconds")
        expect(waiting.pollUnsafe()).toEqual(Exit.void)
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
      Effect.flatMap(CurrentRequest, ({ onRemaining }) =>
        onRemaining({ requests, resetAfter: Duration.seconds(seconds) }),
      ),
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
