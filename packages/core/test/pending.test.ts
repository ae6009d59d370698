import { describe, expect, it } from "@effect/vitest"
import { Effect, Exit, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as Claims from "../src/engine/trigger/claims.ts"
import * as Pending from "../src/engine/trigger/pending.ts"
import type * as Journal from "../src/journal/Journal.ts"
import { RunRef } from "../src/model/Ref.ts"
import * as Engine from "./support/engine.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { broken } from "./support/journals.ts"
import { logged } from "./support/logs.ts"
import { begin } from "./support/testbed.ts"

const { sync } = Engine
const run = (id: string) => new RunRef({ sync, run: id })

const never: Pending.AwaitFinished = () => Effect.never

/** The parts of a workspace that go on with entries. */
const pendingOf = ({ context }: Engine.Engine) => Pending.make(context, never)

describe("the pending entries", () => {
  const readable = Effect.fnUntraced(function* () {
    const engine = yield* Engine.make()
    const { entry } = yield* Engine.mark(engine)
    const stored = yield* engine.journal.get(entry.id)
    return stored?._tag === "Stored" ? stored : expect.unreachable()
  })

  it.effect("J8: all pages are read, and changes of configuration are left out", () =>
    Effect.gen(function* () {
      const stored = yield* readable()
      const filters: Array<Journal.Filter> = []
      const named = (id: string, change: object = {}) =>
        ({ ...stored, entry: { ...stored.entry, id, ...change } }) as Journal.Stored
      const pages = [
        { entries: [named("e1"), named("e2", { kind: "update" })], unreadable: [], next: "p2" },
        { entries: [named("e3")], unreadable: [], next: "p3" },
        { entries: [named("e4")], unreadable: [] },
      ]
      const paged: Engine.Change = () => ({
        list: (filter) => Effect.sync(() => pages[filters.push(filter) - 1] ?? { entries: [], unreadable: [] }),
      })
      const entries = yield* pendingOf(yield* Engine.make(paged)).pending
      expect(entries.map(({ entry }) => entry.id)).toEqual(["e1", "e3", "e4"])
      const page = { workspace: "test", limit: 1_000 }
      expect(filters).toStrictEqual([page, { ...page, after: "p2" }, { ...page, after: "p3" }])
    }),
  )

  it.effect("J8: a record that cannot be decoded hides no entry, and the log names it", () =>
    Effect.gen(function* () {
      const stored = yield* readable()
      const unreadable = { _tag: "Unreadable", id: "e0", why: "it is damaged" } as const
      const engine = yield* Engine.make(() => ({
        list: () => Effect.succeed({ entries: [stored], unreadable: [unreadable] }),
      }))
      const { value, lines } = yield* logged(pendingOf(engine).pending)
      expect(value).toHaveLength(1)
      expect(lines).toMatchObject([
        {
          level: "WARN",
          message: "A record of the journal cannot be decoded: it stops the triggers of its sync",
          annotations: { workspace: "test", record: "e0", why: "it is damaged" },
        },
      ])
    }),
  )

  it.effect("J10: where the store fails, the error names the operation", () =>
    Effect.gen(function* () {
      const engine = yield* Engine.make(() => ({ list: () => broken }))
      expect(yield* Effect.flip(pendingOf(engine).pending)).toMatchObject({
        operation: "pending",
        reason: { _tag: "JournalFailed" },
      })
    }),
  )
})

describe("an entry that a caller passes", () => {
  it.effect("F2: what the journal has under its id counts: none, a change, or another workspace's", () =>
    Effect.gen(function* () {
      let changed: (record: Journal.Stored) => Journal.JournalRecord | undefined = (record) => record
      const engine = yield* Engine.make(({ get }) => ({
        get: (id) => Effect.map(get(id), (record) => (record?._tag === "Stored" ? changed(record) : record)),
      }))
      const { entry } = yield* Engine.mark(engine)
      const { resolve } = pendingOf(engine)
      const withEntry = (change: object) => (record: Journal.Stored) =>
        ({ ...record, entry: { ...record.entry, ...change } }) as Journal.Stored
      const noSuch = { reason: { _tag: "InvalidRequest", issues: [{ path: ["entry", "id"] }] } }
      for (const [change, error] of [
        [() => undefined, noSuch],
        [withEntry({ kind: "update" }), noSuch],
        [() => ({ _tag: "Unreadable", id: entry.id, why: "" }) as const, { reason: { _tag: "JournalFailed" } }],
        [withEntry({ workspace: "another" }), { reason: { _tag: "WrongWorkspace" } }],
      ] as const) {
        changed = change
        expect(yield* Effect.flip(resolve(entry))).toMatchObject({ operation: "resolve", ...error })
      }
      expect(engine.fake.sent).toEqual([])
    }),
  )

  it.effect("F2: its sync has to be this workspace's, too", () =>
    Effect.gen(function* () {
      const engine = yield* Engine.make()
      const { entry } = yield* Engine.mark(engine)
      const foreign = { ...entry, sync: FakeDriver.sync("s1", "another") }
      expect(yield* Effect.flip(pendingOf(engine).resolve(foreign))).toMatchObject({
        reason: { _tag: "WrongWorkspace" },
      })
    }),
  )
})

describe("resolving an entry", () => {
  it.effect("T3: one that is concluded says itself what became of it, while another call is at work", () =>
    Effect.gen(function* () {
      const engine = yield* Engine.make()
      const { entry, call } = yield* Engine.mark(engine)
      yield* engine.journal.update(entry, { state: "started", run: run("r1") }, call.owner)
      expect(yield* pendingOf(engine).resolve(entry)).toMatchObject({ _tag: "Started", run: { run: "r1" } })
      expect(engine.fake.sent).toEqual([])
    }),
  )

  it.effect("T3: one that its call concludes while the caller waits for the sync is not looked up", () =>
    Effect.gen(function* () {
      const engine = yield* Engine.make()
      const sent = yield* Engine.mark(engine)
      const fiber = yield* begin(pendingOf(engine).resolve(sent.entry))
      yield* TestClock.adjust("3 seconds")
      yield* engine.journal.update(sent.entry, { state: "started", run: run("r1") }, sent.call.owner)
      yield* Engine.giveLeaseBack(engine, sent)
      yield* TestClock.adjust("10 seconds")
      expect(fiber.pollUnsafe()).toEqual(
        Exit.succeed({ _tag: "Started", run: run("r1"), evidence: "the vendor's answer" }),
      )
      expect(engine.fake.sent).toEqual([])
    }),
  )

  it.effect("T8: the closing of the workspace ends a look-up at once, and the entry stays open", () =>
    Effect.gen(function* () {
      const engine = yield* Engine.make()
      const sent = yield* Engine.mark(engine)
      yield* Engine.giveLeaseBack(engine, sent)
      const fiber = yield* begin(pendingOf(engine).resolve(sent.entry))
      yield* TestClock.adjust("1 minute")
      expect(engine.fake.count("list")).toBeGreaterThan(0)
      yield* engine.close
      yield* TestClock.adjust("1 millis")
      const exit = fiber.pollUnsafe()
      expect(exit !== undefined && Exit.hasInterrupts(exit)).toBe(true)
      expect(yield* Engine.entryOf(engine, sent)).toMatchObject({ state: "sent" })
      yield* Fiber.interrupt(fiber)
    }),
  )
})

describe("settling an entry by hand", () => {
  /** An entry without a live owner, whose request is over in so many milliseconds: 5 minutes after its mark. */
  const left = Effect.fnUntraced(function* (overIn = 0, change: Engine.Change = Engine.none) {
    const engine = yield* Engine.make(change)
    const sent = yield* Engine.mark(engine)
    yield* Engine.giveLeaseBack(engine, sent)
    yield* TestClock.adjust(300_000 - overIn)
    return { engine, sent, ...pendingOf(engine) }
  })

  it.effect("T13: it is refused until the request is over, and while the entry's call is at work", () =>
    Effect.gen(function* () {
      for (const overIn of [300_000, 1]) {
        const { settle, sent } = yield* left(overIn)
        expect(yield* Effect.flip(settle(sent.entry, "abandoned"))).toMatchObject({
          reason: { _tag: "TriggerBusy", entry: sent.entry.id, owner: sent.call.owner },
        })
      }
      const { settle, sent, engine } = yield* left()
      yield* engine.journal.acquire(sent.call.identity, sent.call.owner, "1 hour")
      expect(yield* Effect.flip(settle(sent.entry, "abandoned"))).toMatchObject({ reason: { _tag: "TriggerBusy" } })
      yield* Engine.giveLeaseBack(engine, sent)
      yield* settle(sent.entry, "abandoned")
      expect(yield* Engine.entryOf(engine, sent)).toMatchObject({ state: "abandoned", candidates: [] })
    }),
  )

  it.effect("T13: with its run, the run belongs to it from then on, in this process and in the journal", () =>
    Effect.gen(function* () {
      const { settle, sent, engine } = yield* left()
      const { lines } = yield* logged(settle(sent.entry, { run: run("r7") }))
      expect(yield* Engine.entryOf(engine, sent)).toMatchObject({
        state: "started",
        run: { run: "r7" },
        adopted: "lost-answer",
      })
      expect(Claims.isClaimedByOther(engine.context, run("r7"), "another")).toBe(true)
      expect(lines).toMatchObject([
        { level: "INFO", annotations: { entry: sent.entry.id, sync: String(sync), settlement: String(run("r7")) } },
      ])
    }),
  )

  it.effect("T13: without a run, no run is claimed, and the log says how", () =>
    Effect.gen(function* () {
      const { settle, sent } = yield* left()
      const { lines } = yield* logged(settle(sent.entry, "not-started"))
      expect(lines).toMatchObject([{ annotations: { settlement: "not-started" } }])
    }),
  )

  it.effect("J3: it fails where another call has concluded the entry meanwhile", () =>
    Effect.gen(function* () {
      const { settle, sent } = yield* left(0, () => ({ update: () => Effect.succeed({ _tag: "Changed" }) }))
      const { value, lines } = yield* logged(Effect.flip(settle(sent.entry, "not-started")))
      expect(value).toMatchObject({ reason: { _tag: "InvalidRequest", issues: [{ path: ["entry"] }] } })
      expect(lines).toEqual([])
    }),
  )

  it.effect("T13: a run that another entry has is refused, also after its end; any other run is taken", () =>
    Effect.gen(function* () {
      const rows = { succeeded: 1 }
      const states = [{ state: "started" }, { state: "finished", status: "succeeded", rows }] as const
      for (const state of states) {
        const filters: Array<Journal.Filter> = []
        const engine = yield* Engine.make(({ list }) => ({
          list: (filter) =>
            Effect.suspend(() => {
              filters.push(filter)
              return list(filter)
            }),
        }))
        const first = yield* Engine.mark(engine)
        yield* engine.journal.update(first.entry, { ...state, run: run("r1") }, first.call.owner)
        yield* Engine.giveLeaseBack(engine, first)
        const second = yield* Engine.mark(engine)
        yield* Engine.giveLeaseBack(engine, second)
        yield* TestClock.adjust("5 minutes")
        const { settle } = pendingOf(engine)
        const error = yield* Effect.flip(settle(second.entry, { run: run("r1") }))
        expect(error).toMatchObject({ reason: { _tag: "InvalidRequest", issues: [{ path: ["settlement", "run"] }] } })
        expect(error.message).toContain(first.entry.id)
        yield* settle(second.entry, { run: run("r2") })
        const { identity } = first.call
        const filter = { identity, states: ["started", "finished"], limit: 1_000 }
        expect(filters).toEqual([filter, filter])
      }
    }),
  )
})
