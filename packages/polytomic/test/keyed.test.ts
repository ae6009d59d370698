/** Triggers with idempotency keys, over an emulator that keeps them for 24 hours. */
import { describe, expect, it } from "@effect/vitest"
import type * as Journal from "@openretl/core/Journal"
import { allStates } from "@openretl/core/JournalEntry"
import * as Fault from "@openretl/emulator/Fault"
import { Duration, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { ended, onEmulator, openOn } from "./onEmulator.ts"

type Opened = Effect.Success<ReturnType<typeof onEmulator>>

const keysSent = ({ emulator }: Opened) =>
  Effect.map(emulator.calls, (calls) =>
    calls.filter(({ operation }) => operation === "start").map(({ headers }) => headers["idempotency-key"]),
  )

const runsOfCalls = ({ emulator, ids }: Opened) =>
  Effect.map(emulator.runsOf(ids), (runs) => runs.filter(({ origin }) => origin === "call").map(({ id }) => id))

const entriesOf = ({ journal }: Opened) =>
  Effect.map(journal.list({ states: allStates, limit: 100 }), ({ entries }) => entries.map(({ entry }) => entry))

/** The journal of a process that dies right before it writes what became of its request. */
const dyingBeforeAnswer = (journal: Journal.Service): Journal.Service => ({
  ...journal,
  update: () => Effect.never,
  renew: () => Effect.never,
  release: () => Effect.never,
})

/** Lets a process trigger and die after its request, and a stranger start a run beside its own. */
const leaveBehind = Effect.fnUntraced(function* (opened: Opened) {
  const { emulator, ids, journal, ref } = opened
  yield* emulator.script(ids, [{ duration: "1 second" }, { duration: "1 second" }])
  const dying = yield* openOn(emulator, { journal: dyingBeforeAnswer(journal), storeWithin: "100 days" })
  yield* Effect.forkChild(dying.runs.trigger(ref, { whenRunning: "fail" }))
  yield* TestClock.adjust("10 seconds")
  yield* emulator.triggerAsStranger(ids)
  return (yield* runsOfCalls(opened))[0]
})

describe("a trigger whose answer is lost", () => {
  it.effect("T4: is sent again with the same key, and the vendor starts one run", () =>
    Effect.gen(function* () {
      const opened = yield* onEmulator()
      yield* opened.emulator.addFaults(Fault.lost("start", { commits: true, times: 2 }))
      const result = yield* ended(opened.runs.trigger(opened.ref, { whenRunning: "fail" }))
      const [run] = yield* runsOfCalls(opened)
      expect(result).toMatchObject({ success: { _tag: "Started", run: { run }, guard: "keyed" } })
      const keys = yield* keysSent(opened)
      expect(keys).toHaveLength(3)
      expect(new Set(keys).size).toBe(1)
      expect(keys[0]).toMatch(/^[A-Za-z0-9_-]{8,255}$/)
    }),
  )

  it.effect.each(["message", "key", "same"] as const)(
    "T4: is repeated while the vendor is at work on it, where %s tells its 409 from the other one",
    (conflictForm) =>
      Effect.gen(function* () {
        const opened = yield* onEmulator({ switches: { conflictForm } })
        yield* opened.emulator.addFaults(Fault.lost("start", { commits: true, commitAfter: "20 seconds" }))
        const result = yield* ended(opened.runs.trigger(opened.ref, { whenRunning: "skip" }))
        const [run, ...others] = yield* runsOfCalls(opened)
        expect(result).toMatchObject({ success: { _tag: "Started", run: { run } } })
        expect(others).toEqual([])
      }),
  )

  it.effect.each(["message", "key"] as const)(
    "T1, T3: is refused where its repetition arrives first, while a stranger's run is under way (its 409 is known by %s)",
    (conflictForm) =>
      Effect.gen(function* () {
        const opened = yield* onEmulator({ switches: { conflictForm } })
        const { emulator, ids, runs, ref } = opened
        yield* emulator.addFaults(Fault.lost("start", { commits: false }))
        const fiber = yield* Effect.forkChild(runs.trigger(ref, { whenRunning: "fail" }))
        yield* TestClock.adjust("100 millis")
        yield* emulator.triggerAsStranger(ids, { plan: { duration: "1 hour" } })
        expect(yield* ended(Fiber.join(fiber))).toMatchObject({ failure: { reason: { _tag: "AlreadyRunning" } } })
        expect(yield* runsOfCalls(opened)).toEqual([])
        expect(yield* entriesOf(opened)).toEqual([])
      }),
  )
})

it.effect("T5, T10: a trigger that was refused for a run that no read shows has another key after it", () =>
  Effect.gen(function* () {
    const opened = yield* onEmulator({ readLag: "40 seconds" })
    const { emulator, ids, runs, ref } = opened
    yield* emulator.triggerAsStranger(ids, { plan: { duration: "30 seconds" } })
    const result = yield* ended(runs.trigger(ref, { whenRunning: "wait", key: "nightly/2026-01-05" }))
    const [run, ...others] = yield* runsOfCalls(opened)
    expect(result).toMatchObject({ success: { _tag: "Started", run: { run } } })
    expect(others).toEqual([])
    const keys = yield* keysSent(opened)
    expect(new Set(keys).size).toBe(keys.length)
  }),
)

describe("what a process has left that died after its request, beside a stranger's run", () => {
  it.effect("T3, T10: is settled by its key for half of the time that the vendor keeps it", () =>
    Effect.gen(function* () {
      const opened = yield* onEmulator()
      const own = yield* leaveBehind(opened)
      yield* TestClock.adjust("11 hours")
      const result = yield* ended(opened.runs.trigger(opened.ref, { whenRunning: "fail", turnWithin: "1 hour" }))
      expect(result).toMatchObject({ success: { _tag: "Started" } })
      expect(yield* entriesOf(opened)).toMatchObject([{ state: "started" }, { state: "started", run: { run: own } }])
    }),
  )

  it.effect.each(["13 hours", "25 hours"] as const)(
    "T4: is not sent again after %s, when a key that is forgotten would start a second run",
    (age) =>
      Effect.gen(function* () {
        const opened = yield* onEmulator()
        const own = yield* leaveBehind(opened)
        yield* TestClock.adjust(Duration.fromInputUnsafe(age))
        const result = yield* ended(opened.runs.trigger(opened.ref, { whenRunning: "fail", turnWithin: "1 hour" }))
        expect(result).toMatchObject({ failure: { _tag: "TriggerIndeterminate", delivery: "not-sent" } })
        expect(yield* runsOfCalls(opened)).toEqual([own])
        expect(yield* keysSent(opened)).toHaveLength(1)
      }),
  )

  it.effect("T3: stays as it is where a program only resolves it, which sends reads alone", () =>
    Effect.gen(function* () {
      const opened = yield* onEmulator()
      yield* leaveBehind(opened)
      yield* TestClock.adjust("1 hour")
      const [entry] = yield* entriesOf(opened)
      if (entry?.kind !== "trigger") return expect.fail("the journal has no trigger")
      expect(yield* ended(opened.runs.resolve(entry))).toMatchObject({ success: { _tag: "Ambiguous" } })
      expect(yield* keysSent(opened)).toHaveLength(1)
    }),
  )
})

describe("a key that comes with another body", () => {
  const start = (opened: Opened, resync: boolean) =>
    Effect.result(opened.client.startSync(opened.sync, { resync }, "the-same-key"))

  it.effect.each([
    ["replayed", { success: { status: "created" } }],
    ["409", { failure: { reason: { _tag: "Conflict" }, delivery: "unknown" } }],
    ["422", { failure: { reason: { _tag: "InvalidRequest" }, delivery: "refused" } }],
  ] as const)("T4: starts no second run, where the vendor answers %s", ([keyReuse, expected]) =>
    Effect.gen(function* () {
      const opened = yield* onEmulator({ switches: { keyReuse } })
      const first = yield* start(opened, false)
      const second = yield* start(opened, true)
      expect(second).toMatchObject(expected)
      if (keyReuse === "replayed") expect(second).toEqual(first)
      expect(yield* runsOfCalls(opened)).toHaveLength(1)
    }),
  )
})

it.effect("POST /api/syncs/{id}/executions: a key that the vendor has forgotten starts a second run", () =>
  Effect.gen(function* () {
    const opened = yield* onEmulator()
    const start = opened.client.startSync(opened.sync, {}, "the-same-key")
    const first = yield* start
    yield* TestClock.adjust("23 hours")
    expect(yield* start).toEqual(first)
    yield* TestClock.adjust("2 hours")
    expect((yield* start).id).not.toBe(first.id)
  }),
)

it.effect.each(["short", "a key with spaces", "ключ-ключ-ключ", "x".repeat(256)])(
  "H6: the key %j is refused before any request",
  (key) =>
    Effect.gen(function* () {
      const opened = yield* onEmulator()
      const error = yield* Effect.flip(opened.client.startSync(opened.sync, {}, key))
      expect(error).toMatchObject({ reason: { _tag: "InvalidRequest" }, delivery: "not-sent" })
      expect(yield* opened.emulator.calls).toEqual([])
    }),
)
