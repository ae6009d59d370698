/**
 * Other ways to wait for a run: fixed polling and a growing pause. Each looks when the run starts and again after each
 * pause. Requests take no time here, as at the virtual vendor, so the times of all looks are arithmetic.
 */
import { type FinishedWait, type Summary, summarize } from "./summary.ts"

/** Returns the milliseconds until the next look, by how many looks there were, and by the age of the run in milliseconds. */
export type Pauses = (looks: number, age: number) => number

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

/** A tenth of the age, between a second and a minute: what OpenRETL does without past runs. */
export const tenthOfAge: Pauses = (_, age) => Math.min(60_000, Math.max(1_000, age / 10))

const waitFor = (length: number, pauses: Pauses): FinishedWait => {
  let at = 0
  let requests = 1
  while (at < length) at += pauses(requests++, at)
  return { length, requests, delay: at - length }
}

/** Waits for one run of each length. */
export const over = (lengths: ReadonlyArray<number>, pauses: Pauses): ReadonlyArray<FinishedWait> =>
  lengths.map((length) => waitFor(length, pauses))

/** Returns the longest fixed pause, to a tenth of a second, whose summary is good enough. */
export const longestFixed = (lengths: ReadonlyArray<number>, isGoodEnough: (summary: Summary) => boolean) =>
  longest(lengths, fixed, isGoodEnough)

/** As `longestFixed`, of the caps of a pause that grows from a second by a half. */
export const longestCap = (lengths: ReadonlyArray<number>, isGoodEnough: (summary: Summary) => boolean) =>
  longest(lengths, (cap) => growing(1_000, 1.5, cap), isGoodEnough)

const longest = (
  lengths: ReadonlyArray<number>,
  pausesOf: (millis: number) => Pauses,
  isGoodEnough: (summary: Summary) => boolean,
) => {
  const summaryOf = (tenths: number) => summarize(over(lengths, pausesOf(tenths * 100)))
  let [good, bad] = [1, 3_000]
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (isGoodEnough(summaryOf(middle))) good = middle
    else bad = middle
  }
  return { seconds: good / 10, summary: summaryOf(good) }
}
