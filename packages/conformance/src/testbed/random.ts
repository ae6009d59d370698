/** Random numbers from a seed, so that a failure can be repeated. */

export interface Random {
  /** Returns a number from 0 up to 1, exclusive. */
  readonly next: () => number
  /** Returns an integer from 0 up to `below`, exclusive. */
  readonly int: (below: number) => number
  /** Returns one of the values. */
  readonly pick: <A>(values: ReadonlyArray<A>) => A
}

/** Creates a linear congruential generator. */
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
    pick: <A>(values: ReadonlyArray<A>): A => {
      const index = int(values.length)
      if (index >= values.length) throw new Error("nothing to pick from")
      return values[index] as A
    },
  }
}
