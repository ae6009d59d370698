/** How waits for one run end, and what that leaves to others. */
import { describe, expect, it } from "@effect/vitest"
import { Cause, Clock, Context, DateTime, Effect, Exit, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import type { WorkspaceContext } from "../src/engine/context.ts"
import * as Planner from "../src/engine/poll/planner.ts"
import * as Reason from "../src/model/Reason.ts"
import { RunRef } from "../src/model/Ref.ts"
import { Runs } from "../src/Runs.ts"
import type { MakeOptions } from "../src/Workspace.ts"
import * as Engine from "./support/engine.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { begin, countedTimers, within, workspace } from "./support/testbed.ts"

const second = 1_000
const minute = 60 * second

const ref = (run = "r1") => new RunRef({ sync: FakeDriver.sync(), run, acceptedAt: DateTime.makeUnsafe(0) })

const open = Effect.fnUntraced(function* (fake: FakeDriver.Fake, options: Partial<MakeOptions> = {}) {
  return Context.get((yield* workspace(fake, options)).services, Runs)
})

const hinted = { hints: "expected" } as const

/** A fake with two runs that answers no request of this kind, and counts those that were interrupted. */
const silent = (operation: "get" | "list") => {
  const fake = FakeDriver.make()
  for (const lasts of [900 * minute, 900 * minute]) fake.begin("s1", 0, { lasts })
  const interrupted = { count: 0 }
  const { runs } = fake.driver
  const never = () => {
    fake.sent.push({ operation, at: 0 })
    return Effect.onInterrupt(Effect.never, () => Effect.sync(() => void interrupted.count++))
  }
  return { interrupted, fake: { ...fake, driver: { ...fake.driver, runs: { ...runs, [operation]: never } } } }
}

describe("an interrupt", () => {
  it.effect("W2: of the last waiter of a run stops the request under way, and that of another one does not", () =>
    Effect.gen(function* () {
      const { fake, interrupted } = silent("get")
      const runs = yield* open(fake)
      const [first, last] = [yield* begin(runs.wait(ref())), yield* begin(runs.wait(ref()))]
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(first)
      yield* TestClock.adjust("1 second")
      expect(interrupted.count).toBe(0)
      yield* Fiber.interrupt(last)
      yield* TestClock.adjust("1 second")
      expect(interrupted.count).toBe(1)
      expect(fake.sent).toHaveLength(1)
    }),
  )

  it.effect("W2, W4: of the waiters of one run stops no list that another run is waiting for", () =>
    Effect.gen(function* () {
      const { fake, interrupted } = silent("list")
      const runs = yield* open(fake)
      const [one, other] = [yield* begin(runs.wait(ref("r1"))), yield* begin(runs.wait(ref("r2")))]
      yield* TestClock.adjust("2 seconds")
      expect(fake.sent.map(({ operation }) => operation)).toEqual(["get", "get", "list"])
      yield* Fiber.interrupt(one)
      yield* TestClock.adjust("1 second")
      expect(interrupted.count).toBe(0)
      yield* Fiber.interrupt(other)
      yield* TestClock.adjust("1 second")
      expect(interrupted.count).toBe(1)
    }),
  )

  it.effect("W2: between two looks is nothing but an interrupt, and nobody looks any more", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.begin("s1", 0, { lasts: 900 * minute })
      const runs = yield* open(fake)
      const wait = yield* begin(runs.wait(ref()))
      yield* TestClock.adjust("1 minute")
      const sent = fake.sent.length
      yield* Fiber.interrupt(wait)
      const exit = wait.pollUnsafe()
      expect(exit !== undefined && Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause)).toBe(true)
      yield* TestClock.adjust("1 hour")
      expect(fake.sent).toHaveLength(sent)
    }),
  )

  it.effect("W2: of the last wait leaves no timer", () =>
    Effect.gen(function* () {
      const { clock, timers } = yield* countedTimers
      yield* Effect.gen(function* () {
        const fake = FakeDriver.make()
        fake.begin("s1", 0, { lasts: 900 * minute })
        const runs = yield* open(fake)
        const wait = yield* begin(runs.wait(ref()))
        yield* TestClock.adjust("1 hour")
        yield* Fiber.interrupt(wait)
        yield* TestClock.adjust(1)
        expect(timers.active).toBe(0)
      }).pipe(Effect.provideService(Clock.Clock, clock))
    }),
  )

  it.effect("W2: by the close of the workspace ends a wait between two looks", () =>
    Effect.gen(function* () {
      const { context, close, fake } = yield* Engine.make()
      fake.begin("s1", 0, { lasts: 900 * minute })
      const planner = Planner.make(context)
      const wait = yield* begin(Effect.exit(planner.wait(ref(), Planner.until(900 * minute))))
      yield* TestClock.adjust("1 minute")
      const sent = fake.sent.length
      yield* close
      yield* TestClock.adjust(1)
      expect(wait.pollUnsafe()).toBeDefined()
      yield* TestClock.adjust("1 hour")
      expect(fake.sent).toHaveLength(sent)
    }),
  )
})

