/** Keys: all calls with one key share one run, in any process that shares the journal, whatever crashes. */

import type { Options, Result } from "@openretl/core/Trigger"
import { Fault } from "@openretl/emulator"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import { type Law, law } from "../../Law.ts"
import { needsScopes } from "../../Setup.ts"
import type { Testbed } from "../../Testbed.ts"
import { crashingAt, type Moment } from "../../testbed/crash.ts"
import * as Errors from "../../testbed/errors.ts"
import { runOf } from "../startRun.ts"

const key = "nightly/2026-11-27"
const keyed: Options = { whenRunning: "fail", exclusive: true, key }

/** A `runAppearsWithin` that is longer than every `commitAfter` below, for every vendor. */
const longRunAppearsWithin = { runAppearsWithin: "3 minutes" } as const

/** Expects that these calls have one run, and that it is the only one that a call has started. */
const expectOneRun = Effect.fnUntraced(function* (testbed: Testbed, results: ReadonlyArray<Result>) {
  const runs = (yield* testbed.actualRuns).filter(({ origin }) => origin === "call").map(({ id }) => id)
  expect(runs.length, "one run").toBe(1)
  expect(new Set(results.map((result) => runOf(result).run))).toEqual(new Set(runs))
})

/** What happens to the request of the key's first attempt. */
const troubles: ReadonlyArray<readonly [string, ReadonlyArray<Fault.Fault>]> = [
  ["the answer comes", []],
  ["the answer is slow", [Fault.slow("start", { latency: "40 seconds" })]],
  ["the answer is lost", [Fault.lost("start", { commits: true })]],
  ["the run appears 81 s after a lost answer", [Fault.lost("start", { commits: true, commitAfter: "81 seconds" })]],
  ["the request never left", [Fault.unreachable("start", { times: 2 })]],
]

/** Lets a process trigger with the key and crash at a moment. Its call never ends; another process has the journal. */
const triggerAndCrash = Effect.fnUntraced(function* (testbed: Testbed, moment: Moment) {
  const process = yield* testbed.open({ journal: crashingAt(testbed.journal, moment), storeWithin: "1 day" })
  yield* testbed.begin(process.runs.trigger(testbed.sync, keyed))
  yield* testbed.advance("2 seconds")
})

/** Ways in which the first attempt of a key ends without a run, and the state of its entry then. */
const endings: ReadonlyArray<readonly [string, string, (testbed: Testbed) => Effect.Effect<void, unknown>]> = [
  [
    "a refusal",
    "refused",
    Effect.fnUntraced(function* (testbed) {
      yield* testbed.emulator.deny(["start"])
      yield* testbed.failure(testbed.runs.trigger(testbed.sync, keyed))
      yield* testbed.emulator.deny([])
    }),
  ],
  [
    "a lost answer without a run",
    "not-started",
    Effect.fnUntraced(function* (testbed) {
      yield* testbed.emulator.addFaults(Fault.lost("start", { commits: false }))
      Errors.requireNotStarted(yield* testbed.failure(testbed.runs.trigger(testbed.sync, keyed)))
    }),
  ],
  [
    "a person who gives it up",
    "abandoned",
    Effect.fnUntraced(function* (testbed) {
      yield* testbed.emulator.script(testbed.ids, [{ duration: "1 second" }, { duration: "1 second" }])
      yield* testbed.emulator.addFaults(Fault.lost("start", { commits: false }))
      const strangers = Effect.andThen(
        Effect.delay(testbed.emulator.triggerAsStranger(testbed.ids), "5 seconds"),
        Effect.delay(testbed.emulator.triggerAsStranger(testbed.ids), "5 seconds"),
      )
      const [exit] = yield* testbed.run(
        Effect.all([Effect.exit(testbed.runs.trigger(testbed.sync, keyed)), strangers], { concurrency: "unbounded" }),
      )
      const { entry } = Errors.requireIndeterminate(yield* Effect.flip(exit))
      yield* testbed.advance("10 minutes")
      yield* testbed.run(testbed.runs.settle(entry, "abandoned"))
    }),
  ],
]

