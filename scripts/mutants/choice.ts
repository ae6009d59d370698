/** Which mutants a run takes: a part of each file, by a seed. */
import type { Mutant } from "./mutate.ts"

/** Returns a generator of numbers from 0 to 1, always the same ones for a seed (mulberry32). */
const generator = (seed: number) => {
  let state = seed >>> 0
  return (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Returns about so many mutants: of each file the same share, and two at least. */
export const choose = (mutants: ReadonlyArray<Mutant>, count: number, seed: number): ReadonlyArray<Mutant> => {
  const next = generator(seed)
  const drawn = mutants.map((mutant) => ({ mutant, place: next() }))
  return [...Map.groupBy(drawn, ({ mutant }) => mutant.file).values()]
    .flatMap((ofFile) =>
      ofFile
        .sort((one, other) => one.place - other.place)
        .slice(0, Math.max(2, Math.round((count * ofFile.length) / mutants.length))),
    )
    .map(({ mutant }) => mutant)
    .sort((one, other) => one.number - other.number)
}
