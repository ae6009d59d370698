/** The rows of two runs, side by side. Pure. */
import type { Comparison } from "../Move.ts"
import { isTerminal, type Run } from "../model/Run.ts"

const counts = ["succeeded", "failed", "unaccounted"] as const

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
  // Rows that failed on one side only may be what the other does not tell.
  if (off > most && (failedHere === undefined || failedThere === undefined)) return "unknown"
  return off <= most ? "close" : "different"
}
