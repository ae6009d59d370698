import { describe, expect, it } from "@effect/vitest"
import { Duration, Effect, Exit, Fiber, Logger, References, Scheduler } from "effect"
import { TestClock } from "effect/testing"
import * as Call from "../src/engine/trigger/call.ts"
import * as Course from "../src/engine/trigger/course.ts"
import * as Ends from "../src/engine/trigger/ends.ts"
import type * as Journal from "../src/journal/Journal.ts"
import type { Draft, Owner } from "../src/model/JournalEntry.ts"
import * as Reason from "../src/model/Reason.ts"
import { RunRef } from "../src/model/Ref.ts"
import { Run } from "../src/model/Run.ts"
import * as Engine from "./support/engine.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { broken } from "./support/journals.ts"
import { begin, within } from "./support/testbed.ts"

const { sync } = Engine
const other: Owner = { host: "b", pid: 2, call: "c2" }
const run = new RunRef({ sync, run: "r9" })
const states = ["claimed", "sent", "lost", "started", "finished", "refused", "not-started", "abandoned"] as const

const now = Effect.clockWith(({ currentTimeMillis }) => currentTimeMillis)

const trigger = ({ context }: Pick<Engine.Engine, "context">, request: Partial<Call.Request> = {}) =>
  Course.make(context, () => Effect.void).trigger(sync, {
    ...{ whenRunning: "fail", scope: undefined, key: "k" },
    ...request,
  })

const entriesOf = ({ journal }: Engine.Engine) =>
  Effect.map(journal.list({ states }), ({ entries }) => entries.map(({ entry }) => entry))

/** An engine whose journal counts its calls by their names. */
const counting = Effect.fnUntraced(function* (change: Engine.Change = Engine.none) {
  const calls: Array<readonly [keyof Journal.Service, number]> = []
  const noted =
    <Args extends ReadonlyArray<unknown>, A, E>(
      name: keyof Journal.Service,
      operation: (...args: Args) => Effect.Effect<A, E>,
    ) =>
    (...args: Args) =>
      Effect.flatMap(now, (at) => {
        calls.push([name, at])
        return operation(...args)
      })
  const engine = yield* Engine.make((journal) => {
    const changed = { ...journal, ...change(journal) }
    return {
      ...changed,
      claim: noted("claim", changed.claim),
      takeOver: noted("takeOver", changed.takeOver),
      renewClaim: noted("renewClaim", changed.renewClaim),
      remove: noted("remove", changed.remove),
    }
  })
  const timesOf = (operation: keyof Journal.Service) =>
    calls.flatMap(([called, at]) => (called === operation ? [at] : []))
  return { ...engine, timesOf }
})

/** Claims the key for another call, whose claim lasts so long, with fields of a draft that it has instead. */
const claimByOther = Effect.fnUntraced(function* (
  { context, journal }: Engine.Engine,
  lease: Duration.Input,
  change: object = {},
) {
  const call = yield* Call.make(context, sync, { whenRunning: "fail", scope: undefined, key: "k" })
  const draft = { ...Call.draftOf(context, call, "e2"), ...change } as Draft
  yield* journal.claim({ draft, owner: other, lease })
})

