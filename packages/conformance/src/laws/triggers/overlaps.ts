/**
 * Laws whose course depends on whether runs of one sync overlap. Where the vendor leaves that open, the emulator's
 * switch `overlap` has the possibilities, and each law is checked for each of them.
 */

import { Fault } from "@openretl/emulator"
import type { Switches } from "@openretl/emulator/Switch"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import { type Law, law } from "../../Law.ts"
import { needsCancellation, type Setup } from "../../Setup.ts"
import * as Errors from "../../testbed/errors.ts"
import { runOf, startRun } from "../startRun.ts"
import { endingOf, expectedEnding } from "./whenRunning.ts"

export const overlapLaws = (switches: Switches): ReadonlyArray<Law> =>
  switches["overlap"] === undefined
    ? lawsWith("", {})
    : switches["overlap"].values.flatMap((overlap) => lawsWith(` (overlap=${overlap})`, { switches: { overlap } }))

const lawsWith = (setting: string, emulator: NonNullable<Setup["emulator"]>): ReadonlyArray<Law> => [
  ...(["fail", "skip", "adopt", "wait"] as const).map((whenRunning) =>
    law(
      "T5",
      `a run that this workspace has just started is under way for "${whenRunning}" before any read shows it${setting}`,
      { emulator: { ...emulator, readLag: "10 seconds", plan: { duration: "10 minutes" } } },
      (testbed) =>
        Effect.gen(function* () {
          const { run } = runOf(yield* testbed.run(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" })))
          const exit = yield* testbed.exit(testbed.runs.trigger(testbed.sync, { whenRunning }), "1 hour")
          expect(yield* endingOf(exit, run)).toBe(expectedEnding[whenRunning])
          const [first, second, ...moreRuns] = yield* testbed.actualRuns
          expect([second !== undefined, moreRuns]).toEqual([whenRunning === "wait", []])
          if (second !== undefined) expect(second.createdAt).toBeGreaterThanOrEqual(first?.finishedAt ?? Infinity)
        }),
    ),
  ),

  law(
    "C2",
    `a cancel stops no other run of the sync that is under way${setting}`,
    { needs: needsCancellation, emulator },
    (testbed) =>
      Effect.gen(function* () {
        const cancellation = testbed.cancellation ?? (yield* testbed.skip("the vendor cannot cancel a run"))
        const ref = yield* startRun(testbed, { ends: "never" })
        const otherRun = yield* testbed.emulator.triggerAsStranger(testbed.ids, { plan: { ends: "never" } })
        if (otherRun === undefined) return yield* testbed.skip("the vendor has one run of a sync at a time")
        const result = yield* testbed.result(cancellation.cancel(ref))
        yield* testbed.advance("5 minutes")
        if (testbed.current.capabilities.cancellation === "run") expect(result._tag).toBe("Success")
        else {
          expect(result._tag === "Failure" && Errors.reasonTag(result.failure)).toBe("Conflict")
          expect(yield* testbed.requestCount("cancel")).toBe(0)
        }
        const [, second] = yield* testbed.actualRuns
        expect([second?.id, second?.finishedAt]).toEqual([otherRun, undefined])
      }),
  ),

  law(
    "W4",
    `waits for several runs of one sync share one listing${setting}`,
    { emulator: { ...emulator, plan: { duration: "1 hour" } } },
    (testbed) =>
      Effect.gen(function* () {
        const started: Array<string> = []
        for (let count = 0; count < 5; count++) {
          const run = yield* testbed.emulator.triggerAsStranger(testbed.ids)
          if (run !== undefined) started.push(run)
        }
        if (started.length < 2) return yield* testbed.skip("the vendor has one run of a sync at a time")
        const waits = started.map((run) => testbed.runs.wait(testbed.runRef(run)))
        const finished = yield* testbed.run(Effect.all(waits, { concurrency: "unbounded" }), "10 hours")
        expect(finished.map(({ run }) => run.ref.run)).toEqual(started)
        // A wait for one run takes about ninety reads in its first hour, then one read a minute.
        const lastEnd = Math.max(...(yield* testbed.actualRuns).map(({ finishedAt = 0 }) => finishedAt))
        const hours = Math.ceil((lastEnd - testbed.startedAt) / 3_600_000)
        expect(yield* testbed.readCount).toBeLessThanOrEqual(120 * hours)
      }),
  ),

  law(
    "T3, T4",
    `a lost answer beside a run that no read shows yet is reported correctly${setting}`,
    { emulator },
    (testbed) =>
      Effect.gen(function* () {
        yield* testbed.emulator.setReadLag("20 seconds")
        const otherRun = yield* testbed.emulator.triggerAsStranger(testbed.ids, { plan: { duration: "3 minutes" } })
        yield* testbed.emulator.addFaults(Fault.lost("start", { commits: true }))
        const result = yield* testbed.result(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" }))
        expect(yield* testbed.requestCount("start")).toBe(1)
        const [runOfCall] = (yield* testbed.actualRuns).filter(({ origin }) => origin === "call")
        if (result._tag === "Success") expect(runOf(result.success).run).toBe(runOfCall?.id ?? otherRun)
        else if (runOfCall !== undefined) {
          const candidates = Errors.requireIndeterminate(result.failure).candidates.map(({ run }) => run)
          expect(candidates.length === 0 || candidates.includes(runOfCall.id)).toBe(true)
        }
      }),
  ),
]
