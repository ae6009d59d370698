import { describe, expect, it } from "@effect/vitest"
import { Context, Duration, Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import * as Reason from "../src/model/Reason.ts"
import { Runs } from "../src/Runs.ts"
import type { MakeOptions } from "../src/Workspace.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { begin, within, workspace } from "./support/testbed.ts"

const sync = FakeDriver.sync()

const make = Effect.fnUntraced(function* (
  options: Partial<MakeOptions> = {},
  fake: FakeDriver.Fake = FakeDriver.make(),
) {
  const { services } = yield* workspace(fake, options)
  return { fake, runs: Context.get(services, Runs) }
})

describe("an answer", () => {
  it.effect("T1: an answered trigger returns Started, with its guard", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      const result = yield* within("1 second", runs.trigger(sync, { whenRunning: "fail" }))
      expect(result).toMatchObject({ _tag: "Started", guard: "observed", run: { run: "r1" } })
      expect(yield* runs.pending).toMatchObject([{ entry: { state: "started", run: { run: "r1" } } }])
      expect(fake.sent.map(({ operation }) => operation)).toEqual(["list", "start"])
    }),
  )

  it.effect("T2: a trigger whose fence cannot be read is not sent", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.fail("list", FakeDriver.down, 5)
      const error = yield* Effect.flip(within("1 minute", runs.trigger(sync, { whenRunning: "fail" })))
      expect(error).toMatchObject({ _tag: "RetlError", delivery: "not-sent", operation: "start", exhausted: true })
      expect(fake.count("start")).toBe(0)
    }),
  )

  it.effect("T4: a request that provably never left is sent again, with a new fence", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.fail("start", FakeDriver.failure(new Reason.Network({ code: "ECONNREFUSED" }), "not-sent"))
      const result = yield* within("1 minute", runs.trigger(sync, { whenRunning: "fail" }))
      expect(result._tag).toBe("Started")
      expect(fake.sent.map(({ operation }) => operation)).toEqual(["list", "start", "list", "start"])
    }),
  )

  it.effect("B2, T4: a trigger that got a 429 waits as long as the vendor says and is sent again", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      const limited = new Reason.RateLimited({ retryAfter: Duration.seconds(57) })
      fake.fail("start", FakeDriver.failure(limited, "refused", { status: 429 }))
      const result = yield* within("2 minutes", runs.trigger(sync, { whenRunning: "fail" }))
      expect(result._tag).toBe("Started")
      const [first, second] = fake.sent.filter(({ operation }) => operation === "start")
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(57_000)
      const fence = fake.sent.findLast(({ operation }) => operation === "list")
      expect(fence?.at).toBeGreaterThanOrEqual((first?.at ?? 0) + 57_000)
    }),
  )

  it.effect("T4: a refusal ends a trigger at once", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.fail("start", FakeDriver.failure(new Reason.PermissionDenied(), "refused", { status: 403 }))
      const error = yield* Effect.flip(within("1 second", runs.trigger(sync, { whenRunning: "fail" })))
      expect(error).toMatchObject({ reason: { _tag: "PermissionDenied" }, exhausted: false })
      expect(yield* runs.pending).toEqual([])
    }),
  )
})

