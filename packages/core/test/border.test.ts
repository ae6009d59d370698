/** Callers without a type checker: refs and intents as parsed JSON, and what is none of these. */
import { describe, expect, it } from "@effect/vitest"
import { Context, Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Cancellation } from "../src/Cancellation.ts"
import { CurrentWorkspace } from "../src/CurrentWorkspace.ts"
import { RunRef, type SyncRef } from "../src/model/Ref.ts"
import { RetlError } from "../src/model/RetlError.ts"
import { Runs } from "../src/Runs.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { begin, within, workspace } from "./support/testbed.ts"

const asJson = <A>(value: A): A => JSON.parse(JSON.stringify(value))

const make = Effect.fnUntraced(function* (fake = FakeDriver.make()) {
  const { services } = yield* workspace(fake)
  const { cancel } = Context.get(services as Context.Context<Cancellation>, Cancellation)
  return { fake, cancel, runs: Context.get(services, Runs), check: Context.get(services, CurrentWorkspace).check }
})

const first = FakeDriver.sync("first")
const second = FakeDriver.sync("second")

describe("refs from JSON", () => {
  it.effect("W4: waits by refs from JSON end as waits by the refs that they name", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.setPlan({ lasts: 600_000, rows: { succeeded: 1, failed: 0 } })
      const started = yield* within("1 second", runs.trigger(asJson(first), { whenRunning: "fail" }))
      fake.setPlan({ lasts: 600_000, ends: "failed" })
      const other = yield* within("1 second", runs.trigger(asJson(second), { whenRunning: "fail" }))
      if (started._tag !== "Started" || other._tag !== "Started") return expect.unreachable()
      expect([started.run.sync, other.run.sync].map(String)).toEqual([String(first), String(second)])
      const deadline = { deadline: "1 hour" } as const
      const ends = yield* within(
        "15 minutes",
        Effect.all([runs.wait(asJson(started.run), deadline), runs.wait(asJson(other.run), deadline)], {
          concurrency: "unbounded",
        }),
      )
      expect(ends.map(({ run, verdict }) => [run.ref.key, verdict])).toEqual([
        [started.run.key, "complete"],
        [other.run.key, "failed"],
      ])
    }),
  )

  it.effect("T1, T5: a trigger by a ref from JSON adopts no run of another sync", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.setPlan({ lasts: 600_000 })
      yield* within("1 second", runs.trigger(asJson(first), { whenRunning: "adopt" }))
      const result = yield* within("1 second", runs.trigger(asJson(second), { whenRunning: "adopt" }))
      expect(result).toMatchObject({ _tag: "Started", run: { sync: { ids: { sync: "second" } } } })
    }),
  )

  it.effect("W1: waits by refs from JSON keep their deadlines, and those of others", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.setPlan({ lasts: 100_000_000 })
      const started = yield* within("1 second", runs.trigger(first, { whenRunning: "fail" }))
      if (started._tag !== "Started") return expect.unreachable()
      const waits = yield* Effect.forEach([asJson(started.run), started.run], (ref) =>
        begin(Effect.flip(runs.wait(ref, { deadline: "1 hour" }))),
      )
      yield* TestClock.adjust("61 minutes")
      for (const wait of waits) expect(yield* Fiber.join(wait)).toMatchObject({ _tag: "WaitDeadlineExceeded" })
    }),
  )

  it.effect("C1: runs are cancelled, read and listed by refs from JSON", () =>
    Effect.gen(function* () {
      const { fake, runs, cancel, check } = yield* make()
      fake.setPlan({ lasts: 600_000 })
      const started = yield* within("1 second", runs.trigger(first, { whenRunning: "fail" }))
      if (started._tag !== "Started") return expect.unreachable()
      expect(yield* within("1 second", check(asJson(first)))).toMatchObject({ shown: "it is there" })
      expect(yield* within("1 second", runs.get(asJson(started.run)))).toMatchObject({ status: "running" })
      expect(yield* within("1 second", Stream.runCollect(runs.list(asJson(first))))).toHaveLength(1)
      const ended = yield* within("2 minutes", cancel(asJson(started.run), { confirmWithin: "1 minute" }))
      expect(ended).toMatchObject({ _tag: "Requested", ended: { status: "cancelled" } })
    }),
  )

  it.effect("T8: entries from JSON are resolved", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.setSchedule("unknown")
      fake.onStart((now: number, id: string) => {
        fake.begin(id, now)
        return Effect.fail(FakeDriver.lost)
      })
      const open = yield* Effect.flip(within("10 minutes", runs.trigger(first, { whenRunning: "fail" })))
      if (open._tag !== "TriggerIndeterminate") return expect.unreachable()
      const resolution = yield* within("10 minutes", runs.resolve(asJson(open.entry)))
      expect(resolution).toMatchObject({ _tag: "Ambiguous", candidates: [{ run: "r1" }] })
    }),
  )
})

