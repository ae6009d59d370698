/** How long a wait bears trouble, an unknown word and a queue, and its look at the deadline. */
import { describe, expect, it } from "@effect/vitest"
import { Context, DateTime, Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import * as Reason from "../src/model/Reason.ts"
import { RunRef } from "../src/model/Ref.ts"
import type { Options } from "../src/model/Wait.ts"
import { Runs } from "../src/Runs.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { begin, within, workspace } from "./support/testbed.ts"

const make = Effect.fnUntraced(function* (fake: FakeDriver.Fake = FakeDriver.make()) {
  const { services } = yield* workspace(fake, {})
  return { fake, runs: Context.get(services, Runs) }
})

const minutes = (count: number) => count * 60_000

const at = (minute: number) => FakeDriver.at(minutes(minute))

const accepted = (run: string, at = 0) =>
  new RunRef({ sync: FakeDriver.sync(), run, acceptedAt: DateTime.makeUnsafe(at) })

describe("the look at the deadline", () => {
  it.effect("W7: a run that ended half a minute before the deadline is not reported as running", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.begin("s1", 0, { lasts: minutes(59.5) })
      const end = yield* within("61 minutes", runs.wait(accepted("r1"), { deadline: "1 hour" }))
      expect(end).toMatchObject({ verdict: "complete" })
    }),
  )

  it.effect("W7, W1: the last look is at the deadline, and no request follows it", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.begin("s1", 0, { lasts: minutes(500) })
      const error = yield* Effect.flip(within("61 minutes", runs.wait(accepted("r1"), { deadline: "1 hour" })))
      expect(error).toMatchObject({ _tag: "WaitDeadlineExceeded", run: { status: "running" } })
      expect(fake.sent.at(-1)?.at).toBe(minutes(60))
      const sent = fake.sent.length
      yield* TestClock.adjust("2 hours")
      expect(fake.sent).toHaveLength(sent)
    }),
  )

  it.effect("W7: a look that began before the deadline does not stand for it", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.begin("s1", 0, { lasts: minutes(60) + 2_000 })
      fake.delay("get", 61_000, minutes(59))
      const wait = yield* begin(runs.wait(accepted("r1"), { deadline: "1 hour" }))
      yield* TestClock.adjust("61 minutes")
      expect(yield* Fiber.join(wait)).toMatchObject({ verdict: "complete" })
    }),
  )

  it.effect("W1: a last look that gets no answer ends after half a minute, with why it failed", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.begin("s1", 0, { lasts: minutes(500) })
      const wait = yield* begin(Effect.flip(runs.wait(accepted("r1"), { deadline: "10 minutes" })))
      yield* TestClock.adjust("599 seconds")
      fake.hang("get")
      yield* TestClock.adjust("30 seconds")
      expect(wait.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("1 second")
      expect(yield* Fiber.join(wait)).toMatchObject({ _tag: "WaitDeadlineExceeded", run: { status: "running" } })
    }),
  )

  it.effect("W1: each waiter of a run has its own deadline, and its own last look", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.begin("s1", 0, { lasts: minutes(29) })
      const deadlines = ["10 minutes", "20 minutes", "30 minutes"] as const
      const waits = yield* within(
        "1 hour",
        Effect.all(
          deadlines.map((deadline) => Effect.exit(runs.wait(accepted("r1"), { deadline }))),
          { concurrency: "unbounded" },
        ),
      )
      expect(waits.map(({ _tag }) => _tag)).toEqual(["Failure", "Failure", "Success"])
      for (const minute of [10, 20]) expect(fake.sent.map(({ at }) => at)).toContain(minutes(minute))
    }),
  )

  it.effect("W1: a deadline may be a Date, which is valid", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.begin("s1", 0, { lasts: minutes(10_000) })
      const deadline = new Date(minutes(60))
      const error = yield* Effect.flip(within("61 minutes", runs.wait(accepted("r1"), { deadline })))
      expect(error).toMatchObject({ _tag: "WaitDeadlineExceeded", deadline: DateTime.makeUnsafe(deadline) })
      const invalid = yield* Effect.flip(runs.wait(accepted("r1"), { deadline: new Date(Number.NaN) }))
      expect(String(invalid)).toContain("deadline: Expected a finite duration")
    }),
  )

  it.effect("W1: a ref that was accepted in the future does not move the deadline", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.begin("s1", 0, { lasts: minutes(10_000) })
      const error = yield* Effect.flip(
        within("61 minutes", runs.wait(accepted("r1", minutes(100_000)), { deadline: "1 hour" })),
      )
      expect(error).toMatchObject({ _tag: "WaitDeadlineExceeded" })
    }),
  )
})

