import { describe, expect, it } from "@effect/vitest"
import { Context, DateTime, Effect, Fiber, Logger, References, Scope, Stream } from "effect"
import { TestClock } from "effect/testing"
import * as Reason from "../src/model/Reason.ts"
import { RunRef } from "../src/model/Ref.ts"
import { Runs } from "../src/Runs.ts"
import type { MakeOptions } from "../src/Workspace.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import * as Operator from "./support/operator.ts"
import { begin, within, workspace } from "./support/testbed.ts"

const sync = FakeDriver.sync()

const make = Effect.fnUntraced(function* (
  options: Partial<MakeOptions> = {},
  fake: FakeDriver.Fake = FakeDriver.make(),
) {
  const { services } = yield* workspace(fake, options)
  return { fake, runs: Context.get(services, Runs) }
})

const accepted = (run: string, at = 0, ofSync = sync) =>
  new RunRef({ sync: ofSync, run, acceptedAt: DateTime.makeUnsafe(at) })

describe("sharing", () => {
  it.effect("W4: many waiters on one run send no more requests than one", () =>
    Effect.gen(function* () {
      const costs: Array<number> = []
      for (const waiters of [1, 50]) {
        const { fake, runs } = yield* make()
        const now = (yield* DateTime.now).epochMilliseconds
        fake.begin("s1", now, { lasts: 1_800_000 })
        const ref = accepted("r1", now)
        const ends = yield* within(
          "1 hour",
          Effect.all(
            Array.from({ length: waiters }, () => runs.wait(ref)),
            { concurrency: "unbounded" },
          ),
        )
        expect(new Set(ends.map(({ verdict }) => verdict))).toEqual(new Set(["complete"]))
        costs.push(fake.sent.length)
      }
      expect(costs[1]).toBe(costs[0])
      expect(costs[0]).toBeLessThan(75)
    }),
  )

  it.effect("W4: several runs of one sync are listed together", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      for (let i = 0; i < 20; i++) fake.begin("s1", 0, { lasts: 1_800_000 })
      const refs = Array.from({ length: 20 }, (_, i) => accepted(`r${i + 1}`))
      yield* within(
        "1 hour",
        Effect.all(
          refs.map((ref) => runs.wait(ref)),
          { concurrency: "unbounded" },
        ),
      )
      expect(fake.count("get")).toBe(0)
      expect(fake.count("list")).toBeLessThan(75)
    }),
  )

  it.effect("W4: a run that is not on the first page is read by its id", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make({}, FakeDriver.make({ pageSize: 1 }))
      fake.begin("s1", 0, { lasts: 10_000 })
      fake.begin("s1", 1, { lasts: 10_000 })
      const refs = [accepted("r1"), accepted("r2")]
      const ends = yield* within(
        "1 minute",
        Effect.all(
          refs.map((ref) => runs.wait(ref)),
          { concurrency: "unbounded" },
        ),
      )
      expect(ends.map(({ run }) => run.ref.run)).toEqual(["r1", "r2"])
      expect(fake.count("get")).toBeGreaterThan(0)
    }),
  )

  it.effect("W4: the planner outlives the first waiter", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.begin("s1", 0, { lasts: 60_000 })
      const first = yield* begin(runs.wait(accepted("r1")))
      const second = yield* begin(runs.wait(accepted("r1")))
      yield* TestClock.adjust("5 seconds")
      yield* Fiber.interrupt(first)
      yield* TestClock.adjust("2 minutes")
      expect((yield* Fiber.join(second)).verdict).toBe("complete")
    }),
  )

  it.effect("W4: waits on two hundred other syncs do not starve a wait", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      for (let i = 0; i < 200; i++) fake.begin(`busy${i}`, 0, { lasts: 3_600_000 })
      fake.begin("s1", 0, { lasts: 30_000 })
      for (let i = 0; i < 200; i++) {
        yield* begin(runs.wait(accepted(`r${i + 1}`, 0, FakeDriver.sync(`busy${i}`))))
      }
      const end = yield* within("2 minutes", runs.wait(accepted("r201")))
      expect(end.verdict).toBe("complete")
    }),
  )
})

