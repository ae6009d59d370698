/** Any byte string as a response ends in a value or a typed error: no defect, no hang. */

import type * as Transport from "@openretl/core/Transport"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import { endsWell, answer as hostileAnswer, hostileValues } from "../internal/hostileAnswers.ts"
import * as Json from "../internal/json.ts"
import * as Random from "../internal/random.ts"
import * as Wire from "../internal/wire.ts"
import type { Lab } from "../Lab.ts"
import { type Law, law } from "../Law.ts"
import { start } from "./runs.ts"

/** What is done while the answers are hostile, and which of the requests they answer. */
const operations = (lab: Lab, ref: Effect.Success<ReturnType<typeof start>>) => {
  const read = (request: Transport.Request) => !Wire.isWrite(request)
  const all: Record<string, readonly [Effect.Effect<unknown, unknown>, (request: Transport.Request) => boolean]> = {
    get: [lab.runs.get(ref), read],
    list: [Stream.runDrain(lab.runs.list(lab.sync, { maxPages: 5 })), read],
    check: [lab.current.check(lab.sync), read],
    "check of the token": [lab.current.check(), read],
    wait: [lab.runs.wait(ref, { deadline: "3 hours" }), read],
    "fence of a trigger": [lab.runs.trigger(lab.sync, { whenRunning: "skip" }), read],
    trigger: [lab.runs.trigger(lab.sync, { whenRunning: "fail", exclusive: true }), Wire.isWrite],
    ...(lab.cancelling && { cancel: [lab.cancelling.cancel(ref), Wire.isWrite] }),
  }
  return all
}

export const anyBytes: ReadonlyArray<Law> = [
  ...["get", "list", "check", "check of the token", "wait", "fence of a trigger", "trigger", "cancel"].map((name) =>
    law("H5", `${name}: any status with any bytes ends in a value or a typed error`, {}, (lab) =>
      Effect.gen(function* () {
        const ref = yield* start(lab, { duration: name === "trigger" ? "1 second" : "1000 hours" })
        if (operations(lab, ref)[name] === undefined) return yield* lab.skip("the vendor cannot cancel a run")
        const random = Random.make(name.length)
        for (let sample = 0; sample < 60; sample++) {
          const answer = hostileAnswer(random)
          const [program, isHit] = operations(lab, ref)[name] ?? expect.fail("unreachable")
          lab.wire.instead = (request) => (isHit(request) ? Effect.succeed(answer) : undefined)
          const before = lab.wire.seen.length
          const ended = yield* lab.exit(program, "200 hours")
          const what = `${answer.status} ${JSON.stringify(answer.headers)} ${JSON.stringify(Wire.text(answer))}`
          endsWell(ended, what)
          expect(lab.wire.seen.length - before, `no storm: ${what.slice(0, 500)}`).toBeLessThanOrEqual(400)
          const writes = lab.wire.seen.slice(before).filter(({ request }) => Wire.isWrite(request))
          const isAnswered = answer.status === 429 || answer.status === 401
          expect(isAnswered || writes.length <= 1, `T4, C1: one write: ${what.slice(0, 500)}`).toBe(true)
          lab.wire.instead = () => undefined
          yield* lab.pass("10 minutes")
        }
      }),
    ),
  ),

  ...["get", "list", "wait", "fence of a trigger", "trigger", "cancel"].map((name) =>
    law("H5, R5", `${name}: a good answer with any one value changed ends in a value or a typed error`, {}, (lab) =>
      Effect.gen(function* () {
        const ref = yield* start(lab, { duration: "1 second", rows: { succeeded: 3, failed: 1 } })
        yield* lab.pass("5 minutes")
        if (operations(lab, ref)[name] === undefined) return yield* lab.skip("the vendor cannot cancel a run")
        const random = Random.make(name.length + 100)
        for (let sample = 0; sample < 60; sample++) {
          const [program, isHit] = operations(lab, ref)[name] ?? expect.fail("unreachable")
          const value = random.pick(hostileValues)
          const where = random.next()
          let forged = ""
          lab.wire.changed = (response, request) => {
            if (!isHit(request)) return response
            const changed = Json.inResponse(response, (json) =>
              Json.replaceNth(json, Math.floor(where * Json.size(json)), () => value),
            )
            forged = Wire.text(changed)
            return changed
          }
          endsWell(yield* lab.exit(program, "200 hours"), forged)
          lab.wire.changed = (response) => response
          yield* lab.pass("10 minutes")
        }
      }),
    ),
  ),
]