describe("a deadline that has passed", () => {
  const passed: ReadonlyArray<NonNullable<Options["deadline"]>> = ["10 minutes", new Date(minutes(10)), at(10)]

  it.effect.each(passed)("W1, W7: one read tells how the run ended, also after trouble that passes (%s)", (deadline) =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.begin("s1", 0, { lasts: minutes(9) })
      yield* TestClock.setTime(minutes(60))
      fake.fail("get", FakeDriver.down)
      expect(yield* within("1 minute", runs.wait(accepted("r1"), { deadline }))).toMatchObject({ verdict: "complete" })
      expect(fake.count("get")).toBe(2)
    }),
  )

  it.effect("W1: a deadline that is right now has passed", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.begin("s1", 0, { lasts: minutes(9) })
      yield* TestClock.setTime(minutes(60))
      fake.fail("get", FakeDriver.down)
      const listed = new RunRef({ sync: FakeDriver.sync(), run: "r1" })
      expect(yield* within("1 minute", runs.wait(listed, { deadline: 0 }))).toMatchObject({ verdict: "complete" })
    }),
  )

  it.effect.each(passed)("W1, W7: a run that is still running then is not over (%s)", (deadline) =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.begin("s1", 0, { lasts: minutes(900) })
      yield* TestClock.setTime(minutes(60))
      const error = yield* within("1 second", Effect.flip(runs.wait(accepted("r1"), { deadline })))
      expect(error).toMatchObject({ _tag: "WaitDeadlineExceeded", deadline: at(10), run: { status: "running" } })
      expect(fake.sent).toHaveLength(1)
    }),
  )

  it.effect("W7: a watch emits the run as it is, and fails where it is not over", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.begin("s1", 0, { lasts: minutes(100) })
      const seen: Array<string> = []
      const watch = Stream.runForEach(runs.watch(accepted("r1"), { deadline: "10 minutes" }), ({ status }) =>
        Effect.sync(() => void seen.push(status)),
      )
      yield* TestClock.setTime(minutes(60))
      expect(yield* within("1 second", Effect.flip(watch))).toMatchObject({ _tag: "WaitDeadlineExceeded" })
      yield* TestClock.setTime(minutes(101))
      yield* within("1 second", watch)
      expect(seen).toEqual(["running", "succeeded"])
    }),
  )

  it.effect("T12: the journal learns of an end that is seen after it", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.setPlan({ lasts: minutes(9) })
      const started = yield* within(10, runs.trigger(FakeDriver.sync(), { whenRunning: "fail" }))
      if (started._tag !== "Started") return expect.unreachable()
      yield* TestClock.setTime(minutes(60))
      yield* within("1 second", runs.wait(started.run, { deadline: "10 minutes" }))
      expect(yield* runs.pending).toEqual([])
    }),
  )
})

describe("waits by other calls", () => {
  it.effect("R2: a trigger that waits for a running run takes its first end", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make(FakeDriver.make({ description: { countsSettleWithin: "30 minutes" } }))
      fake.begin("s1", 0, { lasts: minutes(10) })
      const waiting = { whenRunning: "wait" } as const
      const started = yield* within("12 minutes", runs.trigger(FakeDriver.sync(), waiting))
      expect(started).toMatchObject({ _tag: "Started" })
    }),
  )

  it.effect.each<readonly [string, Options, (fake: FakeDriver.Fake) => void]>([
    ["WaitDeadlineExceeded", { deadline: "10 minutes" }, (fake) => fake.setPlan({ lasts: minutes(60) })],
    ["RetlError", {}, (fake) => fake.fail("get", FakeDriver.failure(new Reason.PermissionDenied(), "refused"))],
  ])("T12: %s names the run, and how the call came to it", ([tag, options, prepare]) =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      prepare(fake)
      const error = yield* within(
        "1 hour",
        Effect.flip(runs.run(FakeDriver.sync(), { whenRunning: "fail", ...options })),
      )
      expect(error).toMatchObject({ _tag: tag, how: "started", [tag === "RetlError" ? "run" : "ref"]: { run: "r1" } })
    }),
  )

  it.effect("W3: a watch fails as its wait does", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.begin("s1", 0)
      fake.fail("get", FakeDriver.failure(new Reason.PermissionDenied(), "refused", { status: 403 }))
      const error = yield* within("1 second", Effect.flip(Stream.runDrain(runs.watch(accepted("r1")))))
      expect(error).toMatchObject({ reason: { _tag: "PermissionDenied" }, run: { run: "r1" } })
    }),
  )
})

