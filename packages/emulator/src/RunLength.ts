/**
 * How long a run works: always as long, or drawn anew for each run, as real runs take about as long as the ones before and
 * now and then far longer.
 */
import * as Input from "@openretl/core/driver/Input"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { choice } from "./internal/json/choice.ts"
import { DurationInput } from "./internal/json/duration.ts"
import { Chance, finiteFrom } from "./internal/json/numbers.ts"

/**
 * Lengths with a log-normal distribution. They are drawn from the emulator's seed: with the same seed and the same ids, the
 * nth run of a sync takes as long, whatever else happens.
 */
export const Distribution = Schema.Struct({
  /** Half of the runs are shorter, not counting the slow ones. */
  median: DurationInput,
  /**
   * How far lengths spread: the standard deviation of their natural logarithm, from 0 to 5. With 0.2, two of three runs take
   * between 0.82 and 1.22 times the median, and one of a thousand runs more than 1.86 times. @default 0.2
   */
  sigma: Input.optional(
    Schema.Number.check(
      Schema.makeFilter((value: number) => value >= 0 && value <= 5, { expected: "a number from 0 to 5" }),
    ),
  ),
  /** Runs that take far longer than the others. @default none */
  slow: Input.optional(
    Schema.Struct({
      /** The part of runs that are slow, from 0 to 1. */
      chance: Chance,
      /** How many times longer they take, drawn between these bounds, each from 1. @default 3 to 10 */
      factor: Input.optional(
        Schema.Struct({ min: finiteFrom(1), max: finiteFrom(1) }).check(
          Schema.makeFilter(({ min, max }) => min <= max, { expected: "min to be at most max" }),
        ),
      ),
    }),
  ),
})
export interface Distribution extends Schema.Schema.Type<typeof Distribution> {}

/** How long a run works: a duration, or a distribution that one is drawn from for each run. */
export const RunLength = choice(Schema.Union([Distribution, DurationInput]), (value) =>
  Predicate.isObject(value) ? Distribution : DurationInput,
)
export type RunLength = typeof RunLength.Type
