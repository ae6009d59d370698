import { describe, expect, it } from "@effect/vitest"
import { Context, Duration, Effect, Fiber, Schema } from "effect"
import { TestClock } from "effect/testing"
import { RateLimited } from "../src/model/Reason.ts"
import { RetlError } from "../src/model/RetlError.ts"
import { Run } from "../src/model/Run.ts"
import { Runs } from "../src/Runs.ts"
import type { MakeOptions } from "../src/Workspace.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { begin, within, workspace } from "./support/testbed.ts"

const sync = FakeDriver.sync()
const fail = { whenRunning: "fail" } as const

const open = Effect.fnUntraced(function* (
  options: Partial<MakeOptions> = {},
  fake: FakeDriver.Fake = FakeDriver.make(),
) {
  const { services } = yield* workspace(fake, options)
  return { fake, runs: Context.get(services, Runs) }
})

describe("a key", () => {
  const key = { ...fail, key: "nightly/2026-11-27" }

  it.effect("T10: by the state of its entry, a call with the key sends, joins, remembers or claims anew", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open()
      fake.setPlan({ lasts: 30_000 })
      expect(yield* within("1 second", runs.trigger(sync, key))).toMatchObject({ _tag: "Started", run: { run: "r1" } })
      expect(yield* within("1 second", runs.trigger(sync, key))).toMatchObject({ _tag: "Joined", run: { run: "r1" } })
      const finished = yield* within("1 minute", runs.run(sync, key))
      expect(finished).toMatchObject({ how: "joined", verdict: "complete", run: { ref: { run: "r1" } } })
      yield* TestClock.adjust("1 hour")
      expect(yield* within("1 second", runs.trigger(sync, key))).toMatchObject({
        _tag: "Remembered",
        run: { run: "r1" },
        status: "succeeded",
      })
      const remembered = yield* within("1 second", runs.run(sync, key))
      expect(remembered).toMatchObject({ how: "remembered", accepted: true, run: { status: "succeeded" } })
      expect(remembered.age && Duration.toMillis(remembered.age)).toBeGreaterThanOrEqual(3_600_000)
      // Another policy judges the kept rows anew.
      const rejected = yield* Effect.flip(within("1 second", runs.run(sync, { ...key, policy: { minRows: 11 } })))
      expect(rejected).toMatchObject({ _tag: "OutcomeRejected", verdict: "empty", how: "remembered" })
      // The same key at another sync is another entry.
      expect(yield* within("1 second", runs.trigger(FakeDriver.sync("s2"), key))).toMatchObject({ _tag: "Started" })
      expect(fake.count("start")).toBe(2)
    }),
  )

  it.effect("T10: again: not-accepted gives all callers the next attempt, once", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open()
      fake.setPlan({ lasts: 30_000, ends: "failed" })
      const first = yield* Effect.flip(within("1 minute", runs.run(sync, key)))
      expect(first).toMatchObject({ _tag: "OutcomeRejected", how: "started" })
      expect(yield* Effect.flip(within("1 minute", runs.run(sync, key)))).toMatchObject({ how: "remembered" })
      fake.setPlan({ lasts: 30_000, ends: "succeeded" })
      const callers = yield* Effect.forEach([1, 2, 3, 4], () =>
        begin(runs.run(sync, { ...key, again: "not-accepted" })),
      )
      yield* TestClock.adjust("2 minutes")
      const finished = yield* Effect.forEach(callers, Fiber.join)
      expect(new Set(finished.map(({ run }) => run.ref.run))).toEqual(new Set(["r2"]))
      expect(fake.count("start")).toBe(2)
    }),
  )

  it.effect("T10: a key whose trigger was refused is free, and one whose call sent nothing leaves no entry", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open()
      const refused = FakeDriver.failure(new RateLimited({ retryAfter: Duration.hours(1) }), "refused", { status: 429 })
      fake.fail("start", refused)
      expect(yield* Effect.flip(within("1 second", runs.trigger(sync, key)))).toMatchObject({ delivery: "refused" })
      expect(yield* runs.pending).toEqual([])
      const busy = FakeDriver.make()
      busy.begin("s1", 0, { lasts: 3_600_000 })
      const other = yield* open({}, busy)
      yield* Effect.flip(within("1 second", other.runs.trigger(sync, key)))
      expect(yield* within("1 second", other.runs.trigger(sync, { ...key, whenRunning: "skip" }))).toMatchObject({
        _tag: "Skipped",
      })
      expect(yield* other.runs.pending).toEqual([])
      expect(yield* within("1 second", other.runs.trigger(sync, { ...key, whenRunning: "adopt" }))).toMatchObject({
        _tag: "Adopted",
      })
      expect(yield* within("1 second", other.runs.trigger(sync, key))).toMatchObject({
        _tag: "Joined",
        run: { run: "r1" },
      })
    }),
  )

  it.effect("T10: a caller who waits takes over where the first one leaves before its request", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open()
      fake.delay("list", 30_000)
      const first = yield* begin(runs.trigger(sync, key))
      yield* TestClock.adjust("1 second")
      const second = yield* begin(runs.trigger(sync, key))
      yield* TestClock.adjust("5 seconds")
      yield* Fiber.interrupt(first)
      yield* TestClock.adjust("5 seconds")
      expect(yield* Fiber.join(second)).toMatchObject({ _tag: "Started", run: { run: "r1" } })
      expect(fake.count("start")).toBe(1)
    }),
  )

  it.effect("T10: an empty and an overlong key, and one with a line break, are refused before anything is sent", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open()
      for (const bad of ["", "x".repeat(256), "a\nb", "\u0000"]) {
        const error = yield* Effect.flip(runs.trigger(sync, { ...fail, key: bad }))
        expect(error.message).toContain("key: Expected a key of 1 to 255 printable characters")
      }
      expect(fake.sent).toEqual([])
    }),
  )

  it.effect("T12: after the trigger every failure names the run, and the journal knows it", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open()
      fake.setPlan({ lasts: 3_000_000 })
      const late = yield* Effect.flip(within("20 minutes", runs.run(sync, { ...key, deadline: "10 minutes" })))
      expect(late).toMatchObject({ _tag: "WaitDeadlineExceeded", ref: { run: "r1" }, how: "started" })
      fake.fail("get", FakeDriver.down, 1_000)
      const down = yield* Effect.flip(within("3 hours", runs.run(sync, { ...key, patience: "1 hour" })))
      expect(down).toMatchObject({ _tag: "RetlError", run: { run: "r1" }, how: "joined" })
      expect(down.message).toContain("of run r1")
      expect(yield* runs.pending).toMatchObject([{ entry: { state: "started", run: { run: "r1" } } }])
      expect(fake.count("start")).toBe(1)
    }),
  )
})

describe("forms", () => {
  it.effect("H6: errors and runs are decoded from JSON unchanged", () =>
    Effect.gen(function* () {
      const { runs } = yield* open()
      const { run } = yield* within("5 minutes", runs.run(sync, fail))
      const Text = Schema.fromJsonString(Run)
      const decoded = yield* Effect.flatMap(Schema.encodeEffect(Text)(run), Schema.decodeUnknownEffect(Text))
      expect(decoded.startedAt).toEqual(run.startedAt)
      expect(String(decoded.ref)).toBe(String(run.ref))
      const limited = FakeDriver.failure(new RateLimited({ retryAfter: Duration.seconds(3) }), "refused")
      const ErrorText = Schema.fromJsonString(RetlError)
      const error = yield* Effect.flatMap(
        Schema.encodeEffect(ErrorText)(limited),
        Schema.decodeUnknownEffect(ErrorText),
      )
      expect(error.message).toBe(limited.message)
    }),
  )
})
