import { describe, expect, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import type { WorkspaceContext } from "../src/engine/context.ts"
import * as LookUp from "../src/engine/trigger/lookUp.ts"
import * as Reason from "../src/model/Reason.ts"
import type { RetlError } from "../src/model/RetlError.ts"
import type { Run } from "../src/model/Run.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { listing, run, sync } from "./support/listedRuns.ts"
import { within } from "./support/testbed.ts"

const at = (second: number) => FakeDriver.at(1_000 * second)

const fence = { runs: ["r1"], newest: at(900), asOf: at(1_000), complete: true }
const request = {
  sentAt: at(1_000),
  fence,
  exclusive: false,
  writeTimeout: Duration.seconds(180),
  runAppearsWithin: Duration.seconds(120),
}

const sent: LookUp.OpenEntry = {
  kind: "trigger",
  id: "e1",
  identity: "i",
  vendor: "fake",
  baseUrl: "https://fake.example",
  workspace: "test",
  sync,
  edition: 2,
  revision: 3,
  attempt: 1,
  owner: { host: "h", pid: 1, call: "c1" },
  createdAt: at(0),
  writtenAt: at(0),
  state: "sent",
  request,
}

/** An entry whose answer was lost after so many seconds. */
const lost = (after: number, change: Partial<typeof request> = {}): LookUp.OpenEntry => ({
  ...sent,
  state: "lost",
  lostAt: at(1_000 + after),
  request: { ...request, ...change },
})

const withFence = (change: Partial<typeof fence>) => lost(60, { fence: { ...fence, ...change } })

describe("where the date of a run lies", () => {
  const timely = { early: new Set<string>(), isComplete: true, mayImprove: false, isTimely: true, isClockSteady: true }
  const late = { ...timely, isTimely: false }
  const { newest: _, ...withoutNewest } = fence
  const { asOf: __, ...withoutClock } = fence

  // The answer was lost after 60 s, a run appears within 120 s, and 10 s are for the vendor's clock: 190 s.
  const rows: ReadonlyArray<readonly [string, LookUp.OpenEntry, number, LookUp.Verdict]> = [
    ["at the fence's clock", lost(60), 1_000, { _tag: "One", run: run("r2", 1_000) }],
    ["a moment before it", lost(60), 999.999, unclear(/^clocks differ/)],
    ["30 s before it", lost(60), 970, unclear(/^clocks differ/)],
    ["more than 30 s before it", lost(60), 969.999, unclear(/began before the request$/)],
    ["at the newest run of the fence", lost(60), 900, unclear(/began before the request$/)],
    ["before the newest run of the fence", lost(60), 899.999, unclear(/older than a run before the request$/)],
    ["at the end of the window", lost(60), 1_190, { _tag: "One", run: run("r2", 1_190) }],
    ["a moment after the window", lost(60), 1_190.001, unclear(/^clocks differ/)],
    ["30 s after the window", lost(60), 1_220, unclear(/^clocks differ/)],
    ["more than 30 s after the window", lost(60), 1_220.001, unclear(/began later than this trigger's could$/)],
    [
      "at the end of the window of an answer that was lost at once",
      lost(0),
      1_130,
      { _tag: "One", run: run("r2", 1_130) },
    ],
    ["a moment after that", lost(0), 1_130.001, unclear(/^clocks differ/)],
    ["at the end of the window of a clock that was set back", lost(-1), 1_310, { _tag: "One", run: run("r2", 1_310) }],
    ["a moment after that", lost(-1), 1_310.001, unclear(/^clocks differ/)],
    ["at the end of the window of an entry that is sent", sent, 1_310, { _tag: "One", run: run("r2", 1_310) }],
    ["a moment after that", sent, 1_310.001, unclear(/^clocks differ/)],
    [
      "in the window, with a fence 30 s ahead",
      withFence({ newest: at(1_030) }),
      1_040,
      { _tag: "One", run: run("r2", 1_040) },
    ],
    ["in the window, with a fence further ahead", withFence({ newest: at(1_030.001) }), 1_040, unclear(/no clock/)],
    ["in the window, without a clock", lost(60, { fence: withoutClock as typeof fence }), 1_040, unclear(/no clock/)],
    [
      "long before, without a newest run",
      lost(60, { fence: withoutNewest as typeof fence }),
      1,
      unclear(/before the request$/),
    ],
  ]
  it.each(rows)("T3: %s", (_, entry, second, verdict) => {
    expect(LookUp.judge(entry, { ...timely, runs: [run("r2", second)] })).toEqual(verdict)
  })

  it("T3: of an exclusive sync, only a late run that no look showed early is not its own", () => {
    const exclusive = lost(60, { exclusive: true })
    const runs = [run("r2", 1_500)]
    expect(LookUp.judge(exclusive, { ...timely, runs })).toMatchObject({ _tag: "Unclear" })
    expect(LookUp.judge(exclusive, { ...timely, runs, early: new Set(["r2"]) })).toMatchObject({ _tag: "One" })
    expect(LookUp.judge(exclusive, { ...late, runs, early: new Set(["r2"]) })).toMatchObject({ _tag: "Unclear" })
    expect(LookUp.judge(exclusive, { ...late, runs: [run("r2", 880)] })).toMatchObject({ _tag: "One" })
  })

  it("T3: two runs are ambiguous while both could be its own, and one of them later only where clocks exclude it", () => {
    for (const [other, tag] of [
      [1_500, "One"],
      [880, "One"],
      [1_200, "Unclear"],
    ] as const) {
      const runs = [run("r2", 1_010), run("r3", other)]
      expect(LookUp.judge(lost(60), { ...timely, runs })).toMatchObject({ why: "2 new runs could be this trigger's" })
      expect(LookUp.judge(lost(60), { ...late, runs })._tag).toBe(tag)
    }
    const excluded = [run("r2", 1_500), run("r3", 880)]
    expect(LookUp.judge(lost(60), { ...late, runs: excluded })).toMatchObject({ _tag: "Unclear" })
    expect(LookUp.judge(lost(60), { ...late, runs: [run("r2", 1_500)] })).toEqual(unclear(/later than this trigger's/))
  })

  it("T3: a clock of the vendor that does not run says nothing, and the order of its runs still counts", () => {
    const stopped = { ...timely, isClockSteady: false, early: new Set(["r2"]) }
    for (const second of [950, 1_010, 1_500]) {
      expect(LookUp.judge(lost(60), { ...stopped, runs: [run("r2", second)] })).toMatchObject({ _tag: "One" })
    }
    expect(LookUp.judge(lost(60), { ...stopped, early: new Set(), runs: [run("r2", 1_010)] })).toEqual(
      unclear(/no clock/),
    )
    expect(LookUp.judge(lost(60), { ...stopped, runs: [run("r2", 890)] })).toEqual(unclear(/older/))
  })

  it("T3: a run without a date is its own where a look showed it early, and the look-up began in time", () => {
    const runs = [run("r2")]
    const early = new Set(["r2"])
    expect(LookUp.judge(lost(60), { ...timely, runs, early })).toMatchObject({ _tag: "One" })
    expect(LookUp.judge(lost(60), { ...timely, runs })).toEqual(unclear(/no clock/))
    expect(LookUp.judge(lost(60), { ...late, runs, early })).toEqual(unclear(/no clock/))
  })
})

function unclear(why: RegExp): LookUp.Verdict {
  return { _tag: "Unclear", why: expect.stringMatching(why) }
}

const empty = { entries: [], unreadable: [] }

/** Looks up with a vendor that lists what `runs` returns at each look. */
const search = (
  entry: LookUp.OpenEntry,
  runs: (look: number) => ReadonlyArray<Run> | RetlError,
  bounds: LookUp.Bounds,
  schedule: ReturnType<WorkspaceContext["ownSchedule"]> = Effect.succeed("manual"),
  clock: ReadonlyArray<number> = [],
) => {
  const store = { list: () => Effect.succeed(empty) } as unknown as WorkspaceContext["store"]
  const { context, times } = listing(runs, { clock, parts: { store, ownSchedule: () => schedule } })
  return { finding: within("1 hour", LookUp.search(context, entry, sync, bounds)), times }
}

const rounded = (times: ReadonlyArray<number>) =>
  times.map((time) => Math.round(1_000 * (time - (times[0] ?? 0))) / 1_000)

const broken = FakeDriver.failure(new Reason.UnexpectedResponse({ issues: [] }), "unknown")
const bounds = { settledIn: 120_000, searchFor: 300_000 }
const old = run("r1", 900)

describe("the looks of a look-up", () => {
  it.effect("T3: their pauses grow to 30 s, and one comes when the window is over, which decides", () =>
    Effect.gen(function* () {
      const { finding, times } = search(lost(60), () => [old], bounds)
      expect(yield* finding).toEqual({ _tag: "Nothing", showsFence: true })
      expect(rounded(times)).toEqual([0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5, 61.5, 91.5, 120])
    }),
  )

  it.effect("T3: a list that shows too little is read again until the search is over", () =>
    Effect.gen(function* () {
      const { finding, times } = search(lost(60), () => [], { settledIn: 0, searchFor: 40_000 })
      expect(yield* finding).toMatchObject({
        _tag: "Unclear",
        why: "the list may not show every run since the request",
        candidates: [],
      })
      expect(rounded(times)).toEqual([0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5, 40])
    }),
  )

  it.effect("T3: a search that is shorter than the window goes on until that is over", () =>
    Effect.gen(function* () {
      const { finding, times } = search(lost(60), () => broken, { settledIn: 4_000, searchFor: 1_000 })
      expect(yield* finding).toMatchObject({ _tag: "Unreadable", error: { reason: { _tag: "UnexpectedResponse" } } })
      expect(rounded(times)).toEqual([0, 0.5, 1.5, 3.5, 4])
    }),
  )

  it.effect(
    "T3: reads that fail are repeated until the search is over; the candidates are those of the last reading",
    () =>
      Effect.gen(function* () {
        const runs = (look: number) => (look === 2 ? [run("r2", 1_010), old] : broken)
        const { finding, times } = search(lost(60), runs, { settledIn: 4_000, searchFor: 10_000 })
        expect(yield* finding).toMatchObject({ _tag: "Unreadable", candidates: [{ run: "r2" }] })
        expect(rounded(times)).toEqual([0, 0.5, 1.5, 3.5, 4, 10])
      }),
  )

  it.effect("T3: a list that can be read at last decides at once", () =>
    Effect.gen(function* () {
      const { finding, times } = search(lost(60), (look) => (look < 6 ? broken : [old]), { ...bounds, settledIn: 0 })
      expect(yield* finding).toEqual({ _tag: "Nothing", showsFence: true })
      expect(rounded(times)).toEqual([0, 0.5, 1.5, 3.5, 7.5, 15.5])
    }),
  )

  it.effect.each([new Reason.Unauthenticated(), new Reason.PermissionDenied(), new Reason.NotFound({ what: "sync" })])(
    "T3: after $_tag no further look is taken",
    (reason) =>
      Effect.gen(function* () {
        const refused = FakeDriver.failure(reason, "refused")
        const { finding, times } = search(lost(60), () => refused, bounds)
        expect(yield* finding).toMatchObject({ _tag: "Unreadable", error: { reason: { _tag: reason._tag } } })
        expect(times).toHaveLength(1)
      }),
  )

  it.effect("T3: a run without a date counts while a run of the request could appear, and 30 s more", () =>
    Effect.gen(function* () {
      const runs = [run("r2"), old]
      const found = search(lost(60), () => runs, { settledIn: -29_998, searchFor: 0 })
      expect(yield* found.finding).toMatchObject({ _tag: "Found", run: { run: "r2", acceptedAt: at(1_000) } })
      const late = search(lost(60), () => runs, { settledIn: -30_000, searchFor: 0 })
      expect(yield* late.finding).toMatchObject({ _tag: "Unclear", candidates: [{ run: "r2", acceptedAt: at(1_000) }] })
    }),
  )

  it.effect("T3: a run without a date that appears later, in a list that lagged, is not its own", () =>
    Effect.gen(function* () {
      const runs = (look: number) => (look < 7 ? [] : [run("r2"), old])
      const { finding, times } = search(lost(60), runs, { settledIn: 1_500, searchFor: 300_000 })
      expect(yield* finding).toMatchObject({ _tag: "Unclear", why: expect.stringMatching(/no clock/) })
      expect(rounded(times).at(-1)).toBe(31.5)
    }),
  )

  it.effect("T3: a clock of the vendor that goes another way than time, by more than 30 s, excludes no run", () =>
    Effect.gen(function* () {
      const looks = [0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5, 61.5, 91.5, 120]
      const clock = (ahead: number) => looks.map((second) => 1_000 + Math.round(second) + (second > 100 ? ahead : 0))
      const runs = [run("r2", 1_500), old]
      const searched = (clock: ReadonlyArray<number>) =>
        search(lost(60), () => runs, bounds, Effect.succeed("manual"), clock).finding
      for (const ahead of [0, 30, -30]) {
        expect(yield* searched(clock(ahead))).toMatchObject({ _tag: "Unclear", why: expect.stringMatching(/later/) })
      }
      // Nor does an answer without a clock say that it stood still.
      expect(yield* searched(clock(0).slice(0, -1))).toMatchObject({ why: expect.stringMatching(/later/) })
      for (const ahead of [31, -31, -120]) {
        expect(yield* searched(clock(ahead))).toMatchObject({ _tag: "Found", run: { run: "r2" } })
      }
    }),
  )

  it.effect("T3: long after the request, a run that the vendor's clock excludes does not compete", () =>
    Effect.gen(function* () {
      const runs = [run("r3", 1_500), run("r2", 1_010), old]
      const late = search(lost(60), () => runs, { settledIn: -30_000, searchFor: 0 })
      expect(yield* late.finding).toMatchObject({ _tag: "Found", run: { run: "r2" } })
      const timely = search(lost(60), () => runs, { settledIn: -29_999, searchFor: 0 })
      expect(yield* timely.finding).toMatchObject({ _tag: "Unclear" })
    }),
  )
})

describe("what else may have started the only new run", () => {
  const runs = [run("r2", 1_010), old]
  const now = { settledIn: 0, searchFor: 0 }
  const scheduled = "the sync's schedule may have started the new run, and the trigger is not exclusive"
  const unreported = "the vendor does not report whether the sync has a schedule, and the trigger is not exclusive"
  const rows: ReadonlyArray<readonly [string, ReturnType<WorkspaceContext["ownSchedule"]>, string]> = [
    ["a schedule", Effect.succeed("scheduled"), scheduled],
    ["a schedule that is unknown", Effect.succeed("unknown"), unreported],
    ["a schedule that cannot be read", Effect.fail(broken), unreported],
    ["a vendor that reports no schedules", undefined, unreported],
  ]
  it.effect.each(rows)("T3: %s", ([, schedule, why]) =>
    Effect.gen(function* () {
      const store = { list: () => Effect.succeed(empty) } as unknown as WorkspaceContext["store"]
      const { context } = listing(() => runs, { parts: { store, ownSchedule: () => schedule } })
      const finding = yield* within("1 minute", LookUp.search(context, lost(60), sync, now))
      expect(finding).toMatchObject({ _tag: "Unclear", candidates: [{ run: "r2" }], why })
    }),
  )

  it.effect("T3: a full run cannot be distinguished from another one, unless the sync is exclusive", () =>
    Effect.gen(function* () {
      const full = { ...lost(60), scope: "full" } as const
      expect(yield* search(full, () => runs, now).finding).toMatchObject({
        _tag: "Unclear",
        why: "no read shows whether a new run is a full one, and the trigger is not exclusive",
      })
      const exclusive = { ...lost(60, { exclusive: true }), scope: "full" } as const
      expect(yield* search(exclusive, () => runs, now).finding).toMatchObject({ _tag: "Found" })
    }),
  )

  it.effect("T3: the evidence has the vendor's time of its start, where there is one", () =>
    Effect.gen(function* () {
      expect(yield* search(lost(60), () => runs, now).finding).toMatchObject({
        evidence:
          "the only new run since right before the request, started 1970-01-01T00:16:50.000Z by the vendor's clock",
      })
      expect(yield* search(lost(60), () => [run("r2"), old], now).finding).toMatchObject({
        evidence: "the only new run since right before the request",
      })
    }),
  )
})
