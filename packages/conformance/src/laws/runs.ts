/** Reading runs: what is seen, what it is called, and what its rows say. */

import { RunRef } from "@openretl/core/Ref"
import { Fault } from "@openretl/emulator"
import type { RunPlan } from "@openretl/emulator/RunPlan"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import * as Errors from "../internal/errors.ts"
import * as Json from "../internal/json.ts"
import { type Law, law } from "../Law.ts"
import type { Testbed } from "../Testbed.ts"
import { runOf } from "./trigger.ts"

/** Triggers a run that goes as planned. */
export const start = Effect.fnUntraced(function* (testbed: Testbed, plan: RunPlan) {
  yield* testbed.emulator.script(testbed.ids, [plan])
  return runOf(yield* testbed.run(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" })))
})

/** How many reads have arrived. */
export const reads = (testbed: Testbed) =>
  Effect.zipWith(testbed.count("get"), testbed.count("list"), (gets, lists) => gets + lists)

/** How vendors name what holds their counts of rows. */
const counts = /count|rows|metric|phase|total/i

/** Two times that mean the same: vendors cut fractions off. */
const near = (time: DateTime.Utc | undefined, millis: number | undefined) =>
  expect(Math.abs((time === undefined ? 0 : DateTime.toEpochMillis(time)) - (millis ?? 0))).toBeLessThan(1_000)

export const runs: ReadonlyArray<Law> = [
  law(
    "R1",
    "a run that was just triggered can be read, although reads lag",
    { emulator: { readLag: "8 seconds" } },
    (testbed) =>
      Effect.gen(function* () {
        const ref = yield* start(testbed, { duration: "2 minutes" })
        const run = yield* testbed.run(testbed.runs.get(ref))
        expect([run.ref.run, run.status]).toEqual([ref.run, "running"])
        const other = yield* start(testbed, { duration: "1 minute" }).pipe(Effect.delay(0), Effect.exit)
        expect(other._tag).toBe("Failure")
        const finished = yield* testbed.run(testbed.runs.wait(ref))
        expect(finished.verdict).toBe("complete")
      }),
  ),

  law("R1", "a run that answers 404 right after its trigger is waited for", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* start(testbed, { duration: "2 minutes" })
      yield* testbed.emulator.addFaults(Fault.respond("get", { status: 404, body: "{}", times: 3 }))
      expect((yield* testbed.run(testbed.runs.wait(ref))).verdict).toBe("complete")
    }),
  ),

  law("R1", "a run that is not there is NotFound, soon and in few requests", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* start(testbed, { duration: "1 second" })
      const run = Array.from(ref.run).reverse().join("")
      expect(run).not.toBe(ref.run)
      const before = yield* reads(testbed)
      const error = yield* testbed.failure(testbed.runs.get(new RunRef({ sync: testbed.sync, run })), "2 minutes")
      expect(Errors.reason(error)).toBe("NotFound")
      expect((yield* reads(testbed)) - before).toBeLessThanOrEqual(12)
    }),
  ),

  law(
    "R3",
    "a word that nobody listed, while running: unknown, kept raw, told once, polled sparsely to the end",
    {},
    (testbed) =>
      Effect.gen(function* () {
        const ref = yield* start(testbed, { duration: "10 minutes", words: { running: "BREWING" } })
        yield* testbed.pass("2 seconds")
        const run = yield* testbed.run(testbed.runs.get(ref))
        expect([run.status, run.vendorStatus]).toEqual(["unknown", "BREWING"])
        const before = yield* reads(testbed)
        expect((yield* testbed.run(testbed.runs.wait(ref), "1 hour")).verdict).toBe("complete")
        expect((yield* reads(testbed)) - before).toBeLessThanOrEqual(16)
        expect(testbed.logged.filter((line) => line.includes("BREWING")).length).toBe(1)
      }),
  ),

  law(
    "R3, W1",
    "a word that nobody listed, at the end: never a success, never a crash, and the deadline ends it",
    {},
    (testbed) =>
      Effect.gen(function* () {
        const ref = yield* start(testbed, { duration: "1 minute", words: { ended: "MARINATED" } })
        const error = yield* testbed.failure(testbed.runs.wait(ref, { deadline: "3 hours" }), "4 hours")
        expect(error).toMatchObject({
          _tag: "WaitDeadlineExceeded",
          run: { status: "unknown", vendorStatus: "MARINATED" },
        })
        expect(yield* reads(testbed)).toBeLessThanOrEqual(220)
      }),
  ),

  ...(["succeeded", "failed", "cancelled"] as const).map((meaning) =>
    law("R3", `a word whose meaning is named in the configuration is that: ${meaning}`, {}, (testbed) =>
      Effect.gen(function* () {
        const named = yield* testbed.open({ statusWords: { MARINATED: meaning, BREWING: "running" } })
        const ref = yield* start(testbed, { duration: "1 minute", words: { running: "BREWING", ended: "MARINATED" } })
        yield* testbed.pass("2 seconds")
        expect((yield* testbed.run(named.runs.get(ref))).status).toBe("running")
        const { run } = yield* testbed.run(named.runs.wait(ref))
        expect([run.status, run.vendorStatus]).toEqual([meaning, "MARINATED"])
      }),
    ),
  ),

  ...["constructor", "__proto__", "toString", "hasOwnProperty", "", " ", "💥", "x".repeat(5_000)].map((word) =>
    law(
      "R3, H5",
      `a hostile word (${JSON.stringify(word.slice(0, 20))}) is unknown, with and without words of one's own`,
      {},
      (testbed) =>
        Effect.gen(function* () {
          const ref = yield* start(testbed, { duration: "1 hour", words: { running: word } })
          yield* testbed.pass("2 seconds")
          const named = yield* testbed.open({ statusWords: { other: "running" } })
          for (const { runs: service } of [testbed, named]) {
            const run = yield* testbed.run(service.get(ref))
            expect([run.status, run.vendorStatus]).toEqual(["unknown", word])
          }
        }),
    ),
  ),

  ...(
    [
      [{ succeeded: 100, failed: 0 }, "succeeded", "complete"],
      [{ succeeded: 97, failed: 3 }, "partial", "partial"],
      [{ succeeded: 0, failed: 5 }, "failed", "failed"],
      [{ succeeded: 0, failed: 0 }, "succeeded", "empty"],
    ] as const
  ).map(([rows, status, verdict]) =>
    law(
      "R4",
      `${rows.succeeded} rows delivered and ${rows.failed} failed is ${status}, whatever the vendor calls it`,
      {},
      (testbed) =>
        Effect.gen(function* () {
          const ref = yield* start(testbed, { duration: "1 minute", rows })
          const finished = yield* testbed.run(testbed.runs.wait(ref))
          expect([finished.run.status, finished.verdict]).toEqual([status, verdict])
          expect(finished.run.rows).toEqual(rows)
        }),
    ),
  ),

  law("R4", "rows that the vendor counted in and never out are shown, or not counted at all", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* start(testbed, { duration: "1 minute", rows: { succeeded: 90, failed: 0, total: 100 } })
      const { rows } = (yield* testbed.run(testbed.runs.wait(ref))).run
      expect([rows.succeeded, rows.failed]).toEqual([90, 0])
      expect([undefined, 10]).toContain(rows.unaccounted)
    }),
  ),

  law(
    "R4",
    "counts that the vendor leaves out stay absent, and an outcome without them is not verified",
    {},
    (testbed) =>
      Effect.gen(function* () {
        testbed.wire.changed = (response) => Json.inResponse(response, (json) => Json.without(json, counts))
        const ref = yield* start(testbed, { duration: "1 minute", rows: { succeeded: 9, failed: 0 } })
        const finished = yield* testbed.run(testbed.runs.wait(ref))
        expect([finished.run.status, finished.run.rows]).toEqual(["succeeded", {}])
        expect([finished.verdict, finished.accepted]).toEqual(["unverified", false])
        const trusting = yield* testbed.run(testbed.runs.wait(ref, { policy: { absentCounts: "accept" } }))
        expect([trusting.verdict, trusting.accepted]).toEqual(["complete", true])
        const [listed] = yield* testbed.run(Stream.runCollect(testbed.runs.list(testbed.sync)))
        expect(listed?.rows).toEqual({})
      }),
  ),

  law("R4", "counts that settle late are believed when they come", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* start(testbed, {
        duration: "1 minute",
        rows: { succeeded: 10, failed: 4 },
        countsSettleAfter: "5 minutes",
      })
      yield* testbed.run(testbed.runs.wait(ref))
      yield* testbed.pass("10 minutes")
      const run = yield* testbed.run(testbed.runs.get(ref))
      expect([run.status, run.rows.failed]).toEqual(["partial", 4])
    }),
  ),

  law("R5", "times are the vendor's, and an end is there only when the run has ended", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* start(testbed, { duration: "3 minutes", ends: "failed", error: { text: "no such table" } })
      yield* testbed.pass("90 seconds")
      const running = yield* testbed.run(testbed.runs.get(ref))
      expect([running.status, running.finishedAt, running.errorText]).toEqual(["running", undefined, undefined])
      const { run } = yield* testbed.run(testbed.runs.wait(ref))
      const [truth] = yield* testbed.truth
      near(run.startedAt, truth?.startedAt)
      near(run.finishedAt, truth?.finishedAt)
      expect([run.status, run.errorText]).toEqual(["failed", "no such table"])
    }),
  ),
]