describe("deadlines and interrupts", () => {
  it.effect("W1: the deadline counts from the run's acceptance, so a resumed wait keeps it", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.begin("s1", 0, { lasts: 100 * 3_600_000 })
      yield* TestClock.adjust("23 hours")
      const waiting = yield* begin(Effect.flip(runs.wait(accepted("r1"))))
      yield* TestClock.adjust("59 minutes")
      expect(waiting.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("2 minutes")
      const error = yield* Fiber.join(waiting)
      expect(error).toMatchObject({ _tag: "WaitDeadlineExceeded", run: { status: "running" } })
    }),
  )

  it.effect("W1: a wait whose deadline has passed still looks once", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.begin("s1", 0, { lasts: 60_000 })
      yield* TestClock.adjust("3 hours")
      const end = yield* within("1 second", runs.wait(accepted("r1"), { deadline: "1 hour" }))
      expect(end.verdict).toBe("complete")
    }),
  )

  it.effect("W2: interrupting the last waiter stops its polls, also one under way, and not the run", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      const run = fake.begin("s1", 0, { lasts: 3_600_000 })
      const waiting = yield* begin(runs.wait(accepted("r1")))
      yield* TestClock.adjust("1 minute")
      fake.delay("get", 60_000)
      yield* TestClock.adjust("20 seconds")
      yield* Fiber.interrupt(waiting)
      const sent = fake.sent.length
      yield* TestClock.adjust("1 hour")
      expect(fake.sent.length).toBe(sent)
      expect(fake.count("cancel")).toBe(0)
      expect(run.ends).toBe("succeeded")
    }),
  )

  it.effect("W2: closing the workspace ends its waits", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.begin("s1", 0, { lasts: 3_600_000 })
      const scope = yield* Scope.make()
      const { services } = yield* workspace(fake).pipe(Scope.provide(scope))
      const waiting = yield* begin(Effect.exit(Context.get(services, Runs).wait(accepted("r1"))))
      yield* TestClock.adjust("1 minute")
      yield* Scope.close(scope, yield* Effect.exit(Effect.void))
      yield* TestClock.adjust("1 second")
      expect(waiting.pollUnsafe()).toBeDefined()
    }),
  )
})

