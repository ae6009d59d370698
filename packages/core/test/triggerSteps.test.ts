import { describe, expect, it } from "@effect/vitest"
import { DateTime, Duration, Effect } from "effect"
import { TestClock } from "effect/testing"
import * as Keyed from "../src/engine/trigger/keyed.ts"
import * as LookUp from "../src/engine/trigger/lookUp.ts"
import * as Turns from "../src/engine/trigger/turns.ts"
import type { Stored } from "../src/journal/Journal.ts"
import type { Owner, TriggerEntry } from "../src/model/JournalEntry.ts"
import { RunRef } from "../src/model/Ref.ts"
import { Run } from "../src/model/Run.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { begin } from "./support/testbed.ts"

const sync = FakeDriver.sync()
const at = (seconds: number) => DateTime.makeUnsafe(seconds * 1_000)
const owner = (call: string): Owner => ({ host: "h", pid: 1, call })

const common = {
  kind: "trigger",
  id: "e1",
  identity: "i",
  vendor: "fake",
  baseUrl: "https://fake.example",
  workspace: "test",
  key: "k",
  sync,
  edition: 2,
  revision: 3,
  attempt: 1,
  owner: owner("c1"),
  createdAt: at(0),
  writtenAt: at(0),
} as const

const fence = { runs: ["r1"], newest: at(900), asOf: at(1_000), complete: true }

const request = {
  sentAt: at(1_000),
  fence,
  exclusive: false,
  writeTimeout: Duration.seconds(180),
  runAppearsWithin: Duration.seconds(120),
}

const run = new RunRef({ sync, run: "r2" })

const states = {
  claimed: { ...common, state: "claimed" },
  sent: { ...common, state: "sent", request },
  lost: { ...common, state: "lost", request, lostAt: at(1_060) },
  started: { ...common, state: "started", request, acceptedAt: at(1_001), run },
  adopted: { ...common, state: "started", acceptedAt: at(1_001), run, adopted: "already-running" },
  finished: {
    ...common,
    state: "finished",
    request,
    endedAt: at(2_000),
    run,
    status: "succeeded",
    rows: { succeeded: 9, failed: 0 },
  },
  refused: { ...common, state: "refused", request, endedAt: at(1_001) },
  "not-started": { ...common, state: "not-started", request, endedAt: at(1_300) },
  abandoned: { ...common, state: "abandoned", request, endedAt: at(1_300), candidates: [] },
} as const satisfies Record<string, TriggerEntry>

const stored = (entry: TriggerEntry, isOwnerAlive = false): Stored => ({
  _tag: "Stored",
  entry,
  readAt: at(2_600),
  isOwnerAlive,
})

describe("the table of keys", () => {
  const rows = [
    ["claimed, owner alive", states.claimed, true, {}, { _tag: "AwaitOwner" }],
    ["claimed, owner gone", states.claimed, false, {}, { _tag: "TakeOver", version: { id: "e1", revision: 3 } }],
    ["sent, owner alive", states.sent, true, {}, { _tag: "AwaitOwner" }],
    ["sent, owner gone", states.sent, false, {}, { _tag: "Settle" }],
    ["lost", states.lost, false, {}, { _tag: "Settle" }],
    ["started", states.started, false, {}, { _tag: "Joined", run: { run: "r2" } }],
    ["started by adoption", states.adopted, false, {}, { _tag: "Joined", run: { run: "r2" } }],
    ["finished, accepted", states.finished, false, {}, { _tag: "Remembered", status: "succeeded", age: minutes(10) }],
    [
      "finished, accepted, again",
      states.finished,
      false,
      { again: "not-accepted" },
      { _tag: "Remembered", rows: { succeeded: 9, failed: 0 } },
    ],
    ["finished, not accepted", states.finished, false, { policy: { minRows: 10 } }, { _tag: "Remembered" }],
    [
      "finished, not accepted, again",
      states.finished,
      false,
      { again: "not-accepted", policy: { minRows: 10 } },
      { _tag: "ClaimNext", after: { id: "e1", revision: 3 } },
    ],
    ["refused", states.refused, false, {}, { _tag: "ClaimNext" }],
    ["not-started", states["not-started"], false, {}, { _tag: "ClaimNext" }],
    ["abandoned", states.abandoned, false, {}, { _tag: "ClaimNext" }],
    ["used with another scope", { ...states.started, scope: "full" }, false, {}, { _tag: "OtherScope", scope: "full" }],
    [
      "finished later than it was read, by a store whose clock went back",
      { ...states.finished, endedAt: at(3_000) },
      false,
      {},
      { _tag: "Remembered", age: Duration.zero },
    ],
  ] as const

  it.each(rows)("T10: a key that is %s", (_, entry, isOwnerAlive, options, expected) => {
    const next = Keyed.next(stored(entry, isOwnerAlive), { whenRunning: "fail", scope: undefined, ...options })
    expect(next).toMatchObject(expected)
  })
})

