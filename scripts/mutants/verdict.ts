/** What the results of a run mean. */
import type { Mutant } from "./mutate.ts"
import type { Result } from "./session.ts"
import type { Survivor } from "./survivors/survivor.ts"

/** The results of one area. */
export interface Row {
  readonly area: string
  readonly killed: number
  readonly survived: number
  readonly equivalent: number
}

export interface Verdict {
  readonly rows: ReadonlyArray<Row>
  /** The share of killed mutants among those that are not equivalent, from 0 to 1. */
  readonly share: number
  /** The mutants that survived and are not listed. */
  readonly unlisted: ReadonlyArray<Mutant>
  readonly problems: ReadonlyArray<string>
}

/** The share of mutants that have to be killed. */
export const minShare = 0.9

type Text = Pick<Mutant, "file" | "before" | "after">

const keyOf = ({ file, before, after }: Text): string => JSON.stringify([file, before, after])

/** Returns a mutant as its file and the two lines. */
export const shown = ({ file, before, after }: Text): string => `${file}\n  - ${before}\n  + ${after}`

/** Judges a run. `all` are the mutants that there are; `results` has those that ran. */
export const judge = (
  all: ReadonlyArray<Mutant>,
  results: ReadonlyMap<number, Result>,
  survivors: ReadonlyArray<Survivor>,
): Verdict => {
  const listed = new Map(survivors.map((survivor) => [keyOf(survivor), survivor]))
  const existing = new Set(all.map(keyOf))
  const ran = all.filter(({ number }) => results.has(number))
  const hasSurvived = ({ number }: Mutant): boolean => results.get(number)?._tag === "Survived"
  const isEquivalent = (mutant: Mutant): boolean =>
    hasSurvived(mutant) && listed.get(keyOf(mutant))?.kind === "equivalent"
  const rows = [...Map.groupBy(ran, ({ area }) => area)].map(([area, mutants]): Row => {
    const survived = mutants.filter(hasSurvived).length
    const equivalent = mutants.filter(isEquivalent).length
    return { area, killed: mutants.length - survived, survived: survived - equivalent, equivalent }
  })
  const killed = rows.reduce((sum, row) => sum + row.killed, 0)
  const survived = rows.reduce((sum, row) => sum + row.survived, 0)
  const share = killed + survived === 0 ? 1 : killed / (killed + survived)

  const gone = survivors.filter((survivor) => !existing.has(keyOf(survivor)))
  // Equal lines of a file are one text: it is killed where all of its mutants are.
  const killedTexts = [...Map.groupBy(ran, keyOf)].filter(
    ([key, mutants]) => listed.has(key) && !mutants.some(hasSurvived),
  )
  return {
    rows,
    share,
    unlisted: ran.filter((mutant) => hasSurvived(mutant) && !listed.has(keyOf(mutant))),
    problems: [
      ...gone.map((survivor) => `Listed as a survivor, and gone: ${shown(survivor)}`),
      ...killedTexts.flatMap(([, [mutant]]) =>
        mutant === undefined ? [] : [`Listed as a survivor, and killed: ${shown(mutant)}`],
      ),
      ...(share < minShare ? [`${(100 * share).toFixed(1)} % are killed, of at least ${100 * minShare} %`] : []),
    ],
  }
}
