/** The budgets of one account: which requests draw on which, and what each has left. */
import * as Duration from "effect/Duration"
import type { Operation } from "../../Emulator.ts"
import type { RateLimit } from "../../RateLimit.ts"
import { makeWindow, type Window } from "./window.ts"

interface Budget {
  readonly limit: RateLimit
  readonly window: Window
}

/** How one limit stands after a request. */
export interface Standing {
  readonly limit: RateLimit
  readonly consumed: number
  readonly remaining: number
  /** When the window next has room again. */
  readonly resetAt: number
}

export interface Limits {
  /** Spends one request; the answer names the exhausted limit, or how the tightest one stands now. */
  readonly spend: (operation: Operation, now: number) => { readonly over: boolean; readonly standing?: Standing }
  readonly overLimit: () => number
  readonly noise: (operation: Operation, now: number, atOnce: number, every: number | undefined) => void
}

export const makeLimits = (limits: ReadonlyArray<RateLimit>): Limits => {
  const budgets: ReadonlyArray<Budget> = limits.map((limit) => ({
    limit,
    window: makeWindow(limit.max, Duration.toMillis(limit.window)),
  }))
  const byOperation = new Map<Operation, ReadonlyArray<Budget>>()
  const budgetsOf = (operation: Operation) => {
    const known = byOperation.get(operation)
    if (known !== undefined) return known
    const found = budgets.filter(
      ({ limit }) => limit.operations === "all" || limit.operations.some((one) => one === operation),
    )
    byOperation.set(operation, found)
    return found
  }
  const standingOf = ({ limit, window }: Budget, now: number): Standing => {
    const consumed = window.count(now)
    return { limit, consumed, remaining: limit.max - consumed, resetAt: window.freesAt(now) }
  }
  let over = 0
  return {
    spend: (operation, now) => {
      const own = budgetsOf(operation)
      if (own.length === 0) return { over: false }
      for (const budget of own) {
        if (budget.window.full(now)) {
          over++
          return { over: true, standing: standingOf(budget, now) }
        }
      }
      let tightest: Standing | undefined
      for (const budget of own) {
        budget.window.push(now)
        const standing = standingOf(budget, now)
        if (tightest === undefined || standing.remaining < tightest.remaining) tightest = standing
      }
      return tightest === undefined ? { over: false } : { over: false, standing: tightest }
    },
    overLimit: () => over,
    noise: (operation, now, atOnce, every) => {
      for (const { window } of budgetsOf(operation)) {
        for (let count = 0; count < atOnce; count++) window.push(now)
        if (every !== undefined) window.noise(now, every)
      }
    },
  }
}