function minutes(count: number) {
  return Duration.minutes(count)
}

const runAt = (id: string, startedAt?: number): Run =>
  new Run({
    ref: new RunRef({ sync, run: id }),
    status: "running",
    vendorStatus: "running",
    rows: {},
    native: {},
    ...(startedAt !== undefined && { startedAt: at(startedAt) }),
  })

describe("what a look decides", () => {
  const timely = {
    early: new Set(["r2", "r3"]),
    isComplete: true,
    mayImprove: false,
    isTimely: true,
    isClockSteady: true,
  }
  const late = { early: new Set<string>(), isComplete: true, mayImprove: false, isTimely: false, isClockSteady: true }
  const exclusive = { ...states.lost, request: { ...request, exclusive: true } }
  const cut = { ...states.lost, request: { ...request, fence: { ...fence, complete: false } } }
  // The header's clock is behind the newest run by an hour: it contradicts itself.
  const frozen = { ...states.lost, request: { ...request, fence: { ...fence, newest: at(4_600) } } }

  const rows: ReadonlyArray<
    readonly [string, LookUp.OpenEntry, ReadonlyArray<Run>, Omit<LookUp.Seen, "runs">, LookUp.Verdict["_tag"]]
  > = [
    ["no new run in a whole list", states.lost, [], timely, "Nothing"],
    ["no new run in a cut list", states.lost, [], { ...timely, isComplete: false }, "Unclear"],
    [
      "no run at all where the fence has some",
      states.lost,
      [],
      { ...timely, isComplete: false, mayImprove: true },
      "Again",
    ],
    ["no new run past an incomplete fence", cut, [], timely, "Unclear"],
    ["a new run in the window", states.lost, [runAt("r2", 1_010)], timely, "One"],
    ["a new run in a cut list", states.lost, [runAt("r2", 1_010)], { ...timely, isComplete: false }, "Unclear"],
    [
      "a new run in a list that changes while it is read",
      states.lost,
      [runAt("r2", 1_010)],
      { ...timely, isComplete: false, mayImprove: true },
      "Again",
    ],
    ["two new runs", exclusive, [runAt("r2", 1_010), runAt("r3", 1_020)], timely, "Unclear"],
    ["a run 45 s before the request by the vendor's clock", states.lost, [runAt("r2", 955)], timely, "Unclear"],
    ["the same of an exclusive sync", exclusive, [runAt("r2", 955)], timely, "One"],
    ["a run older than one of the fence", states.lost, [runAt("r2", 800)], timely, "Unclear"],
    ["the same of an exclusive sync, seen early", exclusive, [runAt("r2", 800)], timely, "One"],
    ["a run without a date, seen early", states.lost, [runAt("r2")], timely, "One"],
    ["a run without a date, seen late", states.lost, [runAt("r2")], late, "Unclear"],
    ["a run near a bound, seen early", states.lost, [runAt("r2", 990)], timely, "Unclear"],
    ["the same of an exclusive sync", exclusive, [runAt("r2", 990)], timely, "One"],
    ["a run near a bound, seen late", states.lost, [runAt("r2", 990)], late, "Unclear"],
    ["a run hours later, seen late", states.lost, [runAt("r2", 9_000)], late, "Unclear"],
    ["the same of an exclusive sync", exclusive, [runAt("r2", 9_000)], late, "Unclear"],
    [
      "one in the window and one hours later, seen late",
      states.lost,
      [runAt("r2", 1_010), runAt("r3", 9_000)],
      late,
      "One",
    ],
    ["clocks that contradict themselves, seen early", frozen, [runAt("r2", 4_700)], timely, "One"],
    ["clocks that contradict themselves, seen late", frozen, [runAt("r2", 4_700)], late, "Unclear"],
  ]
  it.each(rows)("T3: %s", (_, entry, runs, seen, verdict) => {
    expect(LookUp.judge(entry, { runs, ...seen })._tag).toBe(verdict)
  })
})

