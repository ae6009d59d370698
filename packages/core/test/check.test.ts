/** Checks: one look each, by any process, at the times of a wait. */
import { describe, expect, it } from "@effect/vitest"
import { Clock, Context, DateTime, Duration, Effect, Exit, Fiber, Schema } from "effect"
import { TestClock } from "effect/testing"
import * as Check from "../src/model/Check.ts"
import * as Reason from "../src/model/Reason.ts"
import { RunRef } from "../src/model/Ref.ts"
import type { Options } from "../src/model/Wait.ts"
import { Runs } from "../src/Runs.ts"
import type { MakeOptions } from "../src/Workspace.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { begin, otherProcess, within, workspace } from "./support/testbed.ts"

const minutes = (count: number) => count * 60_000

const ref = (run = "r1", at: number | "listed" = 0) =>
  new RunRef({ sync: FakeDriver.sync(), run, ...(at !== "listed" && { acceptedAt: DateTime.makeUnsafe(at) }) })

const open = Effect.fnUntraced(function* (
  fake: FakeDriver.Fake = FakeDriver.make(),
  options: Partial<MakeOptions> = {},
) {
  const { services } = yield* workspace(fake, options)
  return { fake, runs: Context.get(services, Runs) }
})

/** Checks a run as a durable engine does: each time in another process, with the memory as JSON. */
const checkUntilEnd = Effect.fnUntraced(function* (
  fake: FakeDriver.Fake,
  run: RunRef,
  options: Options,
  workspaceOptions: Partial<MakeOptions>,
) {
  const tags: Array<string> = []
  let memory: string | undefined
  while (true) {
    const now = yield* Clock.currentTimeMillis
    const checked = yield* Effect.scoped(
      Effect.flatMap(otherProcess(fake, workspaceOptions), ({ services }) =>
        Context.get(services, Runs).check(run, {
          ...options,
          ...(memory !== undefined && { memory: JSON.parse(memory) }),
        }),
      ),
    )
    tags.push(checked._tag)
    if (checked._tag === "Finished" || checked._tag === "Overdue") return { checked, tags }
    memory = JSON.stringify(checked.memory)
    yield* Effect.sleep(DateTime.toEpochMillis(checked.lookAgainAt) - now)
  }
})

/** A case: a vendor, and what the caller says. */
interface Case {
  readonly name: string
  readonly vendor: () => FakeDriver.Fake
  readonly run?: RunRef
  readonly options?: Options
  readonly workspace?: Partial<MakeOptions>
}

const lasting =
  (lasts: number, change: (fake: FakeDriver.Fake) => void = () => {}) =>
  () => {
    const fake = FakeDriver.make()
    fake.begin("s1", 0, { lasts })
    change(fake)
    return fake
  }

const cases: ReadonlyArray<Case> = [
  { name: "a short run", vendor: lasting(45_000) },
  { name: "a run of an hour", vendor: lasting(minutes(60)) },
  { name: "a ref of a listed run", vendor: lasting(minutes(40)), run: ref("r1", "listed") },
  { name: "a deadline", vendor: lasting(minutes(90)), options: { deadline: "1 hour" } },
  {
    name: "an outage",
    vendor: lasting(minutes(50), (fake) => fake.failBetween("get", FakeDriver.down, minutes(5), minutes(30))),
  },
  {
    name: "trouble until the patience ends",
    vendor: lasting(minutes(50), (fake) => fake.failBetween("get", FakeDriver.down, minutes(5), minutes(60))),
    options: { patience: "10 minutes" },
  },
  {
    name: "a run that is missing",
    vendor: lasting(minutes(50), (fake) => {
      const missing = FakeDriver.failure(new Reason.NotFound({ what: "run" }), "refused", { status: 404 })
      fake.failBetween("get", missing, minutes(5), minutes(60))
    }),
  },
  {
    name: "a run that shows late",
    vendor: () => {
      const fake = FakeDriver.make()
      fake.begin("s1", 20_000, { lasts: minutes(2) })
      return fake
    },
  },
  {
    name: "an unknown word",
    vendor: () => {
      const fake = FakeDriver.make()
      fake.begin("s1", 0, { lasts: minutes(300) }).vendorStatus = "odd"
      return fake
    },
  },
  {
    name: "a queue",
    vendor: () => {
      const fake = FakeDriver.make()
      fake.begin("s1", 0, { lasts: minutes(300) }).queuedUntil = minutes(200)
      return fake
    },
    options: { startWithin: "20 minutes" },
  },
  {
    name: "counts that settle late",
    vendor: () => {
      const fake = FakeDriver.make({ description: { countsSettleWithin: "3 minutes" } })
      const run = fake.begin("s1", 0, { lasts: minutes(10), ends: "partial", rows: { succeeded: 9, failed: 1 } })
      run.early = { until: minutes(11), ends: "succeeded", rows: { succeeded: 9, failed: 0 } }
      return fake
    },
  },
  {
    name: "a token that is refused",
    vendor: lasting(minutes(10), (fake) => {
      const refused = FakeDriver.failure(new Reason.PermissionDenied(), "refused", { status: 403 })
      fake.failBetween("get", refused, minutes(1), minutes(60))
    }),
  },
  { name: "expected hints that never come", vendor: lasting(minutes(35)), workspace: { hints: "expected" } },
]

