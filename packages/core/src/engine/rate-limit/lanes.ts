/**
 * The lanes of one token: requests that share their limits share a lane. A lane stands still after a 429, and
 * after an answer that leaves no request. After a 429 it lets one request a second leave until the vendor has answered one.
 *
 * Everything here is synchronous. All times are in milliseconds of the monotonic clock, which no change of the date
 * moves.
 */
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type { RateLimit as Limit, Operation } from "../../driver/Description.ts"
import type { Remaining } from "../../http/currentRequest.ts"
import * as Slots from "./slots.ts"

/** The urgency of a request. A lower number goes first; of equal numbers, the earlier request. */
export const Priority = { urgent: 0, write: 1, read: 2, poll: 3 } as const
export type Priority = (typeof Priority)[keyof typeof Priority]

/** The right to send one request. */
export interface Grant extends Slots.Use {
  readonly lane: Lane
  /** The slots that it has. */
  readonly pools: Set<Slots.Pool>
  /** When its request left. */
  sentAt: number | undefined
  /** Whether it was used or given back. */
  isOver: boolean
  isHeld: boolean
}

/** A request that waits for its grant. */
export interface Waiter extends Slots.Use {
  readonly priority: Priority
  readonly lane: Lane
  /** When it began to wait. */
  readonly queuedAt: number
  /** How long it stands still after a 429. */
  readonly patience: number
  /** The workspace that it belongs to. */
  readonly workspace: object
  /** Its grant or, where it would stand still for too long, the rest of the pause. */
  readonly outcome: Deferred.Deferred<Grant, number>
  /** Gets the grant as soon as there is one, also where its caller no longer waits for the outcome. */
  readonly onGranted?: (grant: Grant) => void
}

/** The requests that share their limits. */
export interface Lane {
  readonly pools: ReadonlyArray<Slots.Pool>
  /** When the present pause began and ends. */
  pausedAt: number
  pausedUntil: number
  /** How many 429s came in a row; those to requests that left before an earlier 429 came count as one. */
  refusals: number
  /** When the latest of them came. */
  refusedAt: number
  /** When the latest request was granted. */
  grantedAt: number
  /** How many requests may still be granted before `remainingUntil`, as the vendor says. */
  remaining: number
  remainingUntil: number
  /** How many requests have been granted and have no answer yet. */
  underWay: number
  /** How many grants in a row went to more urgent requests than the earliest. */
  overtaken: number
}

/** The lanes of one token. */
export interface Lanes {
  readonly lanes: Map<string, Lane>
  readonly pools: Map<string, Slots.Pool>
  /** In the order in which they began to wait. */
  readonly waiting: Array<Waiter>
  /** The share of each open workspace. */
  readonly shares: Map<object, number>
  /** The smallest share of the open workspaces or, where none is open, of the last ones. */
  share: number
  /** The name of the first workspace, and whether another one was reported. */
  name: string | undefined
  isReported: boolean
  /** When the last workspace closed. */
  closedAt: number
  /** The fiber that grants the next request, and when it does. */
  timer: { readonly at: number; readonly fiber: Fiber.Fiber<void> } | undefined
}

export const make = (): Lanes => ({
  lanes: new Map(),
  pools: new Map(),
  waiting: [],
  shares: new Map(),
  share: 1,
  name: undefined,
  isReported: false,
  closedAt: Number.NEGATIVE_INFINITY,
  timer: undefined,
})

/** How long slots are kept at least, once no workspace is open. */
const minKeptMillis = 600_000

const longestWindow = (pools: Iterable<Slots.Pool>): number =>
  Math.max(...Array.from(pools, ({ windowMillis }) => windowMillis))

/** Whether no workspace is open, and all slots are free again. */
export const isForgotten = ({ shares, closedAt, pools }: Lanes, now: number): boolean =>
  shares.size === 0 && now - closedAt > Math.max(minKeptMillis, longestWindow(pools.values()))

/** Adds a workspace, which spends this share of each limit. */
export const join = (lanes: Lanes, workspace: object, share: number): void => {
  lanes.shares.set(workspace, share)
  lanes.share = Math.min(...lanes.shares.values())
}

/** Removes a workspace and interrupts its waiting requests. */
export const leave = (lanes: Lanes, workspace: object, now: number): void => {
  lanes.shares.delete(workspace)
  if (lanes.shares.size > 0) lanes.share = Math.min(...lanes.shares.values())
  else lanes.closedAt = now
  for (const waiter of lanes.waiting.filter((other) => other.workspace === workspace)) {
    remove(lanes, waiter)
    Deferred.doneUnsafe(waiter.outcome, Effect.interrupt)
  }
}