describe("an end", () => {
  it.effect("W4: leaves nothing: the next wait for the run looks at it by itself", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.begin("s1", 0, { lasts: second })
      const runs = yield* open(fake)
      yield* within("10 seconds", runs.wait(ref()))
      const sent = fake.sent.length
      expect(yield* within(1, runs.wait(ref()))).toMatchObject({ verdict: "complete" })
      expect(fake.sent).toHaveLength(sent + 1)
    }),
  )

  it.effect(
    "W1, W4: of a wait that failed does not reach a later one for the run, also at the first one's deadline",
    () =>
      Effect.gen(function* () {
        const fake = FakeDriver.make()
        fake.begin("s1", 0, { lasts: 30 * minute })
        fake.fail("get", FakeDriver.failure(new Reason.PermissionDenied(), "refused", { status: 403 }))
        const runs = yield* open(fake)
        yield* within("1 second", Effect.flip(runs.wait(ref(), { deadline: "10 minutes" })))
        const wait = yield* begin(runs.wait(ref()))
        yield* TestClock.adjust("40 minutes")
        expect(wait.pollUnsafe()).toMatchObject({ value: { verdict: "complete" } })
      }),
  )

  it.effect("R2: a wait that bears everything takes the first end", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make({ description: { countsSettleWithin: "30 minutes" } })
      const { context } = yield* Engine.make(Engine.none, {}, fake)
      fake.begin("s1", 0, { lasts: second })
      const planner = Planner.make(context)
      const run = yield* within("10 seconds", planner.wait(ref(), Planner.until(60 * minute)))
      expect(run).toMatchObject({ status: "succeeded" })
    }),
  )

  it.effect("W7, R2: that was seen is the end at the deadline, where the last look gets no answer", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make({ description: { countsSettleWithin: "30 minutes" } })
      fake.begin("s1", 0, { lasts: second })
      const runs = yield* open(fake)
      const wait = yield* begin(runs.wait(ref(), { deadline: "10 minutes" }))
      yield* TestClock.adjust("1 minute")
      for (const operation of ["get", "list"] as const) fake.hang(operation)
      yield* TestClock.adjust("569 seconds")
      expect(wait.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("1 second")
      expect(wait.pollUnsafe()).toMatchObject({ value: { verdict: "complete" } })
    }),
  )

  it.effect("W4: a watch that joins a wait emits the present at once, without a request", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.begin("s1", 0, { lasts: 900 * minute })
      const runs = yield* open(fake, hinted)
      yield* begin(runs.wait(ref()))
      yield* TestClock.adjust("1 minute")
      const first = yield* begin(Stream.runHead(runs.watch(ref())))
      yield* TestClock.adjust(1)
      expect(first.pollUnsafe()).toMatchObject({ value: { value: { status: "running" } } })
      expect(fake.sent).toHaveLength(1)
    }),
  )
})

describe("a defect", () => {
  it.effect("W4: of a look reaches its waiters, and not one who came back meanwhile", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      for (const lasts of [minute, minute]) fake.begin("s1", 0, { lasts })
      const { runs } = fake.driver
      const list: typeof runs.list = () => Effect.delay(Effect.die("broken driver"), "10 seconds")
      const { wait } = yield* open({ ...fake, driver: { ...fake.driver, runs: { ...runs, list } } })
      const [left, other] = [yield* begin(wait(ref("r1"))), yield* begin(Effect.exit(wait(ref("r2"))))]
      // Both are read, and then listed together.
      yield* TestClock.adjust("2 seconds")
      yield* Fiber.interrupt(left)
      const back = yield* begin(wait(ref("r1")))
      yield* TestClock.adjust("2 minutes")
      expect(String(other.pollUnsafe())).toContain("broken driver")
      expect(back.pollUnsafe()).toMatchObject({ value: { verdict: "complete" } })
    }),
  )

  it.effect("W4: a driver that interrupts itself ends the wait", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const { runs } = fake.driver
      let gets = 0
      const get: typeof runs.get = () => {
        gets++
        return Effect.interrupt
      }
      const { wait } = yield* open({ ...fake, driver: { ...fake.driver, runs: { ...runs, get } } })
      const waiting = yield* begin(Effect.exit(wait(ref())))
      yield* TestClock.adjust("1 second")
      expect(waiting.pollUnsafe()).toBeDefined()
      expect(gets).toBe(1)
    }),
  )

  it.effect("W4: of the planner reaches all waiters", () =>
    Effect.gen(function* () {
      const { context } = yield* Engine.make()
      const rules = new Proxy(context.rules, {
        get: () => {
          throw new Error("broken rules")
        },
      })
      const broken: WorkspaceContext = { ...context, rules }
      const planner = Planner.make(broken)
      const listed = (run: string) => new RunRef({ sync: FakeDriver.sync(), run })
      const waits = yield* begin(
        Effect.all(
          ["r1", "r2"].map((run) => Effect.exit(planner.wait(listed(run), Planner.until(60 * minute)))),
          { concurrency: "unbounded" },
        ),
      )
      yield* TestClock.adjust("1 second")
      const exits = yield* Fiber.join(waits)
      expect(exits.map((exit) => String(exit).includes("broken rules"))).toEqual([true, true])
    }),
  )
})
