/**
 * A lane: the requests that share their limits, which leave one after the other.
 *
 * A lane stands still after a 429. After that it lets one request a second leave until the vendor has answered one.
 */
import * as Clock from "effect/Clock"
import type * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Description, RateLimit as Limit, Operation } from "../../driver/Description.ts"
import type * as TokenBuckets from "./tokenBuckets.ts"

/** The urgency of a request. In a lane, a lower number goes first; of equal numbers, the earlier request. */
export const Priority = { urgent: 0, write: 1, read: 2, poll: 3 } as const
export type Priority = (typeof Priority)[keyof typeof Priority]

/** A request that waits for its grant. */
export interface Waiter {
  readonly priority: Priority
  /** Its tokens, once it may leave. */
  readonly granted: Deferred.Deferred<TokenBuckets.Tokens>
}

/** The requests that share their limits. All times are in milliseconds. */
export interface Lane {
  readonly limits: ReadonlyArray<Limit>
  readonly waiting: Array<Waiter>
  /** Whether a fiber grants the waiting requests. */
  isServed: boolean
  /** The end of the pause after a 429. */
  pausedUntil: number
  /** The length of that pause. */
  pause: number
  /** How many 429s came in a row. */
  refusals: number
  /** When the latest request left. */
  lastSent: number
}

const make = (limits: ReadonlyArray<Limit>): Lane => ({
  limits,
  waiting: [],
  isServed: false,
  pausedUntil: Number.NEGATIVE_INFINITY,
  pause: 0,
  refusals: 0,
  lastSent: 0,
})

/** The lanes of one workspace. */
export interface Lanes {
  /** Returns the lane of an operation. Operations with the same limits share it. */
  readonly of: (operation: Operation) => Lane
  /** Returns all lanes that have been used. */
  readonly all: () => ReadonlyArray<Lane>
}

export const makeLanes = ({ limits }: Pick<Description, "limits">): Lanes => {
  const lanes = new Map<string, Lane>()
  return {
    of: (operation) => {
      const applicable = limits.filter(({ operations }) => operations === "all" || operations.includes(operation))
      const key = applicable.length === 0 ? "unlimited" : applicable.map(({ name }) => name).join(" ")
      const lane = lanes.get(key) ?? make(applicable)
      lanes.set(key, lane)
      return lane
    },
    all: () => Array.from(lanes.values()),
  }
}

/** The distance between requests after a 429. */
const spacingMillis = 1_000

/**
 * Takes the tokens of the next request and returns 0; where it may not leave yet, returns for how long.
 *
 * The wait is a whole number of milliseconds: a shorter sleep ends before the clock has moved, and would repeat without
 * end.
 */
export const takeTokens = (
  lane: Lane,
  buckets: TokenBuckets.TokenBuckets,
  tokens: TokenBuckets.Tokens,
): Effect.Effect<number> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    // A clock that is set back must not add its whole step to the wait.
    lane.pausedUntil = Math.min(lane.pausedUntil, now + lane.pause)
    lane.lastSent = Math.min(lane.lastSent, now)
    if (lane.pausedUntil > now) return Effect.succeed(Math.ceil(lane.pausedUntil - now))
    const sinceLast = now - lane.lastSent
    if (lane.refusals > 0 && sinceLast < spacingMillis) return Effect.succeed(Math.ceil(spacingMillis - sinceLast))
    return lane.limits.length === 0 ? Effect.succeed(0) : buckets.take(lane.limits, tokens)
  })

/** Removes the most urgent request, of several the earliest, and returns it. */
export const removeMostUrgent = ({ waiting }: Lane): Waiter | undefined => {
  let best = 0
  for (let i = 1; i < waiting.length; i++) {
    if ((waiting[i]?.priority ?? Infinity) < (waiting[best]?.priority ?? Infinity)) best = i
  }
  return waiting.splice(best, 1)[0]
}

/** Removes a request that does not wait any longer. */
export const remove = ({ waiting }: Lane, waiter: Waiter): void => {
  const index = waiting.indexOf(waiter)
  if (index >= 0) waiting.splice(index, 1)
}

/** Notes that the vendor answered a request otherwise than with a 429. */
export const noteAnswer = (lane: Lane): void => {
  lane.refusals = 0
}

/** Notes a 429, which stops the lane for as long as the vendor demands. */
export const noteRefusal = (lane: Lane, retryAfter: Duration.Duration | undefined, now: number): void => {
  lane.refusals++
  const wait = retryAfter === undefined ? defaultPause(lane.refusals) : Duration.toMillis(retryAfter)
  lane.pausedUntil = Math.max(lane.pausedUntil, now + wait)
  lane.pause = lane.pausedUntil - now
}

/**
 * The pause after a 429 that demands no particular wait: 5 seconds, doubled with each further 429, at most 5 minutes.
 */
const defaultPause = (refusals: number): number => Math.min(300_000, 5_000 * 2 ** (refusals - 1))
