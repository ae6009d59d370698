/** What follows from one look at a run: when to look again, or how the wait ends. */
import { describe, expect, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import * as Polling from "../src/engine/poll/polling.ts"
import * as Rhythm from "../src/engine/poll/rhythm.ts"
import type { Rules } from "../src/engine/poll/rules.ts"
import * as Reason from "../src/model/Reason.ts"
import { RunRef } from "../src/model/Ref.ts"
import { Run } from "../src/model/Run.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { logged } from "./support/logs.ts"

const second = 1_000
const minute = 60 * second
const now = 1_000 * minute

const rules: Rules = { countsSettleWithin: 0, lookCost: 2, areHintsExpected: false }
const hinted: Rules = { ...rules, areHintsExpected: true }
const settling: Rules = { ...rules, countsSettleWithin: 3 * minute }

/** The ref of a run; with the milliseconds since its acceptance where it has one. */
const refOf = (ago?: number) =>
  new RunRef({ sync: FakeDriver.sync(), run: "r1", ...(ago !== undefined && { acceptedAt: FakeDriver.at(now - ago) }) })

const ref = refOf()

/** A run, with times as milliseconds ago. */
const run = (
  status: Run["status"],
  { started, finished, rows = {} }: { started?: number; finished?: number; rows?: Run["rows"] } = {},
) =>
  new Run({
    ...{ ref, status, vendorStatus: status, rows, native: undefined },
    ...(started !== undefined && { startedAt: FakeDriver.at(now - started) }),
    ...(finished !== undefined && { finishedAt: FakeDriver.at(now - finished) }),
  })

const watched = (changes: Partial<Polling.Watched> = {}): Polling.Watched => ({
  ...Polling.watch(ref, undefined, now),
  ...changes,
})

const failed = (reason: Reason.Reason): Polling.Observation => ({
  _tag: "Failed",
  error: FakeDriver.failure(reason, "refused"),
})

const seen = (shown: Run): Polling.Observation => ({ _tag: "Seen", run: shown })

const next = (changes: Partial<Polling.Watched>, observation: Polling.Observation, ofRules = rules) =>
  Polling.next(ofRules, watched(changes), observation, now)

const hour = [3_600, 3_600, 3_600, 3_600]

describe("what a wait begins with", () => {
  it("W5: nothing is known of its run", () => {
    expect(Polling.watch(ref, undefined, now)).toEqual({
      ...{ ref, since: now, run: undefined, seenAt: undefined, failures: 0, trouble: undefined, missing: 0 },
      ...{ unknownSince: undefined, endedSince: undefined, lengths: undefined, isSlow: false },
    })
  })

  it.each<readonly [string, Partial<Polling.Watched>, number]>([
    ["from now on, where nothing is told", {}, 0],
    ["from its acceptance", { since: now - minute }, minute],
    ["from its start, where its ref is listed", { run: run("running", { started: minute }), since: now - 9 }, minute],
    [
      "from its start, where it was accepted before",
      { ref: refOf(5 * minute), since: now - 5 * minute, run: run("running", { started: minute }) },
      minute,
    ],
    [
      "not from before its acceptance",
      { ref: refOf(minute), since: now - minute, run: run("running", { started: 5 * minute }) },
      minute,
    ],
    ["not from the future", { run: run("running", { started: -minute }), since: now - 9 }, 9],
    ["from right now, where it starts now", { run: run("running", { started: 0 }), since: now - 9 }, 0],
  ])("W5: the age of a run counts %s", (_, changes, age) => {
    expect(Polling.ageOf(watched(changes), now)).toBe(age)
  })

  it.each<readonly [string, Rules, ReadonlyArray<number> | undefined, number | undefined, number]>([
    ["at once for a listed ref", rules, hour, undefined, 0],
    ["at once without past runs", rules, [], 0, 0],
    ["at once where none were read", rules, undefined, 0, 0],
    ["at once where hints are expected", hinted, hour, 0, 0],
    ["after half a minute where past runs are long", rules, hour, 0, 30 * second],
    ["half a minute after the acceptance", rules, hour, 20 * second, 10 * second],
    ["at once where that is over", rules, hour, 40 * second, 0],
  ])("W5: the first look is due %s", (_, ofRules, lengths, ago, after) => {
    const begun = Polling.watch(refOf(ago), lengths, now)
    expect(Polling.firstAt(ofRules, begun, now)).toBe(now + after)
  })

  it("W5: the first look is due sooner where past runs are short", () => {
    const lengths = [5, 5, 5]
    const after = Math.round(1_000 * Rhythm.gap(1, lengths, 2))
    expect(after).toBeLessThan(5 * second)
    expect(Polling.firstAt(rules, Polling.watch(refOf(0), lengths, now), now)).toBe(now + after)
  })
})

describe("the time to the next look", () => {
  const running = (started: number) => ({ run: run("running", { started }), since: now - started })
  it.each<readonly [string, Partial<Polling.Watched>, number]>([
    ["a second for a young run", running(second), second],
    ["a tenth of the age", running(5 * minute), 30 * second],
    ["a minute at most", running(60 * minute), minute],
    ["a minute for an unknown word", { ...running(60 * minute), run: run("unknown"), lengths: hour }, minute],
    ["a tenth of the age where no past run counts", { ...running(5 * minute), lengths: [] }, 30 * second],
    ["a tenth where no start is told", { run: run("running"), since: now - 5 * minute, lengths: hour }, 30 * second],
    ["a tenth where the run was not seen", { since: now - 5 * minute, lengths: hour }, 30 * second],
  ])("W5, R3: it is %s", (_, changes, millis) => {
    expect(Polling.interval(rules, watched(changes), now)).toBe(millis)
  })

  it.each([
    ["at an age", 59 * minute, 59 * 60],
    ["at a second, for a younger run", 10, 1],
  ])("W5: it is what past runs give %s", (_, age, seconds) => {
    const gap = Math.round(1_000 * Rhythm.gap(seconds, hour, 2))
    expect(Polling.interval(rules, watched({ ...running(age), lengths: hour }), now)).toBe(gap)
  })

  it.each<readonly [string, number, ReadonlyArray<number> | undefined, number]>([
    ["ten minutes", 5 * minute, undefined, 10 * minute],
    ["ten minutes without past runs", 5 * minute, [], 10 * minute],
    ["ten minutes where the likely end is further", 5 * minute, [900, 3_600, 3_600, 9_000], 10 * minute],
    ["to the likely end where that is nearer", 58 * minute, [900, 3_600, 3_600, 9_000], 2 * minute],
    ["so also with one past run", 58 * minute, [3_600], 2 * minute],
    ["a second at least", 60 * minute - 1, hour, second],
    ["a second at least, also a moment before", 60 * minute - 1_500, hour, 1_500],
    ["ten minutes once it is over", 60 * minute, hour, 10 * minute],
  ])("W8: with hints expected, it is %s", (_, age, lengths, millis) => {
    expect(Polling.interval(hinted, watched({ ...running(age), lengths }), now)).toBe(millis)
  })

  it("W4: a look is urgent by how likely it shows an end, and by how overdue it is", () => {
    const urgency = (changes: Partial<Polling.Watched>, lookedAgo: number, dueAgo: number, ofRules = rules) =>
      Polling.urgency(ofRules, watched(changes), now - lookedAgo, now - dueAgo, now)
    // Without past runs: how many intervals have passed since the last look.
    expect(urgency(running(5 * minute), 60 * second, 0)).toBeCloseTo(2)
    expect(urgency({ ...running(5 * minute), lengths: [] }, 60 * second, 0)).toBeCloseTo(2)
    expect(urgency(running(5 * minute), Number.POSITIVE_INFINITY, 0)).toBeCloseTo(10)
    expect(urgency({ ...running(5 * minute), lengths: hour }, minute, 0, hinted)).toBeCloseTo(0.1)
    expect(urgency(running(5 * minute), 60 * second, 30 * second)).toBeCloseTo(3)
    // With past runs, also with one: how many looks were worth it.
    for (const lengths of [hour, [3_600]]) {
      const worth = (age: number) => Rhythm.density(age, lengths, 2)
      expect(urgency({ ...running(59 * minute), lengths }, 10_000, 0)).toBeCloseTo(10 * worth(59 * 60))
      expect(urgency({ ...running(10), lengths }, 10_000_000, 0)).toBeCloseTo(0.01 * worth(1), 8)
    }
  })
})

describe("what follows a look", () => {
  it("R1: a run that does not show yet is looked at again in two seconds", () => {
    expect(next({}, { _tag: "NotYet" })).toEqual({
      _tag: "Again",
      watched: watched(),
      at: now + 2_000,
      changed: undefined,
    })
  })

  it("W3: a run that shows ends the trouble", () => {
    const trouble = { since: 0, error: undefined }
    const shown = run("running", { started: minute })
    expect(next({ failures: 3, missing: 2, trouble, unknownSince: 5 }, seen(shown))).toEqual({
      ...{ _tag: "Again", at: now + 6_000, changed: shown },
      watched: watched({ run: shown, seenAt: now }),
    })
  })

  it.each<readonly [string, Partial<Run>, boolean]>([
    ["the same", {}, false],
    ["a status", { status: "queued" }, true],
    ["a word", { vendorStatus: "busy" }, true],
    ["rows that succeeded", { rows: { succeeded: 2, failed: 1, unaccounted: 1 } }, true],
    ["rows that failed", { rows: { succeeded: 1, failed: 2, unaccounted: 1 } }, true],
    ["rows that were deleted", { rows: { succeeded: 1, failed: 1, unaccounted: 1, deleted: 1 } }, true],
    ["rows of which nothing is known", { rows: { succeeded: 1, failed: 1, unaccounted: 2 } }, true],
  ])("W4: a change is one of what users see: %s", (_, changes, isChange) => {
    const before = run("running", { rows: { succeeded: 1, failed: 1, unaccounted: 1 } })
    const shown = new Run({ ...before, ...changes })
    expect(next({ run: before }, seen(shown)).changed).toBe(isChange ? shown : undefined)
  })

  it("R3: an unknown word counts from when it was first seen", () => {
    expect(next({}, seen(run("unknown"))).watched.unknownSince).toBe(now)
    expect(next({ unknownSince: 5 }, seen(run("unknown"))).watched.unknownSince).toBe(5)
  })

  it("W5: a run that was queued for long and then began is not reported a second time", () => {
    const shown = seen(run("running", { started: second }))
    expect(next({ lengths: [60, 60, 60], isSlow: true }, shown).watched.isSlow).toBe(true)
  })

  it("W1, W3, R2: where the clock was set back, no time of a wait lies ahead", () => {
    const ahead = now + 300 * minute
    const trouble = { since: ahead, error: undefined }
    const times = { since: ahead, unknownSince: ahead, trouble }
    const { reason } = FakeDriver.down
    expect(next(times, failed(reason))).toMatchObject({
      at: now + second,
      watched: { since: now, unknownSince: now, trouble: { since: now } },
    })
    const ended = run("succeeded")
    expect(next({ run: ended, endedSince: ahead }, seen(ended), settling)).toMatchObject({
      ...{ _tag: "Settling", at: now + 3 * minute },
    })
  })

  it("W8: with hints expected, a look that fails is had again like others", () => {
    const { reason } = FakeDriver.down
    expect([0, 3, 9].map((failures) => next({ failures }, failed(reason), hinted))).toMatchObject(
      [2, 8, 60].map((seconds) => ({ at: now + seconds * second })),
    )
  })

  it("W5: a run is slow by the past runs of its sync", () => {
    const started = (seconds: number) => seen(run("running", { started: seconds * second }))
    const lengths = [60, 60, 60]
    expect(next({ lengths }, started(150)).watched.isSlow).toBe(false)
    expect(next({ lengths }, started(151)).watched.isSlow).toBe(true)
    expect(next({}, started(151)).watched.isSlow).toBe(false)
  })

  it.each<readonly [string, Rules, Run, number | undefined]>([
    ["ends where counts do not change", rules, run("succeeded"), undefined],
    ["settles from now on", settling, run("succeeded"), 3 * minute],
    ["also where it ended a while ago", settling, run("succeeded", { finished: 4 * minute - 1 }), 3 * minute],
    ["has settled where it ended long ago", settling, run("succeeded", { finished: 4 * minute }), undefined],
    ["ends at once also where its end is in the future", rules, run("succeeded", { finished: -9 * minute }), undefined],
  ])("R2: an end %s", (_, ofRules, shown, after) => {
    const step = next({}, seen(shown), ofRules)
    expect(step.watched.endedSince).toBe(now)
    expect(step).toMatchObject(
      after === undefined ? { _tag: "End" } : { _tag: "Settling", at: now + after, run: shown },
    )
  })

  it("R2: counts settle from when the end was first seen, and the end stays", () => {
    const ended = run("succeeded", { rows: { succeeded: 3, failed: 0 } })
    const before = { run: ended, endedSince: now - minute }
    const running = next(before, seen(run("running")), settling)
    expect(running).toMatchObject({ _tag: "Settling", at: now + 2 * minute, run: { status: "succeeded" } })
    expect(running.watched.endedSince).toBe(now - minute)
    const late = next(
      { ...before, endedSince: now - 3 * minute },
      seen(run("failed", { rows: { failed: 3 } })),
      settling,
    )
    expect(late).toMatchObject({ _tag: "End", changed: { status: "partial", rows: { failed: 3 } } })
  })

  it("R2: an end is corrected as a whole by a read with the same status, and without failures it stays", () => {
    const ended = run("succeeded", { rows: { succeeded: 1 } })
    const later = new Run({ ...run("succeeded"), vendorStatus: "done" })
    expect(Polling.corrected(ended, later)).toBe(later)
    expect(Polling.corrected(ended, run("failed"))).toMatchObject({ status: "succeeded" })
  })
})

describe("what follows a look that fails", () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 1_000_000])(
    "W3: after %i failures of an outage, the pause doubles up to a minute",
    (failures) => {
      const step = next({ failures }, failed(new Reason.Unavailable()))
      expect(step).toMatchObject({ _tag: "Again", at: now + Math.min(minute, second * 2 ** failures) })
      expect(step.watched).toMatchObject({
        failures: failures + 1,
        trouble: { since: now, error: { reason: { _tag: "Unavailable" }, attempts: failures + 1, exhausted: true } },
      })
    },
  )

  it("W3: trouble lasts since its first failure, and no pause is shorter than without it", () => {
    const step = next(
      { since: now - 10 * minute, trouble: { since: 5, error: undefined } },
      failed(new Reason.TooLarge({ maxBytes: 1 })),
    )
    expect(step).toMatchObject({ at: now + minute, watched: { trouble: { since: 5 } } })
  })

  it.each<readonly [string, Reason.RateLimited, number, number]>([
    ["five seconds where the vendor says nothing", new Reason.RateLimited({}), 0, 5 * second],
    ["as long as the vendor says", new Reason.RateLimited({ retryAfter: Duration.minutes(5) }), 0, 5 * minute],
    ["a day at most", new Reason.RateLimited({ retryAfter: Duration.days(9) }), 0, 24 * 60 * minute],
    ["not shorter than a usual pause", new Reason.RateLimited({}), 10 * minute, minute],
  ])("B2, W3: after a 429 the pause is %s", (_, reason, age, pause) => {
    const step = next({ since: now - age, failures: 2 }, failed(reason))
    expect(step).toMatchObject({ _tag: "Again", at: now + pause, watched: { failures: 2, trouble: { since: now } } })
  })

  it.effect("R1, W3: the third look in a row that does not show the run ends the wait", () =>
    Effect.gen(function* () {
      const missing = failed(new Reason.NotFound({ what: "run" }))
      const first = next({}, missing)
      expect(first).toMatchObject({ _tag: "Again", at: now + second, watched: { missing: 1, trouble: undefined } })
      const again = next({ missing: 1 }, missing)
      expect(again).toMatchObject({ _tag: "Again", watched: { missing: 2 } })
      const third = next({ missing: 2 }, missing)
      if (third._tag !== "End") return expect.unreachable()
      expect(yield* Effect.flip(third.exit)).toMatchObject({ attempts: 3, exhausted: false })
    }),
  )

  it.effect.each([new Reason.Unauthenticated(), new Reason.PermissionDenied()])("W3: $_tag ends the wait", (reason) =>
    Effect.gen(function* () {
      const step = next({ failures: 5 }, failed(reason))
      if (step._tag !== "End") return expect.unreachable()
      expect(yield* Effect.flip(step.exit)).toMatchObject({ reason, attempts: 1, exhausted: false })
    }),
  )

  it.effect("R2: an end that a memory has without its run does not hide what failed", () =>
    Effect.gen(function* () {
      const step = next({ endedSince: 5 }, failed(new Reason.Unavailable()))
      if (step._tag !== "End") return expect.unreachable()
      expect(yield* Effect.flip(step.exit)).toMatchObject({ reason: { _tag: "Unavailable" } })
    }),
  )

  const ended = run("succeeded")
  it.each([1, 2, 3, 4, 9])(
    "R2: once the end was seen, failure %i leads to another look, in five seconds or more",
    (count) => {
      const step = next({ run: ended, endedSince: 5, failures: count - 1 }, failed(new Reason.Unavailable()), settling)
      const pause = Math.min(minute, Math.max(5_000, second * 2 ** count))
      expect(step).toMatchObject({ _tag: "Settling", at: now + pause, run: ended, watched: { failures: count } })
      expect(step.changed).toBeUndefined()
    },
  )

  it.effect.each<readonly [number, Reason.Reason]>([
    [9, new Reason.Unavailable()],
    [0, new Reason.Unauthenticated()],
    [0, new Reason.PermissionDenied()],
  ])("R2: once the end was seen, it is the end after %i failures and %o", ([failures, reason]) =>
    Effect.gen(function* () {
      const step = next({ run: ended, endedSince: 5, failures }, failed(reason), settling)
      if (step._tag !== "End") return expect.unreachable()
      expect(yield* step.exit).toBe(ended)
    }),
  )
})

