import { describe, expect, it } from "@effect/vitest"
import { Context, Duration, Effect, Exit, Fiber, Schema, Scope } from "effect"
import { TestClock } from "effect/testing"
import * as Journal from "../src/journal/Journal.ts"
import { JournalEntryFromText } from "../src/model/JournalEntry.ts"
import type { RetlError } from "../src/model/RetlError.ts"
import { Runs } from "../src/Runs.ts"
import type { MakeOptions } from "../src/Workspace.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { begin, otherProcess, within, workspace } from "./support/testbed.ts"

const sync = FakeDriver.sync()
const fail = { whenRunning: "fail" } as const

const open = Effect.fnUntraced(function* (
  options: Partial<MakeOptions> = {},
  fake: FakeDriver.Fake = FakeDriver.make(),
) {
  const { services } = yield* workspace(fake, options)
  return { fake, runs: Context.get(services, Runs) }
})

describe("an entry", () => {
  const indeterminate = Effect.fnUntraced(function* (options: Partial<MakeOptions> = {}) {
    const fake = FakeDriver.make()
    fake.begin("s1", -5_000, { lasts: 1 })
    const { runs } = yield* open(options, fake)
    let starts = 0
    fake.onStart((now, id) => {
      const run = fake.begin(id, now + 1_000, { lasts: 600_000 })
      return ++starts === 1 ? Effect.fail(FakeDriver.lost) : Effect.succeed(run.id)
    })
    fake.setSchedule("scheduled")
    const error = yield* Effect.flip(within("6 minutes", runs.trigger(sync, fail)))
    return error._tag === "TriggerIndeterminate" ? { fake, runs, error, entry: error.entry } : expect.unreachable()
  })

  it.effect("T3: an error names its entry and candidates, and the entry is one line of text without secrets", () =>
    Effect.gen(function* () {
      const { error, entry } = yield* indeterminate()
      expect(error).toMatchObject({ code: "retl.trigger-indeterminate", candidates: [{ run: "r2" }] })
      expect(error.message).toContain(`entry ${entry.id}`)
      expect(error.message).toContain("candidate: r2")
      const text = yield* Schema.encodeEffect(JournalEntryFromText)(entry)
      expect(text).not.toContain("\n")
      expect(yield* Schema.decodeUnknownEffect(JournalEntryFromText)(text)).toEqual(entry)
    }),
  )

  it.effect("T3: an entry may come back as JSON", () =>
    Effect.gen(function* () {
      const { runs, entry } = yield* indeterminate()
      const text = yield* Schema.encodeEffect(JournalEntryFromText)(entry)
      const resolved = yield* within("1 minute", runs.resolve(JSON.parse(text)))
      expect(resolved).toMatchObject({ _tag: "Ambiguous", candidates: [{ run: "r2" }] })
    }),
  )

  it.effect("F2: an entry of another workspace is not resolved, resumed or settled", () =>
    Effect.gen(function* () {
      const { runs, entry } = yield* indeterminate()
      for (const foreign of [
        { ...entry, workspace: "other", sync: FakeDriver.sync("s1", "other") },
        { ...entry, baseUrl: "https://elsewhere.example" },
        { ...entry, vendor: "segment" },
      ]) {
        const attempts = [runs.resolve(foreign), runs.resume(foreign), runs.settle(foreign, "abandoned")]
        for (const attempt of attempts) {
          expect(yield* Effect.flip(attempt as Effect.Effect<unknown, RetlError>)).toMatchObject({
            reason: { _tag: "WrongWorkspace" },
          })
        }
      }
    }),
  )

  it.effect("T13: the next trigger settles it first; `fail` ends at once, and `supersede` goes on", () =>
    Effect.gen(function* () {
      const { fake, runs, entry } = yield* indeterminate()
      const lists = fake.count("list")
      const failed = yield* Effect.flip(within("1 second", runs.trigger(sync, { ...fail, whenOpen: "fail" })))
      expect(failed).toMatchObject({ _tag: "TriggerIndeterminate", entry: { id: entry.id }, delivery: "not-sent" })
      expect(fake.count("list")).toBe(lists)
      const looked = yield* Effect.flip(within("1 minute", runs.trigger(sync, fail)))
      expect(looked).toMatchObject({ _tag: "TriggerIndeterminate", candidates: [{ run: "r2" }] })
      expect(fake.count("list")).toBeGreaterThan(lists)
      // The candidate is under way: `whenRunning` decides.
      const superseding = { whenOpen: "supersede", whenRunning: "skip" } as const
      const skipped = yield* within("1 minute", runs.trigger(sync, superseding))
      expect(skipped).toMatchObject({ _tag: "Skipped", running: { run: "r2" } })
      yield* TestClock.adjust("20 minutes")
      expect(yield* within("1 minute", runs.trigger(sync, superseding))).toMatchObject({ _tag: "Started" })
      expect(fake.count("start")).toBe(2)
    }),
  )

  it.effect("T13: it is settled by hand with a run, as not started, or as abandoned, once its request is over", () =>
    Effect.gen(function* () {
      for (const [settlement, resolution] of [
        ["not-started", "NotStarted"],
        ["abandoned", "Ambiguous"],
      ] as const) {
        const { runs, entry } = yield* indeterminate()
        yield* runs.settle(entry, settlement)
        expect(yield* runs.resolve(entry)).toMatchObject({ _tag: resolution })
        expect(yield* runs.pending).toEqual([])
        const again = yield* Effect.flip(runs.settle(entry, settlement))
        expect(again).toMatchObject({ reason: { _tag: "InvalidRequest" } })
      }
      const { runs, entry, error } = yield* indeterminate()
      const [run] = error.candidates
      if (run === undefined) return expect.unreachable()
      const other = { ...run, sync: FakeDriver.sync("s2") } as typeof run
      expect(yield* Effect.flip(runs.settle(entry, { run: other }))).toMatchObject({
        reason: { _tag: "InvalidRequest", issues: [{ path: ["settlement", "run"] }] },
      })
      yield* runs.settle(entry, { run })
      expect(yield* runs.resolve(entry)).toMatchObject({ _tag: "Started", run: { run: "r2" } })
    }),
  )

  it.effect("T13: it cannot be settled while its request may be under way", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const { runs } = yield* open({}, fake)
      fake.delay("start", 120_000)
      yield* begin(Effect.exit(runs.trigger(sync, fail)))
      yield* TestClock.adjust("1 second")
      const [pending] = yield* runs.pending
      if (pending?.entry.kind !== "trigger") return expect.unreachable()
      const error = yield* Effect.flip(runs.settle(pending.entry, "abandoned"))
      expect(error).toMatchObject({ reason: { _tag: "TriggerBusy", entry: pending.entry.id } })
      expect(error.message).toContain("until 1970-01-01T00:05:00")
    }),
  )

  it.effect("T3: a run that began hours after the trigger is not attributed to it, and proves nothing", () =>
    Effect.gen(function* () {
      const healthy = FakeDriver.make()
      healthy.begin("s1", -5_000, { lasts: 1 })
      let isDown = false
      const { list } = healthy.driver.runs
      const down: typeof list = (...args) =>
        Effect.suspend(() => (isDown ? Effect.fail(FakeDriver.down) : list(...args)))
      const fake = { ...healthy, driver: { ...healthy.driver, runs: { ...healthy.driver.runs, list: down } } }
      const { runs } = yield* open({}, fake)
      fake.onStart(() => {
        isDown = true
        return Effect.fail(FakeDriver.lost)
      })
      const error = yield* Effect.flip(within("10 minutes", runs.trigger(sync, fail)))
      if (error._tag !== "TriggerIndeterminate") return expect.unreachable()
      expect(error.entry.state).toBe("lost")
      isDown = false
      yield* TestClock.adjust("5 hours")
      fake.begin("s1", Duration.toMillis("4 hours"))
      const resolved = yield* within("1 minute", runs.resolve(error.entry))
      expect(resolved).toMatchObject({ _tag: "Ambiguous", candidates: [{ run: "r2" }] })
    }),
  )

  it.effect("T3: a trigger whose process died stays open for as long as its request may take", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.delay("start", 3_600_000)
      const journal = Journal.memory()
      const scope = yield* Scope.make()
      const options = { journal, writeTimeout: "10 minutes" } as const
      const { services } = yield* otherProcess(fake, options).pipe(Scope.provide(scope))
      const caller = yield* begin(Effect.exit(Context.get(services, Runs).trigger(sync, fail)))
      yield* TestClock.adjust("1 second")
      yield* Scope.close(scope, Exit.void)
      yield* Fiber.interrupt(caller)
      fake.begin("s1", 9 * 60_000)
      // The other process has other bounds: the entry's own count.
      const { services: later } = yield* otherProcess(fake, { journal, writeTimeout: "1 second" })
      const runs = Context.get(later, Runs)
      const [record] = yield* runs.pending
      if (record?.entry.kind !== "trigger") return expect.unreachable()
      const resolved = yield* within("13 minutes", runs.resolve(record.entry))
      expect(resolved).toMatchObject({ _tag: "Started", run: { run: "r1" } })
    }),
  )

  it.effect("T3: when the runs cannot be listed, `resolve` fails and the entry stays open", () =>
    Effect.gen(function* () {
      const { fake, runs, entry } = yield* indeterminate()
      fake.fail("list", FakeDriver.down, 1_000)
      const error = yield* Effect.flip(within("20 minutes", runs.resolve(entry)))
      expect(error).toMatchObject({ reason: { _tag: "Unavailable" }, operation: "resolve" })
      expect(yield* runs.pending).toMatchObject([{ entry: { id: entry.id, state: "lost" } }])
    }),
  )
})
