import { describe, expect, it } from "@effect/vitest"
import { Clock, Duration, Effect, Exit, Fiber, Scheduler, Scope } from "effect"
import { TestClock } from "effect/testing"
import { Priority } from "../src/engine/rate-limit/rateLimit.ts"
import * as Reason from "../src/model/Reason.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import * as LimitedVendor from "./support/limitedVendor.ts"
import { begin, countedTimers, within } from "./support/testbed.ts"

const refusing = (seconds: number) =>
  Effect.fail(
    FakeDriver.failure(new Reason.RateLimited({ retryAfter: Duration.seconds(seconds) }), "refused", { status: 429 }),
  )

describe("a grant that is held", () => {
  const confirming = Effect.fnUntraced(function* (pauseSeconds: number) {
    const { acquire, confirm, within: send, giveBack } = yield* LimitedVendor.make([])
    const grant = yield* acquire("start", Priority.write)
    yield* Effect.ignore(send("start", Priority.read)(refusing(pauseSeconds)))
    const isConfirmed = yield* within("1 minute", confirm("start", grant))
    yield* giveBack(grant)
    return isConfirmed
  })
  // It is asked a millisecond after the 429.

  it.effect("B2: it is confirmed after a pause of two seconds", () =>
    Effect.gen(function* () {
      expect(yield* confirming(2.001)).toBe(true)
    }),
  )

  it.effect("B2: it is not confirmed where the pause is longer", () =>
    Effect.gen(function* () {
      expect(yield* confirming(2.002)).toBe(false)
      expect(yield* confirming(4)).toBe(false)
    }),
  )

  it.effect("B2: it is not confirmed a moment before the pause is over", () =>
    Effect.gen(function* () {
      const { acquire, confirm, within: send } = yield* LimitedVendor.make([])
      const grant = yield* acquire("start", Priority.write)
      yield* Effect.ignore(send("start", Priority.read)(refusing(30)))
      yield* TestClock.adjust(29_998)
      const asked = yield* begin(confirm("start", grant))
      yield* TestClock.adjust(1)
      expect(asked.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust(1)
      expect(asked.pollUnsafe()).toEqual(Exit.succeed(true))
    }),
  )
})

describe("the end of a workspace", () => {
  const make = Effect.fnUntraced(function* () {
    const scope = yield* Scope.make()
    return { rateLimit: yield* LimitedVendor.make([], { scope }), close: Scope.close(scope, Exit.void) }
  })

  it.effect("B4: no grant is acquired after it", () =>
    Effect.gen(function* () {
      const { rateLimit, close } = yield* make()
      yield* close
      const exit = yield* Effect.exit(rateLimit.acquire("start", Priority.write))
      expect(Exit.hasInterrupts(exit)).toBe(true)
    }),
  )

  it.effect("B4: it interrupts what runs while the workspace is open, and so does the caller", () =>
    Effect.gen(function* () {
      const { rateLimit, close } = yield* make()
      let interrupts = 0
      const endless = rateLimit.whileOpen(Effect.onInterrupt(Effect.never, () => Effect.sync(() => interrupts++)))
      const [one, two] = [yield* begin(endless), yield* begin(endless)]
      yield* TestClock.adjust("1 second")
      one.interruptUnsafe()
      yield* TestClock.adjust("1 second")
      expect(interrupts).toBe(1)
      expect(one.pollUnsafe()).toBeDefined()
      yield* close
      expect(interrupts).toBe(2)
      expect(Exit.hasInterrupts(yield* Fiber.await(two))).toBe(true)
      expect(yield* Effect.exit(rateLimit.whileOpen(Effect.succeed(1)))).not.toEqual(Exit.succeed(1))
    }),
  )
})

describe("the timer of the next grant", () => {
  it.effect("B4: is one, however many requests wait, and that of the first that may go", () =>
    Effect.gen(function* () {
      const slow = { name: "slow", requests: 1, window: "1 hour", operations: ["list"] } as const
      const quick = { name: "quick", requests: 1, window: "1 minute", operations: ["get"] } as const
      const { within: send } = yield* LimitedVendor.make([slow, quick])
      const { clock, timers } = yield* countedTimers
      const read = (operation: "list" | "get") =>
        Effect.provideService(send(operation, Priority.read)(Effect.void), Clock.Clock, clock)
      yield* read("list")
      yield* read("get")
      expect(timers).toEqual({ active: 0, begun: 0 })
      for (let count = 0; count < 3; count++) yield* begin(read("list"))
      yield* TestClock.adjust(1)
      expect(timers).toEqual({ active: 1, begun: 1 })
      yield* begin(read("get"))
      yield* TestClock.adjust(1)
      expect(timers).toEqual({ active: 1, begun: 2 })
    }),
  )

  it.effect("B4: a request whose slot is free sooner does not wait for one whose slot is free later", () =>
    Effect.gen(function* () {
      const slow = { name: "slow", requests: 1, window: "1 hour", operations: ["list"] } as const
      const quick = { name: "quick", requests: 1, window: "1 minute", operations: ["get"] } as const
      const { within: send } = yield* LimitedVendor.make([slow, quick])
      yield* send("list", Priority.read)(Effect.void)
      yield* send("get", Priority.read)(Effect.void)
      const late = yield* begin(send("list", Priority.read)(Effect.void))
      yield* TestClock.adjust("1 second")
      const soon = yield* begin(send("get", Priority.read)(Effect.void))
      yield* TestClock.adjust("58 seconds")
      expect(soon.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("2 seconds")
      expect(soon.pollUnsafe()).toBeDefined()
      expect(late.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("1 hour")
      expect(late.pollUnsafe()).toBeDefined()
    }),
  )

  it.effect("B4: a request whose slot is free later does not keep one back whose slot is free sooner", () =>
    Effect.gen(function* () {
      const slow = { name: "slow", requests: 1, window: "1 hour", operations: ["list"] } as const
      const quick = { name: "quick", requests: 1, window: "1 minute", operations: ["get"] } as const
      const { within: send } = yield* LimitedVendor.make([slow, quick])
      yield* send("list", Priority.read)(Effect.void)
      yield* send("get", Priority.read)(Effect.void)
      const soon = yield* begin(send("get", Priority.read)(Effect.void))
      yield* TestClock.adjust("1 second")
      const late = yield* begin(send("list", Priority.read)(Effect.void))
      yield* TestClock.adjust("1 minute")
      expect([soon.pollUnsafe() !== undefined, late.pollUnsafe() !== undefined]).toEqual([true, false])
      yield* TestClock.adjust("1 hour")
      expect(late.pollUnsafe()).toBeDefined()
    }),
  )
})

describe("the pace after a 429", () => {
  it.effect("B2: a lost answer does not end it, an answer does", () =>
    Effect.gen(function* () {
      const { within: send } = yield* LimitedVendor.make([])
      const times: Array<number> = []
      const note = Effect.map(LimitedVendor.elapsed, (at) => void times.push(Math.round(at)))
      yield* Effect.ignore(send("get", Priority.read)(refusing(5)))
      const lost = send("get", Priority.read)(Effect.andThen(note, Effect.fail(FakeDriver.lost)))
      const answered = send("get", Priority.read)(note)
      yield* begin(
        Effect.gen(function* () {
          for (let count = 0; count < 3; count++) yield* Effect.ignore(lost)
          yield* answered
          yield* answered
        }),
      )
      yield* TestClock.adjust("1 minute")
      expect(times.map((at) => at - (times[0] ?? 0))).toEqual([0, 1_000, 2_000, 3_000, 3_000])
    }),
  )
})

describe("a caller who leaves", () => {
  it.effect("B4: takes the request along, also in the moment in which that begins; and it begins at once", () =>
    Effect.gen(function* () {
      const { whileOpen } = yield* LimitedVendor.make([])
      let interrupts = 0
      const work = Effect.suspend(() => {
        caller.interruptUnsafe()
        return Effect.never
      })
      const endless = Effect.onInterrupt(work, () => Effect.sync(() => interrupts++))
      const caller: Fiber.Fiber<unknown> = yield* Effect.forkChild(whileOpen(endless))
      yield* TestClock.adjust(1)
      expect(interrupts).toBe(1)
      expect(Effect.runFork(whileOpen(Effect.succeed(1))).pollUnsafe()).toEqual(Exit.succeed(1))
    }),
  )

  it.effect("B1: at whatever step that is, the slot of the request is free again after the window", () =>
    Effect.gen(function* () {
      const limits = [{ name: "lists", operations: ["list"], requests: 1, window: "1 hour" }] as const
      let sent = 0
      for (let step = 0; sent === 0 && step < 200; step++) {
        const { within: send } = yield* LimitedVendor.make(limits)
        const request = send(
          "list",
          Priority.read,
        )(
          Effect.sync(() => {
            sent++
          }),
        )
        // A fiber that pauses after every few steps can be interrupted between any of them.
        const caller = yield* Effect.forkChild(Effect.provideService(request, Scheduler.MaxOpsBeforeYield, 8))
        for (let turn = 0; turn < step; turn++) yield* Effect.yieldNow
        caller.interruptUnsafe()
        for (let turn = 0; turn < 25; turn++) yield* Effect.yieldNow
        // What core gives up may still arrive within ten seconds.
        yield* TestClock.adjust("3611 seconds")
        const exit = yield* Effect.exit(within("10 millis", send("list", Priority.read)(Effect.void)))
        expect(Exit.isSuccess(exit), `step ${step}`).toBe(true)
      }
      expect(sent).toBe(1)
    }),
  )
})
