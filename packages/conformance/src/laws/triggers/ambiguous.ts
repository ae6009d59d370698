/** Triggers that stay ambiguous: a person settles them, or the next trigger supersedes them. */

import type { TriggerEntry } from "@openretl/core/JournalEntry"
import type { RunRef } from "@openretl/core/Ref"
import type { Options, Settlement } from "@openretl/core/Trigger"
import { Fault } from "@openretl/emulator"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import { type Law, law } from "../../Law.ts"
import type { Testbed } from "../../Testbed.ts"
import * as Errors from "../../testbed/errors.ts"
import { runOf } from "../startRun.ts"

const exclusive: Options = { whenRunning: "fail", exclusive: true }

/** An entry that stays ambiguous, with the runs that it could have led to: its own and a stranger's. */
interface Ambiguous {
  readonly entry: TriggerEntry
  readonly candidates: ReadonlyArray<RunRef>
  /** The run that the trigger started. */
  readonly own: RunRef
}

/** Leaves an entry that no read can settle: its answer is lost, and a stranger starts a run beside its own. */
export const leaveAmbiguous = Effect.fnUntraced(function* (testbed: Testbed): Effect.fn.Return<Ambiguous, unknown> {
  yield* testbed.emulator.script(testbed.ids, [{ duration: "1 second" }, { duration: "1 second" }])
  yield* testbed.emulator.addFaults(Fault.lost("start", { commits: true }))
  const strangersRun = Effect.delay(testbed.emulator.triggerAsStranger(testbed.ids), "5 seconds")
  const [exit] = yield* testbed.run(
    Effect.all([Effect.exit(testbed.runs.trigger(testbed.sync, exclusive)), strangersRun], {
      concurrency: "unbounded",
    }),
  )
  const { entry, candidates } = Errors.requireIndeterminate(yield* Effect.flip(exit))
  const ownRun = (yield* testbed.actualRuns).findLast(({ origin }) => origin === "call")
  const own = candidates.find(({ run }) => run === ownRun?.id) ?? expect.fail("the call's run is no candidate")
  return { entry, candidates, own }
})

const settlements: ReadonlyArray<readonly [string, (ambiguous: Ambiguous) => Settlement, object]> = [
  ["with its run", ({ own }) => ({ run: own }), { state: "started", adopted: "lost-answer" }],
  ["as not started", () => "not-started", { state: "not-started" }],
  ["as abandoned", () => "abandoned", { state: "abandoned" }],
]

