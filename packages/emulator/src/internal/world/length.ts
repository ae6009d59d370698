/** How long runs work, in milliseconds. */
import * as Duration from "effect/Duration"
import type { Random } from "../../kit/Random.ts"
import type { RunLength } from "../../RunLength.ts"

/** Draws the length of one run. It is `Infinity` for a run that never ends by itself. */
export type Length = (random: () => Random) => number

/** Always as long. */
export const constant =
  (millis: number): Length =>
  () =>
    millis

/** Returns what draws the lengths that the option describes. */
export const lengthOf = (input: RunLength): Length => {
  if (typeof input !== "object" || !("median" in input)) return constant(Duration.toMillis(input))
  const { sigma = 0.2, slow } = input
  const median = Duration.toMillis(input.median)
  const { min, max } = slow?.factor ?? { min: 3, max: 10 }
  return (randomOfRun) => {
    const random = randomOfRun()
    const usual = median * Math.exp(sigma * normal(random))
    const isSlow = random() < (slow?.chance ?? 0)
    return Math.round(isSlow ? usual * (min + random() * (max - min)) : usual)
  }
}

/** Draws a number from the standard normal distribution, by the method of Box and Muller. */
const normal = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
