import { describe, expect, it } from "@effect/vitest"
import { Context, DateTime, Effect, Exit, Fiber, Scope } from "effect"
import { TestClock } from "effect/testing"
import * as Journal from "../src/journal/Journal.ts"
import type { EnsureOptions } from "../src/model/EnsureOptions.ts"
import { Runs } from "../src/Runs.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { slow } from "./support/journals.ts"
import { begin, otherProcess, within, workspace } from "./support/testbed.ts"

const sync = FakeDriver.sync()

const minute = 60_000
const hour = 60 * minute

/** When each test begins. */
const noon = 1_000 * hour

const hourly: EnsureOptions = { maxAge: "1 hour" }

/** Three processes that share a journal whose operations take 6 ms. */
const three = Effect.fnUntraced(function* (fake: FakeDriver.Fake) {
  yield* TestClock.setTime(noon)
  const journal = slow(Journal.memory(), 6)
  const processes = yield* Effect.forEach([1, 2, 3], () => otherProcess(fake, { journal }))
  const runsOf = (index: number) => Context.get((processes[index % 3] ?? expect.unreachable()).services, Runs)
  return { journal, runsOf }
})

/** What becomes of the trigger, and what there was before it. */
const cases: ReadonlyArray<readonly [string, (fake: FakeDriver.Fake) => void]> = [
  ["a sync without a run", () => {}],
  ["stale data", (fake) => fake.begin("s1", noon - 5 * hour, { lasts: minute })],
  ["unverified data", (fake) => fake.begin("s1", noon - hour, { lasts: minute })],
  ["an older run under way", (fake) => fake.begin("s1", noon - 2 * hour, { lasts: 2 * hour + 5 * minute })],
  ["a slow answer", (fake) => fake.delay("start", 40_000)],
  ["slow lists", (fake) => Array.from([1, 2, 3, 4], () => fake.delay("list", 3_000))],
  ["an outage of the list", (fake) => fake.fail("list", FakeDriver.down, 4)],
  ["a run of 20 s", (fake) => fake.setPlan({ lasts: 20_000 })],
  ["a run that ends at once", (fake) => fake.setPlan({ lasts: 0 })],
  [
    "a lost answer",
    (fake) => {
      fake.begin("s1", noon - 5 * hour, { lasts: minute })
      fake.onStart((now, id) => {
        fake.begin(id, now, { lasts: 10 * minute })
        return Effect.fail(FakeDriver.lost)
      })
    },
  ],
  [
    "a run that lists show after 50 s",
    (fake) =>
      fake.onStart((now, id) => {
        const run = fake.begin(id, now + 50_000, { lasts: 5 * minute })
        return Effect.succeed(run.id)
      }),
  ],
]

