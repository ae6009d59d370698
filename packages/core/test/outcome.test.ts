import { describe, expect, it } from "@effect/vitest"
import { Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import { judge, type Policy } from "../src/model/Outcome.ts"
import { account, decideByRows, type Rows, type Status } from "../src/model/Run.ts"

describe("rows decide", () => {
  const table: ReadonlyArray<[Status, Rows, Status]> = [
    ["succeeded", { succeeded: 10, failed: 0 }, "succeeded"],
    ["succeeded", { succeeded: 10, failed: 1 }, "partial"],
    ["succeeded", { succeeded: 0, failed: 10 }, "failed"],
    ["succeeded", { failed: 3 }, "partial"],
    ["succeeded", {}, "succeeded"],
    ["partial", { succeeded: 0, failed: 5 }, "failed"],
    ["partial", {}, "partial"],
    ["failed", { succeeded: 10, failed: 0 }, "failed"],
    ["running", { succeeded: 10, failed: 3 }, "running"],
    ["unknown", { succeeded: 10, failed: 0 }, "unknown"],
    ["cancelled", { succeeded: 10, failed: 3 }, "cancelled"],
    ["skipped", { succeeded: 0, failed: 3 }, "skipped"],
    ["succeeded", { succeeded: 10, failed: 0, invalid: 1 }, "partial"],
    ["succeeded", { succeeded: 0, invalid: 1 }, "failed"],
    ["succeeded", { succeeded: 10, invalid: 0 }, "succeeded"],
  ]
  it.each(table)("R4: a run reported as %s with rows %o is %s", (reported, rows, status) => {
    expect(decideByRows(reported, rows)).toBe(status)
  })
})

describe("the policy judges", () => {
  const table: ReadonlyArray<[string, Status, Rows, Policy, string, boolean]> = [
    ["all rows succeeded", "succeeded", { succeeded: 10, failed: 0 }, {}, "complete", true],
    ["one failed, by default", "partial", { succeeded: 9, failed: 1 }, {}, "partial", false],
    ["one failed, one allowed", "partial", { succeeded: 9, failed: 1 }, { maxFailedRows: 1 }, "tolerated", true],
    ["two failed, one allowed", "partial", { succeeded: 8, failed: 2 }, { maxFailedRows: 1 }, "partial", false],
    ["a ratio that holds", "partial", { succeeded: 99, failed: 1 }, { maxFailedRatio: 0.01 }, "tolerated", true],
    ["a ratio that does not", "partial", { succeeded: 98, failed: 2 }, { maxFailedRatio: 0.01 }, "partial", false],
    [
      "a ratio that holds and a count that does not",
      "partial",
      { succeeded: 990, failed: 10 },
      { maxFailedRatio: 0.1, maxFailedRows: 9 },
      "partial",
      false,
    ],
    ["a ratio without its denominator", "partial", { failed: 1 }, { maxFailedRatio: 0.5 }, "partial", false],
    ["no rows", "succeeded", { succeeded: 0, failed: 0 }, {}, "empty", true],
    ["no rows where some are required", "succeeded", { succeeded: 0, failed: 0 }, { minRows: 1 }, "empty", false],
    ["fewer rows than required", "succeeded", { succeeded: 5, failed: 0 }, { minRows: 6 }, "empty", false],
    [
      "tolerated, but fewer rows than required",
      "partial",
      { succeeded: 5, failed: 1 },
      { minRows: 6, maxFailedRows: 1 },
      "empty",
      false,
    ],
    ["absent counts", "succeeded", {}, {}, "unverified", false],
    ["absent counts, accepted by the policy", "succeeded", {}, { absentCounts: "accept" }, "complete", true],
    ["no failures, the rest absent", "succeeded", { failed: 0 }, {}, "unverified", false],
    [
      "no failures, the rest absent, accepted",
      "succeeded",
      { failed: 0 },
      { absentCounts: "accept" },
      "complete",
      true,
    ],
    ["a negative count", "succeeded", { succeeded: -1, failed: 0 }, { absentCounts: "accept" }, "unverified", false],
    ["a fractional count", "succeeded", { succeeded: 1.5, failed: 0 }, {}, "unverified", false],
    ["an absurd count", "succeeded", { succeeded: 1e300, failed: 0 }, {}, "unverified", false],
    ["a count that is not a number", "succeeded", { succeeded: Number.NaN, failed: 0 }, {}, "unverified", false],
    ["an absurd count of failures", "succeeded", { succeeded: 5, failed: -3 }, {}, "unverified", false],
    ["no failures, the rest absent, some required", "succeeded", { failed: 0 }, { minRows: 1 }, "unverified", false],
    ["one failed, one allowed, the rest absent", "partial", { failed: 1 }, { maxFailedRows: 1 }, "unverified", false],
    [
      "one failed, one allowed, the rest absent, accepted",
      "partial",
      { failed: 1 },
      { maxFailedRows: 1, absentCounts: "accept" },
      "tolerated",
      true,
    ],
    ["reported as partial, without counts", "partial", {}, { absentCounts: "accept" }, "partial", false],
    ["reported as partial, without failures", "partial", { succeeded: 3, failed: 0 }, {}, "partial", false],
    ["failed", "failed", {}, { absentCounts: "accept" }, "failed", false],
    ["cancelled", "cancelled", {}, { absentCounts: "accept" }, "cancelled", false],
    ["still running", "running", { succeeded: 1, failed: 0 }, {}, "unverified", false],
    ["an unknown status word", "unknown", { succeeded: 1, failed: 0 }, {}, "unverified", false],
  ]
  it.each(table)("W6: %s", (_, status, rows, policy, verdict, accepted) => {
    expect(judge({ status, rows }, policy)).toEqual({ verdict, accepted })
  })
})

describe("the policy judges what the counts leave out", () => {
  const all = { succeeded: 60, failed: 0, total: 100, unaccounted: 40 }
  const nothing = { succeeded: 0, failed: 0, total: 100, unaccounted: 100 }
  const table: ReadonlyArray<[string, Rows, Policy, string, boolean]> = [
    ["nothing left out", { succeeded: 100, failed: 0, total: 100, addsUp: "yes" }, {}, "complete", true],
    ["counts that add up, and do not", { ...all, addsUp: "yes" }, {}, "partial", false],
    ["counts of which nobody says", { ...all, addsUp: "unknown" }, {}, "unverified", false],
    ["counts without a word about them", all, {}, "unverified", false],
    ["counts of different things", { ...all, addsUp: "no" }, {}, "complete", true],
    ["as many as allowed", { ...all, addsUp: "yes" }, { maxUnaccountedRows: 40 }, "tolerated", true],
    ["more than allowed", { ...all, addsUp: "unknown" }, { maxUnaccountedRows: 39 }, "partial", false],
    ["a part that is allowed", all, { maxUnaccountedRatio: 0.4 }, "tolerated", true],
    ["a part that is not", all, { maxUnaccountedRatio: 0.39 }, "partial", false],
    [
      "a part that is allowed, and a number that is not",
      all,
      { maxUnaccountedRatio: 1, maxUnaccountedRows: 9 },
      "partial",
      false,
    ],
    ["nothing delivered, counts that add up", { ...nothing, addsUp: "yes" }, {}, "partial", false],
    ["nothing delivered", nothing, {}, "unverified", false],
    ["nothing delivered, counts of different things", { ...nothing, addsUp: "no" }, {}, "unverified", false],
    ["nothing delivered, all of it allowed", nothing, { maxUnaccountedRatio: 1 }, "empty", true],
    ["nothing to deliver", { succeeded: 0, failed: 0, total: 0, addsUp: "yes" }, {}, "empty", true],
    [
      "failures within the policy, and rows left out",
      { ...all, failed: 2, unaccounted: 38 },
      { maxFailedRows: 2 },
      "unverified",
      false,
    ],
    ["invalid rows count as failed", { succeeded: 9, failed: 0, invalid: 1 }, {}, "partial", false],
    [
      "failed and invalid rows together",
      { succeeded: 8, failed: 1, invalid: 1 },
      { maxFailedRows: 1 },
      "partial",
      false,
    ],
    [
      "failed and invalid rows within a part",
      { succeeded: 8, failed: 1, invalid: 1 },
      { maxFailedRatio: 0.2 },
      "tolerated",
      true,
    ],
    ["as many deletions as allowed", { succeeded: 9, failed: 0, deleted: 3 }, { maxDeletedRows: 3 }, "complete", true],
    ["more deletions than allowed", { succeeded: 9, failed: 0, deleted: 4 }, { maxDeletedRows: 3 }, "excessive", false],
    ["deletions that nobody counted", { succeeded: 9, failed: 0 }, { maxDeletedRows: 3 }, "unverified", false],
    [
      "deletions that nobody counted, accepted",
      { succeeded: 9, failed: 0 },
      { maxDeletedRows: 3, absentCounts: "accept" },
      "complete",
      true,
    ],
    ["an absurd total", { succeeded: 9, failed: 0, total: -1 }, { maxUnaccountedRows: 9 }, "unverified", false],
  ]
  it.each(table)("R6, W6: %s", (_, rows, policy, verdict, accepted) => {
    expect(judge({ status: "succeeded", rows }, policy)).toEqual({ verdict, accepted })
  })

  it("R6, W6: a skipped run is never accepted", () => {
    expect(judge({ status: "skipped", rows: { succeeded: 1, failed: 0 } })).toEqual({
      verdict: "skipped",
      accepted: false,
    })
  })

  const count = Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 50 })))
  const rows = Schema.Struct({
    ...{ succeeded: count, failed: count, invalid: count, deleted: count, total: count },
    addsUp: Schema.optionalKey(Schema.Literals(["yes", "unknown", "no"])),
  })
  const policy = Schema.Struct({
    ...{ maxFailedRows: count, minRows: count, maxDeletedRows: count },
    absentCounts: Schema.optionalKey(Schema.Literals(["unverified", "accept"])),
  })

  it.prop(
    "R6: without a bound, no run with unaccounted rows, or with nothing delivered, is accepted",
    { rows: Arbitrary.schema(rows), policy: Arbitrary.schema(policy), apart: Arbitrary.schema(Schema.Boolean) },
    ({ rows, policy, apart }) => {
      const accounted = account(rows, apart)
      const { total = 0, succeeded, failed, invalid = 0, deleted = 0, addsUp } = accounted
      const { accepted } = judge({ status: "succeeded", rows: accounted }, policy)
      const left =
        succeeded === undefined || failed === undefined
          ? 0
          : total - succeeded - failed - invalid - (apart ? deleted : 0)
      expect(accounted.unaccounted ?? 0).toBe(Math.max(0, left))
      if (left > 0 && addsUp !== "no") expect(accepted).toBe(false)
      if (total > 0 && succeeded === 0) expect(accepted).toBe(false)
    },
  )
})
