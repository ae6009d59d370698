/**
 * How a run goes: how long it waits and works, what it delivers, and how it ends. `Emulator.script` plans the next runs of
 * a sync; other runs follow the plan of their sync, or else the emulator's.
 */
import * as Input from "@openretl/core/driver/Input"
import * as Schema from "effect/Schema"
import { DurationInput } from "./internal/json/duration.ts"
import { Count } from "./internal/json/numbers.ts"
import { tooManyEarly } from "./kit/Counts.ts"
import { RunLength } from "./RunLength.ts"

/** How many rows a run delivers. */
export const Rows = Schema.Struct({
  succeeded: Count,
  /** Rows that the destination refused. @default 0 */
  failed: Input.optional(Count),
  /** Rows that were lost before their delivery. Only vendors that count them show them. @default none */
  invalid: Input.optional(Count),
  /** Rows considered. A larger number than the others together leaves some unaccounted for. @default their sum */
  total: Input.optional(Count),
})
export interface Rows extends Schema.Schema.Type<typeof Rows> {}

/** The course of one run. */
export const RunPlan = Schema.Struct({
  /** Time from creation to start. @default 0 */
  queued: Input.optional(DurationInput),
  /** Time from start to end, or the distribution that it is drawn from for each run. @default "1 minute" */
  duration: Input.optional(RunLength),
  /** What the run delivers. @default 100 succeeded rows; none unless the run succeeds */
  rows: Input.optional(Rows),
  /** `never`: the run works until it is stopped, or `endRun` lets it succeed. `cancelled`: a user stopped it in the vendor's app. @default "succeeded" */
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
  /** How long after the run has ended by itself reads still show `earlyRows`. Then they show `rows`. @default 0 */
  countsSettleAfter: Input.optional(DurationInput),
  /**
   * What reads show of the ended run until `countsSettleAfter` has passed: at most the final counts, so that a status
   * changes from a success to the vendor's partial form, and never back. @default the final counts, with 0 failed rows
   */
  earlyRows: Input.optional(Rows),
}).check(
  Schema.makeFilter((plan) =>
    tooManyEarly(plan).map((name) => ({ path: ["earlyRows", name], issue: `Expected at most the final ${name} rows` })),
  ),
)
export interface RunPlan extends Schema.Schema.Type<typeof RunPlan> {}

/**
 * The plan of every run for which neither a script nor its sync has one, or a function that makes one per run. `random` gives numbers from 0 up to
 * 1 out of the emulator's seed.
 */
export type DefaultPlan = RunPlan | ((random: () => number) => RunPlan)
