/**
 * The ways in which others wait: a look when the run was started, then one after each pause. With requests that take no
 * time, which is what the virtual vendor gives everyone, where the looks fall is arithmetic.
 */
import { type Summary, summarize, type Watched } from "./watched.ts"

/** Milliseconds until the next look, after so many. */
export type Pauses = (looks: number) => number

export const fixed =
  (millis: number): Pauses =>
  () =>
    millis

export const growing =
  (first: number, factor: number, cap: number): Pauses =>
  (looks) =>
    Math.min(cap, first * factor ** (looks - 1))

const watch = (length: number, pauses: Pauses): Watched => {
  let at = 0
  let requests = 1
  while (at < length) at += pauses(requests++)
  return { length, requests, delay: at - length }
}

export const over = (lengths: ReadonlyArray<number>, pauses: Pauses): ReadonlyArray<Watched> =>
  lengths.map((length) => watch(length, pauses))

/** The longest fixed interval, to a tenth of a second, whose summary is still good enough. */
export const longestFixed = (lengths: ReadonlyArray<number>, isGoodEnough: (summary: Summary) => boolean) => {
  const of = (tenths: number) => summarize(over(lengths, fixed(tenths * 100)))
  let [good, bad] = [1, 3_000]
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (isGoodEnough(of(middle))) good = middle
    else bad = middle
  }
  return { seconds: good / 10, summary: of(good) }
}
