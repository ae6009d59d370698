/**
 * The rate limit of one workspace, which decides when each request may leave.
 *
 * Order of things: requests that share their limits share a lane (`lane.ts`). A request waits in its lane until it is
 * the most urgent one and its tokens can be taken (`tokenBuckets.ts`): that is its grant. It is then sent, and its
 * answer may stop the lane. Tokens are taken for the request that is first at that moment, so that an interrupted
 * waiter gives its place back.
 */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as EffectScope from "effect/Scope"
import type { Description, Operation } from "../../driver/Description.ts"
import type { RetlError } from "../../model/RetlError.ts"
import * as Lane from "./lane.ts"
import * as TokenBuckets from "./tokenBuckets.ts"

export { Priority } from "./lane.ts"

/** The right to send one request, as long as its tokens are fresh. */
export interface Grant {
  readonly tokens: TokenBuckets.Tokens
}

/** The rate limit of one workspace. */
export interface RateLimit {
  /** Waits for the right to send one request of this kind. */
  readonly acquire: (operation: Operation, priority: Lane.Priority) => Effect.Effect<Grant>
  /**
   * Renews a grant after a pause: takes new tokens for stale ones, and waits a second for them at the most. Returns
   * whether the grant is valid.
   */
  readonly confirm: (operation: Operation, grant: Grant) => Effect.Effect<boolean>
  /** Sends a request that has its grant. A 429 stops its lane. */
  readonly spend: (operation: Operation) => <A>(request: Effect.Effect<A, RetlError>) => Effect.Effect<A, RetlError>
  /** Waits for the right to send a request, and sends it. */
  readonly within: (
    operation: Operation,
    priority: Lane.Priority,
  ) => <A>(request: Effect.Effect<A, RetlError>) => Effect.Effect<A, RetlError>
}

/** The longest wait for new tokens of a grant. */
const maxConfirmationMillis = 1_000

/** Creates the rate limit of a workspace. It spends `share` of each documented limit, and ends with `scope`. */
export const make = Effect.fnUntraced(function* (
  description: Description,
  share: number,
  scope: EffectScope.Scope,
): Effect.fn.Return<RateLimit> {
  const buckets = TokenBuckets.make(share)
  const lanes = Lane.makeLanes(description)
  let isClosed = false
  yield* EffectScope.addFinalizer(
    scope,
    Effect.suspend(() => {
      isClosed = true
      const waiters = lanes.all().flatMap(({ waiting }) => waiting.splice(0))
      return Effect.forEach(waiters, ({ granted }) => Deferred.interrupt(granted), { discard: true })
    }),
  )

  const acquire: RateLimit["acquire"] = (operation, priority) =>
    Effect.suspend(() => {
      if (isClosed) return Effect.interrupt
      const lane = lanes.of(operation)
      const tokens: TokenBuckets.Tokens = new Map()
      const isFree = lane.waiting.length === 0 && !lane.isServed
      return (isFree ? Lane.takeTokens(lane, buckets, tokens) : Effect.succeed(1)).pipe(
        Effect.flatMap((wait) => (wait > 0 ? enqueue(lane, buckets, priority, scope) : Effect.succeed(tokens))),
        Effect.zipWith(Clock.currentTimeMillis, (tokens, now) => {
          lane.lastSent = now
          return { tokens }
        }),
      )
    })

  const spend: RateLimit["spend"] = (operation) => (request) =>
    Effect.suspend(() => {
      const lane = lanes.of(operation)
      const noteAnswer = Effect.sync(() => Lane.noteAnswer(lane))
      return request.pipe(
        Effect.tap(() => noteAnswer),
        Effect.tapError(({ reason }) =>
          reason._tag === "RateLimited"
            ? Effect.map(Clock.currentTimeMillis, (now) => Lane.noteRefusal(lane, reason.retryAfter, now))
            : noteAnswer,
        ),
      )
    })

  return {
    acquire,
    confirm: (operation, { tokens }) => confirm(lanes.of(operation), buckets, tokens),
    spend,
    within: (operation, priority) => (request) =>
      Effect.andThen(acquire(operation, priority), spend(operation)(request)),
  }
})

/** Waits in a lane for a grant. Starts the fiber that serves the lane, unless it runs already. */
const enqueue = (
  lane: Lane.Lane,
  buckets: TokenBuckets.TokenBuckets,
  priority: Lane.Priority,
  scope: EffectScope.Scope,
): Effect.Effect<TokenBuckets.Tokens> =>
  Effect.suspend(() => {
    const waiter: Lane.Waiter = { priority, granted: Deferred.makeUnsafe() }
    lane.waiting.push(waiter)
    const start = lane.isServed
      ? Effect.void
      : Effect.suspend(() => {
          lane.isServed = true
          return Effect.forkIn(serve(lane, buckets), scope)
        })
    return start.pipe(
      Effect.andThen(Deferred.await(waiter.granted)),
      Effect.onInterrupt(() => Effect.sync(() => Lane.remove(lane, waiter))),
    )
  })

/** Grants the waiting requests of a lane, the most urgent first, until none waits. */
const serve = Effect.fnUntraced(function* (lane: Lane.Lane, buckets: TokenBuckets.TokenBuckets) {
  let tokens: TokenBuckets.Tokens = new Map()
  while (lane.waiting.length > 0) {
    const wait = yield* Lane.takeTokens(lane, buckets, tokens)
    if (wait > 0) {
      yield* Effect.sleep(wait)
      continue
    }
    const next = Lane.removeMostUrgent(lane)
    if (next === undefined) continue
    lane.lastSent = yield* Clock.currentTimeMillis
    yield* Deferred.succeed(next.granted, tokens)
    tokens = new Map()
  }
  lane.isServed = false
})

const confirm = Effect.fnUntraced(function* (
  { limits }: Lane.Lane,
  buckets: TokenBuckets.TokenBuckets,
  tokens: TokenBuckets.Tokens,
): Effect.fn.Return<boolean> {
  for (let waited = 0; waited < maxConfirmationMillis; ) {
    const wait = yield* buckets.take(limits, tokens)
    if (wait === 0) return true
    waited += wait
    if (waited <= maxConfirmationMillis) yield* Effect.sleep(wait)
  }
  return false
})
