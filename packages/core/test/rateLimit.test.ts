import { describe, expect, it } from "@effect/vitest"
import { Clock, Duration, Effect, Fiber, Scope } from "effect"
import { TestClock } from "effect/testing"
import type { Description, RateLimit as Limit } from "../src/driver/Description.ts"
import * as RateLimit from "../src/engine/rate-limit/rateLimit.ts"
import * as TokenBuckets from "../src/engine/rate-limit/tokenBuckets.ts"
import { RateLimited } from "../src/model/Reason.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { begin } from "./support/testbed.ts"

const describeLimits = (limits: ReadonlyArray<Limit>): Description => ({
  ...FakeDriver.make().driver.description,
  limits,
})

const make = Effect.fnUntraced(function* (limits: ReadonlyArray<Limit>, share = 1) {
  return yield* RateLimit.make(describeLimits(limits), share, yield* Effect.scope)
})

/** The most requests in any window of that length. */
const mostIn = (times: ReadonlyArray<number>, windowMillis: number): number => {
  let most = 0
  for (let from = 0, to = 0; to < times.length; to++) {
    while ((times[to] ?? 0) - (times[from] ?? 0) >= windowMillis) from++
    most = Math.max(most, to - from + 1)
  }
  return most
}

const limitsOf = [
  {
    name: "Segment's trigger",
    limits: [{ name: "a", operations: ["start", "get", "list", "cancel"], requests: 20, window: "1 minute" }],
  },
  {
    name: "Segment's run",
    limits: [{ name: "a", operations: ["start", "get", "list", "cancel"], requests: 250, window: "1 minute" }],
  },
  {
    name: "Segment's mappings",
    limits: [{ name: "a", operations: ["start", "get", "list", "cancel"], requests: 5, window: "1 minute" }],
  },
  {
    name: "one a minute",
    limits: [{ name: "a", operations: ["start", "get", "list", "cancel"], requests: 1, window: "1 minute" }],
  },
  {
    name: "Zeotap",
    limits: [
      { name: "a", operations: ["start", "get", "list", "cancel"], requests: 100, window: "1 minute" },
      { name: "a", operations: ["start", "get", "list", "cancel"], requests: 20, window: "1 second" },
    ],
  },
] satisfies ReadonlyArray<{ name: string; limits: ReadonlyArray<Limit> }>

describe("documented limits", () => {
  const cases = limitsOf.flatMap(({ name, limits }) => [0.7, 1].map((share) => ({ name, limits, share })))

  it.effect.each(cases)("B1: no window has more than the share $share of $name", ({ limits, share }) =>
    Effect.gen(function* () {
      const rateLimit = yield* make(limits, share)
      const times: Array<number> = []
      const request = Effect.gen(function* () {
        yield* rateLimit.acquire("start", RateLimit.Priority.poll)
        times.push(yield* Clock.currentTimeMillis)
      })
      // A drip that leaves some of the rate limit unused, then bursts at awkward moments.
      for (let i = 0; i < 30; i++) {
        yield* begin(request)
        yield* TestClock.adjust(1_700)
      }
      for (const pause of [57_000, 500, 59_999, 1]) {
        for (let i = 0; i < 300; i++) yield* begin(request)
        yield* TestClock.adjust(pause)
      }
      yield* TestClock.adjust("30 hours")
      expect(times).toHaveLength(1_230)
      for (const { requests, window } of limits) {
        const most = mostIn(times, Duration.toMillis(Duration.fromInputUnsafe(window as Duration.Input)))
        expect(most).toBeLessThanOrEqual(Math.max(1, Math.floor(requests * share)))
      }
    }),
  )

  it.effect("B1: a grant that is used late is confirmed, with new tokens if necessary", () =>
    Effect.gen(function* () {
      const limits: ReadonlyArray<Limit> = [
        { name: "a", operations: ["start", "get", "list", "cancel"], requests: 100, window: "1 minute" },
        { name: "a", operations: ["start", "get", "list", "cancel"], requests: 20, window: "1 second" },
      ]
      const rateLimit = yield* make(limits)
      const times: Array<number> = []
      const requestAfter = (millis: number) =>
        Effect.gen(function* () {
          const grant = yield* rateLimit.acquire("start", RateLimit.Priority.write)
          yield* Effect.sleep(millis)
          while (!(yield* rateLimit.confirm("start", grant))) yield* Effect.sleep("1 second")
          times.push(yield* Clock.currentTimeMillis)
        })
      for (let i = 0; i < 400; i++) yield* begin(requestAfter((i * 37) % 9_000))
      yield* TestClock.adjust("3 hours")
      expect(times).toHaveLength(400)
      times.sort((a, b) => a - b)
      expect(mostIn(times, 60_000)).toBeLessThanOrEqual(100)
      expect(mostIn(times, 1_000)).toBeLessThanOrEqual(20)
    }),
  )
})

