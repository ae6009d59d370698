/** Fields of what configuring sends and is answered, as schemas; running reads ids and whole numbers by the same rules. */
import * as Schema from "effect/Schema"

/** A text of a request that says something. */
export const Text = Schema.String.check(Schema.isMinLength(1, { expected: "a text that is not empty" }))

export const WholeFromOne = Schema.Number.check(
  Schema.makeFilter((value: number) => (Number.isSafeInteger(value) && value >= 1) || "Expected a whole number from 1"),
)
