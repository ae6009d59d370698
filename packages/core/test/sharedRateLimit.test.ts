import { describe, expect, it } from "@effect/vitest"
import { Clock, Deferred, Duration, Effect, Exit, Fiber, Logger, Scheduler, Scope } from "effect"
import { TestClock } from "effect/testing"
import type { RateLimit as Limit } from "../src/driver/Description.ts"
import { Priority, type RateLimit } from "../src/engine/rate-limit/rateLimit.ts"
import * as ProcessState from "../src/journal/ProcessState.ts"
import { RateLimited, Unauthenticated } from "../src/model/Reason.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import * as LimitedVendor from "./support/limitedVendor.ts"
import { begin, countedTimers, within } from "./support/testbed.ts"

const perMinute = (requests: number): Limit => ({ name: "a", operations: "all", requests, window: "1 minute" })

/** Creates the rate limits of workspaces in one process. */
const process = (limits: ReadonlyArray<Limit>) => {
  const [state, transport] = [ProcessState.isolated(), {}]
  return (options: Parameters<typeof LimitedVendor.make>[1] = {}) =>
    LimitedVendor.make(limits, { state, transport, account: "token", ...options })
}

const isInterrupted = (fiber: Fiber.Fiber<unknown, unknown> | undefined) => {
  const exit = fiber?.pollUnsafe()
  return exit !== undefined && Exit.hasInterrupts(exit)
}

/** Sends requests, and returns how many go at once. */
const countAtOnce = Effect.fnUntraced(function* (...rateLimits: ReadonlyArray<RateLimit>) {
  let sent = 0
  const fibers = yield* Effect.forEach(rateLimits, (rateLimit) => {
    const send = rateLimit.within("get", Priority.read)(Effect.sync(() => void sent++))
    return begin(
      Effect.all(
        Array.from({ length: 50 }, () => send),
        { concurrency: "unbounded" },
      ),
    )
  })
  yield* TestClock.adjust(1)
  yield* Effect.forEach(fibers, Fiber.interrupt)
  return sent
})

describe("a workspace that closes", () => {
  it.effect.each([3, 4, 5, 8, 13])("starts no request afterwards, where a fiber yields after %i steps", (steps) =>
    Effect.gen(function* () {
      for (let turns = 0; turns < 40; turns++) {
        const scope = yield* Scope.make()
        const rateLimit = yield* LimitedVendor.make([], { account: "token", scope })
        let isClosed = false
        let startsLate = false
        const request = Effect.suspend(() => {
          startsLate ||= isClosed
          return Effect.never
        })
        const call = yield* Effect.forkChild(
          Effect.provideService(rateLimit.within("get", Priority.read)(request), Scheduler.MaxOpsBeforeYield, steps),
        )
        for (let turn = 0; turn < turns; turn++) yield* Effect.yieldNow
        yield* Scope.close(scope, Exit.void)
        isClosed = true
        for (let turn = 0; turn < 100; turn++) yield* Effect.yieldNow
        expect({ turns, startsLate, isInterrupted: isInterrupted(call) }).toEqual({
          ...{ turns, startsLate: false, isInterrupted: true },
        })
      }
    }),
  )
})