export const keyLaws: ReadonlyArray<Law> = [
  ...troubles.map(([trouble, faults]) =>
    law(
      "T1, T10",
      `ten callers with one key, in two processes, share one run (${trouble})`,
      { workspace: longRunAppearsWithin, emulator: { latency: "100 millis" } },
      (testbed) =>
        Effect.gen(function* () {
          yield* testbed.emulator.addFaults(...faults)
          const other = yield* testbed.open({ journal: testbed.journal })
          const callers = Array.from({ length: 10 }, (_, index) =>
            (index % 2 === 0 ? testbed : other).runs.trigger(testbed.sync, keyed),
          )
          const results = yield* testbed.run(Effect.all(callers, { concurrency: "unbounded" }), "1 hour")
          yield* expectOneRun(testbed, results)
          expect(yield* testbed.entries).toMatchObject([{ key, attempt: 1, state: "started" }])
          const later = yield* testbed.run(other.runs.trigger(testbed.sync, keyed))
          expect(later._tag).toBe("Joined")
          yield* expectOneRun(testbed, [...results, later])
        }),
    ),
  ),

  law(
    "T1, T10",
    "all who run a key get the same end, and those who come later have it from the journal",
    {},
    (testbed) =>
      Effect.gen(function* () {
        yield* testbed.emulator.script(testbed.ids, [{ duration: "20 minutes", rows: { succeeded: 7 } }])
        const other = yield* testbed.open({ journal: testbed.journal })
        const callers = Array.from({ length: 10 }, (_, index) =>
          (index % 2 === 0 ? testbed : other).runs.run(testbed.sync, { whenRunning: "fail", key }),
        )
        const ends = yield* testbed.run(Effect.all(callers, { concurrency: "unbounded" }), "1 hour")
        const [actualRun, ...moreRuns] = yield* testbed.actualRuns
        expect(moreRuns).toEqual([])
        for (const { run, verdict } of ends) {
          expect([run.ref.run, run.rows.succeeded, verdict]).toEqual([actualRun?.id, 7, "complete"])
        }
        expect(ends.filter(({ how }) => how === "started").length, "one call started it").toBe(1)
        const before = testbed.wire.sent.length
        const later = yield* testbed.run(other.runs.run(testbed.sync, { whenRunning: "fail", key }))
        expect(later).toMatchObject({ how: "remembered", verdict: "complete", run: { ref: { run: actualRun?.id } } })
        const remembered = yield* testbed.run(testbed.runs.trigger(testbed.sync, { whenRunning: "fail", key }))
        expect(remembered).toMatchObject({ _tag: "Remembered", status: "succeeded", run: { run: actualRun?.id } })
        expect(testbed.wire.sent.length, "the journal has the end").toBe(before)
      }),
  ),

  law("T10", "a key whose process crashed before its mark is taken over, and its request is sent once", {}, (testbed) =>
    Effect.gen(function* () {
      yield* triggerAndCrash(testbed, { when: "before", operation: "mark" })
      const [claimed] = yield* testbed.entries
      expect(claimed?.state).toBe("claimed")
      expect(yield* testbed.requestCount("start")).toBe(0)
      const result = yield* testbed.run(testbed.runs.trigger(testbed.sync, keyed), "2 minutes")
      expect(result._tag).toBe("Started")
      yield* expectOneRun(testbed, [result])
      expect(yield* testbed.requestCount("start")).toBe(1)
      expect(yield* testbed.entries).toMatchObject([{ id: claimed?.id, attempt: 1, state: "started" }])
    }),
  ),

  law(
    "T10",
    "a key whose process crashed between its mark and its request is looked up, then claimed anew",
    {},
    (testbed) =>
      Effect.gen(function* () {
        yield* triggerAndCrash(testbed, { when: "after", operation: "mark" })
        expect(yield* testbed.entries).toMatchObject([{ state: "sent", attempt: 1 }])
        expect(yield* testbed.requestCount("start")).toBe(0)
        const result = yield* testbed.run(
          testbed.runs.trigger(testbed.sync, { ...keyed, turnWithin: "1 hour" }),
          "1 hour",
        )
        expect(result._tag).toBe("Started")
        yield* expectOneRun(testbed, [result])
        expect(yield* testbed.requestCount("start")).toBe(1)
        expect(yield* testbed.entries).toMatchObject([
          { state: "started", attempt: 2 },
          { state: "not-started", attempt: 1 },
        ])
      }),
  ),

  law(
    "T10",
    "a key whose process crashed after its request is looked up, and joined without a second request",
    {},
    (testbed) =>
      Effect.gen(function* () {
        yield* triggerAndCrash(testbed, { when: "before", operation: "update" })
        expect(yield* testbed.entries).toMatchObject([{ state: "sent", attempt: 1 }])
        const result = yield* testbed.run(
          testbed.runs.trigger(testbed.sync, { ...keyed, turnWithin: "1 hour" }),
          "1 hour",
        )
        expect(result._tag).toBe("Joined")
        yield* expectOneRun(testbed, [result])
        expect(yield* testbed.requestCount("start")).toBe(1)
        expect(yield* testbed.entries).toMatchObject([{ state: "started", attempt: 1, adopted: "lost-answer" }])
      }),
  ),

  ...endings.map(([ending, state, end]) =>
    law("T10", `a key is free again after ${ending}, for one next attempt of all callers`, {}, (testbed) =>
      Effect.gen(function* () {
        yield* end(testbed)
        expect(yield* testbed.entries).toMatchObject([{ state, attempt: 1 }])
        yield* testbed.advance("1 hour")
        const before = (yield* testbed.actualRuns).length
        const other = yield* testbed.open({ journal: testbed.journal })
        const callers = [testbed, other, testbed, other].map(({ runs }) => runs.trigger(testbed.sync, keyed))
        const results = yield* testbed.run(Effect.all(callers, { concurrency: "unbounded" }), "1 hour")
        const runs = (yield* testbed.actualRuns).slice(before).map(({ id }) => id)
        expect(runs.length).toBe(1)
        expect(new Set(results.map((result) => runOf(result).run))).toEqual(new Set(runs))
        expect(yield* testbed.entries).toMatchObject([
          { state: "started", attempt: 2 },
          { state, attempt: 1 },
        ])
      }),
    ),
  ),

  law(
    "T10",
    "a key whose run failed is triggered again only where the caller says so, once for all callers",
    {},
    (testbed) =>
      Effect.gen(function* () {
        yield* testbed.emulator.script(testbed.ids, [{ ends: "failed" }, { ends: "succeeded" }])
        const options = { whenRunning: "fail", key } as const
        const first = yield* testbed.failure(testbed.runs.run(testbed.sync, options), "1 hour")
        expect(first).toMatchObject({ _tag: "OutcomeRejected", verdict: "failed", how: "started" })
        const again = yield* testbed.failure(testbed.runs.run(testbed.sync, options), "1 hour")
        expect(again).toMatchObject({ _tag: "OutcomeRejected", verdict: "failed", how: "remembered" })
        expect(yield* testbed.requestCount("start")).toBe(1)
        const other = yield* testbed.open({ journal: testbed.journal })
        const callers = [testbed, other, testbed, other].map(({ runs }) =>
          runs.run(testbed.sync, { ...options, again: "not-accepted" }),
        )
        const ends = yield* testbed.run(Effect.all(callers, { concurrency: "unbounded" }), "1 hour")
        const [, secondRun, ...moreRuns] = yield* testbed.actualRuns
        expect(moreRuns).toEqual([])
        expect(new Set(ends.map(({ run }) => run.ref.run))).toEqual(new Set([secondRun?.id]))
      }),
  ),

  law("T10, T6", "a key with another scope is refused, and both scopes are named", { needs: needsScopes }, (testbed) =>
    Effect.gen(function* () {
      const scoped = testbed.scoped ?? (yield* testbed.skip("the vendor has no scopes"))
      const [scope, otherScope] = testbed.current.capabilities.scopes
      if (scope === undefined || otherScope === undefined) return yield* testbed.skip("the vendor has one scope")
      yield* testbed.run(scoped.trigger(testbed.sync, { ...keyed, scope }))
      const error = Errors.requireRetlError(
        yield* testbed.failure(scoped.trigger(testbed.sync, { ...keyed, scope: otherScope })),
      )
      expect([error.reason._tag, error.delivery]).toEqual(["InvalidRequest", "not-sent"])
      expect(error.message).toContain(scope)
      expect(error.message).toContain(otherScope)
      expect(yield* testbed.requestCount("start")).toBe(1)
    }),
  ),

  law("T10", "the same key at another sync is another key", {}, (testbed) =>
    Effect.gen(function* () {
      const other = yield* testbed.addSync()
      const first = yield* testbed.run(testbed.runs.trigger(testbed.sync, keyed))
      const second = yield* testbed.run(testbed.runs.trigger(other.ref, keyed))
      expect([first._tag, second._tag]).toEqual(["Started", "Started"])
      expect((yield* testbed.emulator.runsOf(other.ids)).map(({ id }) => id)).toEqual([runOf(second).run])
    }),
  ),
]
