/** How close to each other a cron expression can fire. */
import * as Cron from "effect/Cron"
import * as Result from "effect/Result"

/**
 * In minutes, at the least; `undefined` for what is no expression of five fields. Where one day's last firing and the
 * next day's first are closer, that counts only for an expression that fires every day.
 */
export const shortestGap = (expression: string): number | undefined => {
  if (expression.length > 500 || expression.trim().split(/\s+/).length !== 5) return undefined
  const parsed = Cron.parse(expression)
  if (Result.isFailure(parsed)) return undefined
  const { minutes, hours, days, months, weekdays } = parsed.success
  const daily = days.size === 0 && months.size === 0 && weekdays.size === 0
  const fires: Array<number> = []
  for (const hour of every(hours, 24)) for (const minute of every(minutes, 60)) fires.push(hour * 60 + minute)
  fires.sort((left, right) => left - right)
  const [first = 0] = fires
  const next = daily ? [first + 24 * 60] : []
  return [...fires.slice(1), ...next].reduce(
    (gap, minute, index) => Math.min(gap, minute - (fires[index] ?? 0)),
    24 * 60,
  )
}

/** An empty set stands for all there are. */
const every = (chosen: ReadonlySet<number>, count: number): Iterable<number> =>
  chosen.size > 0 ? chosen : Array.from({ length: count }, (_, index) => index)
