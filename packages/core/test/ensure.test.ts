import { describe, expect, it } from "@effect/vitest"
import { Context, DateTime, Duration, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as Fleet from "../src/Fleet.ts"
import * as Journal from "../src/journal/Journal.ts"
import { AlreadyRunning } from "../src/model/Reason.ts"
import { Runs, type Service } from "../src/Runs.ts"
import { ScopedTriggers } from "../src/ScopedTriggers.ts"
import * as Workspace from "../src/Workspace.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { begin, within, workspace } from "./support/testbed.ts"

const sync = FakeDriver.sync()

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** When each test begins. */
const noon = 1_000 * hour

/** A fake vendor at noon, with the operations of a workspace. */
const make = Effect.fnUntraced(function* (options: Parameters<typeof FakeDriver.make>[0] = {}) {
  yield* TestClock.setTime(noon)
  const fake = FakeDriver.make(options)
  const { services } = yield* workspace(fake)
  const runs = Context.get(services, Runs)
  const ensure = (more: Partial<Parameters<Service["ensure"]>[1]> = { maxAge: "1 hour" }) => runs.ensure(sync, more)
  return { fake, runs, ensure }
})

describe("ensure", () => {
  it.effect("T11: data that are fresh are returned, and nothing is sent", () =>
    Effect.gen(function* () {
      const { fake, ensure } = yield* make()
      fake.begin("s1", noon - 50 * minute, { lasts: minute })
      const finished = yield* within("1 second", ensure())
      expect(finished).toMatchObject({ how: "fresh", verdict: "complete", accepted: true, run: { ref: { run: "r1" } } })
      expect(Duration.toMinutes(finished.age ?? 0)).toBeCloseTo(50)
      const since = { freshSince: DateTime.makeUnsafe(noon - 55 * minute) }
      expect(yield* within("1 second", ensure(since))).toMatchObject({ how: "fresh" })
      expect(fake.sent.map(({ operation }) => operation)).toEqual(["list", "list"])
    }),
  )

  it.effect.each<readonly [string, ReadonlyArray<number>]>([
    ["never", []],
    ["stale", [-3 * hour]],
    ["unverified", [-hour]],
  ])("T11: data that are %s are made fresh by one trigger", ([_, starts]) =>
    Effect.gen(function* () {
      const { fake, ensure } = yield* make()
      for (const start of starts) fake.begin("s1", noon + start, { lasts: second })
      expect(yield* within("5 minutes", ensure())).toMatchObject({ how: "started", accepted: true })
      expect(fake.count("start")).toBe(1)
      expect(yield* within("1 second", ensure())).toMatchObject({ how: "fresh" })
      expect(fake.count("start")).toBe(1)
    }),
  )

  it.effect("T11: a run under way that is fresh is joined", () =>
    Effect.gen(function* () {
      const { fake, ensure } = yield* make()
      fake.begin("s1", noon - 10 * minute, { lasts: 20 * minute })
      expect(yield* within("15 minutes", ensure())).toMatchObject({ how: "joined", run: { ref: { run: "r1" } } })
      expect(fake.count("start")).toBe(0)
    }),
  )

  it.effect("T11: a run that is still queued is joined, since it begins later", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      const fake = FakeDriver.make()
      fake.begin("s1", noon - 5 * hour, { lasts: 6 * hour })
      const { runs } = fake.driver
      // The vendor reports no start of a queued run.
      const list: typeof runs.list = (ids, query) =>
        Effect.map(runs.list(ids, query), (page) => ({
          ...page,
          runs: page.runs.map(({ startedAt: _, ...run }) => ({ ...run, status: "queued" as const })),
        }))
      const { services } = yield* workspace({ ...fake, driver: { ...fake.driver, runs: { ...runs, list } } })
      const finished = yield* within("2 hours", Context.get(services, Runs).ensure(sync, { maxAge: "10 minutes" }))
      expect(finished).toMatchObject({ how: "joined", run: { ref: { run: "r1" } } })
      expect(fake.count("start")).toBe(0)
    }),
  )

  it.effect("T11: after a run that was joined and is not accepted, the call goes on to its trigger", () =>
    Effect.gen(function* () {
      const { fake, ensure } = yield* make()
      fake.begin("s1", noon - 10 * minute, { lasts: 20 * minute, ends: "failed" })
      expect(yield* within("20 minutes", ensure())).toMatchObject({ how: "started", run: { ref: { run: "r2" } } })
      expect(fake.count("start")).toBe(1)
    }),
  )

  it.effect("T11: an older run under way is waited for, and then the call looks again", () =>
    Effect.gen(function* () {
      const { fake, ensure } = yield* make()
      fake.begin("s1", noon - 2 * hour, { lasts: 2 * hour + 10 * minute })
      const caller = yield* begin(ensure())
      yield* TestClock.adjust("9 minutes")
      expect(fake.count("start")).toBe(0)
      yield* TestClock.adjust("5 minutes")
      expect(yield* Fiber.join(caller)).toMatchObject({ how: "started", run: { ref: { run: "r2" } } })
      // It began after the older run had ended.
      expect(fake.runsOf("s1")[1]?.startedAt).toBeGreaterThanOrEqual(noon + 10 * minute)
    }),
  )

  it.effect("T11: a schedule that is quicker after an older run is joined", () =>
    Effect.gen(function* () {
      const { fake, ensure } = yield* make()
      fake.begin("s1", noon - 2 * hour, { lasts: 2 * hour + 10 * minute })
      fake.begin("s1", noon + 10 * minute, { lasts: 10 * minute })
      expect(yield* within("30 minutes", ensure())).toMatchObject({ how: "joined", run: { ref: { run: "r2" } } })
      expect(fake.count("start")).toBe(0)
    }),
  )

  it.effect("T11: where the vendor refuses the trigger as busy, the call looks again and joins", () =>
    Effect.gen(function* () {
      const { fake, ensure } = yield* make()
      const refusal = FakeDriver.failure(new AlreadyRunning({}), "refused", { status: 409 })
      fake.onStart((now, id) => {
        fake.begin(id, now - second, { lasts: 10 * minute })
        return Effect.fail(refusal)
      })
      expect(yield* within("15 minutes", ensure())).toMatchObject({ how: "joined", run: { ref: { run: "r1" } } })
      expect(fake.count("start")).toBe(1)
    }),
  )

  it.effect("T11: a run that begins between the look and the trigger is joined", () =>
    Effect.gen(function* () {
      const { fake, ensure } = yield* make()
      fake.delay("list", 5 * second)
      fake.begin("s1", noon + 2 * second, { lasts: 10 * minute })
      expect(yield* within("15 minutes", ensure())).toMatchObject({ how: "joined", run: { ref: { run: "r1" } } })
      expect(fake.count("start")).toBe(0)
    }),
  )

  it.effect("T11: an older run that only the fence reads is waited for", () =>
    Effect.gen(function* () {
      const { fake, ensure } = yield* make({ pageSize: 5 })
      fake.begin("s1", noon - 30 * hour, { lasts: 30 * hour + 10 * minute })
      for (let hours = 20; hours > 1; hours--) fake.begin("s1", noon - hours * hour, { lasts: second })
      const caller = yield* begin(ensure())
      yield* TestClock.adjust("9 minutes")
      expect(fake.count("start")).toBe(0)
      yield* TestClock.adjust("10 minutes")
      expect(yield* Fiber.join(caller)).toMatchObject({ how: "started" })
      expect(fake.count("start")).toBe(1)
      expect(fake.count("list"), "it waits by polls of that run").toBeLessThan(40)
    }),
  )

  it.effect("T11: its own run that the policy does not accept is rejected, and the call triggers no other", () =>
    Effect.gen(function* () {
      const { fake, ensure } = yield* make()
      fake.setPlan({ rows: { succeeded: 9, failed: 1 } })
      const error = yield* within("5 minutes", Effect.flip(ensure()))
      expect(error).toMatchObject({ _tag: "OutcomeRejected", verdict: "partial", how: "started" })
      expect(fake.count("start")).toBe(1)
      const policy = { maxFailedRows: 1 }
      expect(yield* within("1 second", ensure({ maxAge: "1 hour", policy }))).toMatchObject({
        ...{ how: "fresh", verdict: "tolerated" },
      })
    }),
  )

  it.effect("T11: a run that only another process's trigger has started is not joined twice where it fails", () =>
    Effect.gen(function* () {
      const { fake, runs, ensure } = yield* make()
      fake.setPlan({ ends: "failed" })
      yield* within("1 second", runs.trigger(sync, { whenRunning: "fail" }))
      yield* TestClock.adjust("10 seconds")
      fake.setPlan({})
      expect(yield* within("5 minutes", ensure())).toMatchObject({ how: "started", run: { ref: { run: "r2" } } })
      expect(fake.count("start")).toBe(2)
    }),
  )
})