describe("workspaces of one process", () => {
  it.effect("B5: workspaces that use one token spend its rate limit together", () =>
    Effect.gen(function* () {
      const open = process([perMinute(10)])
      expect(yield* countAtOnce(yield* open(), yield* open(), yield* open())).toBe(10)
    }),
  )

  it.effect("B5: a token that is read by an effect is the same token", () =>
    Effect.gen(function* () {
      const open = process([perMinute(10)])
      expect(yield* countAtOnce(yield* open(), yield* open({ account: Effect.succeed("token") }))).toBe(10)
    }),
  )

  it.effect.each([
    ["another token", { account: "another" }],
    ["another vendor", { vendor: "another" }],
    ["another address", { baseUrl: "https://another.example" }],
    ["another transport", { transport: {} }],
    ["another process", { state: ProcessState.isolated() }],
    ["no account", { account: undefined }],
  ] as const)("B5: a workspace with %s has a rate limit of its own", ([, options]) =>
    Effect.gen(function* () {
      const open = process([perMinute(10)])
      expect(yield* countAtOnce(yield* open(), yield* open(options))).toBe(20)
    }),
  )

  it.effect("B5: transports with one id count as one", () =>
    Effect.gen(function* () {
      const open = process([perMinute(10)])
      expect(yield* countAtOnce(yield* open({ transport: "ky" }), yield* open({ transport: "ky" }))).toBe(10)
    }),
  )

  it.effect("B5: the smallest share holds as long as its workspace is open", () =>
    Effect.gen(function* () {
      const open = process([perMinute(100)])
      const large = yield* open({ share: 0.5 })
      expect(yield* countAtOnce(large)).toBe(50)
      yield* TestClock.adjust("1 minute")
      const scope = yield* Scope.make()
      const small = yield* open({ share: 0.1, scope })
      expect(yield* countAtOnce(large, small)).toBe(10)
      yield* TestClock.adjust("1 minute")
      expect(yield* countAtOnce(large)).toBe(10)
      yield* TestClock.adjust("1 minute")
      yield* Scope.close(scope, Exit.void)
      expect(yield* countAtOnce(large)).toBe(50)
    }),
  )

  it.effect("B5: a larger share that comes later changes nothing", () =>
    Effect.gen(function* () {
      const open = process([perMinute(100)])
      const [small, large] = [yield* open({ share: 0.1 }), yield* open({ share: 0.5 })]
      expect(yield* countAtOnce(large, small)).toBe(10)
    }),
  )

  it.effect("B5: a smaller share waits until enough slots are free", () =>
    Effect.gen(function* () {
      const open = process([perMinute(10)])
      const large = yield* open()
      for (let i = 0; i < 10; i++) {
        yield* large.within("get", Priority.read)(Effect.void)
        yield* TestClock.adjust("1 second")
      }
      const small = yield* open({ share: 0.2 })
      const next = yield* begin(small.within("get", Priority.read)(Effect.void))
      yield* TestClock.adjust(57_999)
      expect(next.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust(1)
      expect(next.pollUnsafe()).toBeDefined()
    }),
  )

  it.effect(
    "B5: a 429 stops all workspaces of the token, and each call waits as long as its own workspace allows",
    () =>
      Effect.gen(function* () {
        const open = process([perMinute(10)])
        const impatient = yield* open({ rateLimitWithin: Duration.seconds(5) })
        const patient = yield* open()
        const limited = FakeDriver.failure(new RateLimited({ retryAfter: Duration.seconds(30) }), "refused")
        yield* Effect.exit(patient.within("get", Priority.read)(Effect.fail(limited)))
        expect(yield* Effect.flip(within(1, impatient.within("get", Priority.read)(Effect.void)))).toMatchObject({
          reason: { _tag: "RateLimited" },
        })
        const next = yield* begin(patient.within("get", Priority.read)(Effect.void))
        yield* TestClock.adjust("29 seconds")
        expect(next.pollUnsafe()).toBeUndefined()
        yield* TestClock.adjust("2 seconds")
        expect(next.pollUnsafe()).toBeDefined()
      }),
  )

  it.effect("B5: a second name for one token is logged, once", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const logger = Logger.make((options) => void lines.push(Logger.formatJson.log(options)))
      const open = process([perMinute(10)])
      yield* Effect.gen(function* () {
        for (const name of ["a", "a", "b", "c", "a"]) {
          const rateLimit = yield* open({ name })
          yield* rateLimit.within("get", Priority.read)(Effect.void)
        }
      }).pipe(Effect.provide(Logger.layer([logger])))
      expect(lines).toHaveLength(1)
      expect(JSON.parse(lines[0] ?? "")).toMatchObject({ level: "WARN", annotations: { workspaces: ["a", "b"] } })
      expect(lines[0]).not.toContain('token"')
    }),
  )
})

