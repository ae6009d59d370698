/** A run's plan with all defaults, its durations in milliseconds. */
import * as Duration from "effect/Duration"
import type { RunPlan } from "../../RunPlan.ts"

/** What `RunPlan` describes, without options. */
export interface Plan {
  readonly queued: number
  /** `Infinity` for a run that never ends by itself. */
  readonly duration: number
  readonly ends: "succeeded" | "failed" | "cancelled"
  readonly succeeded: number
  readonly failed: number
  readonly total: number
  readonly error: { readonly text: string; readonly code?: string } | undefined
  readonly runningWord: string | undefined
  readonly endedWord: string | undefined
  readonly countsSettleAfter: number
}

const millis = (input: Duration.Input | undefined, otherwise: number) =>
  input === undefined ? otherwise : Duration.toMillis(input)

export const completePlan = (plan: RunPlan): Plan => {
  const ends = plan.ends === "never" ? "succeeded" : (plan.ends ?? "succeeded")
  const succeeded = plan.rows?.succeeded ?? (ends === "succeeded" ? 100 : 0)
  const failed = plan.rows?.failed ?? 0
  return {
    queued: millis(plan.queued, 0),
    duration: plan.ends === "never" ? Number.POSITIVE_INFINITY : millis(plan.duration, 60_000),
    ends,
    succeeded,
    failed,
    total: plan.rows?.total ?? succeeded + failed,
    error: plan.error ?? (ends === "failed" ? { text: "the warehouse cannot be reached" } : undefined),
    runningWord: plan.words?.running,
    endedWord: plan.words?.ended,
    countsSettleAfter: millis(plan.countsSettleAfter, 0),
  }
}
