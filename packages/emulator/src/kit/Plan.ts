/** A run's plan with all defaults, its durations in milliseconds. */
import * as Duration from "effect/Duration"
import { constant, type Length, lengthOf } from "../internal/world/length.ts"
import type { RunPlan } from "../RunPlan.ts"
import { type Counts, earlyCounts, finalCounts, tooManyEarly } from "./Counts.ts"

/** What `RunPlan` describes, without options. */
export interface Plan {
  readonly queued: number
  readonly length: Length
  readonly ends: "succeeded" | "failed" | "cancelled"
  /** What the run delivers. */
  readonly counts: Counts
  /** What reads show of the ended run until its counts have settled. */
  readonly earlyCounts: Counts
  readonly error: { readonly text: string; readonly code?: string } | undefined
  readonly runningWord: string | undefined
  readonly endedWord: string | undefined
  readonly countsSettleAfter: number
}

const millis = (input: Duration.Input | undefined, otherwise: number) =>
  input === undefined ? otherwise : Duration.toMillis(input)

/** Completes a plan. Throws where its early counts are greater than the final ones. */
export const completePlan = (plan: RunPlan): Plan => {
  const ends = plan.ends === "never" ? "succeeded" : (plan.ends ?? "succeeded")
  const [excess] = tooManyEarly(plan)
  if (excess !== undefined) throw new Error(`The early rows of a plan have more than the final ${excess} rows`)
  return {
    queued: millis(plan.queued, 0),
    length: plan.ends === "never" ? constant(Number.POSITIVE_INFINITY) : lengthOf(plan.duration ?? 60_000),
    ends,
    counts: finalCounts(plan),
    earlyCounts: earlyCounts(plan),
    error: plan.error ?? (ends === "failed" ? { text: "the warehouse cannot be reached" } : undefined),
    runningWord: plan.words?.running,
    endedWord: plan.words?.ended,
    countsSettleAfter: millis(plan.countsSettleAfter, 0),
  }
}
