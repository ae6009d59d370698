/** Cancellation: once, the right run, and remembered. */

import { Fault } from "@openretl/emulator"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import * as Errors from "../internal/errors.ts"
import { type Law, law, needsCancellation } from "../Law.ts"
import type { Testbed } from "../Testbed.ts"
import { start } from "./runs.ts"

const needs = { needs: needsCancellation } as const

const cancellation = (testbed: Testbed) =>
  testbed.cancellation === undefined
    ? testbed.skip("the vendor cannot cancel a run")
    : Effect.succeed(testbed.cancellation)

/** The run stopped, as the truth has it. */
const wasStopped = Effect.fnUntraced(function* (testbed: Testbed, run: string) {
  return (yield* testbed.truth).some(({ id, stopped }) => id === run && stopped === true)
})

export const cancel: ReadonlyArray<Law> = [
  law("C1", "asks once, and says so", needs, (testbed) =>
    Effect.gen(function* () {
      const { cancel } = yield* cancellation(testbed)
      const ref = yield* start(testbed, { duration: "1 hour" })
      yield* testbed.pass("1 minute")
      const result = yield* testbed.run(cancel(ref))
      expect(result._tag).toBe("Requested")
      expect(yield* testbed.count("cancel")).toBe(1)
      expect((yield* testbed.run(testbed.runs.get(ref))).status).toBe("cancelling")
      yield* testbed.pass("1 minute")
      expect(yield* wasStopped(testbed, ref.run)).toBe(true)
    }),
  ),

  law("C1", "confirmed when the run has ended, and a run that was stopped is cancelled, not failed", needs, (testbed) =>
    Effect.gen(function* () {
      const { cancel } = yield* cancellation(testbed)
      const ref = yield* start(testbed, { duration: "1 hour" })
      yield* testbed.pass("1 minute")
      const result = yield* testbed.run(cancel(ref, { confirmWithin: "5 minutes" }))
      expect(result).toMatchObject({ _tag: "Requested", ended: { status: "cancelled" } })
      expect((yield* testbed.run(testbed.runs.get(ref))).status).toBe("cancelled")
      const [listed] = yield* testbed.run(Stream.runCollect(testbed.runs.list(testbed.sync)))
      expect(listed?.status).toBe("cancelled")
      expect(yield* testbed.run(testbed.runs.wait(ref))).toMatchObject({ verdict: "cancelled", accepted: false })
      expect(yield* testbed.count("cancel")).toBe(1)
    }),
  ),

  law("C1, W2", "a wait that is on hears of the cancel", needs, (testbed) =>
    Effect.gen(function* () {
      const { cancel } = yield* cancellation(testbed)
      const ref = yield* start(testbed, { duration: "5 hours" })
      const [finished] = yield* testbed.run(
        Effect.all([testbed.runs.wait(ref), Effect.delay(cancel(ref), "10 minutes")], { concurrency: "unbounded" }),
        "2 hours",
      )
      expect([finished.run.status, finished.verdict]).toEqual(["cancelled", "cancelled"])
    }),
  ),

  law(
    "C1, W1",
    "a confirmation that does not come ends at its deadline",
    { ...needs, emulator: { stopTakes: "1 hour" } },
    (testbed) =>
      Effect.gen(function* () {
        const { cancel } = yield* cancellation(testbed)
        const ref = yield* start(testbed, { ends: "never" })
        const error = yield* testbed.failure(cancel(ref, { confirmWithin: "10 minutes" }), "30 minutes")
        expect(error._tag).toBe("WaitDeadlineExceeded")
        expect(yield* testbed.count("cancel")).toBe(1)
      }),
  ),

  ...[
    ["done", Fault.lost("cancel", { commits: true })] as const,
    ["not done", Fault.lost("cancel", { commits: false })] as const,
    ["done, behind a gateway's page", Fault.gatewayPage("cancel", { commits: true })] as const,
    ["never told", Fault.never("cancel", { commits: true })] as const,
  ].map(([how, fault]) =>
    law("C1", `the answer is lost (${how}): it is not asked again, and what is told is true`, needs, (testbed) =>
      Effect.gen(function* () {
        const { cancel } = yield* cancellation(testbed)
        const ref = yield* start(testbed, { ends: "never" })
        yield* testbed.emulator.addFaults(fault)
        const result = yield* Effect.result(yield* testbed.exit(cancel(ref, { confirmWithin: "5 minutes" })))
        expect(yield* testbed.count("cancel")).toBe(1)
        if (yield* wasStopped(testbed, ref.run)) expect(result._tag).toBe("Success")
        else if (result._tag === "Failure") expect(Errors.retl(result.failure).delivery).toBe("unknown")
        else expect.fail(`nothing was stopped, and it says ${result.success._tag}`)
      }),
    ),
  ),

  law("C1, B2", "a 429 to the cancel is no cancel", { ...needs, isCrowded: true }, (testbed) =>
    Effect.gen(function* () {
      const { cancel } = yield* cancellation(testbed)
      const ref = yield* start(testbed, { ends: "never" })
      yield* testbed.emulator.addFaults(Fault.tooManyRequests("cancel", { retryAfter: "20" }))
      const result = yield* Effect.result(yield* testbed.exit(cancel(ref)))
      yield* testbed.pass("1 minute")
      if (result._tag === "Success") expect(yield* wasStopped(testbed, ref.run)).toBe(true)
      else {
        expect(Errors.reason(result.failure)).toBe("RateLimited")
        expect((yield* testbed.run(testbed.runs.get(ref))).status, "what was refused is not remembered").toBe("running")
      }
    }),
  ),

  law("C1", "a cancel that is refused is not remembered: a failure afterwards is a failure", needs, (testbed) =>
    Effect.gen(function* () {
      const { cancel } = yield* cancellation(testbed)
      const ref = yield* start(testbed, { duration: "10 minutes", ends: "failed" })
      yield* testbed.emulator.deny(["cancel"])
      expect(Errors.reason(yield* testbed.failure(cancel(ref)))).toBe("PermissionDenied")
      expect((yield* testbed.run(testbed.runs.wait(ref))).run.status).toBe("failed")
    }),
  ),

  law(
    "C2, C3",
    "a run that has ended while another one runs: AlreadyFinished, and the other goes on",
    needs,
    (testbed) =>
      Effect.gen(function* () {
        const { cancel } = yield* cancellation(testbed)
        const ended = yield* start(testbed, { duration: "1 minute" })
        yield* testbed.pass("5 minutes")
        yield* start(testbed, { ends: "never" })
        const result = yield* testbed.run(cancel(ended))
        expect(result).toMatchObject({ _tag: "AlreadyFinished", run: { status: "succeeded" } })
        expect(yield* testbed.count("cancel")).toBe(0)
        yield* testbed.pass("5 minutes")
        expect((yield* testbed.truth).filter(({ finishedAt }) => finishedAt === undefined).length).toBe(1)
      }),
  ),

  law("C3", "a run that has ended: AlreadyFinished, and nothing is sent", needs, (testbed) =>
    Effect.gen(function* () {
      const { cancel } = yield* cancellation(testbed)
      const ref = yield* start(testbed, { duration: "1 minute", ends: "failed" })
      yield* testbed.pass("5 minutes")
      const result = yield* testbed.run(cancel(ref, { confirmWithin: "1 minute" }))
      expect(result).toMatchObject({ _tag: "AlreadyFinished", run: { status: "failed" } })
      expect(yield* testbed.count("cancel")).toBe(0)
      expect((yield* testbed.run(testbed.runs.get(ref))).status).toBe("failed")
    }),
  ),

  ...[59_500, 59_700, 59_850, 59_950, 60_100].map((moment) =>
    law(
      "C1, C3",
      `a run that ends by itself at 60 s, cancelled at ${moment / 1_000} s: what is told is true`,
      { ...needs, emulator: { latency: "100 millis" } },
      (testbed) =>
        Effect.gen(function* () {
          const { cancel } = yield* cancellation(testbed)
          const ref = yield* start(testbed, { duration: "1 minute" })
          const [truth] = yield* testbed.truth
          yield* testbed.pass((truth?.createdAt ?? 0) + moment - (yield* testbed.emulator.now))
          const result = yield* testbed.run(cancel(ref, { confirmWithin: "5 minutes" }))
          expect(yield* testbed.count("cancel")).toBeLessThanOrEqual(1)
          const run = result._tag === "Requested" ? result.ended : result.run
          expect(run?.status).toBe((yield* wasStopped(testbed, ref.run)) ? "cancelled" : "succeeded")
        }),
    ),
  ),
]
