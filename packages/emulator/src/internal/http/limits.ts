/** The rate limits of one account, and how much of each is spent. */
import * as Duration from "effect/Duration"
import type { LimitState } from "../../kit/LimitState.ts"
import type { Operation } from "../../Operation.ts"
import type { RateLimit } from "../../RateLimit.ts"
import { makeWindow, type Window } from "./window.ts"

interface EnforcedLimit {
  readonly limit: RateLimit
  readonly window: Window
}

/** The rate limits of one emulator. */
export interface Limits {
  /**
   * Spends one request. Returns the state of the exhausted limit, which refuses it, or else of the limit with the fewest
   * requests remaining; no state where nothing limits the operation.
   */
  readonly spend: (operation: Operation, now: number) => { readonly isRefused: boolean; readonly state?: LimitState }
  readonly refusedCount: () => number
  /** Spends the limits of `operation` as other clients do: `atOnce` requests now, and one per `every` milliseconds. */
  readonly addTraffic: (operation: Operation, now: number, atOnce: number, every: number | undefined) => void
}

export const makeLimits = (limits: ReadonlyArray<RateLimit>): Limits => {
  const enforced: ReadonlyArray<EnforcedLimit> = limits.map((limit) => ({
    limit,
    window: makeWindow(limit.requests, Duration.toMillis(limit.window)),
  }))
  const byOperation = new Map<Operation, ReadonlyArray<EnforcedLimit>>()
  const limitsOf = (operation: Operation) => {
    const cached = byOperation.get(operation)
    if (cached !== undefined) return cached
    const matching = enforced.filter(({ limit }) => limit.operations === "all" || limit.operations.includes(operation))
    byOperation.set(operation, matching)
    return matching
  }
  const stateOf = ({ limit, window }: EnforcedLimit, now: number): LimitState => {
    const consumed = window.count(now)
    return { limit, consumed, remaining: limit.requests - consumed, resetAt: window.freesAt(now) }
  }
  let refusedCount = 0
  return {
    spend: (operation, now) => {
      const limitsOfOperation = limitsOf(operation)
      const exhausted = limitsOfOperation.find(({ window }) => window.isFull(now))
      if (exhausted !== undefined) {
        refusedCount++
        return { isRefused: true, state: stateOf(exhausted, now) }
      }
      let tightest: LimitState | undefined
      for (const limit of limitsOfOperation) {
        limit.window.add(now)
        const state = stateOf(limit, now)
        if (tightest === undefined || state.remaining < tightest.remaining) tightest = state
      }
      return tightest === undefined ? { isRefused: false } : { isRefused: false, state: tightest }
    },
    refusedCount: () => refusedCount,
    addTraffic: (operation, now, atOnce, every) => {
      for (const { limit, window } of limitsOf(operation)) {
        // Requests beyond the limit change nothing.
        const added = Math.min(atOnce, limit.requests - window.count(now))
        for (let count = 0; count < added; count++) window.add(now)
        if (every !== undefined) window.addTraffic(now, every)
      }
    },
  }
}
