/** Trying again what the retry table allows, and saying so when that did not help. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { RetlError } from "../model/RetlError.ts"
import { isRetried } from "../model/RetryPolicy.ts"

const retries = 4

/** Longer than this nobody waits in a plain call: the error says how long the vendor asks for. */
const longestWait = Duration.minutes(2)

/** 0.5 s, 1 s, 2 s, 4 s, each jittered; a vendor's own wait is kept by the rate limit, which stands still meanwhile. */
const backoff = Schedule.jittered(Schedule.exponential("500 millis"))

export const isWorthwhile = (kind: "read" | "write", error: RetlError): boolean =>
  isRetried(kind, error) &&
  !(
    error.reason._tag === "RateLimited" &&
    error.reason.retryAfter !== undefined &&
    Duration.isGreaterThan(error.reason.retryAfter, longestWait)
  )

const tried = <A>(kind: "read" | "write", request: Effect.Effect<A, RetlError>): Effect.Effect<A, RetlError> =>
  Effect.suspend(() => {
    let attempts = 0
    return request.pipe(
      Effect.tapError(() => Effect.sync(() => attempts++)),
      Effect.retry({ schedule: backoff, times: retries, while: (error) => isWorthwhile(kind, error) }),
      Effect.mapError((error) => (attempts > 1 ? error.withAttempts(attempts, isWorthwhile(kind, error)) : error)),
    )
  })

/** Tries a read up to five times. */
export const read = <A>(request: Effect.Effect<A, RetlError>): Effect.Effect<A, RetlError> => tried("read", request)

/** Tries a write again only where it provably did nothing. */
export const write = <A>(request: Effect.Effect<A, RetlError>): Effect.Effect<A, RetlError> => tried("write", request)

/** The pause before the nth try (from 1) of something that is tried again by a loop of its own. */
export const pause = (attempt: number): Duration.Duration =>
  Duration.millis(Math.min(30_000, 500 * 2 ** Math.min(attempt - 1, 10)))

export const maxAttempts = retries + 1
