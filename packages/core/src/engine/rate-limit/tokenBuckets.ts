/**
 * Token buckets that keep documented limits in every window.
 *
 * A token bucket lets `burst - 1 + window / period` requests through in its worst window: that sum must stay within the
 * limit. The factor 1.1 is for requests that leave up to a tenth of the window after their token was taken, since a
 * fence is read in between.
 *
 * Effect has a rate limiter over a store that several processes share. One process needs no store.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { RateLimit as Limit } from "../../driver/Description.ts"

interface Bucket {
  readonly key: string
  /** When the bucket will be full again, in epoch milliseconds: each token that is taken adds a period. */
  fullAt: number
  /** The most tokens in the bucket. */
  readonly burst: number
  /** The time in which one token comes back. */
  readonly periodMillis: number
  readonly windowMillis: number
}

const bucketOf = ({ name, requests, window }: Limit, share: number): Bucket => {
  const windowMillis = Duration.toMillis(Duration.fromInputUnsafe(window))
  const spent = Math.max(1, Math.floor(requests * share))
  const burst = Math.max(1, Math.floor(spent / 7))
  return {
    key: `${name}/${requests}/${windowMillis}`,
    fullAt: Number.NEGATIVE_INFINITY,
    burst,
    periodMillis: Math.ceil((1.1 * windowMillis) / (spent - burst + 1)),
    windowMillis,
  }
}

/** The token buckets of one workspace. */
export interface TokenBuckets {
  /**
   * Takes a token of each limit that `tokens` lacks or that is stale, and adds it. Returns 0 once there is a token of
   * each, otherwise the milliseconds after which to call again.
   */
  readonly take: (limits: ReadonlyArray<Limit>, tokens: Tokens) => Effect.Effect<number>
}

/**
 * The tokens of one request: when each was taken, in epoch milliseconds, by its bucket's key. A token is stale after a
 * tenth of its window.
 */
export type Tokens = Map<string, number>

/** Creates buckets that spend this share of each limit: above 0, at most 1. */
export const make = (share: number): TokenBuckets => {
  const buckets = new Map<string, Bucket>()
  const bucketFor = (limit: Limit): Bucket => {
    const bucket = bucketOf(limit, share)
    const existing = buckets.get(bucket.key)
    if (existing !== undefined) return existing
    buckets.set(bucket.key, bucket)
    return bucket
  }
  return {
    take: (limits, tokens) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        // The longest window first, so that a token waits for the others no longer than a shorter window takes.
        for (const bucket of limits.map(bucketFor).sort((a, b) => b.windowMillis - a.windowMillis)) {
          const takenAt = tokens.get(bucket.key)
          if (takenAt !== undefined && takenAt <= now && now - takenAt <= bucket.windowMillis / 10) continue
          const wait = takeToken(bucket, now)
          if (wait > 0) return wait
          tokens.set(bucket.key, now)
        }
        return 0
      }),
  }
}

/** Takes a token and returns 0; where the bucket is empty, returns the milliseconds until the next token. */
const takeToken = (bucket: Bucket, now: number): number => {
  const { burst, periodMillis } = bucket
  // An empty bucket is full after `burst` periods: a clock that is set back must not add its whole step to the wait.
  bucket.fullAt = Math.min(bucket.fullAt, now + burst * periodMillis)
  const missing = Math.max(0, bucket.fullAt - now)
  const wait = missing - (burst - 1) * periodMillis
  if (wait > 0) return Math.ceil(wait)
  bucket.fullAt = now + missing + periodMillis
  return 0
}
