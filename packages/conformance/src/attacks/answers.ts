/** Answers that no vendor gives. */
import type { Answer } from "@openretl/emulator/RecordingTransport"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { expect } from "vitest"
import { type Attack, forAll, law } from "./attack.ts"
import { type AttackedAdapter, expectTypedEnd } from "./attackedAdapter.ts"

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

export const answerAttacks = (attacked: AttackedAdapter): ReadonlyArray<Attack> => {
  /** Expects that every operation ends in a value or a typed error, after one request. */
  const expectTypedEnds = Effect.fnUntraced(function* (answer: Answer) {
    for (const outcome of yield* attacked.outcomes(answer)) {
      expectTypedEnd(outcome)
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
        expectTypedEnds,
      ),
    ),

    law(
      "H5",
      "any JSON ends in a value or a RetlError",
      forAll(Arbitrary.all({ status, headers, body: json }), attacked.sampling, ({ body, ...answer }) =>
        expectTypedEnds({ ...answer, body: JSON.stringify(body) }),
      ),
    ),

    law(
      "H5",
      "JSON of nearly the right shape ends in a value or a RetlError",
      forAll(Arbitrary.all({ status, some: json, other: json, text }), attacked.sampling, ({ status, ...parts }) =>
        Effect.forEach(attacked.bodies(parts), (body) => expectTypedEnds({ status, body: JSON.stringify(body) }), {
          discard: true,
        }),
      ),
    ),

    law(
      "H5",
      "JSON that is nested deeper than the stack ends in a value or a RetlError",
      Effect.gen(function* () {
        for (const { status, ...parts } of [
          { status: 200, some: hole, other: "", text: "" },
          { status: 200, some: "", other: hole, text: "" },
          { status: 400, some: hole, other: hole, text: "" },
        ]) {
          for (const body of [hole, ...attacked.bodies(parts)]) {
            yield* expectTypedEnds({ status, body: filled(body, () => nested) })
          }
        }
      }),
    ),

    law(
      "H5",
      "a very long text ends in a value or a RetlError, in linear time",
      Effect.gen(function* () {
        for (const word of [...attacked.words, " ", "\n"]) {
          for (const body of attacked.bodies({ some: hole, other: hole, text: hole })) {
            const long = filled(body, (holes) => JSON.stringify(word.repeat(longest / holes / word.length)))
            for (const status of [200, 400]) yield* expectTypedEnds({ status, body: long })
          }
        }
      }),
    ),
  ]
}

/** Marks where `fill` puts text that `JSON.stringify` could not write, or would write slowly. */
const hole = "<hole>"

/** Returns the body as JSON, with every hole filled. `fill` receives the number of holes. */
const filled = (body: unknown, fill: (holes: number) => string): Uint8Array => {
  const parts = JSON.stringify(body).split(JSON.stringify(hole))
  return new TextEncoder().encode(parts.join(fill(Math.max(1, parts.length - 1))))
}

/** The smallest function can call itself about 16,000 times in Node. */
const depth = 20_000
const nested = "[".repeat(depth) + "]".repeat(depth)

/** Characters of one answer. A reader whose time grows with the square of it does not end before the test's timeout. */
const longest = 300_000
