/** Writes a request as JSON and decodes it again: what is decoded is what was written. */
import { expect } from "@effect/vitest"
import * as Json from "@openretl/core/driver/Json"
import { Effect, Schema } from "effect"

export const roundTrip = Effect.fnUntraced(function* <A, E>(schema: Schema.Codec<A, E>, request: A) {
  const written = Json.stringify(yield* Schema.encodeEffect(schema)(request)) ?? ""
  const decoded = yield* Schema.decodeUnknownEffect(schema)(Json.parse(written))
  expect(Json.parse(Json.stringify(decoded) ?? "")).toEqual(Json.parse(written))
})
