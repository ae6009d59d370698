/** When a sync fires by itself. */
import * as Cron from "effect/Cron"

export interface Timing {
  /** The first tick after `after`; infinity where there is none. */
  readonly next: (after: number) => number
}

export const never: Timing = { next: () => Number.POSITIVE_INFINITY }

/** Ticks so many milliseconds apart, the first of them at `first`. One that fires more often than time passes would never be done. */
export const interval = (milliseconds: number, first: number): Timing => {
  const every = Math.max(1, milliseconds)
  const tick = (count: number) => first + count * every
  return {
    next: (after) => {
      if (after < first) return first
      const count = Math.floor((after - first) / every) + 1
      // Parts of a millisecond round: the quotient may fall just short, and a tick must lie after the one before.
      return tick(count) > after ? tick(count) : tick(count + 1)
    },
  }
}

/** Five fields, read in a time zone. */
export const cron = (expression: string, timeZone = "UTC"): Timing => {
  const parsed = Cron.parseUnsafe(expression, timeZone)
  return { next: (after) => Cron.next(parsed, new Date(after)).getTime() }
}
