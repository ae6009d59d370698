/** Any byte string as a response ends in a value or a typed error: no defect, no hang. */

import type * as Transport from "@openretl/core/Transport"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import * as Json from "../internal/json.ts"
import * as Random from "../internal/random.ts"
import * as Wire from "../internal/wire.ts"
import type { Lab } from "../Lab.ts"
import { type Law, law } from "../Law.ts"
import { start } from "./runs.ts"

const hostileValues: ReadonlyArray<Json.Json> = [
  null,
  true,
  "",
  "running",
  "0001-01-01T00:00:00Z",
  "9999999999999999999999",
  "-1",
  "not a date",
  "2026-13-45T99:99:99Z",
  "+275760-09-13T00:00:00.001Z",
  "\ud800",
  "x".repeat(10_000),
  0,
  -1,
  1.5,
  1e308,
  -0,
  2 ** 53,
  [],
  [null],
  [[]],
  {},
  { toString: null },
  { __proto__: null, constructor: "x" },
  [{ id: null }],
]

const statuses = [
  200, 201, 202, 204, 206, 299, 300, 304, 400, 401, 402, 403, 404, 408, 409, 410, 412, 413, 415, 418, 422,
]
const lateStatuses = [425, 429, 451, 499, 500, 501, 502, 503, 504, 520, 524, 599, 0, 100, 600, 999]

const headers = (random: Random.Random): Record<string, string> => ({
  "content-type": random.pick(["application/json", "text/html", "", "application/octet-stream", "💥"]),
  ...(random.int(2) === 0 && {
    "retry-after": random.pick(["0", "-1", "1", "1e9", "", "soon", "Wed, 21 Oct 2015 07:28:00 GMT", "99999999999"]),
  }),
  ...(random.int(3) === 0 && { date: random.pick(["", "yesterday", "Wed, 21 Oct 2015 07:28:00 GMT"]) }),
  ...(random.int(3) === 0 && { "x-ratelimit-reset": random.pick(["", "-5", "NaN", "99999999999999999999"]) }),
})

const randomJson = (random: Random.Random, depth = 0): Json.Json => {
  if (depth < 3 && random.int(2) === 0) {
    const inner = () => randomJson(random, depth + 1)
    if (random.int(2) === 0) return Array.from({ length: random.int(4) }, inner)
    const names = ["data", "id", "status", "error", "errors", "message", "syncs", "paging", "next", "__proto__", "x"]
    return Object.fromEntries(Array.from({ length: random.int(5) }, () => [random.pick(names), inner()]))
  }
  return random.pick(hostileValues)
}

const body = (random: Random.Random): Uint8Array | string => {
  switch (random.int(5)) {
    case 0:
      return Uint8Array.from({ length: random.int(64) }, () => random.int(256))
    case 1:
      return JSON.stringify(randomJson(random)).slice(0, random.int(40))
    case 2:
      return random.pick(["", " ", "null", "true", "0", '""', "[]", "{}", "[{}]", "<html>", "\ufeff{}", "{}{}", "NaN"])
    default:
      return JSON.stringify(randomJson(random))
  }
}

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

/** It ended, and not with a defect. */
const endsWell = (ended: Exit.Exit<unknown, unknown>, what: string) => {
  if (Exit.isFailure(ended) && !Result.isSuccess(Cause.findError(ended.cause))) {
    expect.fail(`${what.slice(0, 500)}: ${Cause.pretty(ended.cause).slice(0, 1_000)}`)
  }
}

export const anyBytes: ReadonlyArray<Law> = [
  ...["get", "list", "check", "check of the token", "wait", "fence of a trigger", "trigger", "cancel"].map((name) =>
    law("H5", `${name}: any status with any bytes ends in a value or a typed error`, {}, (lab) =>
      Effect.gen(function* () {
        const ref = yield* start(lab, { duration: name === "trigger" ? "1 second" : "1000 hours" })
        if (operations(lab, ref)[name] === undefined) return yield* lab.skip("the vendor cannot cancel a run")
        const random = Random.make(name.length)
        for (let sample = 0; sample < 60; sample++) {
          const answer = Wire.response(
            random.pick([...statuses, ...lateStatuses, 200, 200]),
            body(random),
            headers(random),
          )
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
