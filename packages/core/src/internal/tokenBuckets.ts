/**
 * Documented limits, kept in any window whatsoever. The only file that touches Effect's rate limiter (unstable).
 *
 * A token bucket lets `burst - 1 + window / period` requests through in the worst window, so that sum is what must stay
 * within the limit. A request may leave up to a tenth of the window after its token was taken (a fence is read in
 * between), hence the 1.1.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as RateLimiter from "effect/persistence/RateLimiter"
import type { Limit } from "../Description.ts"

interface Bucket {
  readonly key: string
  readonly burst: number
  readonly periodMillis: number
  readonly windowMillis: number
}

const bucketOf = ({ key, requests, window }: Limit, share: number): Bucket => {
  const windowMillis = Duration.toMillis(Duration.fromInputUnsafe(window))
  const spent = Math.max(1, Math.floor(requests * share))
  const burst = Math.max(1, Math.floor(spent / 7))
  const periodMillis = Math.ceil((1.1 * windowMillis) / (spent - burst + 1))
  return { key: `${key}/${requests}/${windowMillis}`, burst, periodMillis, windowMillis }
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

export const make = (share: number): Effect.Effect<TokenBuckets> =>
  RateLimiter.make.pipe(
    Effect.provide(RateLimiter.layerStoreMemory),
    Effect.map((limiter) => {
      const buckets = new Map<Limit, Bucket>()
      const bucket = (limit: Limit) => {
        const known = buckets.get(limit)
        if (known !== undefined) return known
        const made = bucketOf(limit, share)
        buckets.set(limit, made)
        return made
      }
      const take: TokenBuckets["take"] = Effect.fnUntraced(function* (limits, held) {
        // The longest window first: a token waits for the others at the most as long as a shorter window takes.
        const ordered = limits.map(bucket).sort((a, b) => b.windowMillis - a.windowMillis)
        for (const { key, burst, periodMillis, windowMillis } of ordered) {
          const now = yield* Clock.currentTimeMillis
          const since = held.get(key)
          if (since !== undefined && now - since <= windowMillis / 10) continue
          const wait = yield* limiter
            .consume({ key, algorithm: "token-bucket", onExceeded: "fail", limit: burst, window: burst * periodMillis })
            .pipe(
              Effect.as(0),
              Effect.catch(({ reason }) =>
                reason._tag === "RateLimitExceeded"
                  ? Effect.succeed(Math.max(1, Math.ceil(Duration.toMillis(reason.retryAfter))))
                  : Effect.die(reason),
              ),
            )
          if (wait > 0) return wait
          held.set(key, now)
        }
        return 0
      })
      return { take }
    }),
  )
