/** Triggers that the vendor refuses: why, in the vendor's words, and what an adapter states about a run under way. */

import { Fault } from "@openretl/emulator"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { expect } from "vitest"
import { type Law, law } from "../../Law.ts"
import * as Answers from "../../testbed/answers.ts"
import * as Errors from "../../testbed/errors.ts"
import { startForeignRun } from "../startRun.ts"

/** Matches the refusal of a trigger that says why: a run is under way. */
const saysBusy = /\b(?:already running|in progress|is running|under way)\b/i

/** Matches the refusal of a trigger that says why: the sync is not enabled. */
const saysWhy = /\b(?:paused|disabled|draft|inactive|not (?:enabled|active))\b/i

/** Matches a code in a refusal, under a name that says so. */
const codeField = /"(?:code|type|error_?code)":"([\w-]{2,100})"/i

/** Expects that an error has the status and the words of the refusal, which is the last answer. */
const expectEvidence = (error: unknown, { bodies, statuses, haveText }: Answers.Answers) => {
  const { evidence } = Errors.requireRetlError(error)
  const refusal = bodies.at(-1) ?? ""
  expect(evidence.status).toBe(statuses.at(-1))
  if (/[a-z]/i.test(refusal)) expect(evidence.text, "the error has the vendor's words").toBeDefined()
  if (evidence.text !== undefined) expect(haveText(evidence.text), evidence.text).toBe(true)
  if (evidence.code !== undefined) expect(haveText(evidence.code), evidence.code).toBe(true)
}

export const refusalLaws: ReadonlyArray<Law> = [
  ...(["paused", "draft"] as const).map((state) =>
    law(
      "T1, T7",
      `a trigger of a ${state} sync is refused, and the sync stays ${state}`,
      { sync: { state } },
      (testbed) =>
        Effect.gen(function* () {
          const trigger = testbed.failure(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" }))
          const [error, answers] = yield* Answers.during(testbed, trigger)
          const { reason, delivery } = Errors.requireRetlError(error)
          expect(delivery).toBe("refused")
          const refusal = answers.bodies.at(-1) ?? ""
          // The vendor's words decide how much the error can say.
          expect(reason).toMatchObject(saysWhy.test(refusal) ? { _tag: "NotTriggerable" } : {})
          expect(["NotTriggerable", "InvalidRequest", "Conflict"]).toContain(reason._tag)
          const reported = reason._tag === "NotTriggerable" ? reason.state : "unknown"
          if (refusal.includes(state)) expect(reported).toBe(state)
          else expect(["disabled", "unknown"]).toContain(reported)
          expectEvidence(error, answers)
          expect(Errors.requireRetlError(error).evidence.code).toBe(codeField.exec(refusal)?.[1])
          expect(yield* testbed.actualRuns).toEqual([])
          expect(yield* testbed.requestCount("start")).toBe(1)
          expect(yield* testbed.entries).toMatchObject([{ state: "refused" }])
          // A sync that the first trigger had enabled would start a run now.
          const secondError = yield* testbed.failure(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" }))
          expect(Errors.reasonTag(secondError)).toBe(Errors.reasonTag(error))
        }),
    ),
  ),

  law("T1", "a trigger that the vendor refuses as invalid fails with the vendor's words", {}, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.emulator.addFaults(Fault.refuse("start", { status: 400 }))
      const trigger = testbed.failure(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" }))
      const [error, answers] = yield* Answers.during(testbed, trigger)
      const { reason, delivery } = Errors.requireRetlError(error)
      expect(delivery).toBe("refused")
      expectEvidence(error, answers)
      const issues = reason._tag === "InvalidRequest" ? reason.issues : expect.fail(reason._tag)
      expect(issues.length, "each problem that the vendor names is an issue").toBeGreaterThan(0)
    }),
  ),

  law(
    "T1, T5",
    "a trigger that the vendor receives while a run is under way ends as whenBusy says",
    { emulator: { readLag: "20 seconds" } },
    (testbed) =>
      Effect.gen(function* () {
        const { whenBusy } = testbed.current.capabilities
        yield* startForeignRun(testbed, { duration: "10 minutes" })
        const trigger = testbed.result(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" }))
        const [result, answers] = yield* Answers.during(testbed, trigger)
        expect(yield* testbed.requestCount("start"), "no read shows the run, so core sends the trigger").toBe(1)
        yield* testbed.advance("1 hour")
        const [first, second, ...moreRuns] = yield* testbed.actualRuns
        const isAccepted = Result.isSuccess(result)
        const reason = isAccepted ? "none" : Errors.reasonTag(result.failure)
        // What the vendor does decides. An adapter may also state that no document says it.
        const isLater = (second?.startedAt ?? Infinity) >= (first?.finishedAt ?? Infinity)
        const actual = second === undefined ? (isAccepted ? "skips" : "refuses") : isLater ? "queues" : "runs both"
        if (whenBusy !== actual && whenBusy !== "unknown") {
          expect.fail(
            `whenBusy of the description is "${whenBusy}", and the vendor ${actual} (the trigger ended with ${reason})`,
          )
        }
        expect([isAccepted, moreRuns]).toEqual([actual !== "refuses", []])
        if (actual === "refuses" && saysBusy.test(answers.bodies.join())) {
          expect(reason, "the vendor says that a run is under way, which is AlreadyRunning").toBe("AlreadyRunning")
        }
      }),
  ),
]
