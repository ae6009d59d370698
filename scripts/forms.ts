/** The two forms of long tests: a short one in `npm test`, and the whole one in `npm run long`. */

import type { Law } from "../packages/conformance/src/Law.ts"
import type { Capabilities } from "../packages/core/src/driver/Capabilities.ts"
import { type AdapterFolder, adapterFolders } from "./adapters.ts"

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

/** Returns which laws a store runs in the short form: of the kills within its writes every fourth one. Each costs a process. */
export const everyFourthKill = (part: 0 | 1): ((law: { readonly title: string }) => boolean) => {
  let kills = 0
  return ({ title }) => isLong || !title.startsWith("a process that is killed ") || kills++ % 4 === part
}

type Switches = Readonly<Record<string, { readonly default: string }>>

/** Laws that attack core in the same way at every adapter, in many variants; the first variant is the plain one. */
const families = [
  /^a run whose answer is lost /,
  /^a lost answer \(/,
  /^an? (?:create|update|delete) whose answer is lost/,
  /^a switch-over whose /,
]

/** Laws that take long and say the same of core at every adapter, besides those that `ofCore` has. */
const longOnes = [
  /^waits for several runs of one sync share one listing/,
  /^a sync with a malformed field hides no other sync/,
  /^a run under way is not missed in silence while others vanish/,
  /^a run under way among \d+ others/,
  /^with 700 runs before it/,
  /^\d+ syncs that are deleted while the catalog is read /,
]

/** The ids of a law about what core does, whichever vendor answers: one that sets no switch. */
const ofCore = /^(?:[TWJBNAOCF]\d+(?:, )?)+$/

/** The ids of a law about hostile values that a vendor may have anywhere. */
const ofHostileValues = /\bH[1-5]\b/

/** What each adapter shows of a token or a row depends on how it reads answers. */
const everywhere = /^nothing emitted /

/** The same of every form of a token, which takes long: the attacks show it of the drivers, too. */
const atEveryThird = /^no form of a token in the vendor's refusals /

/** The scenario of a switch's value. */
const scenario = /^(\w+ are .* correctly) with \w+=/

/** What every adapter can do, of what a law may need. */
const common: Capabilities = {
  ...{ scopes: [], cancellation: false, deletion: false, whenBusy: "refuses", administration: false },
  ...{ keyedTriggers: false, ownSchedule: false, catalog: true, creation: false },
}

/** Laws that find out while they run that a vendor lacks something: a cancel, scopes, names, rate limits, a refusal. */
const mayBeSkipped =
  /\bcancel\b|\brate limit|of the name|^a name that|refuses because of|no request remains|limits together|same parts/

const notCreating: ReadonlyArray<string> = ["fivetran-activations", "polytomic"] satisfies ReadonlyArray<AdapterFolder>

/** The adapters that create syncs. */
const creating = adapterFolders.filter((folder) => !notCreating.includes(folder))

/** These adapters together have everything that a law may need. */
const capable: ReadonlyArray<string> = ["rudderstack", "segment"] satisfies ReadonlyArray<AdapterFolder>

/** Laws that one adapter here can show, or one of those that are capable: what it has is in their titles. */
const shownBy: ReadonlyArray<readonly [RegExp, AdapterFolder]> = [
  [/^a run that the vendor took and skipped /, "fivetran-activations"],
  [/\bscope\b|with a full run/, "rudderstack"],
  [/second request is|within every rate limit|several runs of one sync/, "segment"],
]

const sumOf = (text: string): number =>
  Array.from(text, (letter) => letter.charCodeAt(0)).reduce((left, right) => left + right, 0)

/**
 * Returns the adapter that runs a law which one is enough for: it follows from the title, so that no other law moves it, without the
 * form of its lists, whose switches each adapter names in another way.
 */
const adapterFor = ({ title, setup }: Law): string | undefined => {
  // A law about a vendor that keeps the keys of triggers.
  if (setup.repeats === "answered") return "polytomic" satisfies AdapterFolder
  const one = shownBy.find(([pattern]) => pattern.test(title))?.[1]
  if (one !== undefined) return one
  const isFor = (capabilities: Capabilities) => setup.needs?.(capabilities) === undefined
  const able = mayBeSkipped.test(title)
    ? capable
    : isFor(common)
      ? adapterFolders
      : isFor({ ...common, creation: true })
        ? creating
        : capable
  return able[sumOf(title.replace(/ \(lists: .*\)$/, "")) % able.length]
}

/** What every adapter shows first: that its operations work at all. */
const contact = /^contact\b/

/** Which adapters these are differs by the title. */
const isAtEveryThird = (adapter: AdapterFolder, title: string): boolean =>
  contact.test(title) || (sumOf(title) + adapterFolders.indexOf(adapter)) % 3 === 0

/**
 * Returns which laws the suite of an adapter runs in the short form, so that all adapters together run every law; the check
 * `laws` proves it. One adapter is enough for
 * - a law about hostile values, but for the forms of a token, which every third adapter shows;
 * - of a family each variant after the plain one;
 * - a long one;
 * - one about core alone;
 * - a list with two switches at once, of which every third pair runs.
 * Of the others with a switch at a value of its own, every fourth one runs, or every second one where
 * some skip themselves, and those that every adapter can show run at every third adapter.
 * Where some vendors lack what such a law needs, one runs it of those that have it. The scenario with a
 * switch as it is by default runs for the first switch only: the others are the same.
 */
export const partOf = (adapter: AdapterFolder, switches: Switches): ((law: Law) => boolean) => {
  const seen = new Set<unknown>()
  const isFirst = (key: unknown): boolean => seen.size < seen.add(key).size
  return (law) => {
    const { ids, title, setup } = law
    if (isLong || everywhere.test(title)) return true
    if (atEveryThird.test(title)) return isAtEveryThird(adapter, title)
    const family = families.find((pattern) => pattern.test(title))
    if (family !== undefined && isFirst(family)) return true
    const settings = Object.entries(setup.emulator?.switches ?? {})
    const [, claim] = scenario.exec(title) ?? []
    if (claim !== undefined && settings.every(([name, value]) => value === switches[name]?.default))
      return isFirst(claim)
    if (settings.length > 1 && sumOf(title) % 3 !== 0) return false
    const oneIsEnough =
      family !== undefined ||
      ofHostileValues.test(ids) ||
      longOnes.some((pattern) => pattern.test(title)) ||
      settings.length > 1 ||
      (settings.length === 0 && ofCore.test(ids))
    if (oneIsEnough) return adapterFor(law) === adapter
    if (settings.length > 0) return sumOf(title) % (mayBeSkipped.test(title) ? 2 : 4) === 0
    return mayBeSkipped.test(title) || setup.needs?.(common) !== undefined || isAtEveryThird(adapter, title)
  }
}

/** The attacks that take long: they try every operation with many bodies. */
const longAttacks =
  /nested deeper|very long text|whatever words it has|usual bodies|each form of a token|no hostile id|half of a page/

/** Returns which attacks an adapter's test file runs in the short form: of those that take long a third, each at two adapters at least. */
export const attacksOf = (
  adapter: AdapterFolder,
  part: "running" | "configuring" = "running",
): ((attack: { readonly title: string }) => boolean) => {
  const number = adapterFolders.indexOf(adapter) + (part === "running" ? 0 : 1)
  return ({ title }) => isLong || !longAttacks.test(title) || (sumOf(title) + number) % 3 === 0
}
