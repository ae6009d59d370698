/** The schemas of the ways in which a wait ends without good news. */
import * as Schema from "effect/Schema"
import { ofTagged } from "../internal/ofClass.ts"
import * as Plain from "../Wait.ts"
import { Verdict } from "./Outcome.ts"
import { RunRef } from "./Ref.ts"
import { Run } from "./Run.ts"

export type WaitDeadlineExceeded = Plain.WaitDeadlineExceeded
export const WaitDeadlineExceeded = ofTagged(Plain.WaitDeadlineExceeded, "WaitDeadlineExceeded", {
  ref: RunRef,
  run: Schema.optionalKey(Run),
  deadline: Schema.DateTimeUtcFromString,
})

export type OutcomeRejected = Plain.OutcomeRejected
export const OutcomeRejected = ofTagged(Plain.OutcomeRejected, "OutcomeRejected", { run: Run, verdict: Verdict })
