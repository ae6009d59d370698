/** Numbers as the control API and the command read them. */
import * as Input from "@openretl/core/driver/Input"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"

/** A probability. */
export const Chance = Schema.Number.check(
  Schema.makeFilter((value: number) => value >= 0 && value <= 1, { expected: "a number from 0 to 1" }),
)

/** Returns the schema of finite numbers from `minimum`. */
export const finiteFrom = (minimum: number) =>
  Schema.Number.check(
    Schema.makeFilter((value: number) => Number.isFinite(value) && value >= minimum, {
      expected: `a finite number from ${minimum}`,
    }),
  )

/** How many rows, requests or the like. */
export const Count = Input.wholeNumber(0)

const isTimes = (value: unknown): value is number | "all" =>
  value === "all" || (Number.isSafeInteger(value) && Number(value) >= 1)

/** A whole number from 1, or `Infinity`. In JSON, which has no infinity, that is `"all"`. */
export const Times: Schema.Codec<number, number | "all"> = Schema.declare(isTimes, {
  expected: 'a whole number from 1, or "all"',
}).pipe(
  Schema.decodeTo(Schema.Number, {
    decode: SchemaGetter.transform((times) => (times === "all" ? Number.POSITIVE_INFINITY : times)),
    encode: SchemaGetter.transform((times) => (times === Number.POSITIVE_INFINITY ? "all" : times)),
  }),
)
