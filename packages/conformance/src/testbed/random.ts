/** Random numbers from a seed, so that a failure can be seen again. */

export interface Random {
  /** From 0 up to 1. */
  readonly next: () => number
  /** A whole number from 0 up to `below`. */
  readonly int: (below: number) => number
  readonly pick: <A>(from: ReadonlyArray<A>) => A
}

/** A linear congruential generator: plenty for tests. */
export const make = (seed: number): Random => {
  let state = (seed ^ 0x5deece66) >>> 0
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296
  }
  const int = (below: number) => Math.floor(next() * below)
  return {
    next,
    int,
    pick: <A>(from: ReadonlyArray<A>): A => {
      const index = int(from.length)
      if (index >= from.length) throw new Error("nothing to pick from")
      return from[index] as A
    },
  }
}
