/** The schema of a `RetlError`: to store it, or to send it elsewhere. */
import * as Schema from "effect/Schema"
import type * as RunFields from "../Evidence.ts"
import { ofTagged } from "../ofClass.ts"
import * as Plain from "../RetlError.ts"
import { Reason } from "./Reason.ts"

export type Evidence = RunFields.Evidence
export const Evidence = Schema.Struct({
  status: Schema.optionalKey(Schema.Int),
  code: Schema.optionalKey(Schema.String),
  text: Schema.optionalKey(Schema.String),
  requestId: Schema.optionalKey(Schema.String),
})

export type Delivery = RunFields.Delivery
export const Delivery = Schema.Literals(["not-sent", "refused", "unknown"])

const retlError = ofTagged("RetlError", Plain.RetlError, {
  workspace: Schema.String,
  vendor: Schema.String,
  operation: Schema.String,
  reason: Reason,
  delivery: Delivery,
  evidence: Evidence,
  attempts: Schema.Int,
  exhausted: Schema.Boolean,
})

export type RetlError = Plain.RetlError
export interface RetlErrorEncoded extends Schema.Codec.Encoded<typeof retlError> {}
export const RetlError: Schema.Codec<RetlError, RetlErrorEncoded> = retlError
