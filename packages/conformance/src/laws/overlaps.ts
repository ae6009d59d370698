/**
 * What depends on whether runs of one sync overlap, which vendors leave open: the switch `overlap` has the ways, and
 * each is tried.
 */

import { Fault } from "@openretl/emulator"
import type { Switches } from "@openretl/emulator/Switch"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import * as Errors from "../internal/errors.ts"
import { type Law, law, needsCancellation, type Setup } from "../Law.ts"
import { reads, start } from "./runs.ts"
import { expected, runOf, told } from "./trigger.ts"

export const overlaps = (switches: Switches): ReadonlyArray<Law> =>
  switches["overlap"] === undefined
    ? laws("", {})
    : switches["overlap"].values.flatMap((overlap) => laws(` (overlap=${overlap})`, { switches: { overlap } }))

const laws = (how: string, emulator: NonNullable<Setup["emulator"]>): ReadonlyArray<Law> => [
  ...(["fail", "skip", "adopt", "wait"] as const).map((whenRunning) =>
    law(
      "T5",
      `a run that this workspace has just started is under way for "${whenRunning}", even where no read shows it${how}`,
      { emulator: { ...emulator, readLag: "10 seconds", plan: { duration: "10 minutes" } } },
      (testbed) =>
        Effect.gen(function* () {
          const { run } = runOf(yield* testbed.run(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" })))
          const ended = yield* testbed.exit(testbed.runs.trigger(testbed.sync, { whenRunning }), "1 hour")
          expect(yield* told(ended, run)).toBe(expected[whenRunning])
          const truth = yield* testbed.truth
          expect(truth.length).toBe(whenRunning === "wait" ? 2 : 1)
          if (truth[1] !== undefined)
            expect(truth[1].createdAt).toBeGreaterThanOrEqual(truth[0]?.finishedAt ?? Infinity)
        }),
    ),
  ),

  law(
    "C2",
    `another run of the sync is under way: it is not stopped too${how}`,
    { needs: needsCancellation, emulator },
    (testbed) =>
      Effect.gen(function* () {
        const cancellation = testbed.cancellation ?? (yield* testbed.skip("the vendor cannot cancel a run"))
        const ref = yield* start(testbed, { ends: "never" })
        const other = yield* testbed.emulator.triggerAsStranger(testbed.ids, { plan: { ends: "never" } })
        if (other === undefined) return yield* testbed.skip("the vendor has one run of a sync at a time")
        const ended = yield* Effect.result(yield* testbed.exit(cancellation.cancel(ref)))
        yield* testbed.pass("5 minutes")
        if (testbed.current.capabilities.cancellation === "run") expect(ended._tag).toBe("Success")
        else {
          expect(ended._tag === "Failure" && Errors.reason(ended.failure)).toBe("Conflict")
          expect(yield* testbed.count("cancel")).toBe(0)
        }
        const [, second] = yield* testbed.truth
        expect([second?.id, second?.finishedAt]).toEqual([other, undefined])
      }),
  ),

  law(
    "W4",
    `several runs of one sync are seen by one listing${how}`,
    { emulator: { ...emulator, plan: { duration: "1 hour" } } },
    (testbed) =>
      Effect.gen(function* () {
        const started: Array<string> = []
        for (let run = 0; run < 5; run++) {
          const id = yield* testbed.emulator.triggerAsStranger(testbed.ids)
          if (id !== undefined) started.push(id)
        }
        if (started.length < 2) return yield* testbed.skip("the vendor has one run of a sync at a time")
        const waits = started.map((run) => testbed.runs.wait(testbed.runRef(run)))
        const ended = yield* testbed.run(Effect.all(waits, { concurrency: "unbounded" }), "10 hours")
        expect(ended.map(({ run }) => run.ref.run)).toEqual(started)
        // One run by itself is looked at about ninety times in its first hour, then once a minute.
        const last = Math.max(...(yield* testbed.truth).map(({ finishedAt = 0 }) => finishedAt))
        expect(yield* reads(testbed)).toBeLessThanOrEqual(120 * Math.ceil((last - testbed.origin) / 3_600_000))
      }),
  ),

  law(
    "T3, T4",
    `the answer is lost while a run goes on that no read shows yet${how}: what is told is true`,
    { emulator },
    (testbed) =>
      Effect.gen(function* () {
        yield* testbed.emulator.setReadLag("20 seconds")
        const other = yield* testbed.emulator.triggerAsStranger(testbed.ids, { plan: { duration: "3 minutes" } })
        yield* testbed.emulator.addFaults(Fault.lost("start", { commits: true }))
        const ended = yield* Effect.result(
          yield* testbed.exit(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" })),
        )
        expect(yield* testbed.count("start")).toBe(1)
        const own = (yield* testbed.truth).filter(({ origin }) => origin === "call")
        if (ended._tag === "Success") expect([own[0]?.id, other]).toContain(runOf(ended.success).run)
        if (ended._tag === "Success" && own[0] !== undefined) expect(runOf(ended.success).run).toBe(own[0].id)
        if (ended._tag === "Failure" && own[0] !== undefined) {
          const [candidate, ...others] = Errors.indeterminate(ended.failure).candidates.map(({ run }) => run)
          // Nothing is named, or the run is among what is named.
          expect(candidate === undefined || [candidate, ...others].includes(own[0].id)).toBe(true)
        }
      }),
  ),
]
