import { describe, expect, it } from "@effect/vitest"
import { Clock, Duration, Effect, Exit, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { Priority } from "../src/engine/rate-limit/rateLimit.ts"
import * as Call from "../src/engine/trigger/call.ts"
import { since } from "../src/engine/trigger/elapsed.ts"
import * as Hold from "../src/engine/trigger/hold.ts"
import * as Lease from "../src/engine/trigger/lease.ts"
import * as Sending from "../src/engine/trigger/sending.ts"
import type * as Journal from "../src/journal/Journal.ts"
import type { Owner } from "../src/model/JournalEntry.ts"
import * as Engine from "./support/engine.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { begin, within } from "./support/testbed.ts"

const { sync } = Engine
const other: Owner = { host: "b", pid: 2, call: "c2" }
const request = { whenRunning: "fail", scope: undefined } as const

describe("time that has passed", () => {
  it("J5: it is that of the clock that ran further: one that is set back makes no lease last longer", () => {
    const start = { wall: 10_000, monotonic: 500 }
    expect(since(start, { wall: 4_000, monotonic: 3_500 })).toBe(3_000)
    expect(since(start, { wall: 70_000, monotonic: 3_500 })).toBe(60_000)
  })
})

describe("the hold of a call on its sync", () => {
  const hold = Effect.fnUntraced(function* (
    { context }: Engine.Engine,
    use: (owner: Owner) => Effect.Effect<void>,
    turnWithin?: number,
  ) {
    const call = yield* Call.make(context, sync, { ...request, ...(turnWithin !== undefined && { turnWithin }) })
    return yield* Hold.within(context, call, () => use(call.owner))
  })

  it.effect(
    "T9: calls of one process get it in the order in which they came, each right when the one before ends",
    () =>
      Effect.gen(function* () {
        const engine = yield* Engine.make()
        const begun: Array<readonly [call: number, at: number]> = []
        for (const call of [1, 2, 3]) {
          const use = Effect.andThen(
            Effect.flatMap(Clock.currentTimeMillis, (now) => Effect.sync(() => begun.push([call, now]))),
            Effect.sleep(1_499),
          )
          yield* begin(hold(engine, () => use))
        }
        yield* TestClock.adjust("10 seconds")
        expect(begun).toEqual([
          [1, 1],
          [2, 1_500],
          [3, 2_999],
        ])
      }),
  )

  it.effect("T9: a call that gets no turn in its time fails with the call at work", () =>
    Effect.gen(function* () {
      const engine = yield* Engine.make()
      const owners: Array<Owner> = []
      yield* begin(
        hold(engine, (owner) =>
          Effect.andThen(
            Effect.sync(() => owners.push(owner)),
            Effect.never,
          ),
        ),
      )
      yield* TestClock.adjust("1 second")
      const second = yield* begin(Effect.flip(hold(engine, () => Effect.void, 5_000)))
      yield* TestClock.adjust(5_000)
      expect(second.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust(1)
      expect(yield* Fiber.join(second)).toMatchObject({ reason: { _tag: "TriggerBusy", owner: owners[0] } })
    }),
  )

  it.effect("T9: the time for a turn counts once, for this process and for the others", () =>
    Effect.gen(function* () {
      yield* TestClock.adjust("1 hour")
      const engine = yield* Engine.make()
      const { journal, context } = engine
      const { turns } = context.shared
      const identity = context.identityOf(sync)
      const first: Owner = { host: "a", pid: 1, call: "c1" }
      yield* turns.take(identity, first, Duration.zero)
      yield* journal.acquire(identity, other, "1 hour")
      const second = yield* begin(Effect.flip(hold(engine, () => Effect.void, 10_000)))
      yield* TestClock.adjust("4 seconds")
      turns.end(identity, first)
      yield* TestClock.adjust("6 seconds")
      expect(second.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust(1)
      expect(second.pollUnsafe()).toMatchObject({ value: { reason: { _tag: "TriggerBusy", owner: other } } })
    }),
  )

  it.effect("T9: a call that does not wait fails at once where another process has the sync", () =>
    Effect.gen(function* () {
      const engine = yield* Engine.make()
      yield* engine.journal.acquire(engine.context.identityOf(sync), other, "1 hour")
      const fiber = yield* Effect.forkChild(Effect.flip(hold(engine, () => Effect.void, 0)))
      yield* TestClock.adjust(0)
      expect(fiber.pollUnsafe()).toMatchObject({ value: { reason: { _tag: "TriggerBusy", owner: other } } })
    }),
  )
})

describe("the lease", () => {
  it.effect("T9: a caller looks for it when it becomes free, and once more when its time is over", () =>
    Effect.gen(function* () {
      const looks: Array<number> = []
      const engine = yield* Engine.make(({ acquire }) => ({
        acquire: (...args) =>
          Effect.flatMap(Clock.currentTimeMillis, (now) => {
            looks.push(now)
            return acquire(...args)
          }),
      }))
      yield* engine.journal.acquire("i", other, 1_002)
      let isTaken = false
      const owner: Owner = { host: "a", pid: 1, call: "c1" }
      const take = Lease.take(engine.context, "i", owner, Duration.millis(1_001), () => {
        isTaken = true
      })
      yield* begin(take)
      yield* TestClock.adjust("1 minute")
      expect(isTaken).toBe(true)
      expect(looks).toEqual([1, 1_001, 1_002])
    }),
  )

  it.effect("T8: one whose answer is interrupted is released where it was given, and only there", () =>
    Effect.gen(function* () {
      for (const isOther of [false, true]) {
        let isSlow = true
        let releases = 0
        const engine = yield* Engine.make(({ acquire, release }) => ({
          acquire: (...args) => Effect.tap(acquire(...args), () => (isSlow ? Effect.sleep("5 seconds") : Effect.void)),
          release: (lease) =>
            Effect.suspend(() => {
              releases++
              return release(lease)
            }),
        }))
        if (isOther) yield* engine.journal.acquire("i", other, "1 hour")
        const owner: Owner = { host: "a", pid: 1, call: "c1" }
        const fiber = yield* begin(Lease.take(engine.context, "i", owner, Duration.seconds(10), () => {}))
        yield* TestClock.adjust("1 second")
        isSlow = false
        yield* Fiber.interrupt(fiber)
        yield* TestClock.adjust("1 second")
        expect(releases).toBe(isOther ? 0 : 1)
      }
    }),
  )

  it.effect("J10: an interrupt ends the search for the call that is busy at once, also where the store hangs", () =>
    Effect.gen(function* () {
      const engine = yield* Engine.make(() => ({ list: () => Effect.never }))
      yield* engine.journal.acquire("i", other, "1 hour")
      const owner: Owner = { host: "a", pid: 1, call: "c1" }
      const fiber = yield* begin(Lease.take(engine.context, "i", owner, Duration.zero, () => {}))
      yield* TestClock.adjust("1 second")
      fiber.interruptUnsafe()
      yield* TestClock.adjust(0)
      const exit = fiber.pollUnsafe()
      expect(exit !== undefined && Exit.hasInterrupts(exit)).toBe(true)
    }),
  )

  it.effect("T9: the call that is busy is looked for among few entries: an open one is among the newest", () =>
    Effect.gen(function* () {
      const filters: Array<Journal.Filter> = []
      const engine = yield* Engine.make(({ list }) => ({
        list: (filter) =>
          Effect.suspend(() => {
            filters.push(filter)
            return list(filter)
          }),
      }))
      yield* Effect.flip(Lease.busyWith(engine.context, "i", other))
      expect(filters).toEqual([{ identity: "i", states: ["claimed", "sent", "lost"], limit: 10 }])
    }),
  )
})

describe("sending, at its end", () => {
  const fence = { runs: [], complete: true }

  const ready = Effect.fnUntraced(function* (engine: Engine.Engine) {
    const { context, journal } = engine
    const call = yield* Call.make(context, sync, request)
    const leased = yield* journal.acquire(call.identity, call.owner, "1 hour")
    if (leased._tag !== "Acquired") return yield* Effect.die(new Error("another call has the lease"))
    const hold: Hold.Hold = {
      lease: leased.lease,
      isFresh: Effect.succeed(true),
      release: Effect.void,
      handOver: () => {},
    }
    const grant = yield* context.rateLimit.acquire("start", Priority.write)
    const entries = Effect.map(journal.list({ identity: call.identity }), ({ entries }) => entries)
    return { entries, send: (changed = context) => Sending.send(changed, call, hold, grant, fence) }
  })

  it.effect("T8: the closing of the workspace ends a mark that hangs, and nothing is left behind", () =>
    Effect.gen(function* () {
      const engine = yield* Engine.make(({ mark }) => ({
        mark: (request) => Effect.tap(mark(request), () => Effect.sleep("5 seconds")),
      }))
      const { send, entries } = yield* ready(engine)
      const fiber = yield* begin(send())
      yield* TestClock.adjust("1 second")
      expect(yield* entries).toHaveLength(1)
      yield* Effect.forkChild(engine.close)
      yield* TestClock.adjust("1 millis")
      const exit = fiber.pollUnsafe()
      expect(exit !== undefined && Exit.hasInterrupts(exit)).toBe(true)
      yield* TestClock.adjust("1 minute")
      expect(yield* entries).toEqual([])
      expect(engine.fake.sent).toEqual([])
    }),
  )

  it.effect("T8: an interrupt that comes with the last test stops the request", () =>
    Effect.gen(function* () {
      const engine = yield* Engine.make()
      const { send, entries } = yield* ready(engine)
      let interrupt = (): void => {}
      const isClosed = () => {
        interrupt()
        return false
      }
      const closing = { ...engine.context.closing, isClosed }
      const fiber = yield* begin(send({ ...engine.context, closing }))
      interrupt = () => fiber.interruptUnsafe()
      yield* TestClock.adjust("1 minute")
      const exit = fiber.pollUnsafe()
      expect(exit !== undefined && Exit.hasInterrupts(exit)).toBe(true)
      expect(engine.fake.sent).toEqual([])
      expect(yield* entries).toEqual([])
    }),
  )

  it.effect("J11: where only this process has the journal, it counts no starts: the rate limit does", () =>
    Effect.gen(function* () {
      const starts: Array<unknown> = []
      const limits = [{ name: "a", requests: 20, window: "1 minute", operations: "all" }] as const
      const engine = yield* Engine.make(
        ({ mark }) => ({
          mark: (request) =>
            Effect.suspend(() => {
              starts.push(request.starts)
              return mark(request)
            }),
        }),
        {},
        FakeDriver.make({ description: { limits } }),
      )
      const { send } = yield* ready(engine)
      yield* within("1 minute", send({ ...engine.context, isJournalShared: false }))
      expect(starts).toEqual([[]])
    }),
  )
})
