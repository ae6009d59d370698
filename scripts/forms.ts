/** The two forms of long tests: a short one in `npm test`, and the whole one in `npm run long`. */

/** The variable that asks for the long form. */
export const longVariable = "OPENRETL_LONG"

export const isLong = process.env[longVariable] !== undefined

/** Returns what this test run takes. */
export const form = <A>(short: A, long: A): A => (isLong ? long : short)

/** Returns a third of them in the short form, the same ones each time: the first of each law, and more up to a third. */
export const third = <M extends { readonly law: string }>(mutants: ReadonlyArray<M>): ReadonlyArray<M> => {
  if (isLong) return mutants
  const firsts = mutants.filter(({ law }, index) => mutants.findIndex((other) => other.law === law) === index)
  const others = mutants.filter((mutant) => !firsts.includes(mutant))
  const missing = Math.max(0, Math.ceil(mutants.length / 3) - firsts.length)
  const chosen = new Set([...firsts, ...others.slice(0, missing)])
  return mutants.filter((mutant) => chosen.has(mutant))
}

/**
 * Returns which laws the suite of an adapter runs in the short form: all, but of those about hostile values only each third,
 * which attack core in the same way at every adapter. Three adapters with the parts 0, 1 and 2 run all of them together.
 */
export const exceptOtherThirds = (part: 0 | 1 | 2): ((law: { readonly ids: string }) => boolean) => {
  let hostile = 0
  return ({ ids }) => isLong || !/\bH[1-5]\b/.test(ids) || hostile++ % 3 === part
}
