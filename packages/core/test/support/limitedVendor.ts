/** A rate limit over a vendor in memory, which notes when each request arrives. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { RateLimit as Limit } from "../../src/driver/Description.ts"
import * as Errors from "../../src/engine/errors.ts"
import * as RateLimit from "../../src/engine/rate-limit/rateLimit.ts"
import * as ProcessState from "../../src/journal/ProcessState.ts"
import type { RetlError } from "../../src/model/RetlError.ts"
import * as Recording from "../../src/telemetry/recording.ts"

/** Creates the rate limit of a workspace, which spends the whole limit and shares nothing unless it says so. */
export const make = (
  limits: ReadonlyArray<Limit>,
  options: Partial<Omit<RateLimit.Parts, "limits">> = {},
): Effect.Effect<RateLimit.RateLimit, never, Scope.Scope> =>
  Effect.flatMap(Effect.scope, (scope) =>
    RateLimit.make({
      name: "test",
      vendor: "fake",
      baseUrl: "https://fake.example",
      limits,
      account: undefined,
      share: 1,
      rateLimitWithin: Duration.minutes(1),
      record: Recording.make({ vendor: "fake", workspace: "test" }),
      error: Errors.make("test", "fake").error,
      state: ProcessState.isolated(),
      transport: {},
      scope,
      ...options,
    }),
  )

/** The monotonic time in milliseconds: no change of the date moves it. */
export const elapsed = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos) / 1e6)

/** Returns the most times in any window of that length, which begins with its first moment and ends before its last. */
export const mostIn = (times: ReadonlyArray<number>, window: Duration.Input): number => {
  const length = Duration.toMillis(Duration.fromInputUnsafe(window))
  const sorted = times.toSorted((a, b) => a - b)
  let most = 0
  for (let from = 0, to = 0; to < sorted.length; to++) {
    while ((sorted[to] ?? 0) - (sorted[from] ?? 0) >= length) from++
    most = Math.max(most, to - from + 1)
  }
  return most
}

/** Where requests arrive. */
export interface Vendor {
  /** When each request arrived, in milliseconds of the monotonic clock. */
  readonly arrivals: Array<number>
  /**
   * Returns a request that takes so many milliseconds to arrive, and its answer as many to come back. Once it has left, an
   * interrupt does not stop it.
   */
  readonly request: (up?: number, down?: number) => Effect.Effect<void, RetlError>
}

export const vendor = (): Vendor => {
  const arrivals: Array<number> = []
  const arrive = Effect.map(elapsed, (at) => void arrivals.push(at))
  return {
    arrivals,
    request: (up = 0, down = 0) =>
      up + down === 0 ? arrive : Effect.andThen(Effect.forkDetach(Effect.delay(arrive, up)), Effect.sleep(up + down)),
  }
}
