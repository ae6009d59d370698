/** What a finished run means to the caller, by the caller's own policy, which is one for all vendors. */
import * as Reader from "./Reader.ts"
import type { Rows, Run } from "./Run.ts"

/**
 * - `complete`: every row that the vendor counts got through.
 * - `tolerated`: some failed, within the policy.
 * - `partial`: some failed, beyond the policy.
 * - `empty`: fewer rows than the policy asks for; with the default policy: none at all, which is accepted.
 * - `failed`, `cancelled`: the run ended so.
 * - `unverified`: the vendor did not say enough to tell.
 */
export const verdicts = ["complete", "tolerated", "partial", "empty", "failed", "cancelled", "unverified"] as const
export type Verdict = (typeof verdicts)[number]

export interface Policy {
  /** Failed rows that are still tolerated. `0` when absent. */
  readonly maxFailedRows?: number
  /**
   * The failed part of all rows that the vendor counted (delivered and failed), between 0 and 1, that is still
   * tolerated. When both bounds are given, both must hold; when only this one is, it alone decides.
   */
  readonly maxFailedRatio?: number
  /** Delivered rows below which the run is `empty` and not accepted. `0` when absent. */
  readonly minRows?: number
  /** What an absent count means: not enough to tell (the default), or nothing wrong. */
  readonly absentCounts?: "unverified" | "accept"
}

const rows = Reader.optional(Reader.integer(0))
const ratio = Reader.where(Reader.number, (part) => part >= 0 && part <= 1, "a part from 0 to 1")

/** A policy that comes from outside; fields that it does not have are named. */
export const policy: Reader.Reader<Policy> = Reader.exact({
  maxFailedRows: rows,
  maxFailedRatio: Reader.optional(ratio),
  minRows: rows,
  absentCounts: Reader.optional(Reader.literals(["unverified", "accept"])),
})

export interface Outcome {
  readonly verdict: Verdict
  /** Whether the policy takes this outcome for good news. */
  readonly accepted: boolean
}

/** A run that ended, with what that means. */
export interface Finished extends Outcome {
  readonly run: Run
}

const outcome = (verdict: Verdict, accepted: boolean): Outcome => ({ verdict, accepted })

/** Judges a run that has ended; one that has not is `unverified`. */
export const judge = (run: Pick<Run, "status" | "rows">, policy: Policy = {}): Outcome => {
  switch (run.status) {
    case "failed":
      return outcome("failed", false)
    case "cancelled":
      return outcome("cancelled", false)
    case "succeeded":
    case "partial":
      return judgeRows(run.status, run.rows, policy)
    default:
      return outcome("unverified", false)
  }
}

const judgeRows = (status: "succeeded" | "partial", rows: Rows, policy: Policy): Outcome => {
  const { succeeded, failed } = rows
  const minRows = policy.minRows ?? 0
  const accept = policy.absentCounts === "accept"
  if (failed === undefined) {
    if (status === "partial") return outcome("partial", false)
    if (!accept) return outcome("unverified", false)
  }
  if (succeeded === undefined && minRows > 0 && !accept) return outcome("unverified", false)
  if (failed !== undefined && failed > 0) {
    if (!isTolerated(failed, succeeded, policy)) return outcome("partial", false)
    return succeeded !== undefined && succeeded < minRows ? outcome("empty", false) : outcome("tolerated", true)
  }
  // A vendor that says "partial" and counts no failure contradicts itself: its word is the worse news.
  if (status === "partial") return outcome("partial", false)
  if (succeeded !== undefined && (succeeded === 0 || succeeded < minRows)) return outcome("empty", succeeded >= minRows)
  return outcome("complete", true)
}

const isTolerated = (failed: number, succeeded: number | undefined, policy: Policy): boolean => {
  const { maxFailedRows, maxFailedRatio } = policy
  if (maxFailedRatio === undefined) return failed <= (maxFailedRows ?? 0)
  if (succeeded === undefined) return false
  return failed / (failed + succeeded) <= maxFailedRatio && (maxFailedRows === undefined || failed <= maxFailedRows)
}
