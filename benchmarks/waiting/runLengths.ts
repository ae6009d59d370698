/** The lengths of the runs to wait for: from 30 seconds to 2 hours, spread evenly over doublings. */
import { randomOf } from "../report/numbers.ts"

export const seed = 20_261_103

const shortest = 30_000
const longest = 7_200_000

/** Returns lengths in milliseconds. The same count gives the same lengths. */
export const lengths = (count: number): ReadonlyArray<number> => {
  const random = randomOf(seed)
  return Array.from({ length: count }, () => Math.round(shortest * (longest / shortest) ** random()))
}

/** Classes of length, by their lower and upper bounds in milliseconds. */
export const classes = [
  { name: "30 s to 2 min", from: shortest, to: 120_000 },
  { name: "2 to 10 min", from: 120_000, to: 600_000 },
  { name: "10 to 30 min", from: 600_000, to: 1_800_000 },
  { name: "30 min to 2 h", from: 1_800_000, to: longest + 1 },
] as const
