/** Which of the hand-made mutants a test run takes: a third in `npm test`, all of them in `npm run mutants`. */

/** The variable that stands for all of them. */
export const allVariable = "OPENRETL_ALL_MUTANTS"

/** Returns a third of the mutants, the same ones each time: the first of each law, and others up to the third. */
export const third = <M extends { readonly law: string }>(mutants: ReadonlyArray<M>): ReadonlyArray<M> => {
  if (process.env[allVariable] !== undefined) return mutants
  const firsts = mutants.filter(({ law }, index) => mutants.findIndex((other) => other.law === law) === index)
  const others = mutants.filter((mutant) => !firsts.includes(mutant))
  const missing = Math.max(0, Math.ceil(mutants.length / 3) - firsts.length)
  const chosen = new Set([...firsts, ...others.slice(0, missing)])
  return mutants.filter((mutant) => chosen.has(mutant))
}
