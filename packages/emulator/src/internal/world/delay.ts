/** Draws delays. */
import * as Duration from "effect/Duration"
import type { Random } from "../../kit/Random.ts"
import type { Delay } from "../json/delay.ts"

/** Returns a function that draws one delay, in milliseconds. A constant delay draws no number. */
export const drawerOf = (delay: Delay): ((random: Random) => number) => {
  if (typeof delay === "object" && delay !== null && "min" in delay) {
    const [min, max] = [Duration.toMillis(delay.min), Duration.toMillis(delay.max)]
    return (random) => min + random() * (max - min)
  }
  const constant = Duration.toMillis(delay)
  return () => constant
}
