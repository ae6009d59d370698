/** The judgment of a run that has ended, by the caller's policy. One policy serves all vendors. */
import * as Schema from "effect/Schema"
import * as Input from "./Input.ts"
import { type Rows, Run } from "./Run.ts"
import { How } from "./Trigger.ts"

/**
 * The judgment in one word:
 * - `complete`: every row that the vendor counts was delivered.
 * - `tolerated`: some rows failed, within the policy.
 * - `partial`: more rows failed than the policy tolerates.
 * - `empty`: no row was delivered, or fewer than `minRows`. The policy accepts it where `minRows` is 0, the default.
 * - `failed`, `cancelled`: the run ended with this status.
 * - `unverified`: the vendor did not report enough to judge the run.
 */
export const Verdict = /* @__PURE__ */ Schema.Literals([
  "complete",
  "tolerated",
  "partial",
  "empty",
  "failed",
  "cancelled",
  "unverified",
])
export type Verdict = typeof Verdict.Type

const RowCount = /* @__PURE__ */ Input.optional(Input.wholeNumber(0))

/** What a caller accepts of a run that has ended. Decoding a policy rejects unknown fields. */
export const Policy = /* @__PURE__ */ Input.strict(
  Schema.Struct({
    /** The most failed rows that are tolerated. @default 0 */
    maxFailedRows: RowCount,
    /**
     * The largest tolerated part of failed rows among all rows that the vendor counted (delivered and failed), from 0
     * to 1. With both bounds, both must hold; with only this one, it alone decides. @default none
     */
    maxFailedRatio: Input.optional(
      Schema.Number.check(
        Schema.makeFilter((part: number) => part >= 0 && part <= 1, { expected: "a part from 0 to 1" }),
      ),
    ),
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
  // A number that cannot be a count says nothing, and no policy accepts it.
  if (isAbsurd(succeeded) || isAbsurd(failed)) return outcome(status === "partial" ? "partial" : "unverified", false)
  const isAbsenceAccepted = policy.absentCounts === "accept"
  if (failed === undefined) {
    if (status === "partial") return outcome("partial", false)
    if (!isAbsenceAccepted) return outcome("unverified", false)
  }
  if (succeeded === undefined && minRows > 0 && !isAbsenceAccepted) return outcome("unverified", false)
  if (failed !== undefined && failed > 0) {
    if (!isTolerated(failed, succeeded, policy)) return outcome("partial", false)
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

const isTolerated = (failed: number, succeeded: number | undefined, policy: Policy): boolean => {
  const { maxFailedRows, maxFailedRatio } = policy
  if (maxFailedRatio === undefined) return failed <= (maxFailedRows ?? 0)
  if (succeeded === undefined) return false
  return failed / (failed + succeeded) <= maxFailedRatio && (maxFailedRows === undefined || failed <= maxFailedRows)
}
