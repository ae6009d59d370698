/** Random numbers from a seed. */

/** Returns the next number, from 0 up to 1. */
export type Random = () => number

/** Mulberry32: small, seeded, good enough to draw troubles. */
export const randomOf = (seed: number): Random => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