describe("ensure in several processes", () => {
  it.effect.each(cases)("T11: ten callers in three processes trigger at most once (%s)", ([_, prepare]) =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      prepare(fake)
      const before = fake.runsOf("s1").length
      const { runsOf } = yield* three(fake)
      const callers = yield* Effect.forEach(Array.from({ length: 10 }), (_, index) =>
        begin(Effect.delay(runsOf(index).ensure(sync, hourly), index % 4)),
      )
      yield* TestClock.adjust("40 minutes")
      const finished = yield* Effect.forEach(callers, Fiber.join)
      expect(fake.count("start")).toBe(1)
      expect(new Set(finished.map(({ run }) => run.ref.run))).toEqual(new Set([`r${before + 1}`]))
      expect(finished.every(({ accepted }) => accepted)).toBe(true)
      const own = finished.filter(({ how }) => how === "started" || how === "adopted")
      expect(own).toHaveLength(1)
      const later = yield* within("1 second", runsOf(1).ensure(sync, hourly))
      expect(later).toMatchObject({ how: "fresh" })
    }),
  )

  it.effect.each([
    ["", Effect.succeed],
    [", whose answer is lost", () => Effect.fail(FakeDriver.lost)],
  ] as const)("T11: ten callers in three processes who want data from now on trigger at most once%s", ([_, answer]) =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.begin("s1", noon - 10 * minute, { lasts: minute })
      fake.onStart((now, id) => answer(fake.begin(id, now).id))
      const { runsOf } = yield* three(fake)
      const options: EnsureOptions = { freshSince: new Date(noon) }
      const callers = yield* Effect.forEach(Array.from({ length: 10 }), (_, index) =>
        begin(runsOf(index).ensure(sync, options)),
      )
      yield* TestClock.adjust("40 minutes")
      expect((yield* Effect.forEach(callers, Fiber.join)).map(({ run }) => run.ref.run)).toEqual(Array(10).fill("r2"))
      expect(fake.count("start")).toBe(1)
    }),
  )

  it.effect("T11: callers over half an hour trigger at most once", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.setPlan({ lasts: 12 * minute })
      const { runsOf } = yield* three(fake)
      const callers = yield* Effect.forEach(Array.from({ length: 10 }), (_, index) =>
        begin(Effect.delay(runsOf(index).ensure(sync, hourly), index * 3 * minute)),
      )
      yield* TestClock.adjust("1 hour")
      const hows = (yield* Effect.forEach(callers, Fiber.join)).map(({ how }) => how)
      expect(new Set(hows)).toEqual(new Set(["started", "joined", "fresh"]))
      expect(fake.count("start")).toBe(1)
    }),
  )

  it.effect.each([0, 60_000])("T11: calls at the same time share one trigger whose run fails after %i ms", (lasts) =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.setPlan({ ends: "failed", lasts })
      const { runsOf } = yield* three(fake)
      const callers = yield* Effect.forEach(Array.from({ length: 10 }), (_, index) =>
        begin(Effect.flip(runsOf(index).ensure(sync, hourly))),
      )
      yield* TestClock.adjust("10 minutes")
      for (const error of yield* Effect.forEach(callers, Fiber.join)) {
        expect(error).toMatchObject({ _tag: "OutcomeRejected", verdict: "failed" })
      }
      expect(fake.count("start")).toBe(1)
      fake.setPlan({})
      expect(yield* within("5 minutes", runsOf(1).ensure(sync, hourly))).toMatchObject({ how: "started" })
    }),
  )

  it.effect("T11: ten callers in one process, with the journal in memory, trigger at most once", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      const fake = FakeDriver.make()
      const [one, two] = yield* Effect.all([workspace(fake, { name: "a" }), workspace(fake, { name: "b" })])
      const callers = yield* Effect.forEach(Array.from({ length: 10 }), (_, index) => {
        const { services, name } = index % 2 === 0 ? one : two
        const fromNowOn = Effect.map(DateTime.now, (now): EnsureOptions => ({ freshSince: now }))
        return begin(
          Effect.flatMap(fromNowOn, (it) => Context.get(services, Runs).ensure(FakeDriver.sync("s1", name), it)),
        )
      })
      yield* TestClock.adjust("10 minutes")
      const hows = (yield* Effect.forEach(callers, Fiber.join)).map(({ how }) => how)
      expect(hows.filter((how) => how === "joined")).toHaveLength(9)
      expect(fake.count("start")).toBe(1)
      expect(fake.count("list"), "a look and a fence: the journal shows the others the run").toBe(2)
    }),
  )

  it.effect("T11: the end of a run that another process has started reaches the journal", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const { runsOf } = yield* three(fake)
      yield* within("1 second", runsOf(0).trigger(sync, { whenRunning: "fail" }))
      expect(yield* within("5 minutes", runsOf(1).ensure(sync, hourly))).toMatchObject({ how: "joined" })
      const requests = fake.sent.length
      expect(yield* within("1 second", runsOf(2).ensure(sync, hourly))).toMatchObject({ how: "fresh" })
      expect(fake.sent).toHaveLength(requests)
      expect(yield* within("1 second", runsOf(2).pending)).toEqual([])
    }),
  )

  it.effect("T11: where one of them leaves, the others go on with its run", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.setPlan({ lasts: 10 * minute })
      const { runsOf } = yield* three(fake)
      const callers = yield* Effect.forEach(Array.from({ length: 10 }), (_, index) =>
        begin(runsOf(index).ensure(sync, hourly)),
      )
      yield* TestClock.adjust("1 minute")
      const [first, ...others] = callers
      if (first !== undefined) yield* Fiber.interrupt(first)
      yield* TestClock.adjust("20 minutes")
      const finished = yield* Effect.forEach(others, Fiber.join)
      expect(new Set(finished.map(({ how }) => how))).toEqual(new Set(["joined"]))
      expect(fake.count("start")).toBe(1)
    }),
  )

  it.effect("T11, T3: what a dead process has sent is settled before the look, and joined", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.begin("s1", noon - 5 * hour, { lasts: minute })
      fake.onStart((now, id) => {
        fake.begin(id, now, { lasts: 30 * minute })
        return Effect.never
      })
      const { journal, runsOf } = yield* three(fake)
      const scope = yield* Scope.make()
      const { services: killed } = yield* otherProcess(fake, { journal }).pipe(Scope.provide(scope))
      const dead = yield* begin(Effect.exit(Context.get(killed, Runs).ensure(sync, hourly)))
      yield* TestClock.adjust("1 second")
      yield* Scope.close(scope, Exit.void)
      yield* Fiber.interrupt(dead)
      const finished = yield* within("1 hour", runsOf(0).ensure(sync, hourly))
      expect(finished).toMatchObject({ how: "joined", run: { ref: { run: "r2" } } })
      expect(fake.count("start")).toBe(1)
    }),
  )

  it.effect("T11, T3: what no read settles ends the call, and another one triggers nothing either", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.begin("s1", noon - 5 * hour, { lasts: minute })
      fake.setSchedule("scheduled")
      fake.onStart((now, id) => {
        fake.begin(id, now, { lasts: 2 * hour })
        return Effect.fail(FakeDriver.lost)
      })
      const { runsOf } = yield* three(fake)
      for (const index of [0, 1]) {
        const error = yield* within("20 minutes", Effect.flip(runsOf(index).ensure(sync, hourly)))
        expect(error).toMatchObject({ _tag: "TriggerIndeterminate", candidates: [{ run: "r2" }] })
      }
      const superseding = runsOf(2).ensure(sync, { ...hourly, whenOpen: "supersede" })
      expect(yield* within("3 hours", superseding)).toMatchObject({ how: "joined", run: { ref: { run: "r2" } } })
      expect(fake.count("start")).toBe(1)
    }),
  )
})