describe("what a database returns", () => {
  const row = { row_id: 7, note: null }

  it.effect("H6: a ref may have other fields besides, and an acceptedAt that is null or undefined", () =>
    Effect.gen(function* () {
      const { runs, cancel, check } = yield* make()
      const sync = { ...row, ...asJson(first), ids: { sync: "first" } } as SyncRef
      const started = yield* within("1 second", runs.trigger(sync, { whenRunning: "fail" }))
      if (started._tag !== "Started") return expect.unreachable()
      for (const acceptedAt of [null, undefined, new Date(0), "1970-01-01T00:00:00Z"]) {
        const ref = { ...row, sync, run: started.run.run, acceptedAt } as unknown as RunRef
        expect(yield* within("1 second", runs.get(ref))).toMatchObject({ status: "running" })
      }
      const instance = Object.assign(Object.create(RunRef.prototype), { ...asJson(started.run), sync: first }) as RunRef
      expect((yield* within("1 second", runs.get(instance))).ref).toEqual(started.run)
      expect(yield* within("1 second", check(sync))).toMatchObject({ shown: "it is there" })
      expect(yield* within("1 second", Stream.runCollect(runs.list(sync)))).toHaveLength(1)
      expect(yield* within("1 minute", cancel({ ...row, ...asJson(started.run) } as unknown as RunRef))).toMatchObject({
        _tag: "Requested",
      })
    }),
  )

  it.effect("T8: an entry may have other fields besides", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.setSchedule("unknown")
      fake.onStart((now: number, id: string) => {
        fake.begin(id, now)
        return Effect.fail(FakeDriver.lost)
      })
      const open = yield* Effect.flip(within("10 minutes", runs.trigger(first, { whenRunning: "fail" })))
      if (open._tag !== "TriggerIndeterminate") return expect.unreachable()
      const entry = { ...asJson(open.entry), ...row, sync: { ...asJson(first), ...row } }
      expect(yield* within("10 minutes", runs.resolve(entry as unknown as typeof open.entry))).toMatchObject({
        _tag: "Ambiguous",
      })
    }),
  )
})

const odd: ReadonlyArray<unknown> = [
  undefined,
  null,
  "text",
  7,
  [],
  {},
  Object.create(null),
  { workspace: "test", vendor: "fake" },
  { workspace: "test", vendor: "fake", ids: null },
  { workspace: "test", vendor: "fake", ids: { sync: 5 } },
  { workspace: "test", vendor: "fake", ids: { sync: "x".repeat(300) } },
  { workspace: "test", vendor: "fake", ids: { sync: "a", more: "b" } },
]

describe("a caller's ref", () => {
  it.effect("H1: results carry the same ref object that the caller passed", () =>
    Effect.gen(function* () {
      const { runs } = yield* make()
      const { run } = yield* within("5 minutes", runs.run(first, { whenRunning: "fail" }))
      expect(run.ref.sync).toBe(first)
      const [listed] = yield* within("1 minute", Stream.runCollect(runs.list(first)))
      expect(listed?.ref.sync).toBe(first)
      const again = yield* within("1 minute", runs.get(run.ref))
      expect(again.ref.sync).toBe(first)
    }),
  )
})

describe("wait options of a run", () => {
  it.effect("T8: invalid wait options are refused before a run is started", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      const wrong: ReadonlyArray<object> = [
        { deadline: Number.NaN },
        { deadline: -5 },
        { deadline: "1 hr" },
        { deadline: { minute: 5 } },
        { deadline: { hours: 1, minuts: 3 } },
        { deadline: { minutes: undefined } },
        { deadline: 10n ** 400n },
        { deadline: [1] },
        { policy: { nope: 1 } },
      ]
      for (const options of wrong) {
        const error = yield* Effect.flip(within("1 second", runs.run(first, { whenRunning: "fail", ...options })))
        expect(error, Object.keys(options).join()).toMatchObject({
          operation: "start",
          reason: { _tag: "InvalidRequest" },
        })
      }
      expect(fake.sent).toEqual([])
      class Temporal {
        get minutes() {
          return 30
        }
      }
      for (const deadline of ["1 hour", { hours: 1 }, [3_600, 0], 3_600_000, 3_600_000_000_000n, new Temporal()]) {
        const options = { whenRunning: "fail", deadline: deadline as "1 hour" } as const
        expect((yield* within("5 minutes", runs.run(first, options))).verdict).toBe("complete")
      }
    }),
  )
})

