/**
 * Documented limits, kept in any window whatsoever.
 *
 * Effect has a rate limiter for stores that several processes share. One process needs a subtraction.
 *
 * A token bucket lets `burst - 1 + window / period` requests through in the worst window, so that sum is what must stay
 * within the limit. A request may leave up to a tenth of the window after its token was taken (a fence is read in
 * between), hence the 1.1.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { RateLimit as Limit } from "../../driver/Description.ts"

interface Bucket {
  readonly key: string
  /** When the bucket will be full again: each token that is taken puts it off by a period. */
  fullAt: number
  readonly burst: number
  readonly periodMillis: number
  readonly windowMillis: number
}

const bucketOf = ({ name, requests, window }: Limit, share: number): Bucket => {
  const windowMillis = Duration.toMillis(Duration.fromInputUnsafe(window))
  const spent = Math.max(1, Math.floor(requests * share))
  const burst = Math.max(1, Math.floor(spent / 7))
  const periodMillis = Math.ceil((1.1 * windowMillis) / (spent - burst + 1))
  return {
    key: `${name}/${requests}/${windowMillis}`,
    fullAt: Number.NEGATIVE_INFINITY,
    burst,
    periodMillis,
    windowMillis,
  }
}

export interface TokenBuckets {
  /** Takes one token of every limit: 0 when all were had, else how long to wait before asking again. */
  readonly take: (limits: ReadonlyArray<Limit>, held: Held) => Effect.Effect<number>
}

/**
 * The tokens that one request has already, with when they were taken: asking again takes only those that went stale, a
 * tenth of their window later.
 */
export type Held = Map<string, number>

export const make = (share: number): TokenBuckets => {
  const buckets = new Map<string, Bucket>()
  const bucket = (limit: Limit): Bucket => {
    const made = bucketOf(limit, share)
    const known = buckets.get(made.key)
    if (known !== undefined) return known
    buckets.set(made.key, made)
    return made
  }
  return {
    take: (limits, held) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        // The longest window first: a token waits for the others at the most as long as a shorter window takes.
        for (const one of limits.map(bucket).sort((a, b) => b.windowMillis - a.windowMillis)) {
          const since = held.get(one.key)
          if (since !== undefined && since <= now && now - since <= one.windowMillis / 10) continue
          // Never more than the bucket holds: a clock that is set back must not cost its whole step.
          one.fullAt = Math.min(one.fullAt, now + one.burst * one.periodMillis)
          const missing = Math.max(0, one.fullAt - now)
          const wait = missing - (one.burst - 1) * one.periodMillis
          if (wait > 0) return Math.ceil(wait)
          one.fullAt = now + missing + one.periodMillis
          held.set(one.key, now)
        }
        return 0
      }),
  }
}
