/**
 * The rate limit of one workspace: who may send next, and when.
 *
 * Requests that share their limits share a lane. In a lane the more urgent go first and an interrupted waiter gives its
 * place back, because a token is taken only for whoever is first at that moment. After a 429 the lane stands still for
 * as long as the vendor asks, then sends a request a second until one is answered, so that no storm forms.
 */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import type { Description, RateLimit as Limit, Operation } from "../../driver/Description.ts"
import type { RetlError } from "../../model/RetlError.ts"
import * as TokenBuckets from "./tokenBuckets.ts"

/** Lower goes first. */
export const Priority = { urgent: 0, write: 1, read: 2, poll: 3 } as const
export type Priority = (typeof Priority)[keyof typeof Priority]

interface Waiter {
  readonly priority: Priority
  readonly granted: Deferred.Deferred<TokenBuckets.Held>
}

interface Lane {
  readonly limits: ReadonlyArray<Limit>
  readonly waiting: Array<Waiter>
  /** A fiber is handing out grants. */
  busy: boolean
  pausedUntil: number
  /** How long the latest of its pauses was to be. */
  pause: number
  /** 429s in a row; after one, requests leave a second apart until one is answered. */
  limited: number
  lastSent: number
}

/** The right to send one request, for as long as its tokens are fresh. */
export interface Grant {
  readonly held: TokenBuckets.Held
}

export interface RateLimit {
  /** Waits for the right to send one request of this kind. */
  readonly acquire: (operation: Operation, priority: Priority) => Effect.Effect<Grant>
  /**
   * Whether a grant is still good when something was done in between: tokens that went stale are taken anew, waiting a
   * moment at the most.
   */
  readonly confirm: (operation: Operation, grant: Grant) => Effect.Effect<boolean>
  /** Runs a request that has its grant, and learns from a 429. */
  readonly spend: (operation: Operation) => <A>(request: Effect.Effect<A, RetlError>) => Effect.Effect<A, RetlError>
  /** Both. */
  readonly within: (
    operation: Operation,
    priority: Priority,
  ) => <A>(request: Effect.Effect<A, RetlError>) => Effect.Effect<A, RetlError>
}

/** The wait after a 429 that names none: 5 s, doubling with each in a row, at most 5 minutes. */
const unnamedWait = (inARow: number): number => Math.min(300_000, 5_000 * 2 ** (inARow - 1))

/** Milliseconds. */
const longestConfirmation = 1_000

