/** Reading runs: when core can read a run, its status, its rows and its times. */

import { RunRef } from "@openretl/core/Ref"
import { Fault } from "@openretl/emulator"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import { type Law, law } from "../../Law.ts"
import * as Answers from "../../testbed/answers.ts"
import * as Errors from "../../testbed/errors.ts"
import * as Json from "../../testbed/json.ts"
import { startRun } from "../startRun.ts"
import { unknownId } from "../unknownId.ts"
import { countFields } from "./fields.ts"

/** Expects the same time to within a second: vendors cut fractions off. */
const expectSameSecond = (time: DateTime.Utc | undefined, millis: number | undefined) =>
  expect(Math.abs((time === undefined ? 0 : DateTime.toEpochMillis(time)) - (millis ?? 0))).toBeLessThan(1_000)

export const readingLaws: ReadonlyArray<Law> = [
  law(
    "R1",
    "a run can be read right after its trigger, although reads lag",
    { emulator: { readLag: "8 seconds" } },
    (testbed) =>
      Effect.gen(function* () {
        const ref = yield* startRun(testbed, { duration: "2 minutes" })
        const run = yield* testbed.run(testbed.runs.get(ref))
        expect([run.ref.run, run.status]).toEqual([ref.run, "running"])
        const secondStart = yield* startRun(testbed, { duration: "1 minute" }).pipe(Effect.delay(0), Effect.exit)
        expect(secondStart._tag).toBe("Failure")
        const finished = yield* testbed.run(testbed.runs.wait(ref))
        expect(finished.verdict).toBe("complete")
      }),
  ),

  law("R1", "a wait goes on when the run answers 404 right after its trigger", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* startRun(testbed, { duration: "2 minutes" })
      yield* testbed.emulator.addFaults(Fault.respond("get", { status: 404, body: "{}", times: 3 }))
      expect((yield* testbed.run(testbed.runs.wait(ref))).verdict).toBe("complete")
    }),
  ),

  law("R1", "a read of a missing run fails with NotFound, soon and after few requests", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* startRun(testbed, { duration: "1 second" })
      const run = unknownId(ref.run)
      expect(run).not.toBe(ref.run)
      const before = yield* testbed.readCount
      const error = yield* testbed.failure(testbed.runs.get(new RunRef({ sync: testbed.sync, run })), "2 minutes")
      expect(Errors.reasonTag(error)).toBe("NotFound")
      expect((yield* testbed.readCount) - before).toBeLessThanOrEqual(12)
    }),
  ),

  law(
    "R3",
    "an unlisted word of a running run is unknown: kept raw, logged once, and polled sparsely to the end",
    {},
    (testbed) =>
      Effect.gen(function* () {
        const ref = yield* startRun(testbed, { duration: "10 minutes", words: { running: "BREWING" } })
        yield* testbed.advance("2 seconds")
        const run = yield* testbed.run(testbed.runs.get(ref))
        expect([run.status, run.vendorStatus]).toEqual(["unknown", "BREWING"])
        const before = yield* testbed.readCount
        expect((yield* testbed.run(testbed.runs.wait(ref), "1 hour")).verdict).toBe("complete")
        expect((yield* testbed.readCount) - before).toBeLessThanOrEqual(16)
        expect(testbed.logLines.filter((line) => line.includes("BREWING")).length).toBe(1)
      }),
  ),

  law("R3, W1", "an unlisted word of an ended run is unknown, and ends the wait after half an hour", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* startRun(testbed, { duration: "1 minute", words: { ended: "MARINATED" } })
      const error = yield* testbed.failure(testbed.runs.wait(ref, { deadline: "3 hours" }), "40 minutes")
      expect(error).toMatchObject({
        _tag: "WaitStatusUnknown",
        run: { status: "unknown", vendorStatus: "MARINATED" },
      })
      expect(yield* testbed.readCount).toBeLessThanOrEqual(70)
    }),
  ),

  ...(["succeeded", "failed", "cancelled"] as const).map((meaning) =>
    law("R3", `a word that the configuration defines as ${meaning} has the status ${meaning}`, {}, (testbed) =>
      Effect.gen(function* () {
        const workspace = yield* testbed.open({ statusWords: { MARINATED: meaning, BREWING: "running" } })
        const ref = yield* startRun(testbed, {
          duration: "1 minute",
          words: { running: "BREWING", ended: "MARINATED" },
        })
        yield* testbed.advance("2 seconds")
        expect((yield* testbed.run(workspace.runs.get(ref))).status).toBe("running")
        const { run } = yield* testbed.run(workspace.runs.wait(ref))
        expect([run.status, run.vendorStatus]).toEqual([meaning, "MARINATED"])
      }),
    ),
  ),

  ...["constructor", "__proto__", "toString", "hasOwnProperty", "", " ", "💥", "x".repeat(5_000)].map((word) =>
    law(
      "R3, H5",
      `the hostile word ${JSON.stringify(word.slice(0, 20))} is unknown, with and without configured words`,
      {},
      (testbed) =>
        Effect.gen(function* () {
          const ref = yield* startRun(testbed, { duration: "1 hour", words: { running: word } })
          yield* testbed.advance("2 seconds")
          const workspace = yield* testbed.open({ statusWords: { other: "running" } })
          for (const { runs } of [testbed, workspace]) {
            const run = yield* testbed.run(runs.get(ref))
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
      `a run with ${rows.succeeded} delivered and ${rows.failed} failed rows is ${status}, whatever the vendor's word`,
      {},
      (testbed) =>
        Effect.gen(function* () {
          const ref = yield* startRun(testbed, { duration: "1 minute", rows })
          const finished = yield* testbed.run(testbed.runs.wait(ref))
          expect([finished.run.status, finished.verdict]).toEqual([status, verdict])
          expect(finished.run.rows).toMatchObject(rows)
        }),
    ),
  ),

  law(
    "R4, R6",
    "rows that the vendor counts neither as delivered nor as failed are unaccounted and never green by themselves, or absent",
    {},
    (testbed) =>
      Effect.gen(function* () {
        const planned = { succeeded: 1_227, failed: 0, total: 1_237 }
        const ref = yield* startRun(testbed, { duration: "1 minute", rows: planned })
        const wait = testbed.run(testbed.runs.wait(ref))
        const [{ run, verdict, accepted }, answers] = yield* Answers.during(testbed, wait)
        const { rows } = run
        expect([rows.succeeded, rows.failed]).toEqual([planned.succeeded, 0])
        expect(rows.unaccounted).toBe(answers.haveNumber(planned.total) ? 10 : undefined)
        if (rows.unaccounted === undefined) {
          expect([verdict, accepted]).toEqual(["complete", true])
          return
        }
        expect([verdict, accepted]).toEqual([rows.addsUp === "yes" ? "partial" : "unverified", false])
        const bounded = (maxUnaccountedRows: number) =>
          Effect.map(testbed.run(testbed.runs.wait(ref, { policy: { maxUnaccountedRows } })), ({ verdict }) => verdict)
        expect([yield* bounded(10), yield* bounded(9)]).toEqual(["tolerated", "partial"])
      }),
  ),

  law("R6", "a run that delivered nothing of what there was to deliver is never accepted by default", {}, (testbed) =>
    Effect.gen(function* () {
      const rows = { succeeded: 0, failed: 0, total: 1_237 }
      const ref = yield* startRun(testbed, { duration: "1 minute", rows })
      const wait = testbed.run(testbed.runs.wait(ref))
      const [{ run, verdict, accepted }, answers] = yield* Answers.during(testbed, wait)
      if (!answers.haveNumber(rows.total)) return yield* testbed.skip("the vendor does not count the rows to deliver")
      expect([run.rows.total, accepted]).toEqual([rows.total, false])
      expect(["partial", "unverified"]).toContain(verdict)
    }),
  ),

  law("R4", "absent counts stay absent, and an outcome without counts is unverified", {}, (testbed) =>
    Effect.gen(function* () {
      testbed.wire.rewrite = (response) => Json.mapResponse(response, (json) => Json.withoutFields(json, countFields))
      const ref = yield* startRun(testbed, { duration: "1 minute", rows: { succeeded: 9, failed: 0 } })
      const finished = yield* testbed.run(testbed.runs.wait(ref))
      expect([finished.run.status, finished.run.rows]).toEqual(["succeeded", {}])
      expect([finished.verdict, finished.accepted]).toEqual(["unverified", false])
      const accepting = yield* testbed.run(testbed.runs.wait(ref, { policy: { absentCounts: "accept" } }))
      expect([accepting.verdict, accepting.accepted]).toEqual(["complete", true])
      const [listedRun] = yield* testbed.run(Stream.runCollect(testbed.runs.list(testbed.sync)))
      expect(listedRun?.rows).toEqual({})
    }),
  ),

  law("R4", "counts that settle late change the run when they arrive", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* startRun(testbed, {
        duration: "1 minute",
        rows: { succeeded: 10, failed: 4 },
        countsSettleAfter: "5 minutes",
      })
      yield* testbed.run(testbed.runs.wait(ref))
      yield* testbed.advance("10 minutes")
      const run = yield* testbed.run(testbed.runs.get(ref))
      expect([run.status, run.rows.failed]).toEqual(["partial", 4])
    }),
  ),

  law("R5", "a run has the vendor's times, and has an end and an error only when it has ended", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* startRun(testbed, { duration: "3 minutes", ends: "failed", error: { text: "no such table" } })
      yield* testbed.advance("90 seconds")
      const running = yield* testbed.run(testbed.runs.get(ref))
      expect([running.status, running.finishedAt, running.errorText]).toEqual(["running", undefined, undefined])
      const { run } = yield* testbed.run(testbed.runs.wait(ref))
      const [actualRun] = yield* testbed.actualRuns
      expectSameSecond(run.startedAt, actualRun?.startedAt)
      expectSameSecond(run.finishedAt, actualRun?.finishedAt)
      expect([run.status, run.errorText]).toEqual(["failed", "no such table"])
    }),
  ),
]