/** Returns the lane of an operation. Operations with the same limits share it. */
export const laneOf = (lanes: Lanes, limits: ReadonlyArray<Limit>, operation: Operation): Lane => {
  const pools = new Map<string, Slots.Pool>()
  for (const limit of limits) {
    if (limit.operations !== "all" && !limit.operations.includes(operation)) continue
    const key = JSON.stringify([limit.name, limit.requests, Duration.toMillis(limit.window), limit.operations])
    pools.set(key, lanes.pools.get(key) ?? Slots.make(limit))
  }
  for (const [key, pool] of pools) lanes.pools.set(key, pool)
  const key = Array.from(pools.keys()).join()
  const existing = lanes.lanes.get(key)
  if (existing !== undefined) return existing
  const lane: Lane = {
    pools: Array.from(pools.values()),
    pausedAt: 0,
    pausedUntil: Number.NEGATIVE_INFINITY,
    refusals: 0,
    refusedAt: Number.NEGATIVE_INFINITY,
    grantedAt: Number.NEGATIVE_INFINITY,
    remaining: 0,
    remainingUntil: Number.NEGATIVE_INFINITY,
    underWay: 0,
    overtaken: 0,
  }
  lanes.lanes.set(key, lane)
  return lane
}

/** The distance between requests after a 429. */
const spacingMillis = 1_000

/** Returns the milliseconds until the lane may go on after a 429: 0 where it may. */
const pauseOf = ({ pausedUntil, refusals, grantedAt }: Lane, now: number): number =>
  Math.max(0, pausedUntil - now, refusals > 0 ? grantedAt + spacingMillis - now : 0)

/** Returns the milliseconds until a request may be granted: 0 where it may, infinite where that depends on answers. */
export const waitFor = ({ share }: Lanes, use: Slots.Use, lane: Lane, now: number): number =>
  Math.max(
    pauseOf(lane, now),
    lane.remaining > 0 ? 0 : lane.remainingUntil - now,
    ...lane.pools.map((pool) => Slots.waitFor(pool, share, use, now)),
  )

/** Returns `waitFor` at one moment, which looks once for all requests of one kind: hundreds may wait. */
const waitsAt = (lanes: Lanes, now: number): ((waiter: Waiter) => number) => {
  const known = new Map<Lane, Array<number>>()
  return (waiter) => {
    const ofLane = known.get(waiter.lane) ?? []
    known.set(waiter.lane, ofLane)
    const kind = (waiter.isPoll ? 1 : 0) + (waiter.isHeld ? 2 : 0)
    const wait = ofLane[kind] ?? waitFor(lanes, waiter, waiter.lane, now)
    ofLane[kind] = wait
    return wait
  }
}

/** Returns how long the pause still lasts, where the request would stand still for longer than it wants to. */
export const excessivePause = ({ lane, queuedAt, patience }: Waiter, now: number): number | undefined =>
  lane.pausedUntil > now && lane.pausedUntil - Math.max(queuedAt, lane.pausedAt) > patience
    ? lane.pausedUntil - now
    : undefined

/** How many more urgent requests go before the earliest. */
const maxOvertaken = 3

/**
 * Grants the waiting requests that may be granted, the most urgent first; of four grants, the earliest request has one.
 * Returns the milliseconds until the next may be granted: infinite where that depends on answers, or none waits.
 */
export const grantAll = (lanes: Lanes, now: number): number => {
  while (true) {
    let wait = Number.POSITIVE_INFINITY
    let earliest: Waiter | undefined
    let mostUrgent: Waiter | undefined
    const waitOf = waitsAt(lanes, now)
    for (const waiter of lanes.waiting) {
      const waitOfThis = waitOf(waiter)
      if (waitOfThis > 0) {
        wait = Math.min(wait, waitOfThis)
        continue
      }
      earliest ??= waiter
      if (mostUrgent === undefined || waiter.priority < mostUrgent.priority) mostUrgent = waiter
    }
    if (earliest === undefined || mostUrgent === undefined) return wait
    const isEarliest = earliest === mostUrgent || earliest.lane.overtaken >= maxOvertaken
    if (earliest !== mostUrgent) earliest.lane.overtaken = isEarliest ? 0 : earliest.lane.overtaken + 1
    const waiter = isEarliest ? earliest : mostUrgent
    remove(lanes, waiter)
    const granted = grant(lanes, waiter, now)
    waiter.onGranted?.(granted)
    Deferred.doneUnsafe(waiter.outcome, Effect.succeed(granted))
  }
}

/** What a request needs to be granted. */
type Request = Pick<Waiter, "lane" | "isPoll" | "isHeld">

/** Grants a request that does not have to wait; `undefined` where others wait, or where it has to. */
export const grantAtOnce = (lanes: Lanes, request: Request, now: number): Grant | undefined =>
  lanes.waiting.length > 0 || waitFor(lanes, request, request.lane, now) > 0 ? undefined : grant(lanes, request, now)

