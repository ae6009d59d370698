/** The dozen mutants that `npm test` runs: faults that would start a run twice, lose one, or break a limit. */

/** A mutant that has to be killed, and the test files of core in which that happens. */
export interface Pinned {
  readonly file: string
  readonly before: string
  readonly after: string
  readonly tests: ReadonlyArray<string>
}

export const pinned: ReadonlyArray<Pinned> = []