describe("a run of the journal that lists do not show", () => {
  /** A vendor whose lists show no run that is this old, but for the first one. */
  const forgetful = Effect.fnUntraced(function* (ends: "succeeded" | "failed", age: number) {
    const made = yield* make()
    const { runs } = made.fake.driver
    const list: typeof runs.list = (ids, query) =>
      Effect.flatMap(DateTime.now, (now) =>
        Effect.map(runs.list(ids, query), (page) => ({
          ...page,
          runs: page.runs.filter(
            ({ run, startedAt }) => run === "r1" || now.epochMilliseconds - (startedAt?.epochMilliseconds ?? 0) < age,
          ),
        })),
      )
    const { services } = yield* workspace({ ...made.fake, driver: { ...made.fake.driver, runs: { ...runs, list } } })
    made.fake.begin("s1", noon - 9 * hour, { lasts: minute })
    made.fake.setPlan({ ends, lasts: 10 * minute })
    yield* within("1 second", Context.get(services, Runs).trigger(sync, { whenRunning: "fail" }))
    made.fake.setPlan({})
    return { fake: made.fake, runs: Context.get(services, Runs) }
  })

  it.effect("T11: it is read by itself, and joined", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* forgetful("succeeded", 2 * minute)
      yield* TestClock.adjust("5 minutes")
      const finished = yield* within("10 minutes", runs.ensure(sync, { maxAge: "1 hour" }))
      expect(finished).toMatchObject({ how: "joined", run: { ref: { run: "r2" } } })
      expect(fake.count("start")).toBe(1)
    }),
  )

  it.effect("T11: where it has failed, the call goes on to its trigger", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* forgetful("failed", 2 * minute)
      yield* TestClock.adjust("15 minutes")
      expect(yield* within("10 minutes", runs.ensure(sync, { maxAge: "1 hour" }))).toMatchObject({ how: "started" })
      expect(fake.count("start")).toBe(2)
    }),
  )

  it.effect("T11, T12: where it should be there and is not, the call fails and names it", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* forgetful("succeeded", 0)
      fake.runsOf("s1").splice(1)
      const error = yield* within("10 minutes", Effect.flip(runs.ensure(sync, { maxAge: "1 hour" })))
      expect(error).toMatchObject({ reason: { _tag: "NotFound" }, run: { run: "r2" }, how: "joined" })
      expect(fake.count("start")).toBe(1)
    }),
  )

  it.effect("T11: where it is gone, the call goes on to its trigger", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* forgetful("succeeded", 2 * minute)
      yield* TestClock.adjust("15 minutes")
      fake.runsOf("s1").splice(1)
      expect(yield* within("10 minutes", runs.ensure(sync, { maxAge: "1 hour" }))).toMatchObject({ how: "started" })
      expect(fake.count("start")).toBe(2)
    }),
  )
})