describe("the token", () => {
  it.effect("B5: it is read once, with the first request", () =>
    Effect.gen(function* () {
      let reads = 0
      const account = Effect.sync(() => String(reads++))
      const rateLimit = yield* LimitedVendor.make([perMinute(10)], { account })
      expect(reads).toBe(0)
      expect(yield* countAtOnce(rateLimit)).toBe(10)
      expect(reads).toBeGreaterThan(0)
      const before = reads
      yield* within("2 minutes", rateLimit.within("get", Priority.read)(Effect.void))
      expect(reads).toBe(before)
    }),
  )

  it.effect("B5: where it cannot be read, the request fails and names its operation; the next reads it again", () =>
    Effect.gen(function* () {
      const unreadable = FakeDriver.failure(new Unauthenticated(), "not-sent")
      let reads = 0
      const account = Effect.suspend(() => (reads++ === 0 ? Effect.fail(unreadable) : Effect.succeed("token")))
      const rateLimit = yield* LimitedVendor.make([perMinute(10)], { account })
      const error = yield* Effect.flip(rateLimit.within("cancel", Priority.read)(Effect.void))
      expect(error).toMatchObject({ operation: "cancel", delivery: "not-sent", reason: { _tag: "Unauthenticated" } })
      yield* rateLimit.within("cancel", Priority.read)(Effect.void)
    }),
  )
})

describe("after the last workspace", () => {
  const openAndClose = Effect.fnUntraced(function* (
    open: ReturnType<typeof process>,
    use: (rateLimit: RateLimit) => Effect.Effect<unknown, unknown>,
  ) {
    const scope = yield* Scope.make()
    const rateLimit = yield* open({ scope })
    yield* Effect.ensuring(use(rateLimit), Scope.close(scope, Exit.void))
  })

  it.effect("B5: a workspace for each request keeps the limits", () =>
    Effect.gen(function* () {
      const open = process([perMinute(14)])
      const { request, arrivals } = LimitedVendor.vendor()
      const send = (rateLimit: RateLimit) => rateLimit.within("get", Priority.read)(request())
      const jobs = yield* begin(
        Effect.forEach(Array.from({ length: 40 }), () => Effect.delay(openAndClose(open, send), 100)),
      )
      yield* TestClock.adjust("10 minutes")
      expect(jobs.pollUnsafe()).toBeDefined()
      expect(arrivals).toHaveLength(40)
      expect(LimitedVendor.mostIn(arrivals, "1 minute")).toBe(14)
    }),
  )

  it.effect.each([
    ["ten minutes", "1 minute", "10 minutes"],
    ["the longest window", "1 hour", "1 hour"],
  ] as const)("B5: slots are kept for %s", ([, length, kept]) =>
    Effect.gen(function* () {
      const state = ProcessState.isolated()
      const transport = {}
      const open = process([{ ...perMinute(2), window: length }])
      const all = () => state.shared(transport, "rate-limits", () => new Map<string, unknown>())
      const use = (rateLimit: RateLimit) => rateLimit.within("get", Priority.read)(Effect.void)
      const reopen = (account: string) =>
        openAndClose((options) => open({ ...options, state, transport, account }), use)
      yield* reopen("a")
      yield* TestClock.adjust(kept)
      yield* reopen("b")
      expect(all().size).toBe(2)
      yield* TestClock.adjust(1)
      yield* reopen("c")
      expect(all().size).toBe(2)
    }),
  )

  it.effect.each([
    ["the workspace is closed", (scope: Scope.Closeable) => Scope.close(scope, Exit.void)],
    ["its callers are interrupted", (_, fibers: ReadonlyArray<Fiber.Fiber<unknown>>) => Fiber.interruptAll(fibers)],
  ] satisfies ReadonlyArray<
    readonly [string, (scope: Scope.Closeable, fibers: ReadonlyArray<Fiber.Fiber<unknown>>) => Effect.Effect<unknown>]
  >)("B5: no timer is left after %s while requests wait", ([, stop]) =>
    Effect.gen(function* () {
      const { clock, timers } = yield* countedTimers
      const scope = yield* Scope.make()
      const rateLimit = yield* process([perMinute(1)])({ scope })
      const read = Effect.exit(rateLimit.within("get", Priority.read)(Effect.void))
      const waiting = yield* Effect.forEach([1, 2, 3], () => begin(Effect.provideService(read, Clock.Clock, clock)))
      yield* TestClock.adjust("1 second")
      expect(timers.active).toBe(1)
      yield* stop(scope, waiting)
      yield* Effect.yieldNow
      expect(timers.active).toBe(0)
      expect(waiting.every((fiber) => fiber.pollUnsafe() !== undefined)).toBe(true)
    }),
  )
})

