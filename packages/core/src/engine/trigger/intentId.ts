/** The ids of intents. */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

/** Generates an id: 128 random bits in hexadecimal. */
export const generate: Effect.Effect<string> = Effect.map(
  Effect.all(Array.from({ length: 4 }, () => Random.nextIntBetween(0, 0xffffffff))),
  (words) => words.map((word) => word.toString(16).padStart(8, "0")).join(""),
)
