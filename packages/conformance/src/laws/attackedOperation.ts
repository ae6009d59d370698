/** Operations that receive answers which no vendor gives. */
import type * as Transport from "@openretl/core/Transport"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import { expectNoDefect, hostileValues, randomResponse } from "../hostile/answers.ts"
import type { Testbed } from "../Testbed.ts"
import * as Json from "../testbed/json.ts"
import type * as Random from "../testbed/random.ts"
import * as Wire from "../testbed/wire.ts"

/** An operation, and which of its requests receive the hostile answer. */
export type AttackedOperation = readonly [
  program: Effect.Effect<unknown, unknown>,
  isAttacked: (request: Transport.Request) => boolean,
]

const patience = "200 hours"

/** The most requests of one operation. */
const maxRequests = 400

/**
 * Runs an operation that receives a random answer. Expects no defect and no storm; returns the answer and the writes.
 */
export const withRandomAnswer = Effect.fnUntraced(function* (
  testbed: Testbed,
  random: Random.Random,
  [program, isAttacked]: AttackedOperation,
) {
  const answer = randomResponse(random)
  const text = `${answer.status} ${JSON.stringify(answer.headers)} ${JSON.stringify(Wire.bodyText(answer))}`
  const before = testbed.wire.sent.length
  testbed.wire.intercept = (request) => (isAttacked(request) ? Effect.succeed(answer) : undefined)
  expectNoDefect(yield* testbed.exit(program, patience), text)
  testbed.wire.intercept = () => undefined
  const requests = testbed.wire.sent.slice(before)
  expect(requests.length, `no storm: ${text.slice(0, 500)}`).toBeLessThanOrEqual(maxRequests)
  return { status: answer.status, text, writes: requests.filter(({ request }) => Wire.isWrite(request)).length }
})

/** Runs an operation whose answers are good but for one value. Expects no defect. */
export const withOneValueChanged = Effect.fnUntraced(function* (
  testbed: Testbed,
  random: Random.Random,
  [program, isAttacked]: AttackedOperation,
) {
  const value = random.pick(hostileValues)
  const position = random.next()
  let text = ""
  testbed.wire.rewrite = (response, request) => {
    if (!isAttacked(request)) return response
    const changed = Json.mapResponse(response, (json) =>
      Json.replaceNth(json, Math.floor(position * Json.countValues(json)), () => value),
    )
    text = Wire.bodyText(changed)
    return changed
  }
  expectNoDefect(yield* testbed.exit(program, patience), text)
  testbed.wire.rewrite = (response) => response
})
