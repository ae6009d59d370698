import { describe, expect, it } from "@effect/vitest"
import { Context, Duration, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { type Facts, isDecided, type Journaled, judge, underWay } from "../src/engine/freshness/judge.ts"
import * as Journal from "../src/journal/Journal.ts"
import { NotFound } from "../src/model/Reason.ts"
import { Run } from "../src/model/Run.ts"
import { Runs, type Service } from "../src/Runs.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import * as ListedRuns from "./support/listedRuns.ts"
import { begin, otherProcess, within, workspace } from "./support/testbed.ts"

const sync = FakeDriver.sync()

const minute = 60_000
const hour = 60 * minute

/** The time of the facts, in seconds; runs are named by when they began before it. */
const vendorNow = 100 * 3_600

const good = { succeeded: 10, failed: 0 }

interface Times {
  readonly status?: Run["status"]
  readonly rows?: Run["rows"]
  /** How many seconds ago. */
  readonly started?: number
  readonly queued?: number
  readonly finished?: number
}

const run = (id: string, { status = "succeeded", rows = good, started, queued, finished }: Times): Run => {
  const at = (ago: number) => FakeDriver.at(1_000 * (vendorNow - ago))
  return new Run({
    ...ListedRuns.run(id, undefined, status),
    rows,
    ...(started !== undefined && { startedAt: at(started) }),
    ...(queued !== undefined && { queuedAt: at(queued) }),
    ...(finished !== undefined && { finishedAt: at(finished) }),
  })
}

const journaled = (
  id: string,
  times: Partial<Omit<Journaled, "entry">>,
  status: Run["status"] = "succeeded",
): [string, Journaled] => [
  id,
  {
    ...{
      run: run(id, { status }),
      entry: "e",
      markedAgo: Number.POSITIVE_INFINITY,
      sentAgo: Number.POSITIVE_INFINITY,
      acceptedAgo: Number.POSITIVE_INFINITY,
    },
    ...times,
  },
]

const facts = (listed: ReadonlyArray<Run>, others: Partial<Facts> = {}): Facts => ({
  ...{ listed, isWhole: true, isOrdered: false, vendorNow: 1_000 * vendorNow, journaled: new Map() },
  ...{ isJournalWhole: true, readLag: minute },
  ...others,
})

const hourly = { freshFor: hour }

describe("judging freshness", () => {
  it.each<readonly [string, Facts, object]>([
    ["a run that began within the bound is fresh", facts([run("r", { started: 600 })]), { _tag: "Fresh" }],
    ["age counts from the start, not the end", facts([run("r", { started: 4_000, finished: 10 })]), { _tag: "Stale" }],
    ["a date a minute from the bound decides", facts([run("r", { started: 3_539 })]), { _tag: "Fresh" }],
    ["a date nearer to the bound does not", facts([run("r", { started: 3_541 })]), { _tag: "Unverified" }],
    [
      "nor behind the bound",
      facts([run("r", { started: 3_659 })]),
      { _tag: "Unverified", run: { status: "succeeded" } },
    ],
    ["a minute behind it, the run is stale", facts([run("r", { started: 3_660 })]), { _tag: "Stale", level: "warn" }],
    ["a queued time is the earliest start", facts([run("r", { queued: 600, finished: 60 })]), { _tag: "Fresh" }],
    ["an old queued time shows nothing", facts([run("r", { queued: 7_200, finished: 60 })]), { _tag: "Unverified" }],
    ["an end before the bound does", facts([run("r", { queued: 9_000, finished: 7_200 })]), { _tag: "Stale" }],
    ["no date shows nothing", facts([run("r", {})]), { _tag: "Unverified" }],
    ["a start in the future shows nothing", facts([run("r", { started: -120 })]), { _tag: "Unverified" }],
    ["a start that clocks put in the future is now", facts([run("r", { started: -30 })]), { _tag: "Fresh" }],
    ["a run under way proves nothing", facts([run("r", { status: "running", started: 60 })]), { _tag: "Never" }],
    ["a failed run does not count", facts([run("r", { status: "failed", started: 60 })]), { _tag: "Never" }],
    ["rows decide, not the word", facts([run("r", { rows: { succeeded: 1 }, started: 60 })]), { _tag: "Never" }],
    ["an unknown word may be a success", facts([run("r", { status: "unknown", started: 60 })]), { _tag: "Unverified" }],
    ["also an old one", facts([run("r", { status: "unknown", started: 9_000 })]), { _tag: "Unverified" }],
    ["an empty list", facts([]), { _tag: "Never" }],
    ["a cut list hides newer runs", facts([run("r", { started: 9_000 })], { isWhole: false }), { _tag: "Unverified" }],
    ["a cut list shows what is fresh", facts([run("r", { started: 60 })], { isWhole: false }), { _tag: "Fresh" }],
    [
      "a list that is newest first hides older runs only",
      facts([run("r", { started: 9_000 })], { isWhole: false, isOrdered: true }),
      { _tag: "Stale" },
    ],
    [
      "unless its last run may have begun within the bound",
      facts([run("a", { started: 9_000 }), run("r", { queued: 9_000 })], { isWhole: false, isOrdered: true }),
      { _tag: "Unverified" },
    ],
    [
      "a list as long as vendors keep may have dropped an accepted run",
      facts(Array.from({ length: 20 }, (_, at) => run(`r${at}`, { status: "failed", started: 9_000 }))),
      { _tag: "Unverified" },
    ],
    [
      "a shorter one has not",
      facts(Array.from({ length: 19 }, (_, at) => run(`r${at}`, { status: "failed", started: 9_000 }))),
      { _tag: "Never" },
    ],
    [
      "a run of the journal needs no margin",
      facts([run("r", { started: 3_599 })], { journaled: new Map([journaled("r", { sentAgo: hour - 1 })]) }),
      { _tag: "Fresh" },
    ],
    [
      "at the bound it is no longer fresh",
      facts([], { journaled: new Map([journaled("r", { sentAgo: hour, endedAgo: hour })]) }),
      { _tag: "Stale", level: "warn" },
    ],
    [
      "an end that the journal has counts also where the list lags",
      facts([run("r", { status: "running", rows: {}, started: 600 })], {
        journaled: new Map([journaled("r", { sentAgo: 600_000, endedAgo: 1_000 })]),
      }),
      { _tag: "Fresh", run: { status: "succeeded" } },
    ],
    [
      "an adopted run began at any time before its end",
      facts([], { journaled: new Map([journaled("r", { endedAgo: 1_000 })]) }),
      { _tag: "Unverified", run: { status: "succeeded" } },
    ],
    [
      "dates that the journal contradicts say nothing",
      facts([run("r", { started: 20_000 })], { journaled: new Map([journaled("r", { sentAgo: 2 * hour })]) }),
      { _tag: "Unverified", why: expect.stringContaining("contradict") },
    ],
    [
      "a run that no read shows may have ended",
      facts([], { journaled: new Map([journaled("r", { sentAgo: 9e6, acceptedAgo: 1_000 }, "running")]) }),
      { _tag: "Unverified" },
    ],
    [
      "also one that the vendor does not list any more",
      facts([], { journaled: new Map([journaled("r", { sentAgo: 9e6, acceptedAgo: 9e6 }, "running")]) }),
      { _tag: "Unverified" },
    ],
    ["a record that cannot be decoded may be a run", facts([], { isJournalWhole: false }), { _tag: "Unverified" }],
    [
      "it does not matter where the list decides",
      facts([run("r", { started: 9_000 })], { isJournalWhole: false }),
      { _tag: "Stale" },
    ],
  ])("N1: %s", (_, shown, expected) => {
    const freshness = judge(shown, hourly)
    expect(freshness).toMatchObject(expected)
    if (freshness._tag === "Unverified") expect(freshness.why).toMatch(/^[a-z].+[^.]$/)
  })

  const old = run("old", { started: 9_000 })
  const unlisted = (times: Partial<Journaled>) => new Map([journaled("r", times, "running")])

  it.each<readonly [string, Facts, object]>([
    [
      "a start a minute in the future is now",
      facts([run("r", { started: -60 })]),
      { _tag: "Fresh", age: Duration.zero },
    ],
    ["an age is not below 0", facts([run("r", { started: -30 })]), { _tag: "Fresh", age: Duration.zero }],
    [
      "a start that the journal just allows is taken",
      facts([run("r", { started: 4_000 })], { journaled: new Map([journaled("r", { sentAgo: 3_940_000 })]) }),
      { _tag: "Stale", age: Duration.seconds(3_940) },
    ],
    [
      "also one right before the end that the journal has",
      facts([run("r", { started: 3_540 })], { journaled: new Map([journaled("r", { endedAgo: hour })]) }),
      { _tag: "Stale", age: Duration.seconds(3_540) },
    ],
    ["an end tells the age where it is all", facts([run("r", { finished: 7_200 })]), { age: Duration.seconds(7_140) }],
    [
      "the newest of several is fresh",
      facts([600, 300, 900].map((started) => run(`r${started}`, { started }))),
      { _tag: "Fresh", age: Duration.seconds(300), run: { ref: { run: "r300" } } },
    ],
    [
      "the newest of several is in doubt",
      facts([3_650, 3_600, 3_655].map((started) => run(`r${started}`, { started }))),
      { _tag: "Unverified", run: { ref: { run: "r3600" } } },
    ],
    [
      "an unknown word within the bound may be newer",
      facts([run("r", { status: "unknown", started: 3_659 }), old]),
      { _tag: "Unverified" },
    ],
    ["not behind it", facts([run("r", { status: "unknown", started: 3_660 }), old]), { _tag: "Stale" }],
    [
      "a run that no read shows yet may be newer",
      facts([old], { journaled: unlisted({ sentAgo: 9e6, acceptedAgo: minute - 1 }) }),
      { _tag: "Unverified" },
    ],
    [
      "also one that the journal began within the bound",
      facts([old], { journaled: unlisted({ sentAgo: hour - 1, acceptedAgo: hour - 1 }) }),
      { _tag: "Unverified" },
    ],
    ["not at it", facts([old], { journaled: unlisted({ sentAgo: hour, acceptedAgo: minute }) }), { _tag: "Stale" }],
    [
      "a list that is newest first hides none once it has reached the bound",
      facts([run("r", { started: 3_660 })], { isWhole: false, isOrdered: true }),
      { _tag: "Stale" },
    ],
  ])("N1: near the bound: %s", (_, shown, expected) => {
    expect(judge(shown, hourly)).toMatchObject(expected)
  })

  it.each<readonly [string, Run]>([
    ["began within a minute of the bound", run("r", { started: 3_600 })],
    ["when the newest accepted run was queued", run("r", { queued: 7_200 })],
    ["does not report when the newest accepted run began", run("r", {})],
    ["begins in the future", run("r", { started: -120 })],
  ])("N1: it says what is missing: %s", (why, shown) => {
    expect(judge(facts([shown]), hourly)).toMatchObject({ _tag: "Unverified", why: expect.stringContaining(why) })
  })

  it("N1: a run without dates is never too old to be fresh", () => {
    expect(judge(facts([run("r", {})]), { freshFor: 1 })).toMatchObject({ _tag: "Unverified" })
  })

  it("N1: the judgment has the newest accepted run, with its age and level", () => {
    const runs = [4_200, 7_200, 3_900].map((started) => run(`r${started}`, { started }))
    const bounds = { freshFor: hour, errorAfter: 65 * minute }
    expect(judge(facts(runs), bounds)).toMatchObject({
      ...{ _tag: "Stale", level: "error", age: Duration.seconds(3_900), run: { ref: { run: "r3900" } } },
    })
    expect(judge(facts(runs), { ...bounds, errorAfter: 66 * minute })).toMatchObject({ level: "warn" })
  })

  it("N1: a later page is read only where it may decide", () => {
    const ordered = (listed: ReadonlyArray<Run>) => facts(listed, { isWhole: false, isOrdered: true })
    const near = run("near", { started: 3_600 })
    expect(isDecided(ordered([near, run("old", { started: 9_000 })]), hourly)).toBe(true)
    expect(isDecided(ordered([near]), hourly)).toBe(false)
    expect(isDecided(ordered([run("old", { status: "failed", started: 9_000 })]), hourly)).toBe(false)
  })
})

describe("a run under way", () => {
  const old = run("old", { status: "running", started: 9_000 })
  const recent = journaled("recent", { sentAgo: 30_000, acceptedAgo: 29_000 }, "running")
  const gone = journaled("gone", { sentAgo: 9e6, acceptedAgo: 9e6 }, "running")
  const missing = journaled("missing", { sentAgo: 5e5, acceptedAgo: 5e5 }, "running")

  it.each<readonly [string, Facts, ReadonlyArray<string>, object | undefined]>([
    ["is none where all have ended", facts([run("r", { started: 60 })]), [], undefined],
    ["may be older", facts([old]), [], { run: { ref: { run: "old" } }, isFresh: false, isMissing: false }],
    ["is older at the bound", facts([run("r", { status: "running", started: 3_540 })]), [], { isFresh: false }],
    ["is fresh within it", facts([run("r", { status: "running", started: 3_539 })]), [], { isFresh: true }],
    [
      "is older at the bound, also in the journal",
      facts([], { journaled: new Map([journaled("r", { sentAgo: hour, acceptedAgo: 1 }, "running")]) }),
      [],
      { isFresh: false, isMissing: false },
    ],
    [
      "is missing once reads cannot lag any more",
      facts([], { journaled: new Map([journaled("r", { sentAgo: minute, acceptedAgo: minute }, "running")]) }),
      [],
      { isFresh: true, isMissing: true },
    ],
    ["is one that is fresh, before others", facts([old], { journaled: new Map([recent]) }), [], { isFresh: true }],
    ["is none that has been seen to end", facts([old]), ["old"], undefined],
    [
      "is none that the journal began long ago and no list shows",
      facts([], { journaled: new Map([gone]) }),
      [],
      undefined,
    ],
    [
      "may be missing in the list",
      facts([], { journaled: new Map([missing]) }),
      [],
      { isMissing: true, isFresh: true },
    ],
    [
      "is one that cannot be missing, before others",
      facts([], { journaled: new Map([missing, recent]) }),
      [],
      { run: { ref: { run: "recent" } }, isMissing: false },
    ],
    ["begins now where it is queued", facts([run("r", { status: "queued", queued: 9_000 })]), [], { isFresh: true }],
  ])("T11: %s", (_, shown, ended, expected) => {
    const current = underWay(shown, hourly, new Set(ended))
    if (expected === undefined) expect(current).toBeUndefined()
    else expect(current).toMatchObject(expected)
  })
})

const freshnessOf = (runs: Service) => runs.freshness(sync, { warnAfter: "1 hour", errorAfter: "2 hours" })

describe("freshness of a sync", () => {
  it.effect("N1: runs that anybody started count, and the list is read as far as necessary", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make({ pageSize: 5 })
      yield* TestClock.setTime(100 * hour)
      for (let hours = 1; hours <= 90; hours++) fake.begin("s1", hours * hour)
      const runs = Context.get((yield* workspace(fake)).services, Runs)
      expect(yield* freshnessOf(runs)).toMatchObject({ _tag: "Stale", level: "error", run: { ref: { run: "r90" } } })
      expect(fake.sent.map(({ operation }) => operation)).toEqual(["list"])
      fake.begin("s1", 100 * hour - 10 * minute)
      expect(yield* freshnessOf(runs)).toMatchObject({ _tag: "Fresh", age: Duration.minutes(10) })
      expect(fake.sent).toHaveLength(2)
    }),
  )

  it.effect("N1: the journal's end of a run proves freshness without a request", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const journal = Journal.memory()
      const [here, there] = yield* Effect.all([otherProcess(fake, { journal }), otherProcess(fake, { journal })])
      yield* within("5 minutes", Context.get(here.services, Runs).run(sync, { whenRunning: "fail" }))
      const requests = fake.sent.length
      const runs = Context.get(there.services, Runs)
      expect(yield* freshnessOf(runs)).toMatchObject({ _tag: "Fresh", run: { status: "succeeded", rows: good } })
      expect(fake.sent).toHaveLength(requests)
      yield* TestClock.adjust("2 hours")
      expect(yield* freshnessOf(runs)).toMatchObject({ _tag: "Stale", level: "error" })
    }),
  )

  it.effect("N1: Never needs a token that reaches the sync", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const runs = Context.get((yield* workspace(fake)).services, Runs)
      expect(yield* freshnessOf(runs)).toEqual({ _tag: "Never" })
      expect(fake.sent.map(({ operation }) => operation)).toEqual(["list", "check"])
      fake.fail("check", FakeDriver.failure(new NotFound({ what: "sync" }), "refused", { status: 404 }))
      const error = yield* Effect.flip(freshnessOf(runs))
      expect(error).toMatchObject({ operation: "freshness", reason: { _tag: "NotFound" }, sync: { ids: sync.ids } })
    }),
  )

  it.effect("N1: a record of another edition does not make it fail", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const memory = Journal.memory()
      const unreadable = [{ _tag: "Unreadable", id: "odd", why: "it is of another edition" }] as const
      const journal = { ...memory, list: () => Effect.succeed({ entries: [], unreadable }) }
      const runs = Context.get((yield* workspace(fake, { journal })).services, Runs)
      expect(yield* freshnessOf(runs)).toMatchObject({ _tag: "Unverified" })
      yield* TestClock.setTime(hour)
      fake.begin("s1", 55 * minute)
      expect(yield* freshnessOf(runs)).toMatchObject({ _tag: "Fresh" })
    }),
  )

  it.effect("N1: an interrupt stops its requests", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.hang("list")
      const runs = Context.get((yield* workspace(fake)).services, Runs)
      const caller = yield* begin(freshnessOf(runs))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(caller)
      yield* TestClock.adjust("1 hour")
      expect(fake.sent).toHaveLength(1)
    }),
  )

  it.effect.each<readonly [object, ReadonlyArray<string>]>([
    [{}, ["warnAfter"]],
    [{ warnAfter: -1, errorAfter: "a while" }, ["warnAfter", "errorAfter"]],
    [{ warnAfter: 0, errorAfter: "4000 days" }, ["warnAfter", "errorAfter"]],
    [{ warnAfter: "2 hours", errorAfter: "1 hour" }, ["errorAfter"]],
    [
      { warnAfter: "2 hours", errorAfter: "1 hour", policy: { minRow: 1 }, errorAter: 1 },
      ["policy.minRow", "errorAter", "errorAfter"],
    ],
  ])("H6: freshness refuses %j with all problems at once", ([options, paths]) =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const { freshness } = Context.get((yield* workspace(fake)).services, Runs)
      const error = yield* Effect.flip(freshness(sync, options as Parameters<typeof freshness>[1]))
      if (error.reason._tag !== "InvalidRequest") return expect.unreachable()
      expect(error.reason.issues.map(({ path }) => path.join(".")).sort()).toEqual([...paths].sort())
      expect(error).toMatchObject({ operation: "freshness", delivery: "not-sent" })
      expect(fake.sent).toEqual([])
    }),
  )
})
