/** The rows of two runs, side by side. Pure. */
import type { Comparison } from "../../Move.ts"
import { isTerminal, type Run } from "../../Run.ts"

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
  const off = Math.max(Math.abs(here - there), Math.abs((from.rows.failed ?? 0) - (to.rows.failed ?? 0)))
  if (off === 0) return "same"
  return off <= tolerance * Math.max(here, there) ? "close" : "different"
}
