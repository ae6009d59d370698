/** The judgment of a run that has ended, by the caller's policy. One policy serves all vendors. */
import * as Schema from "effect/Schema"
import * as Input from "./Input.ts"
import { counts, lostRows, type Rows, Run } from "./Run.ts"
import { How } from "./Trigger.ts"

/**
 * The judgment in one word:
 * - `complete`: every row that the vendor counts was delivered.
 * - `tolerated`: some rows failed or are unaccounted for, within the policy.
 * - `partial`: more rows failed, or are certainly unaccounted for, than the policy tolerates.
 * - `excessive`: the run deleted more rows at the destination than the policy allows.
 * - `empty`: no row was delivered, or fewer than `minRows`. The policy accepts it where `minRows` is 0, the default.
 * - `failed`, `cancelled`, `skipped`: the run ended with this status.
 * - `unverified`: the vendor did not report enough to judge the run, or its counts do not explain what became of all rows.
 */
export const Verdict = /* @__PURE__ */ Schema.Literals([
  "complete",
  "tolerated",
  "partial",
  "excessive",
  "empty",
  "failed",
  "cancelled",
  "skipped",
  "unverified",
])
export type Verdict = typeof Verdict.Type

const RowCount = /* @__PURE__ */ Input.optional(Input.wholeNumber(0))

const Part = /* @__PURE__ */ Input.optional(
  Schema.Number.check(Schema.makeFilter((part: number) => part >= 0 && part <= 1, { expected: "a part from 0 to 1" })),
)

/** What a caller accepts of a run that has ended. Decoding a policy rejects unknown fields. */
export const Policy = /* @__PURE__ */ Input.strict(
  Schema.Struct({
    /** The most failed rows that are tolerated; invalid rows count as failed. @default 0 */
    maxFailedRows: RowCount,
    /**
     * The largest tolerated part of failed rows among all rows that the vendor counted (delivered, failed and invalid), from
     * 0 to 1. With both bounds, both must hold; with only this one, it alone decides. @default none
     */
    maxFailedRatio: Part,
    /**
     * The most rows that may be unaccounted for. Without this bound and the next, any such row makes the run `partial` where the
     * vendor says that its counts add up, `unverified` where it says nothing, and decides nothing where it says that they do not.
     * @default none
     */
    maxUnaccountedRows: RowCount,
    /** The largest part of `total` that may be unaccounted for, from 0 to 1. With both bounds, both must hold. @default none */
    maxUnaccountedRatio: Part,
    /**
     * The most rows that the run may have deleted at the destination; more make it `excessive`. It is judged after the run, and
     * prevents nothing. @default none
     */
    maxDeletedRows: RowCount,
    /** The fewest delivered rows that are accepted: below, the run is `empty`. @default 0 */
    minRows: RowCount,
    /** What an absent count means. `unverified`: not enough to judge. `accept`: nothing wrong. @default "unverified" */
    absentCounts: Input.optional(Schema.Literals(["unverified", "accept"])),
  }),
)
export interface Policy extends Schema.Schema.Type<typeof Policy> {}

/** The judgment of a run that has ended. */
export const Outcome = /* @__PURE__ */ (() =>
  Schema.Struct({
    verdict: Verdict,
    /** Whether the policy accepts this outcome. */
    accepted: Schema.Boolean,
  }))()
export interface Outcome extends Schema.Schema.Type<typeof Outcome> {}

/** A run that has ended, with its judgment. */
export const Finished = /* @__PURE__ */ (() =>
  Schema.Struct({
    /** The run. A remembered one has what the journal keeps: its ref, its status (also as `vendorStatus`) and its rows. */
    run: Run,
    ...Outcome.fields,
    /** How the call came to the run; absent after a wait for a ref. */
    how: Schema.optionalKey(How),
    /**
     * How long ago the journal learned of the end of a remembered run; how long ago a fresh run began, as in `Fresh`. JSON
     * form: milliseconds.
     */
    age: Schema.optionalKey(Schema.DurationFromMillis),
  }))()
export interface Finished extends Schema.Schema.Type<typeof Finished> {}

const outcome = (verdict: Verdict, accepted: boolean): Outcome => ({ verdict, accepted })

