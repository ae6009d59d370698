/** The schemas of the ways in which a wait ends without good news. */
import * as Schema from "effect/Schema"
import { ofTagged } from "../ofClass.ts"
import * as Plain from "../Wait.ts"
import { Verdict } from "./Outcome.ts"
import { RunRef } from "./Ref.ts"
import { Run } from "./Run.ts"

const waitDeadlineExceeded = ofTagged("WaitDeadlineExceeded", Plain.WaitDeadlineExceeded, {
  ref: RunRef,
  run: Schema.optionalKey(Run),
  deadline: Schema.DateTimeUtcFromString,
})

export type WaitDeadlineExceeded = Plain.WaitDeadlineExceeded
export interface WaitDeadlineExceededEncoded extends Schema.Codec.Encoded<typeof waitDeadlineExceeded> {}
export const WaitDeadlineExceeded: Schema.Codec<WaitDeadlineExceeded, WaitDeadlineExceededEncoded> =
  waitDeadlineExceeded

const outcomeRejected = ofTagged("OutcomeRejected", Plain.OutcomeRejected, { run: Run, verdict: Verdict })

export type OutcomeRejected = Plain.OutcomeRejected
export interface OutcomeRejectedEncoded extends Schema.Codec.Encoded<typeof outcomeRejected> {}
export const OutcomeRejected: Schema.Codec<OutcomeRejected, OutcomeRejectedEncoded> = outcomeRejected