describe("closing a workspace", () => {
  it.effect("B5: it interrupts its own requests, those that wait and those that are under way, and no others", () =>
    Effect.gen(function* () {
      const open = process([perMinute(3)])
      const scope = yield* Scope.make()
      const [closing, other] = [yield* open({ scope }), yield* open()]
      const never = Effect.never as Effect.Effect<void>
      const own = [
        yield* begin(closing.within("get", Priority.read)(never)),
        yield* begin(closing.acquire("start", Priority.write)),
        yield* begin(closing.whileOpen(never)),
      ]
      const others = [
        yield* begin(other.within("get", Priority.read)(Effect.sleep("30 seconds"))),
        yield* begin(other.within("get", Priority.read)(Effect.void)),
      ]
      yield* TestClock.adjust("1 second")
      const late = yield* begin(closing.within("get", Priority.write)(Effect.void))
      const lateTrigger = yield* begin(closing.acquire("start", Priority.urgent))
      yield* TestClock.adjust("1 second")
      expect(late.pollUnsafe()).toBeUndefined()
      yield* Scope.close(scope, Exit.void)
      const [request, grant, effect] = own
      expect([request, effect, late, lateTrigger].map(isInterrupted)).toEqual([true, true, true, true])
      expect(grant?.pollUnsafe()).toMatchObject({ _tag: "Success" })
      const after = [
        yield* begin(closing.within("get", Priority.read)(Effect.void)),
        yield* begin(closing.whileOpen(never)),
        yield* begin(closing.acquire("start", Priority.write)),
      ]
      yield* TestClock.adjust(1)
      for (const fiber of after) expect(isInterrupted(fiber)).toBe(true)
      yield* TestClock.adjust("3 minutes")
      expect(others.map((fiber) => fiber.pollUnsafe())).toEqual([Exit.void, Exit.void])
    }),
  )

  it.effect("B5: a request that is granted, and does not belong to `within`, goes on", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const rateLimit = yield* LimitedVendor.make([perMinute(3)], { scope })
      const grant = yield* rateLimit.acquire("start", Priority.write)
      const sending = yield* begin(rateLimit.spend("start", grant)(Effect.sleep("5 seconds")))
      yield* TestClock.adjust("1 second")
      yield* Scope.close(scope, Exit.void)
      expect(sending.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("5 seconds")
      expect(sending.pollUnsafe()).toEqual(Exit.void)
    }),
  )

  it.effect("B5: it interrupts a request that waits for its token", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const rateLimit = yield* LimitedVendor.make([], { scope, account: Effect.never })
      const waiting = yield* begin(rateLimit.acquire("start", Priority.write))
      yield* TestClock.adjust(1)
      yield* Scope.close(scope, Exit.void)
      expect(isInterrupted(waiting)).toBe(true)
    }),
  )

  it.effect("B4: an interrupt of the caller interrupts its request", () =>
    Effect.gen(function* () {
      const rateLimit = yield* LimitedVendor.make([])
      const interrupted = Deferred.makeUnsafe<void>()
      const request = Effect.onInterrupt(Effect.never as Effect.Effect<void>, () =>
        Deferred.succeed(interrupted, undefined),
      )
      const caller = yield* begin(rateLimit.within("get", Priority.read)(request))
      yield* TestClock.adjust(1)
      yield* Fiber.interrupt(caller)
      expect(Deferred.isDoneUnsafe(interrupted)).toBe(true)
    }),
  )
})