describe("the deadline of ensure", () => {
  it.effect("T11, W1: it counts from the call, also for the run that it triggers after another", () =>
    Effect.gen(function* () {
      const { fake, ensure } = yield* make()
      fake.begin("s1", noon - 2 * hour, { lasts: 2 * hour + 50 * minute })
      fake.setPlan({ lasts: 30 * minute })
      const caller = yield* begin(Effect.flip(ensure({ maxAge: "1 hour", deadline: "1 hour" })))
      yield* TestClock.adjust("61 minutes")
      expect(caller.pollUnsafe()).toBeDefined()
      expect(yield* Fiber.join(caller)).toMatchObject({
        ...{ _tag: "WaitDeadlineExceeded", how: "started", ref: { run: "r2" } },
      })
    }),
  )

  it.effect("T11, W1: while an older run is under way, it ends the call and names that run", () =>
    Effect.gen(function* () {
      const { fake, ensure } = yield* make()
      fake.begin("s1", noon - 2 * hour, { lasts: 9 * hour })
      const deadline = new Date(noon + hour)
      const error = yield* within("61 minutes", Effect.flip(ensure({ maxAge: "1 hour", deadline })))
      expect(error).toMatchObject({ _tag: "WaitDeadlineExceeded", ref: { run: "r1" } })
      expect(fake.count("start")).toBe(0)
    }),
  )

  it.effect("T11: nothing is sent after it", () =>
    Effect.gen(function* () {
      const { fake, ensure } = yield* make()
      fake.delay("list", 20 * second)
      const error = yield* within("1 minute", Effect.flip(ensure({ maxAge: "1 hour", deadline: "10 seconds" })))
      expect(error).toMatchObject({ operation: "ensure", delivery: "not-sent", reason: { _tag: "Stopped" } })
      expect(fake.count("start")).toBe(0)
      fake.begin("s1", noon, { lasts: second })
      const endless = { maxAge: "1 hour", deadline: "1000000000 days" } as const
      expect(yield* within("1 second", ensure(endless))).toMatchObject({ how: "fresh" })
      const late = new Date(noon - hour)
      expect(yield* within("1 second", ensure({ maxAge: "1 hour", deadline: late }))).toMatchObject({ how: "fresh" })
    }),
  )

  it.effect("T11, T9: a turn that takes longer ends the call", () =>
    Effect.gen(function* () {
      const { fake, runs, ensure } = yield* make()
      fake.delay("start", 100 * second)
      yield* begin(runs.trigger(sync, { whenRunning: "fail" }))
      yield* TestClock.adjust("1 second")
      const error = yield* within("21 seconds", Effect.flip(ensure({ maxAge: "1 hour", deadline: "20 seconds" })))
      expect(error).toMatchObject({ reason: { _tag: "TriggerBusy" }, delivery: "not-sent" })
    }),
  )

  it.effect("T8, T11: an interrupt before the request leaves nothing behind", () =>
    Effect.gen(function* () {
      const { fake, runs, ensure } = yield* make()
      fake.hang("list")
      const caller = yield* begin(ensure())
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(caller)
      yield* TestClock.adjust("1 hour")
      expect(fake.sent.map(({ operation }) => operation)).toEqual(["list"])
      expect(yield* runs.pending).toEqual([])
    }),
  )

  it.effect("T8, T11: an interrupt after the request leaves its run to the journal, and the next call joins it", () =>
    Effect.gen(function* () {
      const { fake, ensure } = yield* make()
      fake.setPlan({ lasts: 10 * minute })
      const caller = yield* begin(ensure())
      yield* TestClock.adjust("1 minute")
      yield* Fiber.interrupt(caller)
      expect(yield* within("15 minutes", ensure())).toMatchObject({ how: "joined", run: { ref: { run: "r1" } } })
      expect(fake.count("start")).toBe(1)
    }),
  )
})