describe("a check", () => {
  it.effect.each(cases)(
    "W5, W1: $name: checks at the times that they name send the requests of a wait, and end as it does",
    ({ vendor, run = ref(), options = {}, workspace: workspaceOptions = {} }) =>
      Effect.gen(function* () {
        const waited = vendor()
        const { runs } = yield* open(waited, workspaceOptions)
        const wait = yield* begin(Effect.exit(runs.wait(run, options)))
        const checked = vendor()
        const check = yield* begin(Effect.exit(checkUntilEnd(checked, run, options, workspaceOptions)))
        yield* TestClock.adjust("25 hours")
        const waitExit = yield* Fiber.join(wait)
        const checkExit = yield* Fiber.join(check)
        expect(checked.sent).toEqual(waited.sent)
        if (Exit.isSuccess(waitExit)) {
          const { verdict, accepted } = waitExit.value
          expect(checkExit).toMatchObject({ value: { checked: { _tag: "Finished", verdict, accepted } } })
          return
        }
        const error = yield* Effect.flip(waitExit)
        if (error._tag === "WaitDeadlineExceeded") {
          const { run, deadline } = error
          expect(checkExit).toMatchObject({
            value: { checked: { _tag: "Overdue", deadline, run: { status: run?.status } } },
          })
        } else expect(JSON.stringify(yield* Effect.flip(checkExit))).toBe(JSON.stringify(error))
      }),
  )

  it.effect("W5: the memory has the past lengths, so that another process looks where the end is likely", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      for (let i = 0; i < 5; i++) fake.begin("s1", i * minutes(61), { lasts: minutes(60) })
      yield* TestClock.setTime(minutes(400))
      const { runs } = yield* open(fake)
      fake.setPlan({ lasts: minutes(60) })
      const triggered = yield* within(1_000, runs.trigger(FakeDriver.sync(), { whenRunning: "fail" }))
      if (triggered._tag !== "Started") throw new Error("the trigger started no run")
      const first = yield* within(1_000, runs.check(triggered.run))
      if (first._tag !== "Running") throw new Error("the run is not running")
      expect(first.memory.lengths).toEqual([3_600, 3_600, 3_600, 3_600, 3_600])
      yield* TestClock.adjust("4 minutes")
      const other = Context.get((yield* otherProcess(fake)).services, Runs)
      const checked = yield* within(1_000, other.check(triggered.run, { memory: first.memory }))
      expect(checked).toMatchObject({ _tag: "Running", slow: false })
      const without = yield* within(1_000, other.check(triggered.run))
      // Without it the next look is due after a tenth of the age.
      const pause = (next: typeof checked, at: number) =>
        next._tag === "Running" ? DateTime.toEpochMillis(next.lookAgainAt) - at : Number.NaN
      const now = yield* Clock.currentTimeMillis
      expect(pause(checked, now)).toBeGreaterThan(60_000)
      expect(pause(without, now)).toBeLessThan(25_000)
    }),
  )

  it.effect("W5: a run that is slow says so", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      for (let i = 0; i < 3; i++) fake.begin("s1", i * minutes(2), { lasts: minutes(1) })
      fake.begin("s1", minutes(10), { lasts: minutes(60) })
      yield* TestClock.setTime(minutes(16))
      const { runs } = yield* open(fake)
      const first = yield* within(1_000, runs.check(ref("r4", minutes(10))))
      expect(first).toMatchObject({ _tag: "Running", slow: true, memory: { slow: true, lengths: [60, 60, 60] } })
    }),
  )

  it.effect("B1: it never sleeps: where the rate limit grants no request at once, nothing is read", () =>
    Effect.gen(function* () {
      const limits = [{ name: "all", operations: "all", requests: 3, window: "1 minute" }] as const
      const fake = FakeDriver.make({ description: { limits } })
      fake.begin("s1", 0, { lasts: minutes(60) })
      const { runs } = yield* open(fake, { rateLimitShare: 1 })
      for (let i = 0; i < 3; i++) yield* within(10, runs.get(ref()))
      const checked = yield* within(10, runs.check(ref()))
      expect(fake.sent).toHaveLength(3)
      expect(checked).toMatchObject({
        _tag: "Unreachable",
        error: { reason: { _tag: "RateLimited" }, delivery: "not-sent" },
        memory: { failures: 0 },
      })
      if (checked._tag !== "Unreachable") return
      const wait = DateTime.toEpochMillis(checked.lookAgainAt) - (yield* Clock.currentTimeMillis)
      expect(wait).toBeGreaterThan(50_000)
      expect(checked.memory).not.toHaveProperty("troubleSince")
      yield* TestClock.adjust(wait)
      expect(yield* within(10, runs.check(ref(), { memory: checked.memory }))).toMatchObject({ _tag: "Running" })
    }),
  )

  it.effect("W1: without a grant, the deadline ends it half a minute late", () =>
    Effect.gen(function* () {
      const limits = [{ name: "all", operations: "all", requests: 2, window: "1 hour" }] as const
      const fake = FakeDriver.make({ description: { limits } })
      fake.begin("s1", 0, { lasts: minutes(60) })
      const { runs } = yield* open(fake, { rateLimitShare: 1 })
      for (let i = 0; i < 2; i++) yield* within(10, runs.get(ref()))
      const check = within(10, runs.check(ref(), { deadline: "10 seconds" }))
      yield* TestClock.setTime(39_000)
      expect(yield* check).toMatchObject({ _tag: "Unreachable" })
      yield* TestClock.setTime(40_000)
      expect(yield* check).toMatchObject({ _tag: "Overdue", error: { reason: { _tag: "RateLimited" } } })
    }),
  )

  it.effect("R2, W7: at the deadline, an end whose counts may change is the end", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make({ description: { countsSettleWithin: "10 minutes" } })
      fake.begin("s1", 0, { lasts: minutes(9) })
      const { runs } = yield* open(fake)
      yield* TestClock.setTime(minutes(9.5))
      const settling = yield* within(10, runs.check(ref(), { deadline: "10 minutes" }))
      expect(settling).toMatchObject({ _tag: "Settling", run: { status: "succeeded" } })
      if (settling._tag !== "Settling") return
      expect(DateTime.toEpochMillis(settling.lookAgainAt)).toBe(minutes(10))
      yield* TestClock.setTime(minutes(10))
      const { memory } = settling
      expect(yield* within(10, runs.check(ref(), { deadline: "10 minutes", memory }))).toMatchObject({
        _tag: "Finished",
        verdict: "complete",
      })
    }),
  )

  it.effect("R2: an end that the policy does not accept needs no second look", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make({ description: { countsSettleWithin: "10 minutes" } })
      fake.begin("s1", 0, { lasts: 1_000, ends: "failed" })
      const { runs } = yield* open(fake)
      yield* TestClock.setTime(2_000)
      expect(yield* within(10, runs.check(ref()))).toMatchObject({ _tag: "Finished", verdict: "failed" })
    }),
  )

  it.effect("T12: the journal learns of the end", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open()
      fake.setPlan({ lasts: 1_000 })
      const triggered = yield* within(10, runs.trigger(FakeDriver.sync(), { whenRunning: "fail", key: "k" }))
      if (triggered._tag !== "Started") throw new Error("the trigger started no run")
      yield* TestClock.adjust("2 seconds")
      yield* within(10, runs.check(triggered.run))
      expect(yield* within(10, runs.pending)).toEqual([])
      expect(yield* within(10, runs.trigger(FakeDriver.sync(), { whenRunning: "fail", key: "k" }))).toMatchObject({
        _tag: "Remembered",
        status: "succeeded",
      })
    }),
  )

  const someMemory: Check.Memory = {
    ...{ edition: 1, run: "", since: 0, failures: 0, missing: 0, slow: false },
  }

  const badMemories: ReadonlyArray<[string, unknown, string]> = [
    ["of another run", someMemory, "memory.run"],
    ["that is no object", "x", "memory"],
    ["with a time that is none", { ...someMemory, since: "yesterday" }, "memory.since"],
    ["with a count below 0", { ...someMemory, failures: -1 }, "memory.failures"],
    ["with lengths that are none", { ...someMemory, lengths: [0] }, "memory.lengths.0"],
    [
      "with more lengths than any has",
      { ...someMemory, lengths: Array.from({ length: 21 }, () => 1) },
      "memory.lengths",
    ],
    ["with an unknown field", { ...someMemory, later: 1 }, "memory.later"],
  ]
  it.effect.each(badMemories)("W5: a memory %s is refused, and nothing is sent", ([, memory, path]) =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open()
      fake.begin("s1", 0)
      const error = yield* Effect.flip(within(10, runs.check(ref(), { memory: memory as Check.Memory })))
      expect(error).toMatchObject({ _tag: "RetlError", reason: { _tag: "InvalidRequest" }, delivery: "not-sent" })
      expect(error.message).toContain(path.replace(/\.0$/, "[0]").slice(0, 12))
      expect(fake.sent).toHaveLength(0)
    }),
  )

  it.effect("W5: a memory of another edition counts as none", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open()
      fake.begin("s1", 0)
      const memory = { edition: 2, words: ["of", "a", "later", "version"] } as unknown
      expect(yield* within(10, runs.check(ref(), { memory: memory as Check.Memory }))).toMatchObject({
        _tag: "Running",
        memory: { edition: 1 },
      })
    }),
  )

  it.effect("W1: a memory whose times lie in the future gives no time away", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open()
      fake.begin("s1", 0, { lasts: minutes(60) })
      yield* TestClock.setTime(minutes(1))
      const first = yield* within(10, runs.check(ref("r1", "listed")))
      if (first._tag !== "Running") throw new Error("the run is not running")
      const future = minutes(10_000)
      const memory = { ...first.memory, since: future, troubleSince: future, unknownSince: future, endedSince: future }
      const options = { memory, deadline: "10 minutes" } as const
      const second = yield* within(10, runs.check(ref("r1", "listed"), options))
      expect(second).toMatchObject({ _tag: "Running" })
      if (second._tag !== "Running") return
      yield* TestClock.adjust("11 minutes")
      const last = yield* within(10, runs.check(ref("r1", "listed"), { deadline: "10 minutes", memory: second.memory }))
      expect(last).toMatchObject({ _tag: "Overdue" })
    }),
  )

  it.effect("T6: what a check returns survives JSON", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open()
      fake.begin("s1", 0, { lasts: minutes(1) })
      const seen: Array<Check.Checked> = [yield* within(10, runs.check(ref()))]
      fake.fail("get", FakeDriver.down)
      seen.push(yield* within(10, runs.check(ref())))
      seen.push(yield* within(10, runs.check(ref(), { deadline: Duration.zero })))
      yield* TestClock.adjust("2 minutes")
      seen.push(yield* within(10, runs.check(ref())))
      expect(seen.map(({ _tag }) => _tag)).toEqual(["Running", "Unreachable", "Overdue", "Finished"])
      for (const checked of seen) {
        const text = JSON.stringify(yield* Schema.encodeEffect(Check.Checked)(checked))
        expect(yield* Schema.decodeUnknownEffect(Check.Checked)(JSON.parse(text))).toMatchObject({ _tag: checked._tag })
      }
    }),
  )
})
