/** Which run is looked at when, and together with which others. */
import { describe, expect, it } from "@effect/vitest"
import { Clock, Context, DateTime, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { RunRef } from "../src/model/Ref.ts"
import { Runs } from "../src/Runs.ts"
import type { MakeOptions } from "../src/Workspace.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { begin, countedTimers, workspace } from "./support/testbed.ts"

const second = 1_000
const minute = 60 * second

const ref = (run: string, at: number | "listed" = 0, sync = "s1") =>
  new RunRef({
    ...{ sync: FakeDriver.sync(sync), run },
    ...(at !== "listed" && { acceptedAt: DateTime.makeUnsafe(at) }),
  })

const open = Effect.fnUntraced(function* (fake: FakeDriver.Fake, options: Partial<MakeOptions> = {}) {
  return Context.get((yield* workspace(fake, options)).services, Runs)
})

/** Looks are ten minutes apart. */
const hinted = { hints: "expected" } as const

/** A fake, and the syncs about which it was asked, in order. */
const recording = () => {
  const fake = FakeDriver.make()
  const asked: Array<string> = []
  const { runs } = fake.driver
  const noted = <A, E>(sync: string, request: Effect.Effect<A, E>) =>
    Effect.suspend(() => {
      asked.push(sync)
      return request
    })
  const get: typeof runs.get = (ids, run) => noted(ids.sync, runs.get(ids, run))
  const list: typeof runs.list = (ids, query) => noted(ids.sync, runs.list(ids, query))
  return { asked, fake: { ...fake, driver: { ...fake.driver, runs: { ...runs, get, list } } } }
}

const operations = ({ sent }: FakeDriver.Fake) => sent.map(({ operation, at }) => `${operation} ${at}`)

describe("looks that are under way", () => {
  it.effect("W4: are sixteen at once at the most", () =>
    Effect.gen(function* () {
      const { fake, asked } = recording()
      for (let i = 1; i <= 20; i++) fake.begin(`s${i}`, 0, { lasts: minute })
      for (let i = 1; i <= 17; i++) fake.delay("get", minute)
      const runs = yield* open(fake)
      for (let i = 1; i <= 20; i++) yield* begin(runs.wait(ref(`r${i}`, 0, `s${i}`)))
      yield* TestClock.adjust("59 seconds")
      expect(asked).toHaveLength(16)
      yield* TestClock.adjust("2 seconds")
      expect(new Set(asked)).toEqual(new Set(Array.from({ length: 20 }, (_, index) => `s${index + 1}`)))
    }),
  )

  const ages = { young: 11 * minute, middle: 20 * minute, old: 60 * minute }

  /** Sixteen looks that take a minute, and refs of runs that have to wait for them. */
  const busy = Effect.fnUntraced(function* () {
    const { fake, asked } = recording()
    const now = 120 * minute
    yield* TestClock.setTime(now)
    for (let i = 1; i <= 16; i++) fake.begin(`busy${i}`, now, { lasts: 10 * minute })
    for (let i = 1; i <= 16; i++) fake.delay("get", minute)
    const runs = yield* open(fake)
    for (let i = 1; i <= 16; i++) yield* begin(runs.wait(ref(`r${i}`, now, `busy${i}`)))
    yield* TestClock.adjust("1 second")
    const wait = (age: keyof typeof ages) => {
      const at = now - ages[age]
      return begin(runs.wait(ref(fake.begin(age, at, { lasts: 900 * minute }).id, at, age)))
    }
    return { wait, later: () => asked.slice(16).filter((sync) => sync in ages) }
  })

  it.effect.each([
    ["young", "middle", "old"],
    ["young", "old", "middle"],
    ["middle", "young", "old"],
    ["middle", "old", "young"],
    ["old", "young", "middle"],
    ["old", "middle", "young"],
    ["young", "old"],
    ["old", "young"],
  ] as const)("W4: are those of the most urgent runs first, in whatever order their waits came: %s, %s, %s", (order) =>
    Effect.gen(function* () {
      const { wait, later } = yield* busy()
      for (const age of order) yield* wait(age)
      yield* TestClock.adjust("1 minute")
      const urgent = (["old", "middle", "young"] as const).filter((age) => order.some((other) => other === age))
      expect(later()).toEqual(urgent)
    }),
  )

  it.effect("W2: are none of a run whose waiter left before its turn", () =>
    Effect.gen(function* () {
      const { wait, later } = yield* busy()
      const waiting = yield* wait("old")
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.interrupt(waiting)
      yield* TestClock.adjust("10 minutes")
      expect(later()).toEqual([])
    }),
  )
})

describe("runs of one sync", () => {
  it.effect("W4: a listing tells of all that are waited for, also of those that are not due", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.begin("s1", 0, { lasts: 900 * minute })
      fake.begin("s1", 0, { lasts: 5 * minute })
      const runs = yield* open(fake, hinted)
      const wait = yield* begin(runs.wait(ref("r2")))
      yield* TestClock.setTime(6 * minute)
      expect(wait.pollUnsafe()).toBeUndefined()
      // A look at this run is a list, since none has told of past runs.
      yield* begin(runs.wait(ref("r1")))
      yield* TestClock.adjust(10)
      expect(operations(fake)).toEqual(["get 1", `list ${6 * minute + 1}`])
      expect(yield* Fiber.join(wait)).toMatchObject({ verdict: "complete" })
    }),
  )

  it.effect.each([
    ["a quarter of its interval before, a run is looked at with another", 150_000, "list"],
    ["sooner it is not", 150_001, "get"],
  ] as const)("W4: %s", ([_, before, operation]) =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const due = 10 * minute + 1
      const at = due - before
      fake.begin("s1", 0, { lasts: 900 * minute })
      fake.begin("s1", at - second, { lasts: 900 * minute })
      const runs = yield* open(fake, hinted)
      yield* begin(runs.wait(ref("r1")))
      // The wait begins a millisecond later.
      yield* TestClock.setTime(at - 1)
      yield* begin(runs.wait(ref("r2", at - second)))
      yield* TestClock.adjust(10)
      expect(operations(fake)).toEqual(["get 1", `${operation} ${at}`])
    }),
  )

  it.effect("W4: one that has ended is looked at with no other", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.begin("s1", 0, { lasts: 10 * second })
      fake.begin("s1", 0, { lasts: 4 * minute })
      const runs = yield* open(fake)
      const [first, other] = [yield* begin(runs.wait(ref("r1"))), yield* begin(runs.wait(ref("r2")))]
      yield* TestClock.adjust("15 seconds")
      yield* Fiber.join(first)
      const lists = fake.count("list")
      yield* TestClock.adjust("5 minutes")
      yield* Fiber.join(other)
      expect(fake.count("list")).toBe(lists)
    }),
  )
})

