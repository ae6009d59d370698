/** The schemas of an outcome policy, as in a configuration file, and of a verdict. */
import * as Schema from "effect/Schema"
import type * as Plain from "../Outcome.ts"
import { verdicts } from "../Outcome.ts"

export type Verdict = Plain.Verdict
export const Verdict = Schema.Literals(verdicts)

export type Policy = Plain.Policy
export const Policy: Schema.Codec<Plain.Policy> = Schema.Struct({
  maxFailedRows: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))),
  maxFailedRatio: Schema.optionalKey(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))),
  minRows: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))),
  absentCounts: Schema.optionalKey(Schema.Literals(["unverified", "accept"])),
})