describe("trouble", () => {
  it.effect("W3: passing trouble of any kind only delays a wait", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.begin("s1", 0, { lasts: 60_000 })
      fake.fail("get", FakeDriver.down, 3)
      fake.fail("get", FakeDriver.lost, 3)
      fake.fail("get", FakeDriver.failure(new Reason.UnexpectedResponse({ issues: [] }), "unknown"), 3)
      const end = yield* within("20 minutes", runs.wait(accepted("r1")))
      expect(end.verdict).toBe("complete")
    }),
  )

  const final = [new Reason.Unauthenticated(), new Reason.PermissionDenied()]
  it.effect.each(final)("W3: $_tag ends a wait at once", (reason) =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.fail("get", FakeDriver.failure(reason, "refused"))
      const error = yield* Effect.flip(within("1 second", runs.wait(accepted("r1"))))
      expect(error).toMatchObject({ reason: { _tag: reason._tag } })
      expect(fake.sent).toHaveLength(1)
    }),
  )

  it.effect("R1, W3: a wait goes on until its run appears, and fails with NotFound when the run never appears", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      const late = fake.begin("s1", 45_000, { lasts: 30_000 })
      expect(yield* within("5 minutes", runs.wait(accepted(late.id)))).toMatchObject({ verdict: "complete" })
      const missing = yield* Effect.flip(within("30 minutes", runs.wait(accepted("nowhere", 300_000))))
      expect(missing).toMatchObject({ reason: { _tag: "NotFound" } })
    }),
  )

  it.effect("R3: a run with an unknown status word is polled once a minute", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      const run = fake.begin("s1", 0, { lasts: 1_000 })
      run.vendorStatus = "transmogrified"
      const error = yield* Effect.flip(
        within("3 hours", runs.wait(accepted("r1"), { deadline: "2 hours", unknownWithin: "3 hours" })),
      )
      expect(error).toMatchObject({
        _tag: "WaitDeadlineExceeded",
        run: { status: "unknown", vendorStatus: "transmogrified" },
      })
      expect(fake.sent.length).toBeLessThan(125)
    }),
  )

  it.effect("W1: a clock that is set back does not stop a wait", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(7_200_000)
      const { fake, runs } = yield* make()
      fake.begin("s1", 0, { lasts: 7_320_000 })
      const wait = yield* begin(runs.wait(new RunRef({ sync: FakeDriver.sync(), run: "r1" })))
      yield* TestClock.adjust("30 seconds")
      const before = fake.count("get") + fake.count("list")
      yield* TestClock.setTime(3_600_000)
      yield* begin(runs.wait(new RunRef({ sync: FakeDriver.sync(), run: "r1" }), { deadline: "1 minute" }))
      yield* TestClock.adjust("2 minutes")
      expect(fake.count("get") + fake.count("list")).toBeGreaterThan(before)
      yield* Fiber.interrupt(wait)
    }),
  )

  it.effect("R3: an unknown status word is logged once, however many runs have it", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      for (let i = 0; i < 250; i++) fake.begin("s1", 0).vendorStatus = "transmogrified"
      const messages: Array<string> = []
      const logger = Logger.make(({ message }) => void messages.push(String(message)))
      const listed = yield* within("1 minute", Stream.runCollect(runs.list(FakeDriver.sync()))).pipe(
        Effect.provideService(References.CurrentLoggers, new Set([logger])),
      )
      expect(listed).toHaveLength(250)
      expect(messages.filter((message) => message.includes("does not list a vendor's status"))).toHaveLength(1)
    }),
  )

  it.effect.each<readonly [word: string, shown: string]>([
    ["transmogrified", "transmogrified"],
    ["half-done_2 état", "half-done_2 état"],
    ["w".repeat(40), "w".repeat(40)],
    ["w".repeat(41), "(not a word)"],
    ["jane.doe@example.com", "(not a word)"],
    ["row 7: +49 151", "(not a word)"],
    ["two\nlines", "(not a word)"],
  ])("O1: the warning about the unknown status word %j shows %j", ([word, shown]) =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.begin("s1", 0).vendorStatus = word
      const operator = Operator.make()
      yield* within("1 minute", operator.watching(runs.get(accepted("r1"))))
      const warning = operator.lines.find(({ level }) => level === "Warn")
      expect(warning?.annotations["vendorStatus"]).toBe(shown)
    }),
  )

  it.effect("R3: `statusWords` gives an unknown word its meaning", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make({ statusWords: { transmogrified: "failed" } })
      fake.begin("s1", 0, { lasts: 1_000 }).vendorStatus = "transmogrified"
      expect(yield* within("1 minute", runs.wait(accepted("r1")))).toMatchObject({ verdict: "failed" })
    }),
  )

  it.effect("W3: a defect of the driver reaches every waiter", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const broken = { ...fake.driver, runs: { ...fake.driver.runs, get: () => Effect.die("broken driver") } }
      const { runs } = yield* make({}, { ...fake, driver: broken })
      const exits = yield* within(
        "1 minute",
        Effect.all([Effect.exit(runs.wait(accepted("r1"))), Effect.exit(runs.wait(accepted("r1")))], {
          concurrency: "unbounded",
        }),
      )
      expect(exits.map(String).every((exit) => exit.includes("broken driver"))).toBe(true)
    }),
  )
})

describe("watching", () => {
  it.effect("W4: every change of a run is emitted once, from the first look to the end", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.begin("s1", 0, { lasts: 60_000, rows: { succeeded: 7, failed: 3 } })
      const changes = yield* within("5 minutes", Stream.runCollect(runs.watch(accepted("r1"))))
      expect(changes.map(({ status }) => status)).toEqual(["running", "partial"])
    }),
  )

  it.effect("W6: the policy decides which ends are accepted, and `run` fails with the others", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.setPlan({ rows: { succeeded: 97, failed: 3 } })
      const error = yield* Effect.flip(within("5 minutes", runs.run(sync, { whenRunning: "fail" })))
      expect(error).toMatchObject({ _tag: "OutcomeRejected", verdict: "partial", code: "retl.outcome-partial" })
      const policy = { maxFailedRatio: 0.05 }
      const end = yield* within("5 minutes", runs.run(sync, { whenRunning: "fail", policy }))
      expect(end).toMatchObject({ verdict: "tolerated", accepted: true })
      const invalid = yield* Effect.flip(runs.wait(accepted("r1"), { policy: { maxFailedRatio: 2, minRows: -1 } }))
      expect(invalid.message).toMatch(/policy\.maxFailedRatio.*policy\.minRows/)
    }),
  )
})
