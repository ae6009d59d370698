/** Interrupting a trigger: nothing is left behind before its request, and the journal has its entry after it. */

import type { SyncRef } from "@openretl/core/Ref"
import { Fault } from "@openretl/emulator"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import * as EffectScope from "effect/Scope"
import { expect } from "vitest"
import { type Law, law } from "../../Law.ts"
import type { AddedSync, Testbed } from "../../Testbed.ts"
import * as Errors from "../../testbed/errors.ts"
import * as Random from "../../testbed/random.ts"
import { runOf } from "../startRun.ts"

const exclusive = { whenRunning: "fail", exclusive: true } as const
const longRunAppearsWithin = { workspace: { runAppearsWithin: "3 minutes" } } as const

/**
 * Triggers, interrupts after `millis`, and lets core settle the trigger. Returns the run if the caller still received
 * it.
 */
const interruptAfter = Effect.fnUntraced(function* (testbed: Testbed, sync: SyncRef, millis: number) {
  const caller = yield* testbed.begin(Effect.result(testbed.runs.trigger(sync, exclusive)))
  yield* testbed.advance(1 + millis)
  yield* caller.stop
  const exit = yield* caller.exit
  yield* testbed.advance("15 minutes")
  return Exit.isSuccess(exit) && Result.isSuccess(exit.value) ? runOf(exit.value.success).run : undefined
})

/**
 * Expects that `receivedRun`, the journal and the actual runs of a sync agree, and that an open entry can be resolved.
 */
const expectSettled = Effect.fnUntraced(function* (testbed: Testbed, { ids, ref }: AddedSync, receivedRun?: string) {
  const [runOfCall, ...moreRuns] = (yield* testbed.emulator.runsOf(ids)).filter(({ origin }) => origin === "call")
  expect(moreRuns, "T4: at most one run").toEqual([])
  const entries = yield* testbed.entries
  const [entry, ...moreEntries] = entries.filter(({ sync }) => String(sync) === String(ref))
  expect(moreEntries, "at most one entry").toEqual([])
  if (receivedRun !== undefined) expect(receivedRun, "the caller has its run").toBe(runOfCall?.id)
  if (entry === undefined) return expect(runOfCall, "a run without an entry").toBeUndefined()
  const resolution = yield* testbed.run(testbed.runs.resolve(entry))
  expect(resolution._tag === "Started" ? resolution.run.run : resolution._tag).toBe(runOfCall?.id ?? "NotStarted")
})