describe("turns", () => {
  it.effect("T9: they begin in the order of their calls, and a call that leaves its place disturbs no other", () =>
    Effect.gen(function* () {
      const turns = Turns.make()
      const began: Array<string> = []
      const [a, b, c, d] = [owner("a"), owner("b"), owner("c"), owner("d")]
      const take = (who: Owner) =>
        Effect.tap(turns.take("s", who, Duration.minutes(1)), () => Effect.sync(() => began.push(who.call)))
      yield* take(a)
      const second = yield* begin(take(b))
      yield* TestClock.adjust("1 second")
      const third = yield* begin(take(c))
      yield* begin(take(d))
      yield* TestClock.adjust("1 second")
      expect(began).toEqual(["a"])
      third.interruptUnsafe()
      yield* TestClock.adjust("1 second")
      // Only the call whose turn it is can end it.
      turns.end("s", d)
      expect(began).toEqual(["a"])
      turns.end("s", a)
      yield* TestClock.adjust("1 second")
      expect(began).toEqual(["a", "b"])
      turns.end("s", b)
      yield* TestClock.adjust("1 second")
      expect(began).toEqual(["a", "b", "d"])
      turns.end("s", d)
      yield* take(a)
      expect(second.pollUnsafe()).toBeDefined()
    }),
  )

  it.effect("T9: a call that has waited too long gets the call at work, and its place is gone", () =>
    Effect.gen(function* () {
      const turns = Turns.make()
      yield* turns.take("s", owner("a"), Duration.minutes(1))
      const late = yield* begin(Effect.flip(turns.take("s", owner("b"), Duration.seconds(10))))
      yield* TestClock.adjust("11 seconds")
      expect(late.pollUnsafe()).toMatchObject({ value: { call: "a" } })
      turns.end("s", owner("b"))
      const third = yield* begin(turns.take("s", owner("c"), Duration.minutes(1)))
      yield* TestClock.adjust("1 second")
      expect(third.pollUnsafe()).toBeUndefined()
    }),
  )

  it.effect("T9: the first of those that wait may leave, and the second one is next", () =>
    Effect.gen(function* () {
      const turns = Turns.make()
      const a = owner("a")
      yield* turns.take("s", a, Duration.minutes(1))
      const first = yield* begin(turns.take("s", owner("b"), Duration.minutes(1)))
      yield* TestClock.adjust("1 second")
      const second = yield* begin(turns.take("s", owner("c"), Duration.minutes(1)))
      yield* TestClock.adjust("1 second")
      first.interruptUnsafe()
      yield* TestClock.adjust("1 second")
      expect(second.pollUnsafe()).toBeUndefined()
      turns.end("s", a)
      yield* TestClock.adjust("1 second")
      expect(second.pollUnsafe()).toMatchObject({ _tag: "Success" })
    }),
  )
})
