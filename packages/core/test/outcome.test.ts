import { describe, expect, it } from "@effect/vitest"
import { judge, type Policy } from "../src/model/Outcome.ts"
import { decideByRows, type Rows, type Status } from "../src/model/Run.ts"

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
