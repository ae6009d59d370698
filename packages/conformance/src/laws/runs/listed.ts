/** What is wrong with a list of runs, in words. */
import type { Testbed } from "../../Testbed.ts"
import { bodyText } from "../../testbed/wire.ts"

const escaped = (text: string): string => text.replaceAll(/[^\w]/g, "\\$&")

/** Returns where a text has an id as a whole word; -1 where it has not. */
const indexOf = (text: string, id: string): number => text.search(new RegExp(`(?<![\\w-])${escaped(id)}(?![\\w-])`))

/** Whether the vendor's answers list older runs before newer ones. `ids` are those of runs, oldest first. */
export const isOldestFirst = ({ wire }: Testbed, ids: ReadonlyArray<string>): boolean => {
  const bodies = wire.sent.flatMap(({ answer }) => (answer === undefined ? [] : [bodyText(answer)]))
  // A page of several runs shows it, or else pages of one run, one after the other.
  for (const body of [...bodies, bodies.join(" ")]) {
    const [first, second] = ids.map((id) => indexOf(body, id)).filter((index) => index >= 0)
    if (first !== undefined && second !== undefined) return first < second
  }
  return false
}

/** Returns the ids of runs, which are oldest first, in the order in which the vendor's answers list them. */
export const inVendorsOrder = (testbed: Testbed, ids: ReadonlyArray<string>): ReadonlyArray<string> =>
  isOldestFirst(testbed, ids) ? ids : ids.toReversed()

/** Returns what is wrong with a list of runs; `undefined` where it has exactly the expected runs, in their order. */
export const problemOf = (listed: ReadonlyArray<string>, expected: ReadonlyArray<string>): string | undefined => {
  const missing = expected.filter((id) => !listed.includes(id))
  const extra = listed.filter((id) => !expected.includes(id))
  const twice = listed.filter((id, index) => listed.indexOf(id) !== index)
  if (missing.length > 0) {
    return `${missing.length} of ${expected.length} runs are missing in the list, as run ${missing[0]}: a page, or its next one, was left out`
  }
  if (extra.length > 0) return `the list has ${extra.length} runs that it should not have, as run ${extra[0]}`
  if (twice.length > 0) return `the list has run ${twice[0]} twice: a page was read again`
  return listed.every((id, index) => id === expected[index])
    ? undefined
    : `the list has another order than the vendor's answers: its first run is ${listed[0]}, and theirs ${expected[0]}`
}
