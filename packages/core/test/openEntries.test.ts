import { describe, expect, it } from "@effect/vitest"
import { DateTime, Duration, Effect } from "effect"
import { TestClock } from "effect/testing"
import * as Call from "../src/engine/trigger/call.ts"
import * as Claims from "../src/engine/trigger/claims.ts"
import * as Open from "../src/engine/trigger/open.ts"
import type { Sent } from "../src/engine/trigger/settling.ts"
import type * as Journal from "../src/journal/Journal.ts"
import * as Reason from "../src/model/Reason.ts"
import { RunRef } from "../src/model/Ref.ts"
import * as Engine from "./support/engine.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { logged } from "./support/logs.ts"
import { within } from "./support/testbed.ts"

const { sync } = Engine
const run = (id: string) => new RunRef({ sync, run: id })

describe("from when an entry can be concluded", () => {
  it.effect(
    "T3: after the time of its request, or once its answer is lost, and the time in which its run appears",
    () =>
      Effect.gen(function* () {
        yield* TestClock.adjust("1 hour")
        const engine = yield* Engine.make()
        const { entry, call } = yield* Engine.mark(engine)
        const readAt = yield* DateTime.now
        expect(Open.concludableIn(entry, readAt)).toBe(300_000)
        expect(Open.concludableIn(entry, DateTime.add(readAt, { minutes: 6 }))).toBe(-60_000)
        yield* TestClock.adjust("30 seconds")
        const lost = yield* engine.journal.update(entry, { state: "lost" }, call.owner)
        if (lost._tag !== "Updated" || !Open.isOpenTrigger(lost.stored.entry)) return expect.unreachable()
        expect(Open.concludableIn(lost.stored.entry, readAt)).toBe(150_000)
      }),
  )
})

describe("what the journal says of an entry", () => {
  it.effect("T3: it is what the entry's state says, and never that nothing was sent where it does not know", () =>
    Effect.gen(function* () {
      const engine = yield* Engine.make()
      const { entry } = yield* Engine.mark(engine)
      const stored = yield* engine.journal.get(entry.id)
      const resolution = (change: object) =>
        Open.resolutionOf({ ...stored, entry: { ...entry, ...change } } as Journal.Stored)
      const none = { _tag: "Ambiguous", candidates: [], why: "the journal has no such entry" }
      expect(Open.resolutionOf(undefined)).toEqual(none)
      expect(Open.resolutionOf({ _tag: "Unreadable", id: "e0", why: "it is damaged" })).toEqual(none)
      expect(resolution({ kind: "update", state: "refused" })).toEqual(none)
      const started = { run: run("r1") }
      for (const [change, expected] of [
        [
          { state: "started", ...started },
          { _tag: "Started", ...started, evidence: "the vendor's answer" },
        ],
        [
          { state: "finished", ...started, adopted: "already-running" },
          { _tag: "Started", evidence: /under way/ },
        ],
        [
          { state: "started", ...started, adopted: "lost-answer" },
          { _tag: "Started", evidence: /attributed/ },
        ],
        [{ state: "refused" }, { _tag: "NotStarted", evidence: /refused/ }],
        [{ state: "not-started" }, { _tag: "NotStarted", evidence: /look-up/ }],
        [{ state: "claimed" }, { _tag: "NotStarted", evidence: /nothing was sent/ }],
        [
          { state: "abandoned", candidates: [run("r2")] },
          { _tag: "Ambiguous", candidates: [run("r2")] },
        ],
        [{ state: "sent" }, { _tag: "Ambiguous", candidates: [] }],
        [{ state: "lost" }, { _tag: "Ambiguous", candidates: [] }],
      ] as const) {
        const found = resolution(change)
        const { evidence, ...rest } = { evidence: "", ...expected }
        expect(found).toMatchObject(rest)
        if ("evidence" in found) expect(found.evidence).toMatch(evidence)
      }
    }),
  )
})

