/**
 * When to look at a run again, by how long past runs of its sync took.
 *
 * The past lengths give the probability that a run of some age ends in the next moment, `h`. Looks are as dense as keeps
 * the sum of two costs small: of each look, and of the squares of the delays with which ends are seen. Their density is
 * then the cube root of `2 h / 3 c²`, where `c` is the delay that costs as much as a look. So there are few looks
 * before the end is likely, many while it is, and few after that.
 *
 * Each past length stands for lengths around it: a logistic distribution of the logarithm, whose width follows from how
 * much the past lengths differ, and from how few they are. One more, wide distribution stands for runs like no other.
 */

/** Lengths of past runs, in whole seconds above 0, shortest first: at most 20. */
export type Lengths = ReadonlyArray<number>

/** The longest time between two looks, in seconds, for runs of less than ten times that. */
const longestGap = 300

/** The shortest. */
const shortestGap = 1

/** The weight of a run like no other, in past runs, and the width of its distribution. */
const unlike = { weight: 0.7, width: 0.7 }

/** What is taken of the spread of lengths before there are any: a spread, and how many runs it counts for. */
const presumed = { spread: 0.3, runs: 2 }

/** Returns the value at a part of sorted values. */
export const quantile = (sorted: ReadonlyArray<number>, part: number): number =>
  sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN

/**
 * Returns the spread of sorted values, as a standard deviation: from the narrowest part that has half of them, so that
 * neither exceptions nor a second usual length count.
 */
const spreadOf = (sorted: ReadonlyArray<number>): number => {
  const half = Math.floor(sorted.length / 2)
  const widths = sorted.slice(half).map((value, index) => value - (sorted[index] ?? value))
  return Math.min(...widths) / 1.2
}

/** Returns the probability that a run which has come to an age ends in the next second, by the age in seconds. */
const hazardOf = (lengths: Lengths): ((age: number) => number) => {
  const logs = lengths.map(Math.log)
  const count = logs.length
  const center = quantile(logs, 0.5)
  const seen = spreadOf(logs)
  const spread = Math.sqrt((count * seen ** 2 + presumed.runs * presumed.spread ** 2) / (count + presumed.runs))
  const width = 0.55 * spread * count ** -0.2
  return (age) => {
    const log = Math.log(age)
    let ending = 0
    let lasting = 0
    const add = (at: number, width: number, weight: number) => {
      const lasts = 1 / (1 + Math.exp((log - at) / width))
      lasting += weight * lasts
      ending += (weight * lasts * (1 - lasts)) / width
    }
    for (const at of logs) add(at, width, 1)
    add(center, unlike.width, unlike.weight)
    return ending / lasting / age
  }
}

/** Returns how many looks a second a hazard is worth. */
const densityOf = (hazard: number, cost: number): number => Math.cbrt((2 * hazard) / (3 * cost ** 2))

/** Returns how many looks a second a run of this age, in seconds, is worth. The other parameters are those of `gap`. */
export const density = (age: number, lengths: Lengths, cost: number): number => densityOf(hazardOf(lengths)(age), cost)

/**
 * Returns the seconds until the next look at a run of this age, in seconds, of a sync with past runs. `cost`: the delay in
 * seconds that costs as much as a look. The result is at least one second, at most 5 minutes or a tenth of the age.
 */
export const gap = (age: number, lengths: Lengths, cost: number): number => {
  const longest = Math.max(longestGap, age / 10)
  const hazard = hazardOf(lengths)
  // The next look is where the density since this one adds up to one look.
  let passed = 0
  for (let looks = 0; passed < longest; ) {
    const length = Math.min(Math.max(0.5, (age + passed) / 40), longest - passed)
    const density = densityOf(hazard(age + passed + length / 2), cost)
    if (looks + density * length >= 1) return Math.max(shortestGap, passed + (1 - looks) / density)
    looks += density * length
    passed += length
  }
  return longest
}

/** Returns whether a run of this age, in seconds, takes much longer than past runs: nearly twice as long as nearly all. */
export const isSlow = (age: number, lengths: Lengths): boolean =>
  lengths.length >= 3 && age > 2 * quantile(lengths, 0.9) + 30