describe("input that is not a ref", () => {
  it.effect("H6: a value that is not a ref is refused before any request", () =>
    Effect.gen(function* () {
      const { fake, runs, cancel, check } = yield* make()
      for (const value of odd) {
        const sync = value as SyncRef
        const run = { sync: value, run: "r" } as RunRef
        const attempts: ReadonlyArray<Effect.Effect<unknown, unknown>> = [
          runs.trigger(sync, { whenRunning: "fail" }),
          runs.run(sync, { whenRunning: "fail" }),
          Stream.runDrain(runs.list(sync)),
          runs.get(run),
          runs.wait(run),
          Stream.runDrain(runs.watch(run)),
          cancel(run),
          runs.resolve({ sync } as Parameters<typeof runs.resolve>[0]),
          runs.resume({ sync, key: "k" }),
          runs.settle({ sync } as Parameters<typeof runs.settle>[0], "abandoned"),
          ...(sync === undefined ? [] : [check(sync)]),
        ]
        for (const attempt of attempts) {
          const error = yield* Effect.flip(within("1 second", attempt))
          expect(error, JSON.stringify(value)).toBeInstanceOf(RetlError)
          expect(error).toMatchObject({ delivery: "not-sent", reason: { _tag: "InvalidRequest" } })
        }
      }
      for (const run of [
        undefined,
        null,
        { sync: first, run: 5 },
        new RunRef({ sync: first, run: "" }, { disableChecks: true }),
      ]) {
        const ref = run as RunRef
        const attempts: ReadonlyArray<Effect.Effect<unknown, unknown>> = [runs.get(ref), runs.wait(ref), cancel(ref)]
        for (const attempt of attempts) {
          expect(yield* Effect.flip(within("1 second", attempt))).toMatchObject({ reason: { _tag: "InvalidRequest" } })
        }
      }
      expect(fake.sent).toEqual([])
    }),
  )

  it.effect("H6: invalid options are refused with the wrong field, before any request", () =>
    Effect.gen(function* () {
      const { fake, runs, cancel } = yield* make()
      const run = new RunRef({ sync: first, run: "r" })
      const wrong = (value: unknown) => value as never
      const attempts: ReadonlyArray<readonly [string, Effect.Effect<unknown, unknown>]> = [
        ["", runs.wait(run, wrong(null))],
        ["deadline", runs.wait(run, { deadline: wrong(Number.NaN) })],
        ["deadline", runs.wait(run, { deadline: wrong({}) })],
        ["deadline", runs.wait(run, { deadline: new Date(Number.NaN) })],
        ["policy.minRows", runs.wait(run, { policy: { minRows: -1 } })],
        ["run", runs.get(wrong(String(run)))],
        ["run", runs.wait(wrong(first))],
        ["sync", runs.trigger(wrong(String(first)), { whenRunning: "fail" })],
        ["sync", runs.trigger(wrong(run), { whenRunning: "fail" })],
        ["", Stream.runDrain(runs.watch(run, wrong(null)))],
        ["confirmWithin", cancel(run, { confirmWithin: wrong("soon") })],
        ["statuses", Stream.runDrain(runs.list(first, { statuses: wrong("failed") }))],
        ["statuses.0", Stream.runDrain(runs.list(first, { statuses: wrong(["faild"]) }))],
        ["startedAfter", Stream.runDrain(runs.list(first, { startedAfter: wrong("5") }))],
        ["maxPages", Stream.runDrain(runs.list(first, { maxPages: 0 }))],
        ["", Stream.runDrain(runs.list(first, wrong(null)))],
      ]
      for (const [path, attempt] of attempts) {
        const error = yield* Effect.flip(within("1 second", attempt))
        if (!(error instanceof RetlError) || error.reason._tag !== "InvalidRequest") return expect.unreachable()
        expect(error.reason.issues.map((issue) => issue.path.join("."))).toEqual([path])
      }
      expect(fake.sent).toEqual([])
    }),
  )

  it.effect("H6: triggers read what their options inherit, and refuse a scope where the vendor has none", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      class Nightly {
        get whenRunning() {
          return "adopt" as const
        }
        get key() {
          return "nightly"
        }
      }
      expect(yield* within("1 second", runs.trigger(first, new Nightly()))).toMatchObject({ _tag: "Started" })
      expect(yield* within("1 second", runs.trigger(first, new Nightly()))).toMatchObject({ _tag: "Joined" })
      expect(fake.count("start")).toBe(1)
      const scoped = { whenRunning: "fail", scope: "full" } as const
      const unreadable = new Proxy(scoped, { get: () => expect.unreachable() })
      for (const options of [scoped, unreadable, undefined as never, null as never])
        for (const attempt of [runs.trigger(second, options), Effect.asVoid(runs.run(second, options))]) {
          const error = yield* Effect.flip(within<unknown, unknown, never>("1 second", attempt))
          expect(error).toMatchObject({ reason: { _tag: "InvalidRequest" } })
        }
      expect(fake.count("start")).toBe(1)
    }),
  )
})
