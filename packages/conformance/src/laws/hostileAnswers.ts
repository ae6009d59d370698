/** Answers that no vendor gives: every operation ends in a value or a typed error. */

import type { RunRef } from "@openretl/core/Ref"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import { type Law, law } from "../Law.ts"
import type { Testbed } from "../Testbed.ts"
import * as Random from "../testbed/random.ts"
import * as Wire from "../testbed/wire.ts"
import { type AttackedOperation, withOneValueChanged, withRandomAnswer } from "./attackedOperation.ts"
import { startRun } from "./startRun.ts"

/** Every operation by name, and which of its requests receive the hostile answer. */
const operationsOn = (testbed: Testbed, ref: RunRef): Readonly<Record<string, AttackedOperation>> => ({
  get: [testbed.runs.get(ref), Wire.isRead],
  list: [Stream.runDrain(testbed.runs.list(testbed.sync, { maxPages: 5 })), Wire.isRead],
  check: [testbed.current.check(testbed.sync), Wire.isRead],
  "check of the token": [testbed.current.check(), Wire.isRead],
  wait: [testbed.runs.wait(ref, { deadline: "3 hours" }), Wire.isRead],
  "fence of a trigger": [testbed.runs.trigger(testbed.sync, { whenRunning: "skip" }), Wire.isRead],
  trigger: [testbed.runs.trigger(testbed.sync, { whenRunning: "fail", exclusive: true }), Wire.isWrite],
  ...(testbed.cancellation && { cancel: [testbed.cancellation.cancel(ref), Wire.isWrite] as const }),
})

export const hostileAnswerLaws: ReadonlyArray<Law> = [
  ...["get", "list", "check", "check of the token", "wait", "fence of a trigger", "trigger", "cancel"].map((name) =>
    law("H5", `${name}: any status with any bytes ends in a value or a typed error`, {}, (testbed) =>
      Effect.gen(function* () {
        const ref = yield* startRun(testbed, { duration: name === "trigger" ? "1 second" : "1000 hours" })
        if (operationsOn(testbed, ref)[name] === undefined) return yield* testbed.skip("the vendor cannot cancel a run")
        const random = Random.make(name.length)
        for (let sample = 0; sample < 60; sample++) {
          const operation = operationsOn(testbed, ref)[name] ?? expect.fail("unreachable")
          const { status, text, writes } = yield* withRandomAnswer(testbed, random, operation)
          const maySendAgain = status === 429 || status === 401
          expect(maySendAgain || writes <= 1, `T4, C1: one write: ${text.slice(0, 500)}`).toBe(true)
          yield* testbed.advance("10 minutes")
        }
      }),
    ),
  ),

  ...["get", "list", "wait", "fence of a trigger", "trigger", "cancel"].map((name) =>
    law("H5, R5", `${name}: a good answer with any one value changed ends in a value or a typed error`, {}, (testbed) =>
      Effect.gen(function* () {
        const ref = yield* startRun(testbed, { duration: "1 second", rows: { succeeded: 3, failed: 1 } })
        yield* testbed.advance("5 minutes")
        if (operationsOn(testbed, ref)[name] === undefined) return yield* testbed.skip("the vendor cannot cancel a run")
        const random = Random.make(name.length + 100)
        for (let sample = 0; sample < 60; sample++) {
          const operation = operationsOn(testbed, ref)[name] ?? expect.fail("unreachable")
          yield* withOneValueChanged(testbed, random, operation)
          yield* testbed.advance("10 minutes")
        }
      }),
    ),
  ),
]
