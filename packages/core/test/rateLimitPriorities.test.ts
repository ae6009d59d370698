import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import type { RateLimit as Limit } from "../src/driver/Description.ts"
import { Priority, type RateLimit } from "../src/engine/rate-limit/rateLimit.ts"
import * as Reason from "../src/model/Reason.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import * as LimitedVendor from "./support/limitedVendor.ts"
import { begin, within } from "./support/testbed.ts"

const perMinute = (requests: number, operations: Limit["operations"] = "all"): Limit => ({
  name: "a",
  operations,
  requests,
  window: "1 minute",
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
      // Seven eighths in each minute after that.
      expect(order.length).toBeGreaterThan(25 + 800)
      expect(order.length).toBeLessThanOrEqual(25 + 880)
      for (let i = 0; i < 20; i++) {
        const caller = yield* begin(rateLimit.within("get", Priority.read)(Effect.void))
        // An eighth of the slots is theirs; after that, they wait for a slot or two.
        yield* TestClock.adjust(i < 12 ? 1 : 2_000)
        expect(caller.pollUnsafe()).toBeDefined()
      }
      yield* Fiber.interrupt(polls)
    }),
  )

  it.effect("B4: polls go at once again after a quiet window, and polls that never left do not count", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([perMinute(100)])
      const order: Array<string> = []
      const poll = acquiring(rateLimit, order)("poll", Priority.poll)
      const unsent = FakeDriver.failure(new Reason.Network({ code: "ECONNREFUSED" }), "not-sent")
      for (let i = 0; i < 100; i++) yield* Effect.exit(rateLimit.within("get", Priority.poll)(Effect.fail(unsent)))
      for (let i = 0; i < 25; i++) yield* within(1, poll)
      yield* TestClock.adjust("1 minute")
      for (let i = 0; i < 25; i++) yield* within(1, poll)
      expect(order).toHaveLength(50)
      yield* begin(poll)
      yield* TestClock.adjust(1)
      expect(order).toHaveLength(50)
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
