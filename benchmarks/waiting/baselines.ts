/**
 * Other ways to wait for a run: fixed polling and a growing pause. Each looks when the run starts and again after each
 * pause. Requests take no time here, as at the virtual vendor, so the times of all looks are arithmetic.
 */
import { type FinishedWait, type Summary, summarize } from "./summary.ts"

/** Returns the milliseconds until the next look, by how many looks there were. */
export type Pauses = (looks: number) => number

/** The same pause after every look. */
export const fixed =
  (millis: number): Pauses =>
  () =>
    millis

/** A pause that grows by `factor` up to `cap` milliseconds. */
export const growing =
  (first: number, factor: number, cap: number): Pauses =>
  (looks) =>
    Math.min(cap, first * factor ** (looks - 1))

const waitFor = (length: number, pauses: Pauses): FinishedWait => {
  let at = 0
  let requests = 1
  while (at < length) at += pauses(requests++)
  return { length, requests, delay: at - length }
}

/** Waits for one run of each length. */
export const over = (lengths: ReadonlyArray<number>, pauses: Pauses): ReadonlyArray<FinishedWait> =>
  lengths.map((length) => waitFor(length, pauses))

/** Returns the longest fixed pause, to a tenth of a second, whose summary is good enough. */
export const longestFixed = (lengths: ReadonlyArray<number>, isGoodEnough: (summary: Summary) => boolean) => {
  const summaryOf = (tenths: number) => summarize(over(lengths, fixed(tenths * 100)))
  let [good, bad] = [1, 3_000]
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (isGoodEnough(summaryOf(middle))) good = middle
    else bad = middle
  }
  return { seconds: good / 10, summary: summaryOf(good) }
}