describe("what a waiter bears", () => {
  const none = { patience: Infinity, unknownWithin: Infinity, startWithin: Infinity }
  const error = FakeDriver.down

  it.effect.each<readonly [string, Partial<Polling.Limits>, Partial<Polling.Watched>, object]>([
    ["trouble", { patience: 60 }, { trouble: { since: now, error } }, { reason: { _tag: "Unavailable" } }],
    [
      "an unknown word",
      { unknownWithin: 60 },
      { run: run("unknown"), unknownSince: now },
      { _tag: "WaitStatusUnknown" },
    ],
    ["a queue", { startWithin: 60 }, { run: run("queued") }, { _tag: "WaitNotStarted" }],
  ])("W1, W3, R3: %s ends the wait at its limit, and not before", ([_, limits, changes, expected]) =>
    Effect.gen(function* () {
      const bounds = { ...none, ...limits }
      expect(Polling.limitAt(watched(changes), bounds)).toBe(now + 60)
      expect(Polling.endOf(watched(changes), bounds, now + 59)).toBeUndefined()
      const end = Polling.endOf(watched(changes), bounds, now + 60)
      expect(yield* Effect.flip(end ?? Effect.die("it goes on"))).toMatchObject(expected)
    }),
  )

  it("W1, W3: a run that has started, and trouble of another process, have no limit", () => {
    const limits = { patience: 60, unknownWithin: 60, startWithin: 60 }
    expect(Polling.limitAt(watched({ run: run("running") }), limits)).toBe(Infinity)
    expect(Polling.limitAt(watched({ trouble: { since: 0, error: undefined } }), limits)).toBe(Infinity)
  })

  it.effect("W5: what is logged of a slow run has its age and the usual one", () =>
    Effect.gen(function* () {
      const slow = watched({ since: now - 90 * minute, lengths: [600, 1_800, 7_200] })
      const { lines } = yield* logged(Polling.reportSlow(slow, now))
      expect(lines).toMatchObject([{ level: "WARN", annotations: { age: "1h 30m", usual: "30m" } }])
    }),
  )
})
