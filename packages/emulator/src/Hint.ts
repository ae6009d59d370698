/**
 * Hints: a vendor says by itself that a run has changed, as a webhook does. `Emulator.hints` sends them, and loses, doubles
 * and delays as many as its options say: a receiver may not rely on any.
 */
import * as Input from "@openretl/core/driver/Input"
import * as Schema from "effect/Schema"
import { Ids } from "./Ids.ts"
import { Delay } from "./internal/json/delay.ts"
import { Chance } from "./internal/json/numbers.ts"

/** What a hint is about. */
export const Change = Schema.Literals(["started", "ended"])
export type Change = typeof Change.Type

/** Says that a run has changed, and not how it ended. The form is the emulator's, no vendor's. */
export const Hint = Schema.Struct({
  /** The ids of the sync. */
  sync: Ids,
  /** The id of the run. */
  run: Schema.String,
  change: Change,
  /** When the run changed, in epoch milliseconds of emulated time. The hint arrives then or later. */
  at: Schema.Number,
})
export interface Hint extends Schema.Schema.Type<typeof Hint> {}

/**
 * How hints arrive. What becomes of a hint is drawn from the emulator's seed: with the same seed and the same ids it is the
 * same, whatever else happens.
 */
export const Options = Schema.Struct({
  /** The changes that hints are sent for. @default both */
  changes: Input.optional(Schema.Array(Change)),
  /** The probability that a hint never arrives, from 0 to 1. @default 0 */
  loss: Input.optional(Chance),
  /** The probability that a hint arrives twice, from 0 to 1. @default 0 */
  doubling: Input.optional(Chance),
  /** How long after the change a hint arrives, drawn for each arrival where it has bounds. @default 0 */
  delay: Input.optional(Delay),
  /** Whether a hint waits for the ones before it. Otherwise hints with different delays overtake each other. @default false */
  ordered: Input.optional(Schema.Boolean),
})
export interface Options extends Schema.Schema.Type<typeof Options> {}
