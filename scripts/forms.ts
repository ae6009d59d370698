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

/** Returns each third operation in the short form, the same ones each time. */
export const someOperations = <A>(operations: Readonly<Record<string, A>>): Readonly<Record<string, A>> =>
  isLong ? operations : Object.fromEntries(Object.entries(operations).filter((_, index) => index % 3 === 2))

/** Returns the first two bodies of an answer in the short form. */
export const someBodies = <A>(bodies: ReadonlyArray<A>): ReadonlyArray<A> => form(bodies.slice(0, 2), bodies)

/** Returns the first of each law in the short form: for a suite that runs again over a variant of an adapter. */
export const firstOfEach = <L extends { readonly ids: string }>(laws: ReadonlyArray<L>): ReadonlyArray<L> =>
  form(
    laws.filter(({ ids }, index) => laws.findIndex((other) => other.ids === ids) === index),
    laws,
  )

/** Returns which laws a store runs in the short form: of the kills within its writes every other one. Each costs a process. */
export const everyOtherKill = (part: 0 | 1): ((law: { readonly title: string }) => boolean) => {
  let kills = 0
  return ({ title }) => isLong || !title.startsWith("a process that is killed ") || kills++ % 2 === part
}

/** What this file needs of a law of the suite. */
interface Law {
  readonly ids: string
  readonly title: string
  readonly setup: { readonly emulator?: { readonly switches?: Readonly<Record<string, string | undefined>> } }
}

type Switches = Readonly<Record<string, { readonly default: string }>>

/** Laws that attack core in the same way at every adapter, in many variants; the first variant is the plain one. */
const families = [
  /^a run whose answer is lost /,
  /^a lost answer \(/,
  /^an? (?:create|update|delete) whose answer is lost/,
  /^a switch-over whose /,
  /^an interrupt at any moment /,
  /^forty triggers on a bad connection/,
  /^ten callers with one key/,
  /^ten callers in three processes/,
  / after the trigger names the run, and another process goes on with it$/,
]

/** Laws that take long and say the same of core at every adapter: each runs at one of the four. */
const longOnes = [
  /^a wait ends 24 hours after /,
  /^a wait that another process resumes /,
  /^thirty waits at once /,
  /^the triggers, waits, reads and lists of a busy hour /,
  /^whatever run the answer to an accepted trigger names/,
  /^waits for several runs of one sync share one listing/,
  /^a sync with a malformed field hides no other sync/,
  /^a run under way is not missed in silence while others vanish/,
  /^after ten runs of about an hour/,
  /^checks at the times that they name/,
  /^for hints that are lost/,
  /^a run under way among 700 others/,
  /^with 700 runs before it/,
]

/** The ids of a law about what core does, whichever vendor answers: in the short form it runs at one of the four. */
const ofCore = /^(?:[TWJBNAOCF]\d+(?:, )?)+$/

/** Laws about hostile values that a vendor may have anywhere: each echo of the token, and each operation. */
const hostileVariants = /^a token that the vendor echoes in |any status with any bytes|a good answer with any one value/

/** What each adapter shows of a token or a row depends on how it reads answers. */
const everywhere = /^(?:no form of a token in the vendor's refusals|nothing emitted) /

/** The scenario of a switch's value. */
const scenario = /^(\w+ are .* correctly) with \w+=/

/**
 * Returns which laws the suite of an adapter runs in the short form. Each adapter has one of the parts 0 to 3, so
 * that four adapters run all laws. A part leaves out
 * - of the laws about hostile values (but forms of the token) all but each fourth, and of their many variants all but each eighth;
 * - of each family the variants after the plain one, all but each fourth;
 * - of the long ones all but its own;
 * - of those about core alone every fourth one;
 * - the scenario with a switch as it is by default, but for the first: the others are the same;
 * - lists with two switches at once, all but each fourth.
 */
export const partOf = (part: 0 | 1 | 2 | 3, switches: Switches): ((law: Law) => boolean) => {
  const counts = new Map<unknown, number>()
  const next = (key: unknown): number => {
    const count = counts.get(key) ?? 0
    counts.set(key, count + 1)
    return count
  }
  return ({ ids, title, setup }) => {
    if (isLong) return true
    if (everywhere.test(title)) return true
    if (/\bH[1-5]\b/.test(ids)) {
      return hostileVariants.test(title) ? next("variants") % 8 === part : next("hostile") % 4 === part
    }
    const family = families.find((pattern) => pattern.test(title))
    if (family !== undefined) {
      const variant = next(family)
      return variant === 0 || variant % 4 === part
    }
    const longOne = longOnes.findIndex((pattern) => pattern.test(title))
    if (longOne >= 0) return longOne % 4 === part
    const settings = Object.entries(setup.emulator?.switches ?? {})
    const [, said] = scenario.exec(title) ?? []
    if (said !== undefined && settings.every(([name, value]) => value === switches[name]?.default))
      return next(said) === 0
    if (settings.length === 0 && ofCore.test(ids)) return next("core") % 4 === part
    return settings.length < 2 || next(title.replace(/\(.*/, "")) % 4 === part
  }
}