export const ambiguousLaws: ReadonlyArray<Law> = [
  law(
    "T3",
    "no run is adopted while no read shows whether the sync has a schedule",
    { sync: { schedule: { every: "1 hour", first: "1 minute" } } },
    (testbed) =>
      Effect.gen(function* () {
        const unreadable = { status: 503, times: Number.POSITIVE_INFINITY } as const
        yield* testbed.emulator.addFaults(
          Fault.lost("start", { commits: false }),
          ...(["sync", "syncs"] as const).map((operation) => Fault.gatewayPage(operation, unreadable)),
        )
        const trigger = testbed.runs.trigger(testbed.sync, { whenRunning: "fail" })
        Errors.requireIndeterminate(yield* testbed.failure(trigger))
      }),
  ),

  ...settlements.map(([how, settlementOf, concluded]) =>
    law("T13", `an ambiguous entry that a person settles ${how} stops its sync no more`, {}, (testbed) =>
      Effect.gen(function* () {
        const ambiguous = yield* leaveAmbiguous(testbed)
        yield* testbed.advance("10 minutes")
        const blocked = Errors.requireIndeterminate(
          yield* testbed.failure(testbed.runs.trigger(testbed.sync, exclusive), "1 hour"),
        )
        expect([blocked.entry.id, blocked.delivery]).toEqual([ambiguous.entry.id, "not-sent"])
        expect(blocked.candidates.length).toBe(2)
        const before = testbed.wire.sent.length
        // Any process that shares the journal can settle it.
        const other = yield* testbed.open({ journal: testbed.journal })
        yield* testbed.run(other.runs.settle(blocked.entry, settlementOf(ambiguous)))
        expect(testbed.wire.sent.length, "a settlement sends nothing").toBe(before)
        expect(yield* testbed.entries).toMatchObject([{ id: ambiguous.entry.id, ...concluded }])
        const result = yield* testbed.run(testbed.runs.trigger(testbed.sync, exclusive))
        expect(result._tag).toBe("Started")
        const ownRuns = (yield* testbed.actualRuns).filter(({ origin }) => origin === "call")
        expect(ownRuns.map(({ id }) => id)).toEqual([ambiguous.own.run, runOf(result).run])
      }),
    ),
  ),

  law(
    "T13",
    "a settlement is refused while the request may be under way, and says from when it is not",
    {},
    (testbed) =>
      Effect.gen(function* () {
        yield* testbed.emulator.addFaults(Fault.never("start", { commits: true }))
        const caller = yield* testbed.begin(Effect.exit(testbed.runs.trigger(testbed.sync, exclusive)))
        yield* testbed.advance("5 seconds")
        const [entry] = yield* testbed.entries
        if (entry === undefined) return expect.fail("the journal has no entry")
        const other = yield* testbed.open({ journal: testbed.journal })
        const { reason } = Errors.requireRetlError(yield* testbed.failure(other.runs.settle(entry, "not-started")))
        if (reason._tag !== "TriggerBusy") return expect.fail(reason._tag)
        expect(reason.entry).toBe(entry.id)
        expect(reason.freeAt && DateTime.toEpochMillis(reason.freeAt)).toBeGreaterThan(testbed.startedAt + 60_000)
        yield* testbed.advance("1 hour")
        yield* caller.result
      }),
  ),

  law("T13", "a settlement with a run of another sync or of another entry is refused", {}, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.emulator.script(testbed.ids, [{ duration: "1 second" }])
      const earlier = yield* testbed.run(testbed.runs.trigger(testbed.sync, exclusive))
      yield* testbed.advance("10 minutes")
      const otherSync = yield* testbed.addSync()
      const elsewhere = yield* testbed.run(testbed.runs.trigger(otherSync.ref, exclusive))
      const { entry } = yield* leaveAmbiguous(testbed)
      yield* testbed.advance("10 minutes")
      for (const result of [earlier, elsewhere]) {
        const settling = testbed.runs.settle(entry, { run: runOf(result) })
        expect(Errors.invalidPaths(yield* testbed.failure(settling))).toEqual(["settlement.run"])
      }
      const [current] = yield* testbed.entries
      expect(current).toMatchObject({ id: entry.id, state: "lost" })
    }),
  ),

  law(
    "T13",
    "a trigger that supersedes an ambiguous entry abandons it with its candidates, and goes on",
    {},
    (testbed) =>
      Effect.gen(function* () {
        const { entry, candidates, own } = yield* leaveAmbiguous(testbed)
        yield* testbed.advance("10 minutes")
        const refused = yield* testbed.failure(testbed.runs.trigger(testbed.sync, { ...exclusive, whenOpen: "fail" }))
        expect(Errors.requireIndeterminate(refused).entry.id).toBe(entry.id)
        const superseding = testbed.runs.trigger(testbed.sync, { ...exclusive, whenOpen: "supersede" })
        const result = yield* testbed.run(superseding, "1 hour")
        expect(result._tag).toBe("Started")
        const ownRuns = (yield* testbed.actualRuns).filter(({ origin }) => origin === "call")
        expect(ownRuns.map(({ id }) => id)).toEqual([own.run, runOf(result).run])
        const [latest, abandoned] = yield* testbed.entries
        expect(latest).toMatchObject({ state: "started", run: { run: runOf(result).run } })
        expect(abandoned).toMatchObject({ id: entry.id, state: "abandoned" })
        if (abandoned?.state !== "abandoned") return
        expect(abandoned.candidates.map(String).toSorted()).toEqual(candidates.map(String).toSorted())
      }),
  ),

  law("T13, T5", "a candidate that is under way is a run under way for the trigger that supersedes", {}, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.emulator.script(testbed.ids, [{ duration: "1 second" }, { duration: "2 hours" }])
      yield* testbed.emulator.addFaults(Fault.lost("start", { commits: true }))
      const strangersRun = Effect.delay(testbed.emulator.triggerAsStranger(testbed.ids), "5 seconds")
      const [exit, candidate] = yield* testbed.run(
        Effect.all([Effect.exit(testbed.runs.trigger(testbed.sync, exclusive)), strangersRun], {
          concurrency: "unbounded",
        }),
      )
      Errors.requireIndeterminate(yield* Effect.flip(exit))
      const superseding = testbed.runs.trigger(testbed.sync, { ...exclusive, whenOpen: "supersede" })
      const { reason } = Errors.requireRetlError(yield* testbed.failure(superseding, "1 hour"))
      expect(reason).toMatchObject({ _tag: "AlreadyRunning", run: { run: candidate } })
      expect(yield* testbed.requestCount("start")).toBe(1)
      expect(yield* testbed.entries).toMatchObject([{ state: "abandoned" }])
    }),
  ),
]
