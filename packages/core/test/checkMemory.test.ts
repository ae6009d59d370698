/** What one check leaves for the next one, and what each says. */
import { describe, expect, it } from "@effect/vitest"
import { Clock, Context, DateTime, Effect, Exit, Schema, Scope } from "effect"
import { TestClock } from "effect/testing"
import type { Description } from "../src/driver/Description.ts"
import * as Check from "../src/model/Check.ts"
import * as Reason from "../src/model/Reason.ts"
import { RunRef } from "../src/model/Ref.ts"
import { Runs, type Service } from "../src/Runs.ts"
import type { MakeOptions } from "../src/Workspace.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { logged } from "./support/logs.ts"
import { begin, within, workspace } from "./support/testbed.ts"

const minutes = (count: number) => count * 60_000

const listed = new RunRef({ sync: FakeDriver.sync(), run: "r1" })

const accepted = new RunRef({ ...listed, acceptedAt: FakeDriver.at(0) })

const open = Effect.fnUntraced(function* (
  fake: FakeDriver.Fake = FakeDriver.make(),
  options: Partial<MakeOptions> = {},
) {
  const { services } = yield* workspace(fake, options)
  const { check, get } = Context.get(services, Runs)
  return { fake, get, check: (...args: Parameters<Service["check"]>) => within(1, check(...args)) }
})

/** Returns the memory of a check after which another one follows. */
const memoryOf = (checked: Check.Checked): Check.Memory => {
  if ("memory" in checked) return checked.memory
  throw new Error(`${checked._tag} has no memory`)
}

describe("the memory of a check", () => {
  it.effect("W5: has the run as it was seen last, and when", () =>
    Effect.gen(function* () {
      const { fake, check } = yield* open()
      fake.begin("s1", 0, { lasts: minutes(60) })
      const memory = memoryOf(yield* check(accepted))
      const at = yield* Clock.currentTimeMillis
      expect(memory).toMatchObject({ since: 0, failures: 0, missing: 0, slow: false, seen: { at, status: "running" } })
      yield* TestClock.adjust("1 minute")
      fake.fail("get", FakeDriver.down)
      const checked = yield* check(accepted, { memory })
      expect(checked).toMatchObject({ _tag: "Unreachable", memory: { failures: 1, seen: { at, status: "running" } } })
    }),
  )

  it.effect("W3: a request that did not leave is trouble, unless the rate limit kept it", () =>
    Effect.gen(function* () {
      for (const error of [
        FakeDriver.failure(new Reason.Network({ code: "ECONNREFUSED" }), "not-sent"),
        FakeDriver.failure(new Reason.RateLimited({}), "refused", { status: 429 }),
      ]) {
        const { fake, check } = yield* open()
        fake.begin("s1", 0)
        fake.fail("get", error)
        const checked = yield* check(accepted)
        const at = yield* Clock.currentTimeMillis
        expect(checked).toMatchObject({ _tag: "Unreachable", memory: { troubleSince: at } })
      }
    }),
  )

  it.effect("W1: the time of acceptance in a ref goes before what a memory says", () =>
    Effect.gen(function* () {
      const { fake, check } = yield* open()
      fake.begin("s1", 0, { lasts: minutes(60) })
      yield* TestClock.setTime(minutes(5))
      const memory = memoryOf(yield* check(listed))
      yield* TestClock.setTime(minutes(10))
      expect(yield* check(listed, { memory, deadline: "10 minutes" })).toMatchObject({ _tag: "Running" })
      expect(yield* check(accepted, { memory, deadline: "10 minutes" })).toMatchObject({ _tag: "Overdue" })
    }),
  )

  it.effect("T6: has no field for what is not known", () =>
    Effect.gen(function* () {
      const { check } = yield* open()
      const first = yield* check(accepted)
      const second = yield* check(accepted, { memory: memoryOf(first) })
      expect(second._tag).toBe("NotVisibleYet")
      for (const checked of [first, second]) {
        expect(Object.keys(memoryOf(checked)).sort()).toEqual([
          "edition",
          "failures",
          "missing",
          "run",
          "since",
          "slow",
        ])
        yield* Schema.encodeEffect(Check.Checked)(checked)
      }
    }),
  )
})

