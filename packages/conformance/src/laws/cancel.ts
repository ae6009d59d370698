/** Cancelling: once, the right run, and remembered. */

import { Fault } from "@openretl/emulator"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import * as Errors from "../internal/errors.ts"
import type { Lab } from "../Lab.ts"
import { type Law, law, needsCancelling } from "../Law.ts"
import { start } from "./runs.ts"

const needs = { needs: needsCancelling } as const

const cancelling = (lab: Lab) =>
  lab.cancelling === undefined ? lab.skip("the vendor cannot cancel a run") : Effect.succeed(lab.cancelling)

/** The run stopped, as the truth has it. */
const wasStopped = Effect.fnUntraced(function* (lab: Lab, run: string) {
  return (yield* lab.truth).some(({ id, stopped }) => id === run && stopped === true)
})

export const cancel: ReadonlyArray<Law> = [
  law("C1", "asks once, and says so", needs, (lab) =>
    Effect.gen(function* () {
      const { cancel } = yield* cancelling(lab)
      const ref = yield* start(lab, { duration: "1 hour" })
      yield* lab.pass("1 minute")
      const result = yield* lab.run(cancel(ref))
      expect(result._tag).toBe("Requested")
      expect(yield* lab.count("cancel")).toBe(1)
      expect((yield* lab.run(lab.runs.get(ref))).status).toBe("cancelling")
      yield* lab.pass("1 minute")
      expect(yield* wasStopped(lab, ref.run)).toBe(true)
    }),
  ),

  law("C1", "confirmed when the run has ended, and a run that was stopped is cancelled, not failed", needs, (lab) =>
    Effect.gen(function* () {
      const { cancel } = yield* cancelling(lab)
      const ref = yield* start(lab, { duration: "1 hour" })
      yield* lab.pass("1 minute")
      const result = yield* lab.run(cancel(ref, { confirmWithin: "5 minutes" }))
      expect(result).toMatchObject({ _tag: "Requested", ended: { status: "cancelled" } })
      expect((yield* lab.run(lab.runs.get(ref))).status).toBe("cancelled")
      const [listed] = yield* lab.run(Stream.runCollect(lab.runs.list(lab.sync)))
      expect(listed?.status).toBe("cancelled")
      expect(yield* lab.run(lab.runs.wait(ref))).toMatchObject({ verdict: "cancelled", accepted: false })
      expect(yield* lab.count("cancel")).toBe(1)
    }),
  ),

  law("C1, W2", "a wait that is on hears of the cancel", needs, (lab) =>
    Effect.gen(function* () {
      const { cancel } = yield* cancelling(lab)
      const ref = yield* start(lab, { duration: "5 hours" })
      const [finished] = yield* lab.run(
        Effect.all([lab.runs.wait(ref), Effect.delay(cancel(ref), "10 minutes")], { concurrency: "unbounded" }),
        "2 hours",
      )
      expect([finished.run.status, finished.verdict]).toEqual(["cancelled", "cancelled"])
    }),
  ),

  law(
    "C1, W1",
    "a confirmation that does not come ends at its deadline",
    { ...needs, emulator: { stopTakes: "1 hour" } },
    (lab) =>
      Effect.gen(function* () {
        const { cancel } = yield* cancelling(lab)
        const ref = yield* start(lab, { ends: "never" })
        const error = yield* lab.failure(cancel(ref, { confirmWithin: "10 minutes" }), "30 minutes")
        expect(error._tag).toBe("WaitDeadlineExceeded")
        expect(yield* lab.count("cancel")).toBe(1)
      }),
  ),

  ...[
    ["done", Fault.lost("cancel", { commits: true })] as const,
    ["not done", Fault.lost("cancel", { commits: false })] as const,
    ["done, behind a gateway's page", Fault.gatewayPage("cancel", { commits: true })] as const,
    ["never told", Fault.never("cancel", { commits: true })] as const,
  ].map(([how, fault]) =>
    law("C1", `the answer is lost (${how}): it is not asked again, and what is told is true`, needs, (lab) =>
      Effect.gen(function* () {
        const { cancel } = yield* cancelling(lab)
        const ref = yield* start(lab, { ends: "never" })
        yield* lab.emulator.fault(fault)
        const result = yield* Effect.result(yield* lab.exit(cancel(ref, { confirmWithin: "5 minutes" })))
        expect(yield* lab.count("cancel")).toBe(1)
        if (yield* wasStopped(lab, ref.run)) expect(result._tag).toBe("Success")
        else if (result._tag === "Failure") expect(Errors.retl(result.failure).delivery).toBe("unknown")
        else expect.fail(`nothing was stopped, and it says ${result.success._tag}`)
      }),
    ),
  ),

  law("C1, B2", "a 429 to the cancel is no cancel", { ...needs, isCrowded: true }, (lab) =>
    Effect.gen(function* () {
      const { cancel } = yield* cancelling(lab)
      const ref = yield* start(lab, { ends: "never" })
      yield* lab.emulator.fault(Fault.tooManyRequests("cancel", { retryAfter: "20" }))
      const result = yield* Effect.result(yield* lab.exit(cancel(ref)))
      yield* lab.pass("1 minute")
      if (result._tag === "Success") expect(yield* wasStopped(lab, ref.run)).toBe(true)
      else {
        expect(Errors.reason(result.failure)).toBe("RateLimited")
        expect((yield* lab.run(lab.runs.get(ref))).status, "what was refused is not remembered").toBe("running")
      }
    }),
  ),

  law("C1", "a cancel that is refused is not remembered: a failure afterwards is a failure", needs, (lab) =>
    Effect.gen(function* () {
      const { cancel } = yield* cancelling(lab)
      const ref = yield* start(lab, { duration: "10 minutes", ends: "failed" })
      yield* lab.emulator.deny(["cancel"])
      expect(Errors.reason(yield* lab.failure(cancel(ref)))).toBe("PermissionDenied")
      expect((yield* lab.run(lab.runs.wait(ref))).run.status).toBe("failed")
    }),
  ),

  law("C2, C3", "a run that has ended while another one runs: AlreadyFinished, and the other goes on", needs, (lab) =>
    Effect.gen(function* () {
      const { cancel } = yield* cancelling(lab)
      const ended = yield* start(lab, { duration: "1 minute" })
      yield* lab.pass("5 minutes")
      yield* start(lab, { ends: "never" })
      const result = yield* lab.run(cancel(ended))
      expect(result).toMatchObject({ _tag: "AlreadyFinished", run: { status: "succeeded" } })
      expect(yield* lab.count("cancel")).toBe(0)
      yield* lab.pass("5 minutes")
      expect((yield* lab.truth).filter(({ finishedAt }) => finishedAt === undefined).length).toBe(1)
    }),
  ),

  law("C3", "a run that has ended: AlreadyFinished, and nothing is sent", needs, (lab) =>
    Effect.gen(function* () {
      const { cancel } = yield* cancelling(lab)
      const ref = yield* start(lab, { duration: "1 minute", ends: "failed" })
      yield* lab.pass("5 minutes")
      const result = yield* lab.run(cancel(ref, { confirmWithin: "1 minute" }))
      expect(result).toMatchObject({ _tag: "AlreadyFinished", run: { status: "failed" } })
      expect(yield* lab.count("cancel")).toBe(0)
      expect((yield* lab.run(lab.runs.get(ref))).status).toBe("failed")
    }),
  ),

  ...[59_500, 59_700, 59_850, 59_950, 60_100].map((moment) =>
    law(
      "C1, C3",
      `a run that ends by itself at 60 s, cancelled at ${moment / 1_000} s: what is told is true`,
      { ...needs, emulator: { latency: "100 millis" } },
      (lab) =>
        Effect.gen(function* () {
          const { cancel } = yield* cancelling(lab)
          const ref = yield* start(lab, { duration: "1 minute" })
          const [truth] = yield* lab.truth
          yield* lab.pass((truth?.createdAt ?? 0) + moment - (yield* lab.emulator.now))
          const result = yield* lab.run(cancel(ref, { confirmWithin: "5 minutes" }))
          expect(yield* lab.count("cancel")).toBeLessThanOrEqual(1)
          const run = result._tag === "Requested" ? result.ended : result.run
          expect(run?.status).toBe((yield* wasStopped(lab, ref.run)) ? "cancelled" : "succeeded")
        }),
    ),
  ),
]
