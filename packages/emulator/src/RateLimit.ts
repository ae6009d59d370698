/**
 * A rate limit as an emulator enforces it: no window of that length, wherever it begins, contains more than `max` accepted
 * requests. Refused requests do not count against the limit; `Emulator.overLimit` counts them.
 */
import type * as Duration from "effect/Duration"
import type { Operation } from "./Operation.ts"

/** One rate limit of an account. */
export interface RateLimit {
  readonly name: string
  /** The operations that share this limit. */
  readonly operations: ReadonlyArray<Operation> | "all"
  /** How many requests one window may contain. */
  readonly max: number
  readonly window: Duration.Input
  /** What is limited. Segment sends `Retry-After` only where it is the token. */
  readonly level: "endpoint" | "token" | "workspace"
}
