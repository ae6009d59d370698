/** Delays as the control API and the command read them: always as long, or drawn between two bounds. */
import * as Duration from "effect/Duration"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { choice } from "./choice.ts"
import { DurationInput } from "./duration.ts"

const millis = (input: Duration.Input): number => Duration.toMillis(Duration.fromInputUnsafe(input))

const Bounds = Schema.Struct({ min: DurationInput, max: DurationInput }).check(
  Schema.makeFilter(({ min, max }) => millis(min) <= millis(max), { expected: "min to be at most max" }),
)

/** Always as long, or drawn between two bounds. */
export const Delay = choice(Schema.Union([Bounds, DurationInput]), (value) =>
  Predicate.isObject(value) ? Bounds : DurationInput,
)
export type Delay = typeof Delay.Type