describe("a key that another call has", () => {
  it.effect("T10: its call looks each second, for as long as it waits for others, and fails with the one at work", () =>
    Effect.gen(function* () {
      const engine = yield* counting()
      yield* claimByOther(engine, "1 hour")
      const late = yield* begin(Effect.flip(trigger(engine, { othersWithin: Duration.seconds(3) })))
      yield* TestClock.adjust("2999 millis")
      expect(late.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("2 millis")
      expect(late.pollUnsafe()).toMatchObject({ value: { reason: { _tag: "TriggerBusy", owner: other, entry: "e2" } } })
      expect(engine.timesOf("claim")).toEqual([1, 1_001, 2_001, 3_001])
      expect(engine.fake.sent).toEqual([])
    }),
  )

  it.effect("T10: its claim is taken over once it has expired, also where others took part meanwhile", () =>
    Effect.gen(function* () {
      let tries = 0
      const engine = yield* counting(({ takeOver }) => ({
        takeOver: (version, request) =>
          ++tries === 1 ? Effect.succeed({ _tag: "Changed" }) : takeOver(version, request),
      }))
      yield* claimByOther(engine, "2 seconds")
      expect(yield* within("5 seconds", trigger(engine))).toMatchObject({ _tag: "Started", run: { run: "r1" } })
      expect(engine.timesOf("takeOver")).toEqual([2_001, 2_001])
      expect(yield* entriesOf(engine)).toMatchObject([{ id: "e2", state: "started", attempt: 1 }])
    }),
  )

  it.effect("T10: it is claimed anew where the call loses it right after it took it over", () =>
    Effect.gen(function* () {
      let marks = 0
      const engine = yield* counting(({ mark, remove, get }) => ({
        mark: (request) =>
          ++marks > 1
            ? mark(request)
            : get("e2").pipe(
                Effect.flatMap((record) =>
                  record?._tag === "Stored" ? remove(record.entry, record.entry.owner) : Effect.void,
                ),
                Effect.as({ _tag: "Changed" } as const),
              ),
      }))
      yield* claimByOther(engine, "2 seconds")
      expect(yield* within("5 seconds", trigger(engine))).toMatchObject({ _tag: "Started", run: { run: "r1" } })
      expect(engine.fake.count("start")).toBe(1)
    }),
  )

  it.effect("J8: a record under it that cannot be read fails its call", () =>
    Effect.gen(function* () {
      const record = { _tag: "Unreadable", id: "e0", why: "it is damaged" } as const
      const engine = yield* Engine.make(() => ({ claim: () => Effect.succeed({ _tag: "Exists", record }) }))
      const error = yield* Effect.flip(within("1 second", trigger(engine)))
      expect(error).toMatchObject({ reason: { _tag: "JournalFailed" }, delivery: "not-sent" })
      expect(error.message).toContain("record e0")
    }),
  )

  it.effect("T10: of another scope or of a change of configuration is refused, and the error says what it is", () =>
    Effect.gen(function* () {
      const fingerprint = { digest: "d", ends: {} }
      for (const [change, scope, message] of [
        [{ scope: "full" }, undefined, 'Expected the scope of the first call with key "k", "full", found "none"'],
        [{}, "full", 'Expected the scope of the first call with key "k", "none", found "full"'],
        [{ kind: "update", fingerprint }, undefined, 'Expected a key of triggers, "k" is one of a change (update)'],
      ] as const) {
        const engine = yield* Engine.make()
        yield* claimByOther(engine, "1 hour", change)
        const error = yield* Effect.flip(within("1 second", trigger(engine, { scope })))
        expect(error).toMatchObject({ reason: { _tag: "InvalidRequest", issues: [{ path: ["key"], message }] } })
        expect(engine.fake.sent).toEqual([])
      }
    }),
  )
})

describe("a key that has a run", () => {
  const ended = new Run({ ref: run, status: "succeeded", vendorStatus: "done", rows: {}, native: {} })

  it.effect("T12: of another process is joined, and whoever waits for it writes its end", () =>
    Effect.gen(function* () {
      const engine = yield* Engine.make()
      const { call, entry } = yield* Engine.mark(engine, { key: "k" })
      yield* engine.journal.update(entry, { state: "started", run }, call.owner)
      expect(yield* within("1 second", trigger(engine))).toMatchObject({ _tag: "Joined", run: { run: "r9" } })
      yield* Ends.record(engine.context, ended)
      expect(yield* entriesOf(engine)).toMatchObject([{ state: "finished", status: "succeeded" }])
    }),
  )

  it.effect("T10, T12: that the call adopts stays its run, and whoever waits for it writes its end", () =>
    Effect.gen(function* () {
      const engine = yield* counting()
      const { id } = engine.fake.begin("s1", 0, { lasts: 3_600_000 })
      const adopted = yield* within("1 second", trigger(engine, { whenRunning: "adopt" }))
      expect(adopted).toMatchObject({ _tag: "Adopted", run: { run: id } })
      expect(yield* entriesOf(engine)).toMatchObject([
        { state: "started", run: { run: id }, adopted: "already-running" },
      ])
      yield* TestClock.adjust("1 minute")
      expect([engine.timesOf("renewClaim"), engine.timesOf("remove")]).toEqual([[], []])
      yield* Ends.record(engine.context, new Run({ ...ended, ref: new RunRef({ sync, run: id }) }))
      expect(yield* entriesOf(engine)).toMatchObject([{ state: "finished", adopted: "already-running" }])
    }),
  )

  it.effect("T10: is remembered, and a log warns from a day on, since a key names one occasion", () =>
    Effect.gen(function* () {
      const messages: Array<string> = []
      const logger = Logger.make(({ message, fiber, logLevel }) => {
        if (logLevel !== "Warn") return
        const { key, sync } = fiber.getRef(References.CurrentLogAnnotations)
        messages.push(`${String(message)} ${String(key)} ${String(sync)}`)
      })
      const engine = yield* Engine.make()
      const { call, entry } = yield* Engine.mark(engine, { key: "k" })
      const end = { state: "finished", run, status: "succeeded", rows: {} } as const
      yield* engine.journal.update(entry, end, call.owner)
      const remembered = trigger(engine).pipe(
        Effect.provideService(References.CurrentLoggers, new Set([logger])),
        Effect.map((result) => (result._tag === "Remembered" ? Duration.toHours(result.age) : expect.unreachable())),
      )
      expect(yield* remembered).toBe(0)
      yield* TestClock.adjust("24 hours")
      expect(yield* remembered).toBe(24)
      expect(messages).toEqual([])
      yield* TestClock.adjust("1 hour")
      expect(yield* remembered).toBe(25)
      expect(messages).toHaveLength(1)
      expect(messages[0]).toMatch(/^A key is remembered from more than a day ago.* k .*s1/)
    }),
  )
})

describe("the claim of a call", () => {
  it.effect("T10: stays its own over requests that did not leave, and is renewed until the call ends", () =>
    Effect.gen(function* () {
      const engine = yield* counting()
      engine.fake.fail("start", FakeDriver.failure(new Reason.Network({ code: "ECONNREFUSED" }), "not-sent"), 2)
      engine.fake.delay("list", 25_000)
      const caller = yield* begin(trigger(engine))
      yield* TestClock.adjust("25100 millis")
      expect(yield* entriesOf(engine)).toMatchObject([{ state: "claimed", attempt: 1 }])
      yield* TestClock.adjust("10 minutes")
      expect(yield* Fiber.join(caller)).toMatchObject({ _tag: "Started" })
      expect(engine.timesOf("claim")).toHaveLength(1)
      expect(engine.timesOf("renewClaim")).toEqual([10_001, 20_001])
      expect(engine.timesOf("remove")).toEqual([])
    }),
  )

  it.effect("T8: is given back where the call sent nothing, and not renewed after that", () =>
    Effect.gen(function* () {
      const engine = yield* counting()
      engine.fake.begin("s1", 0, { lasts: 3_600_000 })
      const error = yield* Effect.flip(within("1 minute", trigger(engine)))
      expect(error).toMatchObject({ reason: { _tag: "AlreadyRunning" } })
      expect(yield* entriesOf(engine)).toEqual([])
      expect([engine.timesOf("renewClaim"), engine.timesOf("remove")]).toEqual([[], [1]])
    }),
  )

  it.effect("T8: is removed where its answer was lost, unless it is another call's or another state's by then", () =>
    Effect.gen(function* () {
      for (const [change, removes] of [
        [{}, 1],
        [{ owner: other }, 0],
        [{ state: "refused" }, 0],
      ] as const) {
        const engine = yield* counting((journal) => ({
          claim: (request) => Effect.andThen(journal.claim(request), broken),
          find: (...args) =>
            Effect.map(journal.find(...args), (record) =>
              record?._tag === "Stored"
                ? ({ ...record, entry: { ...record.entry, ...change } } as Journal.Stored)
                : record,
            ),
        }))
        const error = yield* Effect.flip(within("1 minute", trigger(engine)))
        expect(error).toMatchObject({ reason: { _tag: "JournalFailed" } })
        expect(engine.timesOf("remove")).toHaveLength(removes)
        expect(yield* entriesOf(engine)).toHaveLength(1 - removes)
      }
    }),
  )

  it.effect("T8, T12: is gone at whatever step its caller leaves, or its run is in the journal", () =>
    Effect.gen(function* () {
      let isSent = false
      for (let step = 0; !isSent && step < 200; step++) {
        const engine = yield* Engine.make()
        // A fiber that pauses after every few steps can be interrupted between any of them.
        const paused = Effect.provideService(trigger(engine), Scheduler.MaxOpsBeforeYield, 8)
        const caller = yield* Effect.forkChild(paused)
        for (let turn = 0; turn < step; turn++) yield* Effect.yieldNow
        isSent = engine.fake.count("start") > 0
        caller.interruptUnsafe()
        for (let turn = 0; turn < 25; turn++) yield* Effect.yieldNow
        const hasRun = engine.fake.count("start") > 0
        expect(yield* entriesOf(engine), `step ${step}`).toMatchObject(hasRun ? [{ state: "started" }] : [])
      }
      expect(isSent).toBe(true)
    }),
  )
})

describe("the end of the workspace", () => {
  it.effect.each([
    ["the answer of the store", { claim: () => Effect.never }, "1 second"],
    ["the call at work", {}, "1 second"],
    ["what is open under the key", { list: () => Effect.never }, "1 hour"],
  ] as const)("T8: a call that waits for %s ends with it at once", ([wait, change, after]) =>
    Effect.gen(function* () {
      const engine = yield* Engine.make(() => change, { closeWithin: "1 minute", storeWithin: "10 minutes" })
      if (after === "1 hour") yield* Engine.mark(engine, { key: "k" })
      else if (wait === "the call at work") yield* claimByOther(engine, "1 hour")
      yield* TestClock.adjust(after)
      const caller = yield* begin(trigger(engine))
      yield* TestClock.adjust("1500 millis")
      expect(caller.pollUnsafe()).toBeUndefined()
      yield* engine.context.closing.background(Effect.never)
      yield* begin(engine.close)
      yield* TestClock.adjust("1 millis")
      const exit = caller.pollUnsafe()
      yield* TestClock.adjust("1 hour")
      expect(exit !== undefined && Exit.hasInterrupts(exit)).toBe(true)
      expect(engine.fake.count("start")).toBe(0)
    }),
  )
})
