/** Writes a request as JSON and decodes it again: what is decoded is what was written. */
import { expect } from "@effect/vitest"
import { Effect, Schema } from "effect"

export const roundTrip = Effect.fnUntraced(function* <A, E>(schema: Schema.Codec<A, E>, request: A) {
  const written = JSON.stringify(yield* Schema.encodeEffect(schema)(request))
  const decoded = yield* Schema.decodeUnknownEffect(schema)(JSON.parse(written))
  expect(JSON.parse(JSON.stringify(decoded))).toEqual(JSON.parse(written))
})