export const interruptLaws: ReadonlyArray<Law> = [
  law("T8", "an interrupt while core reads the fence sends nothing and leaves no entry", {}, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.emulator.addFaults(Fault.slow("list", { latency: "10 seconds" }))
      yield* interruptAfter(testbed, testbed.sync, 5_000)
      expect(yield* testbed.requestCount("start")).toBe(0)
      expect(yield* testbed.entries).toEqual([])
      const result = yield* testbed.run(testbed.runs.trigger(testbed.sync, exclusive))
      expect(result._tag, "the sync's turn is free again").toBe("Started")
    }),
  ),

  law("T8", "Effect.timeout around a slow trigger leaves an entry that has the run", {}, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.emulator.addFaults(Fault.slow("start", { latency: "40 seconds" }))
      const exit = yield* testbed.exit(Effect.timeout(testbed.runs.trigger(testbed.sync, exclusive), "10 seconds"))
      expect(Exit.isFailure(exit)).toBe(true)
      yield* testbed.advance("5 minutes")
      const [pending] = yield* testbed.run(testbed.runs.pending)
      const [actualRun, ...moreRuns] = yield* testbed.actualRuns
      expect([actualRun !== undefined, moreRuns]).toEqual([true, []])
      const run = { run: actualRun?.id }
      expect(pending).toMatchObject({ isOwnerAlive: false, entry: { state: "started", run } })
      const [entry] = yield* testbed.entries
      if (entry === undefined) return expect.fail("the journal has no entry")
      expect(yield* testbed.run(testbed.runs.resolve(entry))).toMatchObject({ _tag: "Started", run })
      const resumed = yield* testbed.run(testbed.runs.resume(entry), "1 day")
      expect(resumed).toMatchObject({ _tag: "Finished", finished: { how: "joined", run: { ref: run } } })
      expect(yield* testbed.entries).toMatchObject([{ state: "finished", run }])
      expect(yield* testbed.requestCount("start")).toBe(1)
    }),
  ),

  ...[
    [
      "a lost answer, whose run appears 81 s later",
      Fault.lost("start", { commits: true, commitAfter: "81 seconds" }),
    ] as const,
    ["a lost answer without a run", Fault.lost("start", { commits: false })] as const,
    [
      "an answer that never comes, whose run appears late",
      Fault.never("start", { commits: true, commitAfter: "150 seconds" }),
    ] as const,
  ].map(([trouble, fault]) =>
    law("T8, T3", `an interrupt during ${trouble} loses no entry`, longRunAppearsWithin, (testbed) =>
      Effect.gen(function* () {
        yield* testbed.emulator.addFaults(fault)
        yield* interruptAfter(testbed, testbed.sync, 5_000)
        expect(yield* testbed.requestCount("start")).toBe(1)
        yield* expectSettled(testbed, { ids: testbed.ids, ref: testbed.sync })
      }),
    ),
  ),

  law(
    "T8, T4",
    "an interrupt at any moment loses no entry and starts no second run",
    { ...longRunAppearsWithin, emulator: { latency: "100 millis" } },
    (testbed) =>
      Effect.gen(function* () {
        const random = Random.make(8)
        for (let moment = 0; moment < 360; moment += 1 + random.int(18)) {
          const added = yield* testbed.addSync()
          yield* expectSettled(testbed, added, yield* interruptAfter(testbed, added.ref, moment))
        }
      }),
  ),

  law(
    "T8, T4",
    "an interrupt at any moment on a bad connection loses no entry and starts no second run",
    { ...longRunAppearsWithin, emulator: { seed: 3 } },
    (testbed) =>
      Effect.gen(function* () {
        const random = Random.make(9)
        const often = { times: Number.POSITIVE_INFINITY, chance: 0.25 }
        yield* testbed.emulator.addFaults(
          Fault.lost("start", { ...often, commits: true, latency: "200 millis" }),
          Fault.lost("start", { ...often, commits: true, latency: "50 millis", commitAfter: "60 seconds" }),
          Fault.lost("start", { ...often, commits: false, latency: "100 millis" }),
          Fault.gatewayPage("list", { ...often, latency: "300 millis" }),
          Fault.slow("any", { ...often, chance: 1, latency: "150 millis" }),
        )
        for (let round = 0; round < 30; round++) {
          const added = yield* testbed.addSync()
          yield* expectSettled(testbed, added, yield* interruptAfter(testbed, added.ref, random.int(1_500)))
        }
      }),
  ),

  law(
    "T8",
    "a workspace that closes during a trigger leaves its entry in the journal for the next process",
    longRunAppearsWithin,
    (testbed) =>
      Effect.gen(function* () {
        const scope = yield* EffectScope.make()
        const closing = yield* EffectScope.provide(testbed.open({ journal: testbed.journal }), scope)
        yield* testbed.emulator.addFaults(Fault.slow("start", { latency: "30 seconds", commitAfter: "10 seconds" }))
        const caller = yield* testbed.begin(closing.runs.trigger(testbed.sync, exclusive))
        yield* testbed.advance("5 seconds")
        yield* testbed.run(EffectScope.close(scope, Exit.void))
        yield* testbed.advance("1 second")
        yield* caller.exit
        yield* testbed.advance("5 minutes")
        yield* expectSettled(testbed, { ids: testbed.ids, ref: testbed.sync })
        expect((yield* testbed.actualRuns).length).toBe(1)
        const before = testbed.wire.sent.length
        yield* testbed.exit(closing.runs.trigger(testbed.sync, exclusive))
        expect(testbed.wire.sent.length, "a closed workspace sends nothing").toBe(before)
      }),
  ),

  ...[true, false].map((sendsDate) =>
    law(
      "T3, T4",
      `forty triggers on a bad connection, ${sendsDate ? "with" : "without"} the vendor's clock, report every run exactly once`,
      { ...longRunAppearsWithin, vendorClock: { sendsDate } },
      (testbed) =>
        Effect.gen(function* () {
          const often = { times: Number.POSITIVE_INFINITY, chance: 0.2 }
          yield* testbed.emulator.addFaults(
            Fault.lost("start", { ...often, commits: true }),
            Fault.lost("start", { ...often, commits: false }),
            Fault.never("start", { ...often, commits: true, commitAfter: "81 seconds" }),
            Fault.gatewayPage("start", { ...often, commits: true, status: 504 }),
            Fault.gatewayPage("list", { ...often, status: 503 }),
            Fault.truncated("any", { ...often, chance: 0.1 }),
          )
          const reportedRuns: Array<string> = []
          const calls = 40
          for (let call = 0; call < calls; call++) {
            const result = yield* testbed.result(testbed.runs.trigger(testbed.sync, exclusive), "1 hour")
            if (result._tag === "Success") reportedRuns.push(runOf(result.success).run)
            else if (result.failure._tag === "TriggerIndeterminate") {
              const resolution = yield* testbed.run(testbed.runs.resolve(result.failure.entry), "1 hour")
              if (resolution._tag === "Started") reportedRuns.push(resolution.run.run)
              else expect(resolution).toMatchObject({ _tag: "NotStarted" })
            } else expect(Errors.requireRetlError(result.failure).delivery).not.toBe("unknown")
            yield* testbed.advance("30 minutes")
          }
          const actualRuns = (yield* testbed.actualRuns).map(({ id }) => id)
          expect(actualRuns.length).toBeLessThanOrEqual(calls)
          expect(reportedRuns).toEqual(actualRuns)
          expect(actualRuns.length, "most triggers start a run").toBeGreaterThan(10)
        }),
    ),
  ),
]