describe("when a run is looked at", () => {
  it.effect("W8: not when it was due before a hint came", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.begin("s1", 0, { lasts: 900 * minute })
      const runs = yield* open(fake, hinted)
      yield* begin(runs.wait(ref("r1")))
      yield* TestClock.setTime(minute)
      yield* runs.notice(ref("r1"))
      yield* TestClock.setTime(11 * minute)
      expect(operations(fake)).toEqual(["get 1", "get 60000", "get 62000"])
      yield* TestClock.setTime(12 * minute)
      expect(operations(fake).slice(3)).toEqual(["list 662000"])
    }),
  )

  it.effect.each([
    ["soon after a look that took shorter", 1_000, 32_000],
    ["at once after a look that took longer", 5_000, 35_000],
  ] as const)("W8: after a hint that came during a look: %s", ([_, takes, at]) =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.begin("s1", 0, { lasts: 30_500 })
      const runs = yield* open(fake, hinted)
      const wait = yield* begin(runs.wait(ref("r1")))
      yield* TestClock.setTime(20_000)
      // The vendor answers what it knew when the request came.
      fake.delay("get", takes, 29_000)
      const early = yield* begin(Effect.delay(runs.notice(ref("r1")), 9_999))
      yield* TestClock.setTime(30_600)
      yield* Fiber.join(early)
      yield* runs.notice(ref("r1"))
      yield* TestClock.adjust("10 seconds")
      expect(operations(fake)).toEqual(["get 1", "get 30000", `get ${at}`])
      expect(yield* Fiber.join(wait)).toMatchObject({ verdict: "complete" })
    }),
  )

  it.effect("W8: two seconds after a hint that came with a look, since the look may not show its change", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.begin("s1", 0, { lasts: 31_000 })
      const runs = yield* open(fake, hinted)
      const wait = yield* begin(runs.wait(ref("r1")))
      yield* TestClock.setTime(30_000)
      yield* runs.notice(ref("r1"))
      yield* TestClock.adjust("3 seconds")
      expect(operations(fake)).toEqual(["get 1", "get 30000", "get 32000"])
      expect(wait.pollUnsafe()).toBeDefined()
    }),
  )

  it.effect("W1: at once, where the clock was set back", () =>
    Effect.gen(function* () {
      const { fake, asked } = recording()
      for (const sync of ["s1", "s2"]) fake.begin(sync, 0, { lasts: 900 * minute })
      yield* TestClock.setTime(100 * minute)
      const runs = yield* open(fake)
      yield* begin(runs.wait(ref("r1", "listed")))
      yield* TestClock.adjust("1 second")
      yield* TestClock.setTime(minute)
      yield* begin(runs.wait(ref("r2", "listed", "s2")))
      yield* TestClock.adjust("1 second")
      expect(asked).toEqual(["s1", "s2", "s1"])
    }),
  )

  it.effect("W1: at the limit of a caller who comes later, and not before", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.begin("s1", 0, { lasts: 900 * minute }).queuedUntil = 800 * minute
      const runs = yield* open(fake, hinted)
      yield* begin(runs.wait(ref("r1")))
      yield* TestClock.setTime(minute)
      const later = yield* begin(Effect.flip(runs.wait(ref("r1"), { startWithin: "5 minutes" })))
      yield* TestClock.setTime(6 * minute)
      expect(operations(fake)).toEqual(["get 1", `list ${5 * minute}`])
      expect(yield* Fiber.join(later)).toMatchObject({ _tag: "WaitNotStarted" })
    }),
  )

  it.effect("W2: not at the deadline of a waiter who has left", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.begin("s1", 0, { lasts: 900 * minute })
      const runs = yield* open(fake, hinted)
      const first = yield* begin(runs.wait(ref("r1"), { deadline: "5 minutes" }))
      yield* begin(runs.wait(ref("r1")))
      yield* TestClock.adjust("1 minute")
      yield* Fiber.interrupt(first)
      yield* TestClock.setTime(9 * minute)
      expect(operations(fake)).toEqual(["get 1"])
    }),
  )
})

