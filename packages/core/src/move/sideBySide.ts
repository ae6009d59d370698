/** The rows of two runs, side by side. Pure. */
import { isTerminal, type Run } from "../model/Run.ts"

/** The rows of two runs. A count that a vendor does not report is absent, and then nothing is concluded. */
export interface Comparison {
  readonly counts: ReadonlyArray<{
    readonly count: "succeeded" | "failed" | "unaccounted"
    readonly from?: number
    readonly to?: number
    /** `to` less `from`. */
    readonly difference?: number
  }>
  /**
   * `unknown` where either vendor does not report how many rows succeeded, or has not ended the run, and where rows failed
   * on one side and the other vendor does not report how many did.
   */
  readonly verdict: "same" | "close" | "different" | "unknown"
}

const counts = ["succeeded", "failed", "unaccounted"] as const

/**
 * Compares the rows of two runs. `tolerance` is the part of the rows by which they may differ and still be `close`, from 0
 * to 1, as in 0.01 for one in a hundred; anything else is 0. @default 0
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
  const off = Math.max(Math.abs(here - there), Math.abs((failedHere ?? 0) - (failedThere ?? 0)))
  if (off === 0) return "same"
  const may = tolerance >= 0 && tolerance <= 1 ? tolerance : 0
  const most = may * Math.max(here, there)
  if (Math.abs(here - there) > most) return "different"
  // Rows that failed on one side only may be what the other vendor does not report.
  if (off > most && (failedHere === undefined || failedThere === undefined)) return "unknown"
  return off <= most ? "close" : "different"
}
