/** Compares the rows of two runs. Pure. */
import { isTerminal, type Run } from "../model/Run.ts"

/** The rows of two runs, and how they compare. A count that a vendor does not report is absent. */
export interface Comparison {
  /** The counts that at least one vendor reports. */
  readonly counts: ReadonlyArray<{
    readonly count: "succeeded" | "failed" | "invalid" | "deleted" | "total" | "unaccounted"
    readonly from?: number
    readonly to?: number
    /** `to` minus `from`; absent unless both are reported. */
    readonly difference?: number
  }>
  /**
   * - `same`: all counts are equal.
   * - `close`: they differ within the tolerance.
   * - `different`: they differ by more.
   * - `unknown`: a run has not ended, a vendor does not report how many rows succeeded, or rows failed at one vendor
   *   and the other does not report how many did.
   */
  readonly verdict: "same" | "close" | "different" | "unknown"
}

const counts = ["succeeded", "failed", "invalid", "deleted", "total", "unaccounted"] as const

/**
 * Compares the rows of two runs. `tolerance` is the part of the rows by which close runs may differ, from 0 to 1, as in
 * 0.01 for one row in a hundred. It defaults to 0, also where it is out of this range.
 */
export const sideBySide = (
  from: Run,
  to: Run,
  { tolerance = 0 }: { readonly tolerance?: number } = {},
): Comparison => ({
  counts: counts
    .map((count) => ({ count, from: from.rows[count], to: to.rows[count] }))
    .filter((row) => row.from !== undefined || row.to !== undefined)
    .map(({ count, from, to }) => ({
      count,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(from !== undefined && to !== undefined && { difference: to - from }),
    })),
  verdict: verdictOf(from, to, tolerance),
})

const verdictOf = (from: Run, to: Run, tolerance: number): Comparison["verdict"] => {
  if (!isTerminal(from.status) || !isTerminal(to.status)) return "unknown"
  const [here, there] = [from.rows.succeeded, to.rows.succeeded]
  if (here === undefined || there === undefined) return "unknown"
  const [failedHere, failedThere] = [from.rows.failed, to.rows.failed]
  const difference = Math.max(Math.abs(here - there), Math.abs((failedHere ?? 0) - (failedThere ?? 0)))
  if (difference === 0) return "same"
  const maxDifference = (tolerance >= 0 && tolerance <= 1 ? tolerance : 0) * Math.max(here, there)
  if (Math.abs(here - there) > maxDifference) return "different"
  // Rows may have failed at both vendors although only one reports them.
  if (difference > maxDifference && (failedHere === undefined || failedThere === undefined)) return "unknown"
  return difference <= maxDifference ? "close" : "different"
}