describe("concluding an entry of another call", () => {
  /** Concludes an entry whose request is over. The vendor lists these runs, the first of which is the fence. */
  const concluded = Effect.fnUntraced(function* (
    runs: ReadonlyArray<number>,
    change: Engine.Change = Engine.none,
    setUp: (fake: FakeDriver.Fake) => void = () => {},
  ) {
    const fake = FakeDriver.make()
    for (const at of runs) fake.begin("s1", at)
    setUp(fake)
    const engine = yield* Engine.make(change, {}, fake)
    const sent = yield* Engine.mark(engine, { exclusive: true }, runs.length === 0 ? [] : ["r1"])
    yield* TestClock.adjust("5 minutes")
    const stored = yield* engine.journal.get(sent.entry.id)
    if (stored?._tag !== "Stored") return expect.unreachable()
    const conclude = Open.conclude(engine.context, sent.call, stored, sent.entry)
    const exit = yield* Effect.exit(within("10 minutes", conclude))
    return { engine, sent, exit, checks: fake.count("check"), entry: yield* Engine.entryOf(engine, sent) }
  })

  it.effect("T3: its run belongs to it from then on, in this process and in the journal", () =>
    Effect.gen(function* () {
      const { engine, exit, entry } = yield* concluded([-5_000, 1_000])
      expect(exit).toMatchObject({ value: { _tag: "Started", run: { run: "r2" } } })
      expect(entry).toMatchObject({ state: "started", run: { run: "r2" }, adopted: "lost-answer" })
      expect(Claims.isClaimedByOther(engine.context, run("r2"), "another")).toBe(true)
    }),
  )

  it.effect("T3: an empty list proves nothing before the token has read the sync or a run of the fence", () =>
    Effect.gen(function* () {
      const shown = yield* concluded([-5_000])
      expect(shown.exit).toMatchObject({ value: { _tag: "NotStarted" } })
      expect([shown.checks, shown.entry?.state]).toEqual([0, "not-started"])

      const empty = yield* concluded([])
      expect(empty.exit).toMatchObject({ value: { _tag: "NotStarted" } })
      expect([empty.checks, empty.entry?.state]).toEqual([1, "not-started"])

      const denied = FakeDriver.failure(new Reason.PermissionDenied(), "refused", { status: 403 })
      const foreign = yield* concluded([], Engine.none, (fake) => fake.fail("check", denied))
      expect([foreign.checks, foreign.entry?.state]).toEqual([1, "sent"])
      expect(yield* Effect.flip(foreign.exit)).toMatchObject({
        operation: "resolve",
        reason: { _tag: "PermissionDenied" },
      })
    }),
  )

  it.effect("J3: where its call has concluded it meanwhile, that stands", () =>
    Effect.gen(function* () {
      const refusing: Engine.Change = ({ update, get }) => ({
        update: (version, change, by) =>
          Effect.gen(function* () {
            const stored = yield* get(version.id)
            if (stored?._tag === "Stored") yield* update(version, { state: "refused" }, stored.entry.owner)
            return yield* update(version, change, by)
          }),
      })
      for (const runs of [[-5_000, 1_000], [-5_000]]) {
        const { engine, exit, entry } = yield* concluded(runs, refusing)
        expect(exit).toMatchObject({ value: { _tag: "NotStarted", evidence: "the vendor refused it" } })
        expect(entry).toMatchObject({ state: "refused" })
        expect(Claims.isClaimedByOther(engine.context, run("r2"), "another")).toBe(false)
      }
    }),
  )
})

describe("what is pending at a sync", () => {
  it.effect("T5: the runs that were started there, with their age by the store's clock, and the open entry", () =>
    Effect.gen(function* () {
      yield* TestClock.adjust("1 hour")
      const filters: Array<Journal.Filter> = []
      const engine = yield* Engine.make(({ list }) => ({
        list: (filter) =>
          Effect.suspend(() => {
            filters.push(filter)
            return list(filter)
          }),
      }))
      const first = yield* Engine.mark(engine)
      yield* engine.journal.update(first.entry, { state: "started", run: run("r1") }, first.call.owner)
      yield* Engine.giveLeaseBack(engine, first)
      yield* TestClock.adjust("20 seconds")
      const { identity } = first.call
      expect(yield* Open.read(engine.context, identity)).toEqual({
        open: undefined,
        started: [{ run: run("r1"), age: 20_000 }],
      })
      const second = yield* Engine.mark(engine)
      for (const state of ["sent", "lost"] as const) {
        if (state === "lost") yield* engine.journal.update(second.entry, { state }, second.call.owner)
        expect(yield* Open.read(engine.context, identity)).toMatchObject({
          open: { entry: { id: second.entry.id, state } },
          started: [{ run: { run: "r1" } }],
        })
      }
      expect(filters[0]).toEqual({ identity, states: ["sent", "lost", "started"], limit: 50 })
    }),
  )

  it.effect("T9: an open entry counts also where fifty triggers of its sync are newer than the claim of its key", () =>
    Effect.gen(function* () {
      const engine = yield* Engine.make()
      const { context, journal } = engine
      const call = yield* Call.make(context, sync, { whenRunning: "fail", scope: undefined, key: "k" })
      const { owner, identity } = call
      yield* journal.claim({ draft: Call.draftOf(context, call, "old"), owner, lease: "1 hour" })
      for (let number = 1; number <= 50; number++) {
        const newer = yield* Engine.mark(engine)
        yield* journal.update(newer.entry, { state: "started", run: run(`r${number}`) }, newer.call.owner)
        yield* Engine.giveLeaseBack(engine, newer)
      }
      const leased = yield* journal.acquire(identity, owner, "1 hour")
      if (leased._tag !== "Acquired") return expect.unreachable()
      const marked = yield* journal.mark({
        ...{ lease: leased.lease, entry: { id: "old", revision: 1 }, fence: { runs: [], complete: true } },
        ...{ exclusive: false, writeTimeout: "3 minutes", runAppearsWithin: "2 minutes" },
      })
      if (marked._tag !== "Marked") return expect.unreachable()
      for (const state of ["sent", "lost"] as const) {
        if (state === "lost") yield* journal.update(marked.stored.entry, { state }, owner)
        const pending = yield* Open.read(context, identity)
        expect(pending).toMatchObject({ open: { entry: { id: "old", state } } })
        expect(pending.started).toHaveLength(50)
      }
    }),
  )

  it.effect("J8: a record that cannot be decoded stops the triggers of its sync, however old it is", () =>
    Effect.gen(function* () {
      const record = { _tag: "Unreadable", id: "e0", why: "it is damaged" } as const
      for (const isNew of [true, false]) {
        const { context } = yield* Engine.make(() => ({
          list: ({ limit }) =>
            Effect.succeed({
              entries: [],
              unreadable: isNew || limit === undefined ? [record] : [],
              ...(!isNew && limit !== undefined && { next: "50" }),
            }),
        }))
        expect(yield* Effect.flip(Open.read(context, "i"))).toMatchObject({
          operation: "start",
          reason: { _tag: "JournalFailed" },
        })
      }
    }),
  )
})