describe("what ensure takes", () => {
  it.effect.each<readonly [object, ReadonlyArray<string>]>([
    [{}, ["freshSince"]],
    [{ maxAge: "1 hour", freshSince: new Date(0) }, ["freshSince"]],
    [{ freshSince: new Date(noon + minute) }, ["freshSince"]],
    [{ freshSince: "yesterday", maxAge: -1, deadline: "soon" }, ["freshSince", "freshSince", "maxAge", "deadline"]],
    [{ maxAge: "100000 days", key: "k", whenRunning: "wait" }, ["maxAge", "key", "whenRunning"]],
    [{ maxAge: 0, again: "never", policy: { minRow: 1 } }, ["maxAge", "again", "policy.minRow"]],
  ])("H6: %j is refused with all problems at once", ([options, paths]) =>
    Effect.gen(function* () {
      const { fake, ensure } = yield* make()
      const error = yield* Effect.flip(ensure(options))
      if (error._tag !== "RetlError" || error.reason._tag !== "InvalidRequest") return expect.unreachable()
      expect(error.reason.issues.map(({ path }) => path.join(".")).sort()).toEqual([...paths].sort())
      expect(error).toMatchObject({ operation: "ensure", delivery: "not-sent" })
      expect(fake.sent).toEqual([])
    }),
  )

  it.effect("T6, T11: with a scope, the run that it triggers has it, and any run counts", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      const fake = FakeDriver.make()
      const scopes: Array<unknown> = []
      const { runs } = fake.driver
      const start: typeof runs.start = (ids, options) => {
        scopes.push(options.scope)
        return runs.start(ids, options)
      }
      const driver = { ...fake.driver, scopes: ["incremental", "full"] as const, runs: { ...runs, start } }
      const { services } = yield* Workspace.make(
        { name: "test", closeWithin: 0, defaultScope: "incremental", journal: Journal.memory() },
        driver,
      )
      const scoped = Context.get(services, ScopedTriggers)
      const maxAge = { maxAge: "1 hour" } as const
      expect(yield* within("5 minutes", scoped.ensure(sync, { ...maxAge, scope: "full" }))).toMatchObject({
        how: "started",
      })
      expect(yield* within("1 second", Context.get(services, Runs).ensure(sync, maxAge))).toMatchObject({
        how: "fresh",
      })
      yield* TestClock.adjust("2 hours")
      yield* within("5 minutes", Context.get(services, Runs).ensure(sync, maxAge))
      expect(scopes).toEqual(["full", "incremental"])
    }),
  )

  it.effect("F1, T11: a fleet finds the workspace, and refuses a scope that its vendor lacks", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      const fake = FakeDriver.make()
      const fleet = yield* Fleet.make({ test: yield* workspace(fake) })
      const maxAge = { maxAge: "1 hour" } as const
      expect(yield* within("5 minutes", fleet.ensure(sync, maxAge))).toMatchObject({ how: "started" })
      const error = yield* Effect.flip(fleet.ensure(sync, { ...maxAge, scope: "full" }))
      expect(error).toMatchObject({ reason: { _tag: "Unsupported", capability: "scopes" } })
    }),
  )
})