const grant = ({ share }: Lanes, { lane, isPoll, isHeld }: Request, now: number): Grant => {
  lane.grantedAt = now
  lane.remaining--
  lane.underWay++
  const pools = new Set(lane.pools.filter((pool) => !isHeld || Slots.canHold(pool, share)))
  const granted: Grant = { lane, pools, isPoll, isHeld, sentAt: undefined, isOver: false }
  for (const pool of pools) Slots.take(pool, granted, now)
  return granted
}

/** Removes a request that does not wait any longer. Where none waits, no fiber is left. */
export const remove = (lanes: Lanes, waiter: Waiter): void => {
  const index = lanes.waiting.indexOf(waiter)
  if (index >= 0) lanes.waiting.splice(index, 1)
  if (lanes.waiting.length > 0) return
  lanes.timer?.fiber.interruptUnsafe()
  lanes.timer = undefined
}

/**
 * Returns the milliseconds until a grant that was held may be used: 0 where it may. Takes the slots that it lacks.
 */
export const confirm = ({ share }: Lanes, grant: Grant, now: number): number => {
  const { lane } = grant
  const use = { isPoll: false, isHeld: false }
  const missing = lane.pools.filter((pool) => !grant.pools.has(pool))
  const wait = Math.max(pauseOf(lane, now), ...missing.map((pool) => Slots.waitFor(pool, share, use, now)))
  if (wait > 0) return wait
  lane.grantedAt = now
  for (const pool of missing) {
    Slots.take(pool, grant, now)
    grant.pools.add(pool)
  }
  return 0
}

/** Notes that the request of a grant leaves. */
export const send = (grant: Grant, now: number): void => {
  grant.sentAt = now
  if (grant.isHeld) for (const pool of grant.pools) pool.held--
  grant.isHeld = false
}

/** How long a request may still be on its way to the vendor after core gave it up. */
const maxArrivalMillis = 10_000

/** How a grant ends: its request never left, has an answer, or was given up and may still arrive. */
export type End = "not-sent" | "answered" | "given-up"

/** Ends a grant. A request that never left costs nothing. */
export const end = (grant: Grant, how: End, now: number): void => {
  if (grant.isOver) return
  grant.isOver = true
  grant.lane.underWay--
  for (const pool of grant.pools) {
    if (how === "not-sent") Slots.giveBack(pool, grant)
    else Slots.cool(pool, grant, how === "answered" ? now : Math.max(now, (grant.sentAt ?? now) + maxArrivalMillis))
  }
}

/** The longest pause. A vendor that demands more means something else, or is wrong. */
export const maxPause = Duration.days(1)

/** Notes that the vendor answered a request otherwise than with a 429, unless it left before the latest 429 came. */
export const noteAnswer = ({ lane, sentAt }: Grant): void => {
  if (sentAt !== undefined && sentAt > lane.refusedAt) lane.refusals = 0
}

/**
 * Notes a 429, which stops the lane for as long as the vendor demands. Refuses the requests that would stand still for too
 * long.
 */
export const noteRefusal = (
  lanes: Lanes,
  grant: Grant,
  retryAfter: Duration.Duration | undefined,
  now: number,
): void => {
  const { lane } = grant
  // What left before an earlier 429 came says nothing about the pause after it.
  if (lane.refusals === 0 || (grant.sentAt ?? now) > lane.refusedAt) {
    lane.refusals++
    lane.refusedAt = now
  }
  const demanded = retryAfter === undefined ? defaultPause(lane.refusals) : Duration.toMillis(retryAfter)
  if (lane.refusals === 1 && lane.pausedUntil <= now) lane.pausedAt = now
  lane.pausedUntil = Math.max(lane.pausedUntil, now + Math.min(demanded, Duration.toMillis(maxPause)))
  for (const waiter of lanes.waiting.slice()) {
    const pauseMillis = excessivePause(waiter, now)
    if (pauseMillis === undefined) continue
    remove(lanes, waiter)
    Deferred.doneUnsafe(waiter.outcome, Effect.fail(pauseMillis))
  }
}

/**
 * The pause after a 429 that demands no particular wait: 5 seconds, doubled with each further 429, at most 5 minutes.
 */
const defaultPause = (refusals: number): number => Math.min(300_000, 5_000 * 2 ** (refusals - 1))

/**
 * Notes what the vendor says is left of a limit. Requests that are under way may count already, or not yet: the lane
 * reckons that they do not. A reset that is later than two windows is ignored.
 */
export const noteRemaining = (lane: Lane, { requests, resetAfter }: Remaining, now: number): void => {
  const millis = Duration.toMillis(resetAfter)
  const maxMillis = lane.pools.length === 0 ? minKeptMillis : 2 * longestWindow(lane.pools)
  if (!(millis > 0 && millis <= maxMillis)) return
  lane.remaining = requests - (lane.underWay - 1)
  lane.remainingUntil = now + millis
}