describe("a lost answer", () => {
  it.effect("T3: the only new run is adopted once `runAppearsWithin` is over", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.begin("s1", -600_000)
      fake.onStart((now, id) => {
        fake.begin(id, now + 81_000)
        return Effect.fail(FakeDriver.lost)
      })
      const result = yield* within("3 minutes", runs.trigger(sync, { whenRunning: "fail" }))
      expect(result).toMatchObject({ _tag: "Adopted", because: "lost-answer", run: { run: "r2" } })
      expect(fake.count("start")).toBe(1)
      expect(yield* runs.pending).toMatchObject([{ entry: { state: "started", adopted: "lost-answer" } }])
    }),
  )

  it.effect("T3: two new runs are ambiguous, and neither is adopted", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.onStart((now, id) => {
        fake.begin(id, now + 1_000, { lasts: 100 })
        fake.begin(id, now + 5_000)
        return Effect.fail(FakeDriver.lost)
      })
      const error = yield* Effect.flip(within("10 minutes", runs.trigger(sync, { whenRunning: "fail" })))
      expect(error).toMatchObject({ _tag: "TriggerIndeterminate", candidates: [{ run: "r2" }, { run: "r1" }] })
      if (error._tag !== "TriggerIndeterminate") return expect.unreachable()
      const resolved = yield* within("10 minutes", runs.resolve(error.entry))
      expect(resolved).toMatchObject({ _tag: "Ambiguous", candidates: [{ run: "r2" }, { run: "r1" }] })
      expect(fake.count("start")).toBe(1)
    }),
  )

  const schedules = [
    { schedule: "scheduled", exclusive: false, end: "TriggerIndeterminate" },
    { schedule: "unknown", exclusive: false, end: "TriggerIndeterminate" },
    { schedule: "scheduled", exclusive: true, end: "Adopted" },
    { schedule: "unknown", exclusive: true, end: "Adopted" },
  ] as const
  it.effect.each(schedules)(
    "T3: with a schedule that is $schedule and `exclusive: $exclusive`, a trigger ends as $end",
    ({ schedule, exclusive, end }) =>
      Effect.gen(function* () {
        const { fake, runs } = yield* make()
        fake.setSchedule(schedule)
        fake.onStart((now, id) => {
          fake.begin(id, now + 1_000)
          return Effect.fail(FakeDriver.lost)
        })
        const exit = yield* Effect.exit(within("10 minutes", runs.trigger(sync, { whenRunning: "fail", exclusive })))
        if (exclusive) expect(exit).toMatchObject({ _tag: "Success", value: { _tag: end } })
        else expect(String(exit)).toContain(end)
      }),
  )

  it.effect("T3: a schedule that cannot be read may have started a new run", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.onStart((now, id) => {
        fake.begin(id, now + 1_000)
        return Effect.fail(FakeDriver.lost)
      })
      fake.fail("schedule", FakeDriver.down, 100)
      const error = yield* Effect.flip(within("10 minutes", runs.trigger(sync, { whenRunning: "fail" })))
      expect(error).toMatchObject({ _tag: "TriggerIndeterminate", candidates: [{ run: "r1" }] })
    }),
  )

  it.effect("T2, T3: an incomplete fence forbids adoption, even of an exclusive sync", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make({ pageSize: 1 })
      for (let i = 0; i < 30; i++) fake.begin("s1", -1_000_000, { lasts: 1 })
      const { runs } = yield* make({}, fake)
      fake.onStart((now, id) => {
        fake.begin(id, now + 1_000)
        return Effect.fail(FakeDriver.lost)
      })
      const error = yield* Effect.flip(
        within("10 minutes", runs.trigger(sync, { whenRunning: "fail", exclusive: true, whenUnseen: "send" })),
      )
      expect(error).toMatchObject({ _tag: "TriggerIndeterminate", entry: { request: { fence: { complete: false } } } })
    }),
  )

  it.effect("T3: without a new run a trigger fails, provably without effect, and its entry says so", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.onStart(() => Effect.fail(FakeDriver.lost))
      const error = yield* Effect.flip(within("6 minutes", runs.trigger(sync, { whenRunning: "fail" })))
      expect(error).toMatchObject({ _tag: "RetlError", reason: { _tag: "Network" }, delivery: "refused" })
      expect(yield* runs.pending).toEqual([])
      expect(fake.count("start")).toBe(1)
    }),
  )

  it.effect("T3: an unreadable 200 is looked up like a lost answer", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.onStart((now, id) => {
        fake.begin(id, now)
        return Effect.fail(
          FakeDriver.failure(new Reason.UnexpectedResponse({ issues: [] }), "unknown", { status: 200 }),
        )
      })
      const result = yield* within("5 minutes", runs.trigger(sync, { whenRunning: "fail" }))
      expect(result._tag).toBe("Adopted")
    }),
  )
})

