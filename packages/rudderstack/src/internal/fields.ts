/** Fields that several requests have. */
import * as Input from "@openretl/core/driver/Input"
import * as Schema from "effect/Schema"

/** A text that is not empty. */
export const Text = Schema.String.check(Schema.isMinLength(1, { expected: "a text that is not empty" }))

/** A page's number or size, and other whole numbers from 1. */
export const WholeFromOne = Input.wholeNumber(1)
