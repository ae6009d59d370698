/** What watching a run to its end took, and what that comes to over many runs. */
import { mean, quantile } from "../report/numbers.ts"

export interface Watched {
  /** Milliseconds. */
  readonly length: number
  readonly requests: number
  /** Milliseconds from the end of the run to the answer that showed it. */
  readonly delay: number
}

export interface Summary {
  /** Per run. */
  readonly requests: number
  /** Seconds. */
  readonly median: number
  readonly p95: number
  /** The same as a part of the run's length. */
  readonly medianPart: number
  readonly p95Part: number
}

export const summarize = (watched: ReadonlyArray<Watched>): Summary => {
  const delays = watched.map(({ delay }) => delay / 1_000)
  const parts = watched.map(({ delay, length }) => delay / length)
  return {
    requests: mean(watched.map(({ requests }) => requests)),
    median: quantile(delays, 0.5),
    p95: quantile(delays, 0.95),
    medianPart: quantile(parts, 0.5),
    p95Part: quantile(parts, 0.95),
  }
}
