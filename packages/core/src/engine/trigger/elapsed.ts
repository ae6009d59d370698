/** Time that has passed in this process, by the clock that ran further: a clock that is set back makes nothing last longer. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/** A point in time by both clocks, in milliseconds. */
export interface Instant {
  readonly wall: number
  readonly monotonic: number
}

export const instant: Effect.Effect<Instant> = Effect.zipWith(
  Clock.currentTimeMillis,
  Clock.monotonicTimeNanos,
  (wall, nanos) => ({ wall, monotonic: Number(nanos / 1_000_000n) }),
)

/** Returns the milliseconds from one point to a later one. */
export const since = (start: Instant, now: Instant): number =>
  Math.max(now.wall - start.wall, now.monotonic - start.monotonic)
