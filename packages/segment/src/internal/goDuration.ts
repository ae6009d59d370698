/** Durations as Go writes them, and with it Segment's intervals: `15m`, `3h25m30s`. */

const millisOf: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
}

const durationPattern = /^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/
const termPattern = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g

/**
 * Returns a duration in milliseconds, exact to the nanosecond; `undefined` for a text that Go does not accept. Go has
 * no unit for a day.
 */
export const parse = (text: string): number | undefined => {
  if (text.length > 100 || !durationPattern.test(text)) return undefined
  const terms = Array.from(
    text.matchAll(termPattern),
    ([, number = "", unit = ""]) => Number(number) * (millisOf[unit] ?? 0),
  )
  const millis = terms.reduce((sum, term) => sum + term, 0)
  return Math.round(millis * 1e6) / 1e6
}

/** Returns Go's text for a duration of whole milliseconds. */
export const format = (millis: number): string => {
  const [hours, minutes, seconds] = [Math.floor(millis / 3_600_000), Math.floor(millis / 60_000) % 60, millis % 60_000]
  const text = [
    hours > 0 ? `${hours}h` : "",
    minutes > 0 ? `${minutes}m` : "",
    seconds > 0 ? `${seconds / 1_000}s` : "",
  ].join("")
  return text === "" ? "0s" : text
}
