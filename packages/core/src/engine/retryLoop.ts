/** Sending requests again as the retry table (`model/RetryPolicy.ts`) allows, and reading until a change shows. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as EffectSchedule from "effect/Schedule"
import type { RetlError } from "../model/RetlError.ts"
import { isRetried } from "../model/RetryPolicy.ts"
import { Resends } from "../telemetry/tracing.ts"
import { instant, since } from "./trigger/elapsed.ts"

/** How often a request is sent at the most. */
export const maxAttempts = 5

/** The longest wait that the vendor may demand for a request to be sent again; its error names a longer one. */
const maxWait = Duration.minutes(2)

/** Pauses of 0.5, 1, 2 and 4 seconds, jittered. The rate limit adds the wait that the vendor demands. */
const backoff = EffectSchedule.jittered(EffectSchedule.exponential("500 millis"))

/** Returns whether core sends the request again after this error. */
export const isWorthwhile = (kind: "read" | "write", error: RetlError): boolean =>
  isRetried(kind, error) &&
  !(
    error.reason._tag === "RateLimited" &&
    // Where nothing was sent, the workspace itself does not want to wait.
    (error.delivery === "not-sent" ||
      (error.reason.retryAfter !== undefined && Duration.isGreaterThan(error.reason.retryAfter, maxWait)))
  )

const withRetries = <A>(kind: "read" | "write", request: Effect.Effect<A, RetlError>): Effect.Effect<A, RetlError> =>
  Effect.suspend(() => {
    let attempts = 0
    const numbered = Effect.suspend(() =>
      attempts === 0 ? request : Effect.provideService(request, Resends, attempts),
    )
    return numbered.pipe(
      Effect.tapError(() => Effect.sync(() => attempts++)),
      Effect.retry({ schedule: backoff, times: maxAttempts - 1, while: (error) => isWorthwhile(kind, error) }),
      Effect.mapError((error) => (attempts > 1 ? error.withAttempts(attempts, isWorthwhile(kind, error)) : error)),
    )
  })

/** Sends a read, up to five times. */
export const read = <A>(request: Effect.Effect<A, RetlError>): Effect.Effect<A, RetlError> =>
  withRetries("read", request)

/** Sends a write, and sends it again, up to five times in all, only where it provably did nothing. */
export const write = <A>(request: Effect.Effect<A, RetlError>): Effect.Effect<A, RetlError> =>
  withRetries("write", request)

/** Pauses of 1 s, 2 s, 4 s and so on, at most 30 s. */
const growing = EffectSchedule.min([EffectSchedule.exponential("1 second"), EffectSchedule.spaced("30 seconds")])

/** Pauses of 2 s. */
export const steady = EffectSchedule.spaced("2 seconds")

/**
 * Runs `look` again and again until it returns a value, or until `time` is over: the last look begins after that. A
 * look that fails counts as one without a value.
 */
export const until = <A>(
  time: Duration.Duration,
  look: Effect.Effect<A | undefined, RetlError>,
  pauses: EffectSchedule.Schedule<unknown> = growing,
): Effect.Effect<A | undefined> =>
  Effect.flatMap(instant, (start) => {
    const length = Duration.toMillis(time)
    let latest: A | undefined
    const once = Effect.orElseSucceed(look, () => undefined).pipe(
      Effect.tap((value) => Effect.sync(() => (latest = value))),
      Effect.andThen(instant),
    )
    return Effect.map(
      Effect.repeat(once, { schedule: pauses, until: (now) => latest !== undefined || since(start, now) >= length }),
      () => latest,
    )
  })

/** Returns the pause before an attempt, whose number begins with 1: 0.5 s, doubled each time, at most 30 s. */
export const pause = (attempt: number): Duration.Duration =>
  Duration.millis(Math.min(30_000, 500 * 2 ** Math.min(attempt - 1, 10)))
