/** The two forms of long tests: a short one in `npm test`, and the whole one in `npm run long`. */

/** The variable that asks for the long form. */
export const longVariable = "OPENRETL_LONG"

export const isLong = process.env[longVariable] !== undefined

/** Returns what this test run takes. */
export const form = <A>(short: A, long: A): A => (isLong ? long : short)

/** Returns a third of them in the short form, the same ones each time: the first of each law, and others up to it. */
export const third = <M extends { readonly law: string }>(mutants: ReadonlyArray<M>): ReadonlyArray<M> => {
  if (isLong) return mutants
  const firsts = mutants.filter(({ law }, index) => mutants.findIndex((other) => other.law === law) === index)
  const others = mutants.filter((mutant) => !firsts.includes(mutant))
  const missing = Math.max(0, Math.ceil(mutants.length / 3) - firsts.length)
  const chosen = new Set([...firsts, ...others.slice(0, missing)])
  return mutants.filter((mutant) => chosen.has(mutant))
}
