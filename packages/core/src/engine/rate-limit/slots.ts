/**
 * Slots, which keep a documented limit in every window at the vendor.
 *
 * A request has a slot from its grant until one window after its answer. The vendor receives it in between. So of the
 * requests that arrive in one window, the last is granted while all others have their slots: there are never more than
 * slots, however long a request is on its way.
 *
 * Effect has a rate limiter over a store that several processes share. It counts when requests are granted, not when
 * they arrive.
 */
import * as Duration from "effect/Duration"
import type { RateLimit as Limit } from "../../driver/Description.ts"

/** What a slot is for. */
export interface Use {
  /** Whether it is a poll's. */
  readonly isPoll: boolean
  /** Whether its request leaves only after further requests: a trigger's, which reads the fence before. */
  readonly isHeld: boolean
}

/** The slots of one limit. All times are in milliseconds of the monotonic clock. */
export interface Pool {
  readonly requests: number
  readonly windowMillis: number
  /** Whether the requests that read a fence count, too. */
  readonly hasFences: boolean
  /** The slots of requests that have been granted and have no answer yet. */
  busy: number
  /** Of these, the slots of triggers that have not been sent. */
  held: number
  /** The slots of answered requests, by the time at which each is free again, earliest first. */
  readonly cooling: Array<{ readonly at: number; readonly isPoll: boolean }>
  /** The slots of polls. */
  polls: number
  /** When a poll was granted last. */
  polledAt: number
}

/** Creates the slots of a limit. */
export const make = ({ requests, window, operations }: Limit): Pool => ({
  requests,
  windowMillis: Duration.toMillis(window),
  hasFences: operations === "all" || operations.includes("list"),
  busy: 0,
  held: 0,
  cooling: [],
  polls: 0,
  polledAt: Number.NEGATIVE_INFINITY,
})

/** Returns how many slots there are when this share of the limit is spent. */
const countOf = ({ requests }: Pool, share: number): number => Math.max(1, Math.floor(requests * share))

/**
 * Returns the milliseconds until a slot is free for this use: 0 where one is, infinite where that depends on requests
 * without an answer.
 *
 * - Triggers that hold a slot leave half of the slots for fences.
 * - Polls leave an eighth of the slots to others. They take a quarter of the slots at once; after that they are spread, so
 *   that a burst of polls keeps no caller waiting for a whole window.
 */
export const waitFor = (pool: Pool, share: number, use: Use, now: number): number => {
  while (pool.cooling[0] !== undefined && pool.cooling[0].at <= now) {
    if (pool.cooling.shift()?.isPoll) pool.polls--
  }
  const { cooling, busy, held, polls, polledAt, windowMillis } = pool
  const count = countOf(pool, share)
  const excess = busy + cooling.length - count
  if (excess >= 0) return (cooling[excess]?.at ?? Number.POSITIVE_INFINITY) - now
  if (use.isHeld && pool.hasFences && count > 1 && held >= Math.floor(count / 2)) return Number.POSITIVE_INFINITY
  if (!use.isPoll || polls < Math.floor(count / 4) || polledAt === Number.NEGATIVE_INFINITY) return 0
  const maxPolls = count - Math.floor(count / 8)
  const free = Math.min(-excess, maxPolls - polls)
  if (free <= 0) return (cooling.find(({ isPoll }) => isPoll)?.at ?? Number.POSITIVE_INFINITY) - now
  // The free slots have to last until the next one is free, and slots go no faster than they are free again.
  const nextIsFreeAt = cooling[0]?.at ?? polledAt + windowMillis
  return Math.max(0, polledAt + Math.max((nextIsFreeAt - polledAt) / (free + 1), windowMillis / maxPolls) - now)
}

/** Whether a trigger can hold a slot: not where the fence needs the only one. */
export const canHold = (pool: Pool, share: number): boolean => !pool.hasFences || countOf(pool, share) > 1

/** Takes a slot. */
export const take = (pool: Pool, { isPoll, isHeld }: Use, now: number): void => {
  pool.busy++
  if (isHeld) pool.held++
  if (!isPoll) return
  pool.polls++
  pool.polledAt = now
}

/** Gives back a slot whose request never left. */
export const giveBack = (pool: Pool, { isPoll, isHeld }: Use): void => {
  pool.busy--
  if (isHeld) pool.held--
  if (isPoll) pool.polls--
}

/** Keeps the slot of a request that has arrived by this time for one window more. */
export const cool = (pool: Pool, { isPoll }: Use, arrivedBy: number): void => {
  pool.busy--
  const at = arrivedBy + pool.windowMillis
  const later = pool.cooling.findIndex((other) => other.at > at)
  pool.cooling.splice(later < 0 ? pool.cooling.length : later, 0, { at, isPoll })
}
