/**
 * How a run goes: how long it waits and works, what it delivers, and how it ends. Plans are scripted for the next runs
 * of a sync; a run without a scripted plan follows the emulator's default plan.
 */
import type * as Duration from "effect/Duration"

export interface RunPlan {
  /** From creation to start. @default 0 */
  readonly queued?: Duration.Input
  /** From start to end. @default "1 minute" */
  readonly duration?: Duration.Input
  /** What the run delivers. @default 100 rows succeeded; none where the run fails */
  readonly rows?: Rows
  /** `never`: it works on until it is stopped. `cancelled`: somebody stopped it by hand. @default "succeeded" */
  readonly ends?: "succeeded" | "failed" | "cancelled" | "never"
  /** What a failed run says. */
  readonly error?: { readonly text: string; readonly code?: string }
  /** Raw vendor words that replace the usual status: words that nobody listed. */
  readonly words?: { readonly running?: string; readonly ended?: string }
  /** For so long after the end, failed rows still read 0: counts that settle late. @default 0 */
  readonly countsSettleAfter?: Duration.Input
}

export interface Rows {
  readonly succeeded: number
  /** @default 0 */
  readonly failed?: number
  /** Rows considered; more than succeeded and failed together means that some are unaccounted for. @default their sum */
  readonly total?: number
}

/** A plan for every run, or one drawn per run from the emulator's own seeded random numbers (0 up to 1). */
export type DefaultPlan = RunPlan | ((random: () => number) => RunPlan)
