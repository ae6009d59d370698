/** Cancelling a run: with one request, the right run, and remembered. */

import { Fault } from "@openretl/emulator"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import { type Law, law } from "../../Law.ts"
import { needsCancellation } from "../../Setup.ts"
import type { Testbed } from "../../Testbed.ts"
import * as Answers from "../../testbed/answers.ts"
import * as Errors from "../../testbed/errors.ts"
import { startRun } from "../startRun.ts"

const needs = { needs: needsCancellation } as const

const cancellationOf = (testbed: Testbed) =>
  testbed.cancellation === undefined
    ? testbed.skip("the vendor cannot cancel a run")
    : Effect.succeed(testbed.cancellation)

/** Whether the vendor really stopped the run. */
const isStopped = Effect.fnUntraced(function* (testbed: Testbed, run: string) {
  return (yield* testbed.actualRuns).some(({ id, stopped }) => id === run && stopped === true)
})

/** Matches the answer to a cancel that finds nothing to cancel, in a refusal or inside a success. */
const saysEnded = /\balready (?:finished|ended|cancell?ed|completed)\b|\bno (?:sync|run) is running\b/i

export const cancelLaws: ReadonlyArray<Law> = [
  law("C1", "a cancel sends one request, and the run is cancelling from then on", needs, (testbed) =>
    Effect.gen(function* () {
      const { cancel } = yield* cancellationOf(testbed)
      const ref = yield* startRun(testbed, { duration: "1 hour" })
      yield* testbed.advance("1 minute")
      const result = yield* testbed.run(cancel(ref))
      expect(result._tag).toBe("Requested")
      expect(yield* testbed.requestCount("cancel")).toBe(1)
      expect((yield* testbed.run(testbed.runs.get(ref))).status).toBe("cancelling")
      yield* testbed.advance("1 minute")
      expect(yield* isStopped(testbed, ref.run)).toBe(true)
    }),
  ),

  law("C1", "a cancel is confirmed when the run has ended, and the run is cancelled, not failed", needs, (testbed) =>
    Effect.gen(function* () {
      const { cancel } = yield* cancellationOf(testbed)
      const ref = yield* startRun(testbed, { duration: "1 hour" })
      yield* testbed.advance("1 minute")
      const result = yield* testbed.run(cancel(ref, { confirmWithin: "5 minutes" }))
      expect(result).toMatchObject({ _tag: "Requested", ended: { status: "cancelled" } })
      expect((yield* testbed.run(testbed.runs.get(ref))).status).toBe("cancelled")
      const [listedRun] = yield* testbed.run(Stream.runCollect(testbed.runs.list(testbed.sync)))
      expect(listedRun?.status).toBe("cancelled")
      expect(yield* testbed.run(testbed.runs.wait(ref))).toMatchObject({ verdict: "cancelled", accepted: false })
      expect(yield* testbed.requestCount("cancel")).toBe(1)
    }),
  ),

  law("C1, W2", "a cancel ends a wait for the run as cancelled", needs, (testbed) =>
    Effect.gen(function* () {
      const { cancel } = yield* cancellationOf(testbed)
      const ref = yield* startRun(testbed, { duration: "5 hours" })
      const [finished] = yield* testbed.run(
        Effect.all([testbed.runs.wait(ref), Effect.delay(cancel(ref), "10 minutes")], { concurrency: "unbounded" }),
        "2 hours",
      )
      expect([finished.run.status, finished.verdict]).toEqual(["cancelled", "cancelled"])
    }),
  ),

  law(
    "C1, W1",
    "a cancel that is not confirmed in time fails with WaitDeadlineExceeded",
    { ...needs, emulator: { stopTakes: "1 hour" } },
    (testbed) =>
      Effect.gen(function* () {
        const { cancel } = yield* cancellationOf(testbed)
        const ref = yield* startRun(testbed, { ends: "never" })
        const error = yield* testbed.failure(cancel(ref, { confirmWithin: "10 minutes" }), "30 minutes")
        expect(error._tag).toBe("WaitDeadlineExceeded")
        expect(yield* testbed.requestCount("cancel")).toBe(1)
      }),
  ),

  ...[
    ["the vendor cancels", Fault.lost("cancel", { commits: true })] as const,
    ["the vendor does not cancel", Fault.lost("cancel", { commits: false })] as const,
    ["the vendor cancels behind a gateway's page", Fault.gatewayPage("cancel", { commits: true })] as const,
    ["a gateway answers 409 in its place", Fault.gatewayPage("cancel", { status: 409, commits: false })] as const,
    ["the vendor cancels and never answers", Fault.never("cancel", { commits: true })] as const,
  ].map(([trouble, fault]) =>
    law("C1", `a cancel whose answer is lost (${trouble}) is sent once and reported correctly`, needs, (testbed) =>
      Effect.gen(function* () {
        const { cancel } = yield* cancellationOf(testbed)
        const ref = yield* startRun(testbed, { ends: "never" })
        yield* testbed.emulator.addFaults(fault)
        const result = yield* testbed.result(cancel(ref, { confirmWithin: "5 minutes" }))
        expect(yield* testbed.requestCount("cancel")).toBe(1)
        if (yield* isStopped(testbed, ref.run)) expect(result._tag).toBe("Success")
        else if (result._tag === "Failure") expect(Errors.requireRetlError(result.failure).delivery).toBe("unknown")
        else expect.fail(`the run goes on, and the cancel returns ${result.success._tag}`)
      }),
    ),
  ),

  law(
    "C1, B2",
    "a cancel that the vendor answers with 429 is not remembered",
    { ...needs, isCrowded: true },
    (testbed) =>
      Effect.gen(function* () {
        const { cancel } = yield* cancellationOf(testbed)
        const ref = yield* startRun(testbed, { ends: "never" })
        yield* testbed.emulator.addFaults(Fault.tooManyRequests("cancel", { retryAfter: "20 seconds" }))
        const result = yield* testbed.result(cancel(ref))
        yield* testbed.advance("1 minute")
        if (result._tag === "Success") expect(yield* isStopped(testbed, ref.run)).toBe(true)
        else {
          expect(Errors.reasonTag(result.failure)).toBe("RateLimited")
          expect((yield* testbed.run(testbed.runs.get(ref))).status, "the run is not cancelling").toBe("running")
        }
      }),
  ),

  law("C1", "core reports a run that fails after a refused cancel as failed, not as cancelled", needs, (testbed) =>
    Effect.gen(function* () {
      const { cancel } = yield* cancellationOf(testbed)
      const ref = yield* startRun(testbed, { duration: "10 minutes", ends: "failed" })
      yield* testbed.emulator.deny(["cancel"])
      expect(Errors.reasonTag(yield* testbed.failure(cancel(ref)))).toBe("PermissionDenied")
      expect((yield* testbed.run(testbed.runs.wait(ref))).run.status).toBe("failed")
    }),
  ),

  law(
    "C2, C3",
    "a cancel of an ended run returns AlreadyFinished and leaves another run of the sync alone",
    needs,
    (testbed) =>
      Effect.gen(function* () {
        const { cancel } = yield* cancellationOf(testbed)
        const ended = yield* startRun(testbed, { duration: "1 minute" })
        yield* testbed.advance("5 minutes")
        yield* startRun(testbed, { ends: "never" })
        const result = yield* testbed.run(cancel(ended))
        expect(result).toMatchObject({ _tag: "AlreadyFinished", run: { status: "succeeded" } })
        expect(yield* testbed.requestCount("cancel")).toBe(0)
        yield* testbed.advance("5 minutes")
        expect((yield* testbed.actualRuns).filter(({ finishedAt }) => finishedAt === undefined).length).toBe(1)
      }),
  ),

  law("C3", "a cancel of an ended run returns AlreadyFinished and sends no cancel request", needs, (testbed) =>
    Effect.gen(function* () {
      const { cancel } = yield* cancellationOf(testbed)
      const ref = yield* startRun(testbed, { duration: "1 minute", ends: "failed" })
      yield* testbed.advance("5 minutes")
      const result = yield* testbed.run(cancel(ref, { confirmWithin: "1 minute" }))
      expect(result).toMatchObject({ _tag: "AlreadyFinished", run: { status: "failed" } })
      expect(yield* testbed.requestCount("cancel")).toBe(0)
      expect((yield* testbed.run(testbed.runs.get(ref))).status).toBe("failed")
    }),
  ),

  ...[59_500, 59_700, 59_850, 59_950, 60_100].map((moment) =>
    law(
      "C1, C3",
      `a cancel after ${moment / 1_000} s of a run that ends after 60 s is reported correctly`,
      { ...needs, emulator: { latency: "100 millis" } },
      (testbed) =>
        Effect.gen(function* () {
          const { cancel } = yield* cancellationOf(testbed)
          const ref = yield* startRun(testbed, { duration: "1 minute" })
          const [actualRun] = yield* testbed.actualRuns
          yield* testbed.advance((actualRun?.createdAt ?? 0) + moment - (yield* testbed.emulator.now))
          const result = yield* testbed.run(cancel(ref, { confirmWithin: "5 minutes" }))
          expect(yield* testbed.requestCount("cancel")).toBeLessThanOrEqual(1)
          const run = result._tag === "Requested" ? result.ended : result.run
          expect(run?.status).toBe((yield* isStopped(testbed, ref.run)) ? "cancelled" : "succeeded")
        }),
    ),
  ),

  law(
    "C1, R3",
    "a run that failed right before its cancel arrives is failed, where the vendor says that it had ended",
    { ...needs, emulator: { latency: "100 millis" } },
    (testbed) =>
      Effect.gen(function* () {
        const { cancel } = yield* cancellationOf(testbed)
        const ref = yield* startRun(testbed, { duration: "1 minute", ends: "failed" })
        const [actualRun] = yield* testbed.actualRuns
        yield* testbed.advance((actualRun?.createdAt ?? 0) + 59_950 - (yield* testbed.emulator.now))
        const [, answers] = yield* Answers.during(testbed, testbed.result(cancel(ref)))
        yield* testbed.advance("1 minute")
        const { status } = yield* testbed.run(testbed.runs.get(ref))
        if ((yield* testbed.requestCount("cancel")) === 0 || saysEnded.test(answers.bodies.join())) {
          return expect(status).toBe("failed")
        }
        return yield* testbed.skip("the vendor does not say that the run had ended")
      }),
  ),
]
