/** Any byte string as a response ends in a value or a typed error: no defect, no hang. */

import type * as Transport from "@openretl/core/Transport"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import { endsWell, answer as hostileAnswer, hostileValues } from "../hostile/answers.ts"
import { type Law, law } from "../Law.ts"
import type { Testbed } from "../Testbed.ts"
import * as Json from "../testbed/json.ts"
import * as Random from "../testbed/random.ts"
import * as Wire from "../testbed/wire.ts"
import { start } from "./runs/reading.ts"

/** What is done while the answers are hostile, and which of the requests they answer. */
const operations = (testbed: Testbed, ref: Effect.Success<ReturnType<typeof start>>) => {
  const read = (request: Transport.Request) => !Wire.isWrite(request)
  const all: Record<string, readonly [Effect.Effect<unknown, unknown>, (request: Transport.Request) => boolean]> = {
    get: [testbed.runs.get(ref), read],
    list: [Stream.runDrain(testbed.runs.list(testbed.sync, { maxPages: 5 })), read],
    check: [testbed.current.check(testbed.sync), read],
    "check of the token": [testbed.current.check(), read],
    wait: [testbed.runs.wait(ref, { deadline: "3 hours" }), read],
    "fence of a trigger": [testbed.runs.trigger(testbed.sync, { whenRunning: "skip" }), read],
    trigger: [testbed.runs.trigger(testbed.sync, { whenRunning: "fail", exclusive: true }), Wire.isWrite],
    ...(testbed.cancellation && { cancel: [testbed.cancellation.cancel(ref), Wire.isWrite] }),
  }
  return all
}

export const anyBytes: ReadonlyArray<Law> = [
  ...["get", "list", "check", "check of the token", "wait", "fence of a trigger", "trigger", "cancel"].map((name) =>
    law("H5", `${name}: any status with any bytes ends in a value or a typed error`, {}, (testbed) =>
      Effect.gen(function* () {
        const ref = yield* start(testbed, { duration: name === "trigger" ? "1 second" : "1000 hours" })
        if (operations(testbed, ref)[name] === undefined) return yield* testbed.skip("the vendor cannot cancel a run")
        const random = Random.make(name.length)
        for (let sample = 0; sample < 60; sample++) {
          const answer = hostileAnswer(random)
          const [program, isHit] = operations(testbed, ref)[name] ?? expect.fail("unreachable")
          testbed.wire.instead = (request) => (isHit(request) ? Effect.succeed(answer) : undefined)
          const before = testbed.wire.seen.length
          const ended = yield* testbed.exit(program, "200 hours")
          const what = `${answer.status} ${JSON.stringify(answer.headers)} ${JSON.stringify(Wire.text(answer))}`
          endsWell(ended, what)
          expect(testbed.wire.seen.length - before, `no storm: ${what.slice(0, 500)}`).toBeLessThanOrEqual(400)
          const writes = testbed.wire.seen.slice(before).filter(({ request }) => Wire.isWrite(request))
          const isAnswered = answer.status === 429 || answer.status === 401
          expect(isAnswered || writes.length <= 1, `T4, C1: one write: ${what.slice(0, 500)}`).toBe(true)
          testbed.wire.instead = () => undefined
          yield* testbed.pass("10 minutes")
        }
      }),
    ),
  ),

  ...["get", "list", "wait", "fence of a trigger", "trigger", "cancel"].map((name) =>
    law("H5, R5", `${name}: a good answer with any one value changed ends in a value or a typed error`, {}, (testbed) =>
      Effect.gen(function* () {
        const ref = yield* start(testbed, { duration: "1 second", rows: { succeeded: 3, failed: 1 } })
        yield* testbed.pass("5 minutes")
        if (operations(testbed, ref)[name] === undefined) return yield* testbed.skip("the vendor cannot cancel a run")
        const random = Random.make(name.length + 100)
        for (let sample = 0; sample < 60; sample++) {
          const [program, isHit] = operations(testbed, ref)[name] ?? expect.fail("unreachable")
          const value = random.pick(hostileValues)
          const where = random.next()
          let forged = ""
          testbed.wire.changed = (response, request) => {
            if (!isHit(request)) return response
            const changed = Json.inResponse(response, (json) =>
              Json.replaceNth(json, Math.floor(where * Json.size(json)), () => value),
            )
            forged = Wire.text(changed)
            return changed
          }
          endsWell(yield* testbed.exit(program, "200 hours"), forged)
          testbed.wire.changed = (response) => response
          yield* testbed.pass("10 minutes")
        }
      }),
    ),
  ),
]
