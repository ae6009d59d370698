/** The answer to every deletion. */
import * as Schema from "effect/Schema"

/** `SUCCESS` is the only documented word; any other answer leaves open what happened. */
export const DeletionResponse = Schema.Struct({ data: Schema.Struct({ status: Schema.Literal("SUCCESS") }) })
