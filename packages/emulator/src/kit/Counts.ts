/** What a run delivers by its plan, with all defaults: at the end, and as reads show it until the counts have settled. */

/** How many rows a run shows. */
export interface Counts {
  readonly succeeded: number
  readonly failed: number
  /** Rows that were lost before their delivery; absent where the plan says nothing about them. */
  readonly invalid?: number
  readonly total: number
}

interface PlannedRows {
  readonly succeeded: number
  readonly failed?: number
  readonly invalid?: number
  readonly total?: number
}

interface RowsPlan {
  readonly ends?: "succeeded" | "failed" | "cancelled" | "never"
  readonly rows?: PlannedRows
  readonly earlyRows?: PlannedRows
}

/** The final counts of a run. */
export const finalCounts = ({ ends = "succeeded", rows }: RowsPlan): Counts =>
  countsOf(rows ?? { succeeded: ends === "succeeded" || ends === "never" ? 100 : 0 })

/** The counts that reads show of the ended run until its counts have settled. */
export const earlyCounts = (plan: RowsPlan): Counts =>
  plan.earlyRows === undefined ? { ...finalCounts(plan), failed: 0 } : countsOf(plan.earlyRows)

const countsOf = ({ succeeded, failed = 0, invalid, ...rows }: PlannedRows): Counts => ({
  succeeded,
  failed,
  ...(invalid !== undefined && { invalid }),
  total: rows.total ?? succeeded + failed + (invalid ?? 0),
})

/** Returns the names of the early counts that are greater than the final ones. */
export const tooManyEarly = (plan: RowsPlan): ReadonlyArray<keyof Counts> => {
  const [early, final] = [earlyCounts(plan), finalCounts(plan)]
  return (["succeeded", "failed", "invalid", "total"] as const).filter(
    (name) => (early[name] ?? 0) > (final[name] ?? 0),
  )
}
