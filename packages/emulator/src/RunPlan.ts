/**
 * How a run goes: how long it waits and works, what it delivers, and how it ends. `Emulator.script` plans the next runs of
 * a sync; other runs follow the emulator's default plan.
 */
import type * as Duration from "effect/Duration"

/** The course of one run. */
export interface RunPlan {
  /** Time from creation to start. @default 0 */
  readonly queued?: Duration.Input
  /** Time from start to end. @default "1 minute" */
  readonly duration?: Duration.Input
  /** What the run delivers. @default 100 succeeded rows; none unless the run succeeds */
  readonly rows?: Rows
  /** `never`: the run works until it is stopped. `cancelled`: a user stopped it in the vendor's app. @default "succeeded" */
  readonly ends?: "succeeded" | "failed" | "cancelled" | "never"
  /** The error of a failed run. @default a text about the warehouse, without a code */
  readonly error?: { readonly text: string; readonly code?: string }
  /** Status words in place of the vendor's, for words that no document lists. */
  readonly words?: { readonly running?: string; readonly ended?: string }
  /** How long after the end the count of failed rows still reads 0. @default 0 */
  readonly countsSettleAfter?: Duration.Input
}

/** How many rows a run delivers. */
export interface Rows {
  readonly succeeded: number
  /** Rows that the destination refused. @default 0 */
  readonly failed?: number
  /** Rows considered. A larger number than succeeded and failed together leaves some unaccounted for. @default their sum */
  readonly total?: number
}

/**
 * The plan of every run without a scripted one, or a function that makes one per run. `random` gives numbers from 0 up to
 * 1 out of the emulator's seed.
 */
export type DefaultPlan = RunPlan | ((random: () => number) => RunPlan)
