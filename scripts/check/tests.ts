/** The command of the step `tests`, and the counts of its report. */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { isLong } from "../forms.ts"
import { cache } from "../workspace.ts"

export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

const report = join(cache, "tests.json")

/** Removes the report of an earlier run, so that its counts are never taken for those of this one. */
export const forget = (): void => {
  mkdirSync(cache, { recursive: true })
  rmSync(report, { force: true })
}

export const testCommand = [
  "vitest",
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${report}`,
] as const

interface VitestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly testResults: ReadonlyArray<{
    readonly name: string
    readonly status: string
    readonly assertionResults: ReadonlyArray<{ readonly status: string; readonly title: string }>
  }>
}

const readReport = (): VitestReport => JSON.parse(readFileSync(report, "utf8"))

/** Returns the titles of the tests that passed in the files whose path matches, or nothing where there is no report. */
export const passedIn = (path: RegExp): ReadonlyArray<string> =>
  existsSync(report)
    ? readReport()
        .testResults.filter(({ name }) => path.test(name.replaceAll("\\", "/")))
        .flatMap(({ assertionResults }) => assertionResults)
        .flatMap(({ status, title }) => (status === "passed" ? [title] : []))
    : []

/** The suite over conformance's example adapter runs a part of its laws in the short form: the others are not skipped for a reason. */
const runsInPart = /conformance\/test\/example\.test\.ts$/

/** Counts a file that does not load as one failed test, and nothing where there is no report. */
export const countTests = (): Counts => {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, testResults } = readReport()
    const notLoaded = testResults.filter(
      ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
    )
    const leftOut = testResults
      .filter(({ name }) => !isLong && runsInPart.test(name))
      .flatMap(({ assertionResults }) =>
        assertionResults.filter(({ status }) => status !== "passed" && status !== "failed"),
      )
    const skipped = numPendingTests - leftOut.length
    return { passed: numPassedTests, failed: numFailedTests + notLoaded.length, skipped }
  } catch {
    return { passed: 0, failed: 0, skipped: 0 }
  }
}

export const testNote = (): string => {
  const { passed, skipped } = countTests()
  return `${passed} tests${skipped > 0 ? `, ${skipped} skipped with a reason` : ""}`
}