describe("a clock that is set back", () => {
  it.effect.each(limitsOf)("B1: a clock that is set back prolongs no wait for $name", ({ limits }) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(7_200_000)
      const buckets = TokenBuckets.make(1)
      const take = Effect.suspend(() => buckets.take(limits, new Map()))
      while ((yield* take) === 0) yield* Effect.void
      yield* TestClock.setTime(3_600_000)
      const tokens: TokenBuckets.Tokens = new Map()
      let waited = 0
      for (let wait = 1; wait > 0; waited += wait) {
        wait = yield* buckets.take(limits, tokens)
        yield* TestClock.adjust(wait)
      }
      const longest = Math.max(...limits.map((limit) => Duration.toMillis(limit.window) / limit.requests))
      expect(waited).toBeLessThanOrEqual(1.5 * longest)
    }),
  )

  it.effect("B2: a clock that is set back prolongs no wait after a 429", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(7_200_000)
      const rateLimit = yield* make([])
      const limited = FakeDriver.failure(new RateLimited({ retryAfter: Duration.seconds(30) }), "refused")
      const send = rateLimit.within("get", RateLimit.Priority.read)
      yield* begin(Effect.exit(send(Effect.fail(limited))))
      yield* TestClock.adjust("1 second")
      yield* TestClock.setTime(3_600_000)
      const next = yield* begin(send(Effect.void))
      yield* TestClock.adjust("29 seconds")
      expect(next.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("5 seconds")
      expect(next.pollUnsafe()).toBeDefined()
    }),
  )
})

describe("priorities", () => {
  it.effect("B4: a trigger overtakes polls that are already waiting", () =>
    Effect.gen(function* () {
      const rateLimit = yield* make([
        { name: "a", operations: ["start", "get", "list", "cancel"], requests: 10, window: "1 minute" },
      ])
      const order: Array<string> = []
      const acquire = (name: string, priority: RateLimit.Priority) =>
        Effect.andThen(
          rateLimit.acquire("start", priority),
          Effect.sync(() => order.push(name)),
        )
      for (let i = 0; i < 50; i++) yield* begin(acquire("poll", RateLimit.Priority.poll))
      yield* TestClock.adjust("1 second")
      const before = order.length
      yield* begin(acquire("trigger", RateLimit.Priority.write))
      yield* begin(acquire("urgent", RateLimit.Priority.urgent))
      yield* TestClock.adjust("1 minute")
      expect(order.slice(before, before + 2)).toEqual(["urgent", "trigger"])
    }),
  )

  it.effect("B4: an interrupted waiter gives its place back", () =>
    Effect.gen(function* () {
      const rateLimit = yield* make([
        { name: "a", operations: ["start", "get", "list", "cancel"], requests: 10, window: "1 minute" },
      ])
      const polls = yield* Effect.forEach(Array.from({ length: 500 }), () =>
        begin(rateLimit.acquire("start", RateLimit.Priority.poll)),
      )
      yield* TestClock.adjust("1 second")
      yield* Fiber.interruptAll(polls)
      const trigger = yield* begin(rateLimit.acquire("start", RateLimit.Priority.write))
      yield* TestClock.adjust("15 seconds")
      expect(trigger.pollUnsafe()).toBeDefined()
    }),
  )

  it.effect("B4: closing the workspace ends every wait for a token", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const limits: ReadonlyArray<Limit> = [
        { name: "a", operations: ["start", "get", "list", "cancel"], requests: 1, window: "1 minute" },
      ]
      const rateLimit = yield* RateLimit.make(describeLimits(limits), 1, scope)
      yield* rateLimit.acquire("start", RateLimit.Priority.poll)
      const waiting = yield* begin(Effect.exit(rateLimit.acquire("start", RateLimit.Priority.poll)))
      yield* TestClock.adjust("1 second")
      yield* Scope.close(scope, yield* Effect.exit(Effect.void))
      yield* TestClock.adjust("1 second")
      expect(waiting.pollUnsafe()).toBeDefined()
    }),
  )
})

describe("429", () => {
  const limited = (seconds?: number) =>
    FakeDriver.failure(
      new RateLimited({ ...(seconds !== undefined && { retryAfter: Duration.seconds(seconds) }) }),
      "refused",
      { status: 429 },
    )

  it.effect("B2: after a 429 nothing is sent until the vendor's wait is over, and then no burst", () =>
    Effect.gen(function* () {
      const rateLimit = yield* make([])
      const times: Array<number> = []
      let refusals = 20
      const request = Effect.gen(function* () {
        times.push(yield* Clock.currentTimeMillis)
        if (refusals-- > 0) return yield* limited(60)
      })
      for (let i = 0; i < 20; i++) yield* begin(Effect.exit(rateLimit.within("get", RateLimit.Priority.poll)(request)))
      yield* TestClock.adjust("1 second")
      refusals = 1
      const before = times.length
      for (let i = 0; i < 50; i++) yield* begin(Effect.exit(rateLimit.within("get", RateLimit.Priority.poll)(request)))
      yield* TestClock.adjust("58 seconds")
      expect(times.length).toBe(before)
      yield* TestClock.adjust("3 seconds")
      expect(times.length).toBeLessThanOrEqual(before + 3)
      yield* TestClock.adjust("1 hour")
      expect(times.length).toBe(70)
    }),
  )

  it.effect("B2: 429s that name no wait are followed by growing waits", () =>
    Effect.gen(function* () {
      const rateLimit = yield* make([])
      const times: Array<number> = []
      const request = Effect.gen(function* () {
        times.push(yield* Clock.currentTimeMillis)
        return yield* limited()
      })
      yield* begin(Effect.forever(Effect.exit(rateLimit.within("get", RateLimit.Priority.poll)(request))))
      yield* TestClock.adjust("10 minutes")
      const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0))
      expect(gaps.slice(0, 5)).toEqual([5_000, 10_000, 20_000, 40_000, 80_000])
    }),
  )
})