describe("what a check does", () => {
  it.effect("W5: it reports a slow run once, and no other", () =>
    Effect.gen(function* () {
      const { fake, check } = yield* open()
      for (let i = 0; i < 3; i++) fake.begin("s1", minutes(2 * i), { lasts: minutes(1) })
      fake.begin("s1", minutes(10), { lasts: minutes(60) })
      const run = new RunRef({ sync: FakeDriver.sync(), run: "r4", acceptedAt: FakeDriver.at(minutes(10)) })
      let memory: Check.Memory | undefined
      const reports: Array<number> = []
      for (const minute of [11, 16, 17, 18]) {
        yield* TestClock.setTime(minutes(minute))
        const { value, lines } = yield* logged(check(run, { ...(memory && { memory }) }))
        memory = memoryOf(value)
        reports.push(lines.filter(({ level }) => level === "WARN").length)
      }
      expect(reports).toEqual([0, 1, 0, 0])
    }),
  )

  it.effect("B1, W1: without a grant it asks for another check in a second at least", () =>
    Effect.gen(function* () {
      const limits = [{ name: "all", operations: "all", requests: 2, window: "1 minute" }] as const
      const { fake, get, check } = yield* open(FakeDriver.make({ description: { limits } }), { rateLimitShare: 1 })
      fake.begin("s1", 0, { lasts: minutes(60) })
      for (let i = 0; i < 2; i++) yield* get(accepted)
      yield* TestClock.setTime(59_998)
      const checked = yield* check(accepted)
      const now = yield* Clock.currentTimeMillis
      if (checked._tag !== "Unreachable") return expect.unreachable()
      expect(DateTime.toEpochMillis(checked.lookAgainAt) - now).toBe(1_000)
    }),
  )

  it.effect("W1: without a grant it is overdue right half a minute after the deadline", () =>
    Effect.gen(function* () {
      const limits = [{ name: "all", operations: "all", requests: 2, window: "1 hour" }] as const
      const { fake, get, check } = yield* open(FakeDriver.make({ description: { limits } }), { rateLimitShare: 1 })
      fake.begin("s1", 0, { lasts: minutes(60) })
      for (let i = 0; i < 2; i++) yield* get(accepted)
      for (const [at, tag] of [
        [39_999, "Unreachable"],
        [40_000, "Overdue"],
      ] as const) {
        // The check begins a millisecond later.
        yield* TestClock.setTime(at - 1)
        expect(yield* check(accepted, { deadline: "10 seconds" })).toMatchObject({ _tag: tag })
      }
    }),
  )

  it.effect("W2: it ends when its workspace closes", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.hang("get")
      const scope = yield* Scope.make()
      const { services } = yield* workspace(fake).pipe(Scope.provide(scope))
      const checking = yield* begin(Effect.exit(Context.get(services, Runs).check(accepted)))
      yield* TestClock.adjust("1 second")
      expect(checking.pollUnsafe()).toBeUndefined()
      yield* Scope.close(scope, Exit.void)
      yield* TestClock.adjust("1 second")
      expect(checking.pollUnsafe()).toBeDefined()
    }),
  )
})

describe("a check that the rate limit does not grant", () => {
  const limited = Effect.fnUntraced(function* (description: Partial<Description> = {}) {
    const limits = [{ name: "all", operations: "all", requests: 2, window: "1 hour" }] as const
    return yield* open(FakeDriver.make({ description: { limits, ...description } }), { rateLimitShare: 1 })
  })

  it.effect("W7, R2: an end that was seen is the end after the deadline", () =>
    Effect.gen(function* () {
      const { fake, get, check } = yield* limited({ countsSettleWithin: "10 minutes" })
      fake.begin("s1", 0, { lasts: 1_000 })
      yield* TestClock.setTime(2_000)
      yield* get(accepted)
      const settling = yield* check(accepted, { deadline: "1 minute" })
      expect(settling._tag).toBe("Settling")
      yield* TestClock.setTime(minutes(2))
      expect(yield* check(accepted, { deadline: "1 minute", memory: memoryOf(settling) })).toMatchObject({
        ...{ _tag: "Finished", verdict: "complete", run: { status: "succeeded" } },
      })
    }),
  )

  it.effect("W1: asks for no check after the one that ends it", () =>
    Effect.gen(function* () {
      const { fake, get, check } = yield* limited()
      fake.begin("s1", 0, { lasts: minutes(600) })
      for (let i = 0; i < 2; i++) yield* get(accepted)
      const options = { deadline: "10 minutes" } as const
      const checked = yield* check(accepted, options)
      if (checked._tag !== "Unreachable") return expect.unreachable()
      expect(DateTime.toEpochMillis(checked.lookAgainAt)).toBe(minutes(10.5))
      yield* TestClock.setTime(minutes(10.5))
      expect(yield* check(accepted, { ...options, memory: checked.memory })).toMatchObject({ _tag: "Overdue" })
    }),
  )

  it.effect("W5: still reads how long past runs took, once there is a grant", () =>
    Effect.gen(function* () {
      const { fake, get, check } = yield* limited()
      for (let i = 0; i < 3; i++) fake.begin("s1", i, { lasts: minutes(1) })
      fake.begin("s1", 5, { lasts: minutes(600) })
      yield* TestClock.setTime(minutes(10))
      for (let i = 0; i < 2; i++) yield* get(accepted)
      const run = new RunRef({ ...accepted, run: "r4" })
      const memory = memoryOf(yield* check(run))
      expect(memory).not.toHaveProperty("lengths")
      yield* TestClock.adjust("61 minutes")
      expect(memoryOf(yield* check(run, { memory }))).toMatchObject({ lengths: [60, 60, 60] })
    }),
  )
})

describe("checks by a clock that is hours behind", () => {
  it.effect("W5: are as many as those by a right one", () =>
    Effect.gen(function* () {
      const { fake, check } = yield* open()
      fake.begin("s1", 0, { lasts: minutes(3_000) })
      yield* TestClock.setTime(minutes(300))
      const run = new RunRef({ ...listed, acceptedAt: FakeDriver.at(minutes(600)) })
      let memory: Check.Memory | undefined
      while ((yield* Clock.currentTimeMillis) < minutes(360)) {
        const checked = yield* check(run, { ...(memory && { memory }) })
        if (checked._tag !== "Running") return expect.unreachable()
        memory = checked.memory
        yield* TestClock.setTime(DateTime.toEpochMillis(checked.lookAgainAt))
      }
      expect(fake.sent.length).toBeLessThan(120)
    }),
  )
})
