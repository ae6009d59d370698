/**
 * A rate limit as an emulator enforces it, in the form that a driver's description has: no window of that length, wherever it
 * begins, contains more than `requests` accepted requests. Refused requests do not count against the limit;
 * `Emulator.overLimit` counts them.
 */
import type * as Description from "@openretl/core/driver/Description"
import * as Input from "@openretl/core/driver/Input"
import * as Schema from "effect/Schema"
import { DurationInput } from "./internal/json/duration.ts"
import { Operation } from "./Operation.ts"

/** One rate limit of an account, by the operations of an emulator. */
export interface RateLimit extends Description.RateLimit<Operation> {}

/** Decodes a rate limit. */
export const RateLimit = Schema.Struct({
  name: Schema.String,
  /** The operations that share this limit; `all` stands for every operation. */
  operations: Schema.Union([Schema.Array(Operation), Schema.Literal("all")]),
  /** How many requests one window may contain; a whole number from 1. */
  requests: Input.wholeNumber(1),
  /** The length of the window. */
  window: DurationInput,
}) satisfies Schema.ConstraintDecoder<RateLimit>
