/** Trying again what the retry table allows, and looking again until something shows. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { RetlError } from "../model/RetlError.ts"
import { isRetried } from "../model/RetryPolicy.ts"

const retries = 4

/** A plain call does not wait longer than this: its error says how long the vendor asks for. */
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

/** Pauses of 1 s, 2 s, 4 s and so on, at most 30 s. */
const growing = Schedule.min([Schedule.exponential("1 second"), Schedule.spaced("30 seconds")])

/** Pauses of 2 s. */
export const steady = Schedule.spaced("2 seconds")

/**
 * Looks again and again until there is a value, or `time` is over; the last look begins after that. A look that fails
 * is a look without a value.
 */
export const until = <A>(
  time: Duration.Duration,
  look: Effect.Effect<A | undefined, RetlError>,
  pauses: Schedule.Schedule<unknown> = growing,
): Effect.Effect<A | undefined> =>
  Effect.flatMap(Clock.currentTimeMillis, (start) => {
    const end = start + Duration.toMillis(time)
    let seen: A | undefined
    const once = Effect.orElseSucceed(look, () => undefined).pipe(
      Effect.tap((value) => Effect.sync(() => (seen = value))),
      Effect.andThen(Clock.currentTimeMillis),
    )
    return Effect.map(
      Effect.repeat(once, { schedule: pauses, until: (now) => seen !== undefined || now >= end }),
      () => seen,
    )
  })

/** The pause before the nth attempt (from 1) of something that a loop of its own tries again. */
export const pause = (attempt: number): Duration.Duration =>
  Duration.millis(Math.min(30_000, 500 * 2 ** Math.min(attempt - 1, 10)))

/** How often a request is sent at the most. */
export const maxAttempts = retries + 1
