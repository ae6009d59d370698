/** How far reads lag behind writes. */
import * as Duration from "effect/Duration"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { choice } from "./internal/json/choice.ts"
import { DurationInput } from "./internal/json/duration.ts"

const millis = (input: Duration.Input): number => Duration.toMillis(Duration.fromInputUnsafe(input))

const Bounds = Schema.Struct({ min: DurationInput, max: DurationInput }).check(
  Schema.makeFilter(({ min, max }) => millis(min) <= millis(max), { expected: "min to be at most max" }),
)

/** How far reads lag behind writes: always as far, or drawn between two bounds for each read. */
export const ReadLag = choice(Schema.Union([Bounds, DurationInput]), (value) =>
  Predicate.isObject(value) ? Bounds : DurationInput,
)
export type ReadLag = typeof ReadLag.Type