describe("a trigger beside an open entry", () => {
  /** Settles what is open, for a call of this request. */
  const settle = Effect.fnUntraced(function* ({ context }: Engine.Engine, request: Partial<Call.Request>) {
    const call = yield* Call.make(context, sync, { whenRunning: "fail", scope: undefined, ...request })
    return yield* Open.settle(context, call, Effect.succeed(true))
  })

  const freeAt = (sent: Sent) => DateTime.addDuration(sent.entry.request.sentAt, Duration.minutes(5))

  /** Lists entries as a read so many milliseconds earlier had them. */
  const lateBy =
    ({ context }: Engine.Engine, millis: number): typeof context.store.list =>
    (filter) =>
      Effect.map(context.store.list(filter), (listed) => ({
        ...listed,
        entries: listed.entries.map((stored) => ({
          ...stored,
          readAt: DateTime.subtract(stored.readAt, { milliseconds: millis }),
        })),
      }))

  it.effect("T9: it fails at once where it cannot have its turn in time, and says from when it can", () =>
    Effect.gen(function* () {
      const engine = yield* Engine.make()
      const sent = yield* Engine.mark(engine)
      const { entry, call } = sent
      const busy = { reason: { _tag: "TriggerBusy", owner: call.owner, entry: entry.id, freeAt: freeAt(sent) } }
      const soon = { turnWithin: "1 minute" } as const
      expect(yield* Effect.flip(settle(engine, soon))).toMatchObject(busy)
      yield* TestClock.adjust(239_999)
      expect(yield* Effect.flip(settle(engine, soon))).toMatchObject(busy)
      expect(engine.fake.sent).toEqual([])
      // The call comes a millisecond later.
      yield* within("2 minutes", settle(engine, soon))
      expect(yield* Engine.entryOf(engine, sent)).toMatchObject({ state: "not-started" })
    }),
  )

  it.effect("T9: by default it waits for five minutes", () =>
    Effect.gen(function* () {
      const engine = yield* Engine.make()
      const sent = yield* Engine.mark(engine)
      yield* within("6 minutes", settle(engine, {}))
      expect(yield* Engine.entryOf(engine, sent)).toMatchObject({ state: "not-started" })

      const later = yield* Engine.make()
      const { entry } = yield* Engine.mark(later)
      const store = { ...later.context.store, list: lateBy(later, 1) }
      const context = { ...later.context, store }
      expect(yield* Effect.flip(settle({ ...later, context }, {}))).toMatchObject({
        reason: { _tag: "TriggerBusy", entry: entry.id },
      })
    }),
  )

  it.effect("T13: one that it abandons is in the log, with its candidates", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      for (const at of [1_000, 2_000]) fake.begin("s1", at)
      const engine = yield* Engine.make(Engine.none, {}, fake)
      const sent = yield* Engine.mark(engine)
      const { value, lines } = yield* logged(within("10 minutes", settle(engine, { whenOpen: "supersede" })))
      expect(value.open).toBeUndefined()
      expect(yield* Engine.entryOf(engine, sent)).toMatchObject({
        state: "abandoned",
        candidates: [{ run: "r2" }, { run: "r1" }],
      })
      expect(lines).toMatchObject([
        {
          level: "WARN",
          message: expect.stringContaining("abandoned"),
          annotations: { entry: sent.entry.id, sync: String(sync) },
        },
      ])
    }),
  )
})
