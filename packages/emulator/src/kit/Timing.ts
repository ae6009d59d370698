/** When a sync fires by itself. */
import * as Cron from "effect/Cron"

/** The ticks of a schedule. */
export interface Timing {
  /** The first tick after `after`; `Infinity` where there is none. */
  readonly next: (after: number) => number
}

/** Never ticks. */
export const never: Timing = { next: () => Number.POSITIVE_INFINITY }

/**
 * Ticks at `first`, and then every `milliseconds`. Shorter intervals than a millisecond count as one: time would never get
 * past their ticks.
 */
export const interval = (milliseconds: number, first: number): Timing => {
  const every = Math.max(1, milliseconds)
  const tick = (count: number) => first + count * every
  return {
    next: (after) => {
      if (after < first) return first
      const count = Math.floor((after - first) / every) + 1
      // With fractions of a millisecond the quotient may round down to a tick that is not after `after`.
      return tick(count) > after ? tick(count) : tick(count + 1)
    },
  }
}

/** Ticks by a cron expression of five fields in a time zone. Throws when the expression is not valid. */
export const cron = (expression: string, timeZone = "UTC"): Timing => {
  const parsed = Cron.parseUnsafe(expression, timeZone)
  return { next: (after) => nextOf(parsed, after) }
}

/** Returns the first tick of a cron expression after `after`; `Infinity` where no date fits it, as February 30. */
export const nextOf = (cron: Cron.Cron, after: number): number => {
  try {
    return Cron.next(cron, new Date(after)).getTime()
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/** Returns the shortest time between two of the first 300 ticks of a cron expression, in milliseconds. */
export const shortestOf = (cron: Cron.Cron): number => {
  let shortest = Number.POSITIVE_INFINITY
  let at = nextOf(cron, 0)
  for (let count = 0; count < 300 && Number.isFinite(at); count++) {
    const next = nextOf(cron, at)
    shortest = Math.min(shortest, next - at)
    at = next
  }
  return shortest
}
