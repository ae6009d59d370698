/**
 * A limit an emulator enforces, strictly: no window of that length, wherever it begins, holds more than `max` accepted
 * requests. Refused requests do not count against it, but each is counted in `Emulator.overLimit`.
 */
import type * as Duration from "effect/Duration"
import type { Operation } from "./Emulator.ts"

export interface RateLimit {
  readonly name: string
  /** Requests of all these share one budget. */
  readonly operations: ReadonlyArray<Operation> | "all"
  readonly max: number
  readonly window: Duration.Input
  /** Whose budget it is: some vendors answer differently. */
  readonly level: "endpoint" | "token" | "workspace"
}