describe("a run under way", () => {
  const arrangements: ReadonlyArray<readonly [string, (fake: FakeDriver.Fake) => void]> = [
    ["the fence shows", (fake) => void fake.begin("s1", 0, { lasts: 3_600_000 })],
    [
      "the vendor refuses for",
      (fake) =>
        fake.onStart((now, id) => {
          fake.begin(id, now - 1, { lasts: 3_600_000 })
          return Effect.fail(FakeDriver.failure(new Reason.AlreadyRunning({}), "refused", { status: 409 }))
        }),
    ],
  ]
  it.effect.each(arrangements)("T5: fail, skip and adopt return the run that %s", ([, arrange]) =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      arrange(fake)
      const failed = yield* Effect.flip(within("1 minute", runs.trigger(sync, { whenRunning: "fail" })))
      expect(failed).toMatchObject({ reason: { _tag: "AlreadyRunning", run: { run: "r1" } } })
      expect(yield* within("1 minute", runs.trigger(sync, { whenRunning: "skip" }))).toMatchObject({
        _tag: "Skipped",
        running: { run: "r1" },
      })
      expect(yield* within("1 minute", runs.trigger(sync, { whenRunning: "adopt" }))).toMatchObject({
        _tag: "Adopted",
        because: "already-running",
        run: { run: "r1" },
      })
    }),
  )

  it.effect("T5: callers who wait share the run that follows", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.begin("s1", 0, { lasts: 600_000 })
      const callers = yield* Effect.forEach(Array.from({ length: 5 }), () =>
        begin(runs.trigger(sync, { whenRunning: "wait" })),
      )
      yield* TestClock.adjust("15 minutes")
      const results = yield* Effect.forEach(callers, Fiber.join)
      expect(new Set(results.map((result) => String("run" in result && result.run?.run)))).toEqual(new Set(["r2"]))
      expect(fake.count("start")).toBe(1)
    }),
  )

  it.effect("T5: a caller who waits does so for its deadline at most, and a trigger for a day", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.begin("s1", 0, { lasts: 30 * 3_600_000 })
      const options = { whenRunning: "wait", deadline: "2 hours" } as const
      const early = yield* Effect.flip(within("125 minutes", runs.run(sync, options)))
      expect(early).toMatchObject({ reason: { _tag: "AlreadyRunning", run: { run: "r1" } }, delivery: "not-sent" })
      const late = yield* begin(Effect.flip(runs.trigger(sync, { whenRunning: "wait" })))
      yield* TestClock.adjust("23 hours")
      expect(late.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("2 hours")
      expect(yield* Fiber.join(late)).toMatchObject({ reason: { _tag: "AlreadyRunning" } })
      expect(fake.count("start")).toBe(0)
    }),
  )

  it.effect("T5: a caller who waits after that run has started gets the next one", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      yield* within("1 second", runs.trigger(sync, { whenRunning: "wait" }))
      const result = yield* within("5 minutes", runs.trigger(sync, { whenRunning: "wait" }))
      expect(result).toMatchObject({ run: { run: "r2" } })
      expect(fake.count("start")).toBe(2)
    }),
  )

  it.effect.each(["fail", "wait", "skip", "adopt"] as const)(
    "T4, T5: %s: an accepted trigger that is answered with a run that ended long ago is sent once, and looked up",
    (whenRunning) =>
      Effect.gen(function* () {
        const { fake, runs } = yield* make()
        const earlier = fake.begin("s1", -100_000, { lasts: 1_000 })
        fake.onStart(() => Effect.succeed(earlier.id))
        const error = yield* Effect.flip(within("10 minutes", runs.trigger(sync, { whenRunning })))
        expect(error).toMatchObject({ reason: { _tag: "UnexpectedResponse" } })
        expect(fake.count("start")).toBe(1)
      }),
  )

  it.effect("T4, T5: an accepted trigger that is answered with an earlier run under way is sent once", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      const earlier = fake.begin("s1", -100_000, { lasts: 1_000 })
      fake.onStart((now) => {
        earlier.endsAt = now + 600_000
        return Effect.succeed(earlier.id)
      })
      const adopted = yield* within("1 minute", runs.trigger(sync, { whenRunning: "adopt" }))
      expect(adopted).toMatchObject({ _tag: "Adopted", because: "already-running", run: { run: earlier.id } })
      yield* TestClock.adjust("1 hour")
      const error = yield* Effect.flip(within("1 hour", runs.trigger(sync, { whenRunning: "wait" })))
      expect(error).toMatchObject({ reason: { _tag: "AlreadyRunning", run: { run: earlier.id } } })
      expect(fake.count("start")).toBe(2)
    }),
  )
})