/** Judges a run that has ended. A run that has not ended is `unverified`. */
export const judge = (run: Pick<Run, "status" | "rows">, policy: Policy = {}): Outcome => {
  switch (run.status) {
    case "failed":
      return outcome("failed", false)
    case "cancelled":
      return outcome("cancelled", false)
    case "skipped":
      return outcome("skipped", false)
    case "succeeded":
    case "partial":
      return judgeRows(run.status, run.rows, policy)
    default:
      return outcome("unverified", false)
  }
}

const judgeRows = (status: "succeeded" | "partial", rows: Rows, policy: Policy): Outcome => {
  const lost = judgeLost(status, rows, policy)
  if (!lost.accepted) return lost
  const unaccounted = judgeUnaccounted(rows, policy)
  if (unaccounted?.accepted === false) return unaccounted
  const deleted = judgeDeleted(rows, policy)
  return deleted ?? (lost.verdict === "complete" && unaccounted !== undefined ? unaccounted : lost)
}

/** Judges delivered and failed rows. */
const judgeLost = (status: "succeeded" | "partial", rows: Rows, policy: Policy): Outcome => {
  const { succeeded, failed } = rows
  const minRows = policy.minRows ?? 0
  // A number that cannot be a count says nothing, and no policy accepts it.
  if (counts.some((name) => isAbsurd(rows[name]))) {
    return outcome(status === "partial" ? "partial" : "unverified", false)
  }
  const isAbsenceAccepted = policy.absentCounts === "accept"
  if (failed === undefined) {
    if (status === "partial") return outcome("partial", false)
    if (!isAbsenceAccepted) return outcome("unverified", false)
  }
  if (succeeded === undefined && minRows > 0 && !isAbsenceAccepted) return outcome("unverified", false)
  const lost = lostRows(rows)
  if (lost > 0) {
    if (!isTolerated(lost, succeeded, policy)) return outcome("partial", false)
    if (succeeded === undefined && !isAbsenceAccepted) return outcome("unverified", false)
    return succeeded !== undefined && succeeded < minRows ? outcome("empty", false) : outcome("tolerated", true)
  }
  // A vendor that says "partial" and counts no failure contradicts itself: its word is the worse news.
  if (status === "partial") return outcome("partial", false)
  if (succeeded === undefined && !isAbsenceAccepted) return outcome("unverified", false)
  if (succeeded !== undefined && (succeeded === 0 || succeeded < minRows)) return outcome("empty", succeeded >= minRows)
  return outcome("complete", true)
}

const isAbsurd = (count: number | undefined): boolean =>
  count !== undefined && !(Number.isSafeInteger(count) && count >= 0)

const isTolerated = (lost: number, succeeded: number | undefined, policy: Policy): boolean => {
  const { maxFailedRows, maxFailedRatio } = policy
  if (maxFailedRatio === undefined) return lost <= (maxFailedRows ?? 0)
  if (succeeded === undefined) return false
  return lost / (lost + succeeded) <= maxFailedRatio && (maxFailedRows === undefined || lost <= maxFailedRows)
}

/** Judges the rows that the counts leave out; `undefined` where they say nothing. */
const judgeUnaccounted = (rows: Rows, policy: Policy): Outcome | undefined => {
  const { unaccounted = 0, total = 0, succeeded, addsUp = "unknown" } = rows
  const { maxUnaccountedRows, maxUnaccountedRatio } = policy
  // Nothing delivered of what there was to deliver is never green by itself, whatever the counts are of.
  const isNothing = succeeded === 0 && total > 0
  if (unaccounted === 0 && !isNothing) return undefined
  if (addsUp === "no" && !isNothing) return undefined
  if (maxUnaccountedRows === undefined && maxUnaccountedRatio === undefined) {
    return outcome(addsUp === "yes" ? "partial" : "unverified", false)
  }
  const isWithin =
    unaccounted <= (maxUnaccountedRows ?? Number.POSITIVE_INFINITY) &&
    unaccounted <= (maxUnaccountedRatio ?? Number.POSITIVE_INFINITY) * total
  return isWithin ? outcome("tolerated", true) : outcome("partial", false)
}

/** Judges the rows that the run deleted; `undefined` where the policy allows them. */
const judgeDeleted = ({ deleted }: Rows, { maxDeletedRows, absentCounts }: Policy): Outcome | undefined => {
  if (maxDeletedRows === undefined) return undefined
  if (deleted === undefined) return absentCounts === "accept" ? undefined : outcome("unverified", false)
  return deleted > maxDeletedRows ? outcome("excessive", false) : undefined
}
