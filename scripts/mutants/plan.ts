/** What a session gets, and what it reports. They are separate processes: both go through files. */

/** What a session does. */
export interface Plan {
  readonly root: string
  /** The test files, as paths from the root. */
  readonly tests: ReadonlyArray<string>
  /** The texts of the mutated files, with all of their mutants, by their paths from the root. */
  readonly texts: Readonly<Record<string, string>>
  readonly mutants: ReadonlyArray<PlannedMutant>
  /** The file for the lines of the report. */
  readonly report: string
}

export interface PlannedMutant {
  readonly number: number
  readonly file: string
  readonly isStatic: boolean
  /** The test files that have to notice it, as paths from the root. */
  readonly tests: ReadonlyArray<string>
  /** The numbers of all mutants of its file. */
  readonly inFile: readonly [first: number, last: number]
}

/** One line of the report. */
export type Line =
  /** A test that fails without a mutant. */
  | { readonly _tag: "Broken"; readonly test: string; readonly error: string }
  /** All tests have run once. */
  | { readonly _tag: "Ready"; readonly tests: number; readonly millis: number }
  /** A test begins that takes so many milliseconds without a mutant. */
  | { readonly _tag: "Begun"; readonly number: number; readonly test: string; readonly millis: number }
  | { readonly _tag: "Killed"; readonly number: number; readonly test: string; readonly error: string }
  | { readonly _tag: "Survived"; readonly number: number; readonly tests: number }
  /** A mutant has left something behind: the session ends, and another one goes on. */
  | { readonly _tag: "Spoiled"; readonly test: string }

export const variable = "OPENRETL_MUTANTS_PLAN"