export const make = Effect.fnUntraced(function* (
  description: Description,
  share: number,
  scope: Scope.Scope,
): Effect.fn.Return<RateLimit> {
  const buckets = TokenBuckets.make(share)
  const lanes = new Map<string, Lane>()
  let closed = false
  yield* Scope.addFinalizer(
    scope,
    Effect.suspend(() => {
      closed = true
      const waiters = Array.from(lanes.values()).flatMap(({ waiting }) => waiting.splice(0))
      return Effect.forEach(waiters, ({ granted }) => Deferred.interrupt(granted), { discard: true })
    }),
  )

  const laneOf = (operation: Operation): Lane => {
    const limits = description.limits.filter(({ operations }) => operations === "all" || operations.includes(operation))
    const key = limits.length === 0 ? "unlimited" : limits.map(({ name }) => name).join(" ")
    const existing = lanes.get(key)
    if (existing !== undefined) return existing
    const lane: Lane = {
      limits,
      waiting: [],
      busy: false,
      pausedUntil: Number.NEGATIVE_INFINITY,
      pause: 0,
      limited: 0,
      lastSent: 0,
    }
    lanes.set(key, lane)
    return lane
  }

  /**
   * How long the lane stands still yet, 0 when the next request may leave; takes the tokens in that case. In whole
   * milliseconds: a sleep of a tiny part of one ends before the time has moved, and would be repeated without end.
   */
  const blockedFor = (lane: Lane, held: TokenBuckets.Held): Effect.Effect<number> =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      // Neither is further off than it was when it began: a clock that is set back must not cost its whole step.
      lane.pausedUntil = Math.min(lane.pausedUntil, now + lane.pause)
      lane.lastSent = Math.min(lane.lastSent, now)
      if (lane.pausedUntil > now) return Effect.succeed(Math.ceil(lane.pausedUntil - now))
      if (lane.limited > 0 && now - lane.lastSent < 1_000)
        return Effect.succeed(Math.ceil(1_000 - (now - lane.lastSent)))
      return lane.limits.length === 0 ? Effect.succeed(0) : buckets.take(lane.limits, held)
    })

  const handOut = Effect.fnUntraced(function* (lane: Lane) {
    let held: TokenBuckets.Held = new Map()
    while (true) {
      if (lane.waiting.length === 0) {
        lane.busy = false
        return
      }
      const wait = yield* blockedFor(lane, held)
      if (wait > 0) {
        yield* Effect.sleep(wait)
        continue
      }
      const next = takeMostUrgent(lane.waiting)
      if (next === undefined) continue
      lane.lastSent = yield* Clock.currentTimeMillis
      yield* Deferred.succeed(next.granted, held)
      held = new Map()
    }
  })

  const queue = (lane: Lane, priority: Priority): Effect.Effect<TokenBuckets.Held> =>
    Effect.suspend(() => {
      const waiter: Waiter = { priority, granted: Deferred.makeUnsafe() }
      lane.waiting.push(waiter)
      const start = lane.busy
        ? Effect.void
        : Effect.suspend(() => {
            lane.busy = true
            return Effect.forkIn(handOut(lane), scope)
          })
      return start.pipe(
        Effect.andThen(Deferred.await(waiter.granted)),
        Effect.onInterrupt(() =>
          Effect.sync(() => {
            const index = lane.waiting.indexOf(waiter)
            if (index >= 0) lane.waiting.splice(index, 1)
          }),
        ),
      )
    })

  const acquire: RateLimit["acquire"] = (operation, priority) =>
    Effect.suspend(() => {
      if (closed) return Effect.interrupt
      const lane = laneOf(operation)
      const held: TokenBuckets.Held = new Map()
      const isFree = lane.waiting.length === 0 && !lane.busy
      return (isFree ? blockedFor(lane, held) : Effect.succeed(1)).pipe(
        Effect.flatMap((wait) => (wait > 0 ? queue(lane, priority) : Effect.succeed(held))),
        Effect.zipWith(Clock.currentTimeMillis, (tokens, now) => {
          lane.lastSent = now
          return { held: tokens }
        }),
      )
    })

  const confirm: RateLimit["confirm"] = Effect.fnUntraced(function* (operation, { held }) {
    const { limits } = laneOf(operation)
    for (let waited = 0; waited < longestConfirmation; ) {
      const wait = yield* buckets.take(limits, held)
      if (wait === 0) return true
      waited += wait
      if (waited <= longestConfirmation) yield* Effect.sleep(wait)
    }
    return false
  })

  const spend: RateLimit["spend"] = (operation) => (request) =>
    Effect.suspend(() => {
      const lane = laneOf(operation)
      return request.pipe(
        Effect.tap(() => answered(lane)),
        Effect.tapError(({ reason }) =>
          reason._tag === "RateLimited" ? pause(lane, reason.retryAfter) : answered(lane),
        ),
      )
    })

  const answered = (lane: Lane) =>
    Effect.sync(() => {
      lane.limited = 0
    })

  const pause = (lane: Lane, retryAfter: Duration.Duration | undefined) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      lane.limited++
      const wait = retryAfter === undefined ? unnamedWait(lane.limited) : Duration.toMillis(retryAfter)
      lane.pausedUntil = Math.max(lane.pausedUntil, now + wait)
      lane.pause = lane.pausedUntil - now
    })

  return {
    acquire,
    confirm,
    spend,
    within: (operation, priority) => (request) =>
      Effect.andThen(acquire(operation, priority), spend(operation)(request)),
  }
})

/** The first of the most urgent. */
const takeMostUrgent = (waiting: Array<Waiter>): Waiter | undefined => {
  let best = 0
  for (let i = 1; i < waiting.length; i++) {
    if ((waiting[i]?.priority ?? Infinity) < (waiting[best]?.priority ?? Infinity)) best = i
  }
  return waiting.splice(best, 1)[0]
}
