/** The answer to every deletion. `SUCCESS` is the only word there is: any other leaves open what has happened. */
import { answer } from "@openretl/core/driver/schema/Reader"
import * as Schema from "effect/Schema"

export const succeeded = answer(Schema.Struct({ data: Schema.Struct({ status: Schema.Literal("SUCCESS") }) }))