describe("interrupts", () => {
  it.effect("T8: a trigger that is interrupted before its request leaves nothing behind", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.delay("list", 10_000)
      const fiber = yield* begin(runs.trigger(sync, { whenRunning: "fail" }))
      yield* TestClock.adjust("5 seconds")
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("1 minute")
      expect(fake.count("start")).toBe(0)
      expect(yield* runs.pending).toEqual([])
      expect(yield* within("1 second", runs.trigger(sync, { whenRunning: "fail" }))).toMatchObject({ _tag: "Started" })
    }),
  )

  it.effect("T8, T9: a trigger that timed out is settled in the background, and the next one waits for that", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.setPlan({ lasts: 600_000 })
      fake.delay("start", 90_000)
      const timedOut = yield* begin(
        Effect.exit(Effect.timeout(runs.trigger(sync, { whenRunning: "fail" }), "10 seconds")),
      )
      yield* TestClock.adjust("20 seconds")
      expect(String(yield* Fiber.join(timedOut))).toContain("Timeout")
      expect(yield* runs.pending).toMatchObject([{ isOwnerAlive: true, entry: { state: "sent" } }])

      const next = yield* begin(runs.trigger(sync, { whenRunning: "skip" }))
      yield* TestClock.adjust("30 seconds")
      expect(next.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("2 minutes")
      const [settled] = yield* runs.pending
      expect(settled).toMatchObject({ entry: { state: "started", run: { run: "r1" } } })
      expect(yield* Fiber.join(next)).toMatchObject({ _tag: "Skipped", running: { run: "r1" } })
      if (settled?.entry.kind !== "trigger") return expect.unreachable()
      expect(yield* runs.resolve(settled.entry)).toMatchObject({ _tag: "Started", run: { run: "r1" } })
      expect(fake.count("start")).toBe(1)
    }),
  )

  it.effect("T9: triggers of one sync go one at a time, and those of another sync do not wait", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.setPlan({ lasts: 1 })
      fake.delay("start", 30_000)
      const first = yield* begin(runs.trigger(sync, { whenRunning: "fail" }))
      yield* TestClock.adjust("1 second")
      const second = yield* begin(runs.trigger(sync, { whenRunning: "fail" }))
      const other = yield* begin(runs.trigger(FakeDriver.sync("s2"), { whenRunning: "fail" }))
      yield* TestClock.adjust("1 second")
      expect(other.pollUnsafe()).toBeDefined()
      expect(second.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("1 minute")
      expect((yield* Fiber.join(first))._tag).toBe("Started")
      expect((yield* Fiber.join(second))._tag).toBe("Started")
    }),
  )
})

describe("invalid input", () => {
  it.effect("T5, F2: a wrong workspace and a missing `whenRunning` are refused before any request", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      const foreign = yield* Effect.flip(runs.trigger(FakeDriver.sync("s1", "other"), { whenRunning: "fail" }))
      expect(foreign).toMatchObject({ reason: { _tag: "WrongWorkspace" }, delivery: "not-sent" })
      const missing = yield* Effect.flip(runs.trigger(sync, JSON.parse("{}")))
      expect(missing.message).toContain('whenRunning: Expected "fail" | "adopt" | "wait" | "skip"')
      expect(fake.sent).toEqual([])
    }),
  )
})

describe("ids from the vendor", () => {
  const invalid: ReadonlyArray<readonly [string, string]> = [
    ["empty", ""],
    ["too long", "x".repeat(10_000)],
    ["not well-formed", "\ud800"],
  ]
  it.effect.each(invalid)("H5: an id that is %s is an unreadable answer, not a defect", ([, id]) =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.onStart(() => Effect.succeed(id))
      const error = yield* Effect.flip(within("6 minutes", runs.trigger(sync, { whenRunning: "fail" })))
      expect(error).toMatchObject({ reason: { _tag: "UnexpectedResponse" }, delivery: "refused" })
      expect(fake.count("start")).toBe(1)
      fake.runsOf("s1").push({ id, startedAt: 0, endsAt: 1, ends: "succeeded", rows: {} })
      expect(yield* Effect.flip(Stream.runCollect(runs.list(sync)))).toMatchObject({
        reason: { _tag: "UnexpectedResponse" },
      })
    }),
  )
})
