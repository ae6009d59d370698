/** Walks over every minute of two years, without the code under test: which of them a cron expression fires at. */
import { matcherOf } from "./cronMatcher.ts"

const minute = 60_000
const day = 1440

/** Both are midnights in UTC, in minutes since 1970. */
export const firstMinute = Date.UTC(2027, 0, 1) / minute
const until = Date.UTC(2029, 0, 1) / minute

/** The walk begins two days before the window, so that a time that was skipped there is not missed. */
const start = firstMinute - 2 * day

/** Returns the local time of each minute, in minutes since 1970 by the local clock. */
const clockOf = (timeZone: string): Int32Array => {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  })
  const localAt = (at: number): number => {
    const parts: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(at * minute)) parts[type] = Number(value)
    return (
      Date.UTC(parts["year"] ?? 0, (parts["month"] ?? 0) - 1, parts["day"], parts["hour"], parts["minute"]) / minute
    )
  }
  const clock = new Int32Array(until - start)
  // Within a day after which the clock is a day later it did not change: no zone changes it twice a day.
  for (let at = start; at < until; at += day) {
    const [first, next] = [localAt(at), localAt(at + day)]
    for (let offset = 0; offset < day; offset++) {
      clock[at - start + offset] = next - first === day ? first + offset : localAt(at + offset)
    }
  }
  return clock
}

const clocks = new Map<string, Int32Array>()

const cachedClock = (timeZone: string): Int32Array => {
  const clock = clocks.get(timeZone) ?? clockOf(timeZone)
  clocks.set(timeZone, clock)
  return clock
}

/**
 * Returns for each minute of the two years, from `firstMinute` on, whether an expression fires. It looks at every minute: a
 * skipped time fires as much later as the clock jumped, a repeated one the first time, or both times if it fires hourly.
 */
export const walk = (expression: string, timeZone: string): Uint8Array => {
  const clock = cachedClock(timeZone)
  const { isHourly, isTime, isDay } = matcherOf(expression)
  const times = Uint8Array.from({ length: day }, (_, time) => (isTime(time) ? 1 : 0))
  const firstDay = Math.floor((clock[0] ?? 0) / day)
  const days = Uint8Array.from({ length: clock.length / day + 2 }, (_, index) => (isDay(firstDay + index) ? 1 : 0))
  const holds = (local: number) => times[local % day] === 1 && days[Math.floor(local / day) - firstDay] === 1
  const fires = new Uint8Array(clock.length)
  let latest = (clock[0] ?? 0) - 1
  for (let index = 0; index < clock.length; index++) {
    const local = clock[index] ?? 0
    for (let skipped = latest + 1; skipped < local; skipped++) {
      if (holds(skipped)) fires[index + (skipped - latest - 1)] = 1
    }
    if ((local > latest || isHourly) && holds(local)) fires[index] = 1
    if (local > latest) latest = local
  }
  return fires.subarray(2 * day)
}
