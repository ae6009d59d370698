/** Summarizes many waits. */
import { mean, quantile } from "../report/numbers.ts"

/** One wait for a run that ended. */
export interface FinishedWait {
  /** How long the run took, in milliseconds. */
  readonly length: number
  readonly requests: number
  /** Milliseconds from the run's end to the answer that showed it. */
  readonly delay: number
}

export interface Summary {
  /** Per run, on average. */
  readonly requests: number
  /** The median delay in seconds. */
  readonly median: number
  /** The 95th percentile of the delays, in seconds. */
  readonly p95: number
  /** The median delay as a part of the run's length. */
  readonly medianPart: number
  /** The 95th percentile of the same. */
  readonly p95Part: number
}

export const summarize = (waits: ReadonlyArray<FinishedWait>): Summary => {
  const delays = waits.map(({ delay }) => delay / 1_000)
  const parts = waits.map(({ delay, length }) => delay / length)
  return {
    requests: mean(waits.map(({ requests }) => requests)),
    median: quantile(delays, 0.5),
    p95: quantile(delays, 0.95),
    medianPart: quantile(parts, 0.5),
    p95Part: quantile(parts, 0.95),
  }
}
