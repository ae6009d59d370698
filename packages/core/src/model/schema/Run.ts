/** The schema of a `Run`: to store it, or to send it elsewhere. */
import * as Schema from "effect/Schema"
import { ofClass } from "../ofClass.ts"
import * as Plain from "../Run.ts"
import { RunRef } from "./Ref.ts"

export type Status = Plain.Status
export const Status = Schema.Literals(Plain.statuses)

export type Rows = Plain.Rows
export const Rows = Schema.Struct({
  succeeded: Schema.optionalKey(Schema.Finite),
  failed: Schema.optionalKey(Schema.Finite),
  unaccounted: Schema.optionalKey(Schema.Finite),
})

const run = ofClass("Run", Plain.Run, {
  ref: RunRef,
  status: Status,
  vendorStatus: Schema.String,
  queuedAt: Schema.optionalKey(Schema.DateTimeUtcFromString),
  startedAt: Schema.optionalKey(Schema.DateTimeUtcFromString),
  finishedAt: Schema.optionalKey(Schema.DateTimeUtcFromString),
  rows: Rows,
  errorText: Schema.optionalKey(Schema.String),
  errorCode: Schema.optionalKey(Schema.String),
  native: Schema.Unknown,
})

export type Run = Plain.Run
export interface RunEncoded extends Schema.Codec.Encoded<typeof run> {}
export const Run: Schema.Codec<Run, RunEncoded> = run