describe("patience", () => {
  const trouble = (options: Options, from = 0, until = minutes(100_000)) =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.begin("s1", 0, { lasts: minutes(180) })
      fake.failBetween("get", FakeDriver.down, from, until)
      return yield* Effect.result(within("30 hours", runs.wait(accepted("r1"), options)))
    })

  it.effect("W3: 35 minutes of trouble in a run of three hours do not end a wait of twelve", () =>
    Effect.gen(function* () {
      const end = yield* trouble({ deadline: "12 hours" }, minutes(20), minutes(55))
      expect(end).toMatchObject({ _tag: "Success", success: { verdict: "complete" } })
    }),
  )

  it.effect("W3: trouble that does not pass ends at the deadline, which says why", () =>
    Effect.gen(function* () {
      const end = yield* trouble({ deadline: "2 hours" }, minutes(20))
      expect(end).toMatchObject({
        failure: {
          _tag: "WaitDeadlineExceeded",
          run: { status: "running" },
          trouble: { reason: { _tag: "Unavailable" } },
        },
      })
      expect(String(end._tag === "Failure" && end.failure)).toContain("the last look failed: ")
    }),
  )

  it.effect("W3: trouble ends a wait once its patience is over", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.failBetween("get", FakeDriver.down, 0, minutes(100_000))
      const wait = yield* begin(Effect.flip(runs.wait(accepted("r1"), { patience: "10 minutes" })))
      yield* TestClock.adjust("10 minutes")
      expect(wait.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("1 second")
      expect(yield* Fiber.join(wait)).toMatchObject({ reason: { _tag: "Unavailable" }, exhausted: true })
    }),
  )

  it.effect("W3: a rate limit of the vendor is trouble, too", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.failBetween("get", FakeDriver.failure(new Reason.RateLimited({}), "refused"), 0, minutes(100_000))
      const error = yield* Effect.flip(within("1 hour", runs.wait(accepted("r1"), { patience: "10 minutes" })))
      expect(error).toMatchObject({ reason: { _tag: "RateLimited" } })
    }),
  )

  it.effect("W3: one good look restores the patience", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.begin("s1", 0, { lasts: minutes(60) })
      for (const from of [5, 16, 27]) fake.failBetween("get", FakeDriver.down, minutes(from), minutes(from + 8))
      const end = yield* within("3 hours", runs.wait(accepted("r1"), { patience: "10 minutes" }))
      expect(end).toMatchObject({ verdict: "complete" })
    }),
  )

  it.effect("W3: waiters of one run have their own patience", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.begin("s1", 0, { lasts: minutes(60) })
      fake.failBetween("get", FakeDriver.down, minutes(5), minutes(25))
      const exits = yield* within(
        "3 hours",
        Effect.all(
          [Effect.exit(runs.wait(accepted("r1"), { patience: "5 minutes" })), Effect.exit(runs.wait(accepted("r1")))],
          {
            concurrency: "unbounded",
          },
        ),
      )
      expect(exits.map(({ _tag }) => _tag)).toEqual(["Failure", "Success"])
    }),
  )
})

describe("unknown words and queues", () => {
  const unknown = Effect.gen(function* () {
    const { fake, runs } = yield* make()
    const run = fake.begin("s1", 0, { lasts: minutes(10) })
    return { fake, runs, run }
  })

  it.effect("R3: an unknown word ends a wait after 30 minutes of it", () =>
    Effect.gen(function* () {
      const { runs, run } = yield* unknown
      run.vendorStatus = "transmogrified"
      const wait = yield* begin(Effect.flip(runs.wait(accepted("r1"))))
      yield* TestClock.adjust("30 minutes")
      expect(wait.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("1 second")
      const error = yield* Fiber.join(wait)
      expect(error).toMatchObject({ _tag: "WaitStatusUnknown", code: "retl.wait-status-unknown" })
      expect(error.message).toMatch(/unknown status "transmogrified" for 30m[\s\S]*statusWords/)
    }),
  )

  it.effect("R3: a word that is known again ends the patience with it", () =>
    Effect.gen(function* () {
      const { runs, run } = yield* unknown
      run.vendorStatus = "transmogrified"
      const wait = yield* begin(runs.wait(accepted("r1"), { unknownWithin: "5 minutes" }))
      yield* TestClock.adjust("4 minutes")
      delete run.vendorStatus
      yield* TestClock.adjust("8 minutes")
      expect(yield* Fiber.join(wait)).toMatchObject({ verdict: "complete" })
    }),
  )

  it.effect("W1: a run that has not started within its time ends the wait", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.begin("s1", 0, { lasts: minutes(600) }).queuedUntil = minutes(600)
      const wait = yield* begin(Effect.flip(runs.wait(accepted("r1"), { startWithin: "30 minutes" })))
      yield* TestClock.adjust("1799 seconds")
      expect(wait.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("1 second")
      expect(yield* Fiber.join(wait)).toMatchObject({ _tag: "WaitNotStarted", code: "retl.wait-not-started" })
    }),
  )

  it.effect("a negative or endless bound is refused, before any request", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      const options = { patience: "-1 seconds", unknownWithin: -1, startWithin: Number.POSITIVE_INFINITY } as const
      const error = yield* Effect.flip(runs.wait(accepted("r1"), options))
      for (const name of Object.keys(options)) expect(String(error)).toContain(`${name}: Expected`)
      expect(fake.sent).toEqual([])
    }),
  )
})
