/**
 * A rate limit as an emulator enforces it: no window of that length, wherever it begins, contains more than `max` accepted
 * requests. Refused requests do not count against the limit; `Emulator.overLimit` counts them.
 */
import * as Input from "@openretl/core/driver/Input"
import * as Schema from "effect/Schema"
import { DurationInput } from "./internal/json/duration.ts"
import { Operation } from "./Operation.ts"

/** One rate limit of an account. */
export const RateLimit = Schema.Struct({
  name: Schema.String,
  /** The operations that share this limit. */
  operations: Schema.Union([Schema.Array(Operation), Schema.Literal("all")]),
  /** How many requests one window may contain. */
  max: Input.wholeNumber(1),
  window: DurationInput,
  /** What is limited. Segment sends `Retry-After` only where it is the token. */
  level: Schema.Literals(["endpoint", "token", "workspace"]),
})
export interface RateLimit extends Schema.Schema.Type<typeof RateLimit> {}
