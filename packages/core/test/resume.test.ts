import { describe, expect, it } from "@effect/vitest"
import { Duration, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as Call from "../src/engine/trigger/call.ts"
import * as Pending from "../src/engine/trigger/pending.ts"
import type { TriggerEntry } from "../src/model/JournalEntry.ts"
import type { Finished } from "../src/model/Outcome.ts"
import { RunRef } from "../src/model/Ref.ts"
import * as Engine from "./support/engine.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { begin, within } from "./support/testbed.ts"

const { sync } = Engine
const run = (id: string) => new RunRef({ sync, run: id })

/** Resumes entries of a workspace whose waits end at once, and notes what it waits for. */
const resuming = ({ context }: Engine.Engine) => {
  const waits: Array<readonly [run: string, how: string]> = []
  const { resume } = Pending.make(context, ({ run }, _, how) =>
    Effect.sync(() => {
      waits.push([run, how])
      return { how } as Finished
    }),
  )
  return { resume, waits }
}

describe("resuming an entry with a run", () => {
  it.effect("T12: it waits for the run beside the next trigger of the sync, and says how the call came to it", () =>
    Effect.gen(function* () {
      for (const [adopted, how] of [
        [undefined, "joined"],
        ["lost-answer", "adopted"],
        ["already-running", "adopted"],
      ] as const) {
        const engine = yield* Engine.make()
        const { entry, call } = yield* Engine.mark(engine)
        const started = { state: "started", run: run("r1"), ...(adopted && { adopted }) } as const
        yield* engine.journal.update(entry, started, call.owner)
        const { resume, waits } = resuming(engine)
        // The call has the lease of the sync still.
        expect(yield* resume(entry)).toEqual({ _tag: "Finished", finished: { how } })
        expect(waits).toEqual([["r1", how]])
        expect(engine.fake.sent).toEqual([])
      }
    }),
  )

  it.effect("T10: one that has ended is remembered, with its age by the store's clock", () =>
    Effect.gen(function* () {
      for (const age of [0, 7_000]) {
        const engine = yield* Engine.make()
        const { entry, call } = yield* Engine.mark(engine)
        yield* TestClock.adjust("1 minute")
        const rows = { succeeded: 3, failed: 0 }
        const finished = { state: "finished", run: run("r1"), status: "succeeded", rows } as const
        yield* engine.journal.update(entry, finished, call.owner)
        yield* TestClock.adjust(age)
        const { resume, waits } = resuming(engine)
        expect(yield* resume(entry)).toMatchObject({
          _tag: "Finished",
          finished: { how: "remembered", run: { ref: { run: "r1" } }, verdict: "complete", age: Duration.millis(age) },
        })
        expect(waits).toEqual([])
      }
    }),
  )
})

describe("resuming an open entry", () => {
  /** An entry whose process died after its request, and whose effect is over. */
  const left = Effect.fnUntraced(function* (runs: ReadonlyArray<number>, exclusive = true) {
    const fake = FakeDriver.make()
    fake.begin("s1", -5_000, { lasts: 1 })
    for (const at of runs) fake.begin("s1", at)
    const engine = yield* Engine.make(Engine.none, {}, fake)
    const sent = yield* Engine.mark(engine, { exclusive }, ["r1"])
    yield* Engine.giveLeaseBack(engine, sent)
    return { ...resuming(engine), engine, entry: sent.entry }
  })

  it.effect("T12: the run that it led to is looked up, and waited for as adopted", () =>
    Effect.gen(function* () {
      const { resume, waits, entry } = yield* left([1_000])
      const resumed = yield* within("10 minutes", resume(entry))
      expect(resumed).toEqual({ _tag: "Finished", finished: { how: "adopted" } })
      expect(waits).toEqual([["r2", "adopted"]])
    }),
  )

  it.effect("T12: one that ends while the caller waits for the sync is remembered, with its age since then", () =>
    Effect.gen(function* () {
      const engine = yield* Engine.make()
      const sent = yield* Engine.mark(engine)
      const { resume, waits } = resuming(engine)
      const fiber = yield* begin(resume(sent.entry))
      yield* TestClock.adjust("2 seconds")
      const finished = { state: "finished", run: run("r1"), status: "succeeded", rows: {} } as const
      yield* engine.journal.update(sent.entry, finished, sent.call.owner)
      yield* TestClock.adjust("8 seconds")
      yield* Engine.giveLeaseBack(engine, sent)
      yield* TestClock.adjust("1 second")
      // The caller sees each second, from 1 ms on, whether the lease is free.
      expect(yield* Fiber.join(fiber)).toMatchObject({
        finished: { how: "remembered", age: Duration.millis(8_001) },
      })
      expect(waits).toEqual([])
    }),
  )

  it.effect("T3: where it started no run, it says so and waits for nothing", () =>
    Effect.gen(function* () {
      const { resume, waits, entry } = yield* left([])
      const resumed = yield* within("10 minutes", resume(entry))
      expect(resumed).toMatchObject({ _tag: "NotStarted", evidence: expect.stringContaining("reaches back") })
      expect(waits).toEqual([])
    }),
  )

  it.effect("T13: where that stays open, it fails with the candidates, and sent nothing itself", () =>
    Effect.gen(function* () {
      const { resume, waits, entry } = yield* left([1_000, 2_000])
      const error = yield* Effect.flip(within("10 minutes", resume(entry)))
      expect(error).toMatchObject({
        _tag: "TriggerIndeterminate",
        delivery: "not-sent",
        entry: { id: entry.id },
        candidates: [{ run: "r3" }, { run: "r2" }],
      })
      expect(waits).toEqual([])
    }),
  )
})

describe("resuming an entry without a run", () => {
  it.effect("T12: it says why there is none", () =>
    Effect.gen(function* () {
      for (const [change, evidence] of [
        [{ state: "refused" }, "the vendor refused it"],
        [{ state: "not-started" }, "an earlier look-up, or a person, concluded so"],
      ] as const) {
        const engine = yield* Engine.make()
        const { entry, call } = yield* Engine.mark(engine)
        yield* engine.journal.update(entry, change, call.owner)
        const { resume, waits } = resuming(engine)
        expect(yield* resume(entry)).toEqual({ _tag: "NotStarted", evidence })
        expect(waits).toEqual([])
      }
    }),
  )

  it.effect("T13: an abandoned one stays indeterminate, with its candidates", () =>
    Effect.gen(function* () {
      const engine = yield* Engine.make()
      const { entry, call } = yield* Engine.mark(engine)
      yield* engine.journal.update(entry, { state: "abandoned", candidates: [run("r4")] }, call.owner)
      expect(yield* Effect.flip(resuming(engine).resume(entry))).toMatchObject({
        _tag: "TriggerIndeterminate",
        delivery: "not-sent",
        candidates: [{ run: "r4" }],
      })
    }),
  )
})

describe("resuming by a key", () => {
  it.effect("T10: the key names its latest attempt, and an entry names itself", () =>
    Effect.gen(function* () {
      const engine = yield* Engine.make()
      const first = yield* Engine.mark(engine, { key: "k" })
      const refused = yield* engine.journal.update(first.entry, { state: "refused" }, first.call.owner)
      if (refused._tag !== "Updated") return expect.unreachable()
      const draft = Call.draftOf(engine.context, first.call, "e2")
      const { owner } = first.call
      yield* engine.journal.claim({ draft, owner, lease: "1 hour", after: refused.stored.entry })
      yield* engine.journal.update({ id: "e2", revision: 1 }, { state: "started", run: run("r2") }, owner)
      const { resume, waits } = resuming(engine)
      expect(yield* resume(refused.stored.entry as TriggerEntry)).toMatchObject({ _tag: "NotStarted" })
      expect(waits).toEqual([])
      expect(yield* resume({ sync, key: "k" })).toMatchObject({ _tag: "Finished" })
      expect(waits).toEqual([["r2", "joined"]])
    }),
  )

  it.effect("J8: a record that cannot be decoded fails it", () =>
    Effect.gen(function* () {
      const record = { _tag: "Unreadable", id: "e0", why: "it is damaged" } as const
      const engine = yield* Engine.make(() => ({ find: () => Effect.succeed(record) }))
      expect(yield* Effect.flip(resuming(engine).resume({ sync, key: "k" }))).toMatchObject({
        operation: "resume",
        reason: { _tag: "JournalFailed" },
      })
    }),
  )

  it.effect("T10: a key whose call sent nothing is freed once its claim has expired, and not before", () =>
    Effect.gen(function* () {
      const engine = yield* Engine.make()
      const call = yield* Call.make(engine.context, sync, { whenRunning: "fail", scope: undefined, key: "k" })
      const draft = Call.draftOf(engine.context, call, "e1")
      yield* engine.journal.claim({ draft, owner: call.owner, lease: "1 minute" })
      const { resume } = resuming(engine)
      expect(yield* Effect.flip(resume({ sync, key: "k" }))).toMatchObject({
        operation: "resume",
        reason: { _tag: "TriggerBusy", owner: call.owner, entry: "e1" },
      })
      yield* TestClock.adjust("1 minute")
      expect(yield* resume({ sync, key: "k" })).toMatchObject({ _tag: "NotStarted" })
      expect(yield* engine.journal.find(call.identity, "k")).toBeUndefined()
    }),
  )
})