describe("the timers of waits", () => {
  it.effect("W4: are as many for fifty waits as for one", () =>
    Effect.gen(function* () {
      const { clock, timers } = yield* countedTimers
      const fake = FakeDriver.make()
      const runs = yield* open(fake)
      const waits: Array<number> = []
      for (const count of [1, 50]) {
        fake.begin("s1", 0, { lasts: 900 * minute })
        const fibers = yield* Effect.forEach(Array.from({ length: count }), () =>
          Effect.forkChild(Effect.provideService(runs.wait(ref(`r${waits.length + 1}`)), Clock.Clock, clock)),
        )
        yield* TestClock.adjust("1 second")
        waits.push(timers.active)
        yield* Fiber.interruptAll(fibers)
      }
      expect(waits[1]).toBe(waits[0])
    }),
  )

  it.effect.each([
    ["ended with their run", {}, () => Effect.void],
    ["ended by a limit", { startWithin: "2 seconds" }, () => Effect.void],
    ["were interrupted", {}, (waits: ReadonlyArray<Fiber.Fiber<unknown, unknown>>) => Fiber.interruptAll(waits)],
  ] as const)("W4: hold nothing of waits that %s", ([_, options, leave]) =>
    Effect.gen(function* () {
      const { clock, timers } = yield* countedTimers
      const fake = FakeDriver.make()
      fake.begin("s1", 0, { lasts: 900 * minute })
      fake.begin("s2", 0, { lasts: 10 * second }).queuedUntil = 9 * second
      const runs = yield* open(fake, hinted)
      const fork = (run: RunRef, more: object) =>
        Effect.forkChild(Effect.provideService(Effect.exit(runs.wait(run, more)), Clock.Clock, clock))
      yield* fork(ref("r1"), {})
      const waits = yield* Effect.forEach(Array.from({ length: 150 }), (_, index) =>
        fork(ref("r2", 0, "s2"), { deadline: 60 * minute + index * second, ...options }),
      )
      yield* TestClock.setTime(5 * second)
      yield* leave(waits)
      yield* runs.notice(FakeDriver.sync("s2"))
      yield* TestClock.setTime(11 * second)
      yield* runs.notice(FakeDriver.sync("s2"))
      yield* TestClock.setTime(59 * minute)
      const before = timers.begun
      yield* TestClock.setTime(64 * minute)
      expect(timers.begun - before).toBeLessThan(100)
    }),
  )
})
