/**
 * How a run goes: how long it waits and works, what it delivers, and how it ends. `Emulator.script` plans the next runs of
 * a sync; other runs follow the emulator's default plan.
 */
import * as Input from "@openretl/core/driver/Input"
import * as Schema from "effect/Schema"
import { DurationInput } from "./internal/json/duration.ts"
import { Count } from "./internal/json/numbers.ts"

/** How many rows a run delivers. */
export const Rows = Schema.Struct({
  succeeded: Count,
  /** Rows that the destination refused. @default 0 */
  failed: Input.optional(Count),
  /** Rows considered. A larger number than succeeded and failed together leaves some unaccounted for. @default their sum */
  total: Input.optional(Count),
})
export interface Rows extends Schema.Schema.Type<typeof Rows> {}

/** The course of one run. */
export const RunPlan = Schema.Struct({
  /** Time from creation to start. @default 0 */
  queued: Input.optional(DurationInput),
  /** Time from start to end. @default "1 minute" */
  duration: Input.optional(DurationInput),
  /** What the run delivers. @default 100 succeeded rows; none unless the run succeeds */
  rows: Input.optional(Rows),
  /** `never`: the run works until it is stopped. `cancelled`: a user stopped it in the vendor's app. @default "succeeded" */
  ends: Input.optional(Schema.Literals(["succeeded", "failed", "cancelled", "never"])),
  /** The error of a failed run. @default a text about the warehouse, without a code */
  error: Input.optional(
    Schema.Struct({
      text: Schema.String,
      /** The vendor's code. @default none */
      code: Input.optional(Schema.String),
    }),
  ),
  /** Status words in place of the vendor's, for words that no document lists. */
  words: Input.optional(
    Schema.Struct({
      /** The word of a run under way. @default the vendor's */
      running: Input.optional(Schema.String),
      /** The word of a run that is over. @default the vendor's */
      ended: Input.optional(Schema.String),
    }),
  ),
  /** How long after the end the count of failed rows still reads 0. @default 0 */
  countsSettleAfter: Input.optional(DurationInput),
})
export interface RunPlan extends Schema.Schema.Type<typeof RunPlan> {}

/**
 * The plan of every run without a scripted one, or a function that makes one per run. `random` gives numbers from 0 up to
 * 1 out of the emulator's seed.
 */
export type DefaultPlan = RunPlan | ((random: () => number) => RunPlan)
