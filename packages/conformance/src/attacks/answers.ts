/** Answers that no vendor gives. */
import type { Answer } from "@openretl/emulator/RecordingTransport"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { expect } from "vitest"
import { type Attack, forAll, law } from "./attack.ts"
import { type Attacked, expectTyped } from "./attackedAdapter.ts"

const status = Arbitrary.schema(
  Schema.Union([
    Schema.Literals([200, 201, 204, 302, 400, 401, 403, 404, 409, 413, 422, 429, 500, 502, 503]),
    Schema.Int.check(Schema.isBetween({ minimum: 200, maximum: 599 })),
  ]),
)

const headerValue = Schema.optionalKey(
  Schema.Union([Schema.String, Schema.Literals(["0", "-1", "1e9", "Wed, 21 Oct 2015 07:28:00 GMT"])]),
)

const headers = Arbitrary.schema(
  Schema.Struct({
    "retry-after": headerValue,
    date: headerValue,
    "x-request-id": headerValue,
    "x-ratelimit-reset": headerValue,
    "content-type": headerValue,
    location: headerValue,
  }),
)

const json = Arbitrary.schema(Schema.Json)
const text = Arbitrary.schema(Schema.String)

export const answers = (attacked: Attacked): ReadonlyArray<Attack> => {
  /** Every operation ends in a value or a typed error, after one request. */
  const expectEnds = Effect.fnUntraced(function* (answer: Answer) {
    for (const outcome of yield* attacked.outcomes(answer)) {
      expectTyped(outcome)
      expect(outcome.requests.length, `${outcome.name}: requests`).toBe(1)
    }
  })

  return [
    law(
      "H5",
      "any bytes end in a value or a RetlError, after one request",
      forAll(
        Arbitrary.all({ status, headers, body: Arbitrary.schema(Schema.Uint8Array) }),
        attacked.sampling,
        expectEnds,
      ),
    ),

    law(
      "H5",
      "so does any JSON",
      forAll(Arbitrary.all({ status, headers, body: json }), attacked.sampling, ({ body, ...answer }) =>
        expectEnds({ ...answer, body: JSON.stringify(body) }),
      ),
    ),

    law(
      "H5",
      "so does JSON of about the right shape",
      forAll(Arbitrary.all({ status, some: json, other: json, text }), attacked.sampling, ({ status, ...parts }) =>
        Effect.forEach(attacked.bodies(parts), (body) => expectEnds({ status, body: JSON.stringify(body) }), {
          discard: true,
        }),
      ),
    ),

    law(
      "H5",
      "so does JSON that is deeper than recursion goes",
      Effect.gen(function* () {
        for (const parts of [
          { some: hole, other: "", text: "" },
          { some: "", other: hole, text: "" },
        ]) {
          for (const body of [parts.some, ...attacked.bodies(parts)]) {
            for (const status of [200, 400]) yield* expectEnds({ status, body: filled(body, () => nested) })
          }
        }
      }),
    ),

    law(
      "H5",
      "so does a text without end, in no time",
      Effect.gen(function* () {
        for (const word of [...attacked.words, " ", "\n"]) {
          for (const body of attacked.bodies({ some: hole, other: hole, text: hole })) {
            const long = filled(body, (holes) => JSON.stringify(word.repeat(longest / holes / word.length)))
            for (const status of [200, 400]) yield* expectEnds({ status, body: long })
          }
        }
      }),
    ),
  ]
}

/** Where something is put that `JSON.stringify` could not write, or not as fast. */
const hole = "<hole>"

const filled = (body: unknown, fill: (holes: number) => string): Uint8Array => {
  const parts = JSON.stringify(body).split(JSON.stringify(hole))
  return new TextEncoder().encode(parts.join(fill(Math.max(1, parts.length - 1))))
}

/** Deeper than the smallest function calls itself in Node, which is some 16,000 times. */
const depth = 20_000
const nested = "[".repeat(depth) + "]".repeat(depth)

/** Characters of one answer: what takes the square of it does not end in time. */
const longest = 1_000_000
