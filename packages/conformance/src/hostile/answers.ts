/** Answers that no vendor gives, drawn at random, and the one way in which no program may end. */

import type * as Transport from "@openretl/core/Transport"
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import { expect } from "vitest"
import type * as Json from "../testbed/json.ts"
import type * as Random from "../testbed/random.ts"
import * as Wire from "../testbed/wire.ts"

/** Values for any field of an answer. */
export const hostileValues: ReadonlyArray<Json.Json> = [
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

/** Returns a response with a random status, random headers and random bytes. */
export const randomResponse = (random: Random.Random): Transport.Response =>
  Wire.response(random.pick([...statuses, ...lateStatuses, 200, 200]), body(random), headers(random))

/**
 * Expects that a program ended with a value or an error, and not with a defect. `answer` describes what it received.
 */
export const expectNoDefect = (exit: Exit.Exit<unknown, unknown>, answer: string): void => {
  if (Exit.isFailure(exit) && !Result.isSuccess(Cause.findError(exit.cause))) {
    expect.fail(`${answer.slice(0, 500)}: ${Cause.pretty(exit.cause).slice(0, 1_000)}`)
  }
}
