import { describe, expect, it } from "@effect/vitest"
import { Context, Duration, Effect, Exit, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { Priority } from "../src/engine/rate-limit/rateLimit.ts"
import * as Call from "../src/engine/trigger/call.ts"
import type * as Hold from "../src/engine/trigger/hold.ts"
import * as Sending from "../src/engine/trigger/sending.ts"
import * as Journal from "../src/journal/Journal.ts"
import type { Owner } from "../src/model/JournalEntry.ts"
import { Runs } from "../src/Runs.ts"
import * as Engine from "./support/engine.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { broken } from "./support/journals.ts"
import { begin, within, workspace } from "./support/testbed.ts"

const { sync } = Engine
const other: Owner = { host: "b", pid: 2, call: "c2" }
const fence = { runs: [], complete: true }

/** A call with a lease and a grant, which sends, and what it has under its key. */
const ready = Effect.fnUntraced(function* (
  { context, journal }: Engine.Engine,
  { key, isFresh = true }: { readonly key?: string; readonly isFresh?: boolean } = {},
) {
  const request = { whenRunning: "fail", scope: undefined, ...(key !== undefined && { key }) } as const
  const call = yield* Call.make(context, sync, request)
  const leased = yield* journal.acquire(call.identity, call.owner, "1 hour")
  if (leased._tag !== "Acquired") return yield* Effect.die(new Error("another call has the lease"))
  if (key !== undefined) {
    yield* journal.claim({ draft: Call.draftOf(context, call, "e1"), owner: call.owner, lease: "1 hour" })
    call.claim = { id: "e1", revision: 1 }
  }
  const events: Array<string> = []
  const hold: Hold.Hold = {
    lease: leased.lease,
    isFresh: Effect.succeed(isFresh),
    release: Effect.sync(() => void events.push("released")),
    handOver: () => void events.push("handed over"),
  }
  const grant = yield* context.rateLimit.acquire("start", Priority.write)
  const stored = Effect.map(journal.list({ identity: call.identity, states: allStates }), ({ entries }) =>
    entries.map(({ entry }) => entry),
  )
  return { call, events, stored, send: Sending.send(context, call, hold, grant, fence) }
})

const allStates = ["claimed", "sent", "lost", "started", "finished", "refused", "not-started", "abandoned"] as const

describe("the mark", () => {
  it.effect("T8: one that is written hands the hold over, and the request follows", () =>
    Effect.gen(function* () {
      const engine = yield* Engine.make()
      const { call, events, stored, send } = yield* ready(engine, { key: "k" })
      expect(yield* within("1 minute", send)).toMatchObject({ _tag: "Started" })
      expect(call.claim).toBeUndefined()
      expect(events).toEqual(["handed over", "released"])
      expect(yield* stored).toMatchObject([{ id: "e1", state: "started" }])
    }),
  )

  it.effect("T9: without the lease, or beside another open entry, the fence is read anew", () =>
    Effect.gen(function* () {
      const stored = {} as Journal.Stored
      for (const marked of [{ _tag: "LeaseLost" }, { _tag: "Blocked", by: { ...stored, _tag: "Stored" } }] as const) {
        const engine = yield* Engine.make(() => ({ mark: () => Effect.succeed(marked) }))
        const { send, events } = yield* ready(engine)
        expect(yield* send).toMatchObject({ _tag: "NewFence", error: { reason: { _tag: "TriggerBusy" } } })
        expect(engine.fake.sent).toEqual([])
        expect(events).toEqual([])
      }
    }),
  )

  it.effect("J8: a record that cannot be read fails it; a key that another call has is lost", () =>
    Effect.gen(function* () {
      const by = { _tag: "Unreadable", id: "e0", why: "it is damaged" } as const
      const blocked = yield* Engine.make(() => ({ mark: () => Effect.succeed({ _tag: "Blocked", by }) }))
      const { send } = yield* ready(blocked)
      expect(yield* Effect.flip(send)).toMatchObject({ reason: { _tag: "JournalFailed" } })

      const changed = yield* Engine.make(() => ({ mark: () => Effect.succeed({ _tag: "Changed" }) }))
      const keyed = yield* ready(changed, { key: "k" })
      expect(yield* keyed.send).toEqual({ _tag: "ClaimLost" })
      expect(keyed.call.claim).toBeUndefined()
    }),
  )

  it.effect("J11: it counts with the limits of starts, times the share, where the journal is shared", () =>
    Effect.gen(function* () {
      const limits = [
        { name: "a", requests: 20, window: "1 minute", operations: "all" },
        { name: "b", requests: 1, window: "1 hour", operations: ["start"] },
        { name: "c", requests: 9, window: "1 hour", operations: ["list"] },
      ] as const
      const starts: Array<unknown> = []
      const journal = Journal.memory()
      const counting: Journal.Service = {
        ...journal,
        mark: (request) =>
          Effect.andThen(
            Effect.sync(() => starts.push(request.starts)),
            journal.mark(request),
          ),
      }
      const fake = FakeDriver.make({ description: { limits } })
      const { services } = yield* workspace(fake, { journal: counting, rateLimitShare: 0.5 })
      yield* within("1 minute", Context.get(services, Runs).trigger(sync, { whenRunning: "fail" }))
      expect(starts).toEqual([
        [
          { atMost: 10, within: "1 minute" },
          { atMost: 1, within: "1 hour" },
        ],
      ])
    }),
  )

  it.effect(
    "J11: over the limit, it comes again after the store's time, and at the latest after the longest window",
    () =>
      Effect.gen(function* () {
        const limits = [
          { name: "a", requests: 9, window: "1 minute", operations: ["start"] },
          { name: "b", requests: 9, window: "1 hour", operations: ["start"] },
        ] as const
        for (const [freeIn, after] of [
          ["30 minutes", Duration.minutes(30)],
          ["2 hours", Duration.hours(1)],
        ] as const) {
          const tooMany = { _tag: "TooManyStarts", freeIn: Duration.fromInputUnsafe(freeIn) } as const
          const fake = FakeDriver.make({ description: { limits } })
          const engine = yield* Engine.make(() => ({ mark: () => Effect.succeed(tooMany) }), {}, fake)
          const { send } = yield* ready(engine)
          expect(yield* send).toEqual({ _tag: "AfterStarts", freeIn: after })
          expect(fake.sent).toEqual([])
        }
      }),
  )

  it.effect(
    "T3: the time of the request counts from before it, as other processes count that, however slow the store is",
    () =>
      Effect.gen(function* () {
        const slow: Engine.Change = ({ mark }) => ({
          mark: (request) => Effect.tap(mark(request), () => Effect.sleep("20 seconds")),
        })
        const fake = FakeDriver.make()
        fake.onStart(() => Effect.never)
        const engine = yield* Engine.make(slow, { writeTimeout: "1 minute", storeWithin: "30 seconds" }, fake)
        const { send, stored } = yield* ready(engine)
        yield* begin(send)
        yield* TestClock.adjust("59 seconds")
        expect(yield* stored).toMatchObject([{ state: "sent" }])
        yield* TestClock.adjust("2 seconds")
        expect(yield* stored).toMatchObject([{ state: "lost" }])
      }),
  )

  it.effect("J7: with it, entries are forgotten a week after their end, whatever that takes", () =>
    Effect.gen(function* () {
      const ages: Array<number> = []
      const engine = yield* Engine.make(() => ({
        forget: (age) =>
          Effect.andThen(
            Effect.sync(() => ages.push(Duration.toDays(Duration.fromInputUnsafe(age)))),
            broken,
          ),
      }))
      const { send } = yield* ready(engine)
      expect(yield* within("1 minute", send)).toMatchObject({ _tag: "Started" })
      expect(ages).toEqual([7])
    }),
  )
})

describe("a mark that comes to nothing", () => {
  it.effect("T8: with an old lease, a key stays the call's, and an entry without one goes", () =>
    Effect.gen(function* () {
      const engine = yield* Engine.make()
      const plain = yield* ready(engine, { isFresh: false })
      expect(yield* plain.send).toMatchObject({ _tag: "NewFence", error: { reason: { _tag: "TriggerBusy" } } })
      expect(yield* plain.stored).toEqual([])
      expect(plain.events).toEqual([])

      const other = yield* Engine.make()
      const keyed = yield* ready(other, { key: "k", isFresh: false })
      expect(yield* keyed.send).toMatchObject({ _tag: "NewFence" })
      expect(yield* keyed.stored).toMatchObject([{ id: "e1", state: "claimed" }])
      expect(keyed.call.claim).toMatchObject({ id: "e1", revision: 3 })
      expect([engine.fake.sent, other.fake.sent]).toEqual([[], []])
    }),
  )

  it.effect("T8: a key that cannot be given back is not the call's, and the entry goes", () =>
    Effect.gen(function* () {
      const changed = yield* Engine.make(() => ({ update: () => Effect.succeed({ _tag: "Changed" }) }))
      const one = yield* ready(changed, { key: "k", isFresh: false })
      expect(yield* one.send).toMatchObject({ _tag: "NewFence" })
      expect(one.call.claim).toBeUndefined()

      const failing = yield* Engine.make(() => ({ update: () => broken }))
      const two = yield* ready(failing, { key: "k", isFresh: false })
      expect(yield* Effect.flip(two.send)).toMatchObject({ reason: { _tag: "JournalFailed" } })
      yield* TestClock.adjust("1 minute")
      expect(yield* two.stored).toEqual([])
    }),
  )

  it.effect("T8: its entry goes where the workspace has closed meanwhile, and nothing is sent", () =>
    Effect.gen(function* () {
      const engine = yield* Engine.make()
      let isClosed = false
      const closing = { ...engine.context.closing, isClosed: () => isClosed }
      const store = {
        ...engine.context.store,
        mark: (request: Journal.MarkRequest) =>
          Effect.tap(engine.context.store.mark(request), () =>
            Effect.sync(() => {
              isClosed = true
            }),
          ),
      }
      const { send, stored, events } = yield* ready({ ...engine, context: { ...engine.context, closing, store } })
      expect(Exit.hasInterrupts(yield* Effect.exit(send))).toBe(true)
      yield* TestClock.adjust("1 minute")
      expect(yield* stored).toEqual([])
      expect([engine.fake.sent, events]).toEqual([[], []])
    }),
  )

  it.effect("T8: one whose answer is lost is undone once the store is back, unless it is another call's", () =>
    Effect.gen(function* () {
      let reads = 0
      const lossy: Engine.Change = (journal) => ({
        mark: (request) => Effect.andThen(journal.mark(request), broken),
        get: (id) => Effect.suspend(() => (++reads < 4 ? broken : journal.get(id))),
      })
      const engine = yield* Engine.make(lossy)
      const { send, stored } = yield* ready(engine)
      expect(yield* Effect.flip(send)).toMatchObject({ reason: { _tag: "JournalFailed" } })
      yield* TestClock.adjust("5 seconds")
      expect(yield* stored).toHaveLength(1)
      yield* TestClock.adjust("2 seconds")
      expect(yield* stored).toEqual([])
    }),
  )

  it.effect.each([
    ["is another call's", { owner: other }],
    ["is concluded", { state: "refused" }],
  ] as const)("T8: an entry that %s is not removed", ([, change]) =>
    Effect.gen(function* () {
      let removes = 0
      const lossy: Engine.Change = (journal) => ({
        mark: (request) => Effect.andThen(journal.mark(request), broken),
        get: (id) =>
          Effect.map(journal.get(id), (record) =>
            record?._tag === "Stored"
              ? ({ ...record, entry: { ...record.entry, ...change } } as Journal.Stored)
              : record,
          ),
        remove: () =>
          Effect.andThen(
            Effect.sync(() => removes++),
            broken,
          ),
      })
      const engine = yield* Engine.make(lossy)
      const { send } = yield* ready(engine)
      yield* Effect.exit(send)
      yield* TestClock.adjust("1 minute")
      expect(removes).toBe(0)
    }),
  )
})

describe("a caller who leaves", () => {
  it.effect("T8: after the request has left, the settlement goes on, and knows it", () =>
    Effect.gen(function* () {
      const engine = yield* Engine.make()
      engine.fake.delay("start", 5_000)
      const { send, call, stored } = yield* ready(engine)
      const fiber = yield* begin(send)
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(fiber)
      expect(call.hasLeft).toBe(true)
      expect(yield* stored).toMatchObject([{ state: "sent" }])
      yield* TestClock.adjust("10 seconds")
      expect(yield* stored).toMatchObject([{ state: "started" }])
    }),
  )
})
