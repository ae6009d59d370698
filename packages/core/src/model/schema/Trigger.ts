/** The schemas of how a trigger ends. */
import * as Schema from "effect/Schema"
import { ofTagged } from "../ofClass.ts"
import * as Plain from "../Trigger.ts"
import { Intent } from "./Intent.ts"
import { RunRef } from "./Ref.ts"
import { Delivery } from "./RetlError.ts"

export type Guard = Plain.Guard
export const Guard = Schema.Literals(["vendor", "observed", "none"])

export type Started = Plain.Started
export const Started = Schema.TaggedStruct("Started", { run: RunRef, guard: Guard })

export type Adopted = Plain.Adopted
export const Adopted = Schema.TaggedStruct("Adopted", {
  run: RunRef,
  guard: Guard,
  because: Schema.Literals(["lost-answer", "already-running"]),
  evidence: Schema.String,
})

export type Skipped = Plain.Skipped
export const Skipped = Schema.TaggedStruct("Skipped", { running: Schema.optionalKey(RunRef), guard: Guard })

export type Result = Plain.Result
export const Result = Schema.Union([Started, Adopted, Skipped])

const triggerIndeterminate = ofTagged("TriggerIndeterminate", Plain.TriggerIndeterminate, {
  intent: Intent,
  candidates: Schema.Array(RunRef),
  why: Schema.String,
  delivery: Delivery,
})

export type TriggerIndeterminate = Plain.TriggerIndeterminate
export interface TriggerIndeterminateEncoded extends Schema.Codec.Encoded<typeof triggerIndeterminate> {}
export const TriggerIndeterminate: Schema.Codec<TriggerIndeterminate, TriggerIndeterminateEncoded> =
  triggerIndeterminate

export type Resolution = Plain.Resolution
/** What became of an intent. */
export const Resolution = Schema.Union([
  Schema.TaggedStruct("Started", { run: RunRef, evidence: Schema.String }),
  Schema.TaggedStruct("NotStarted", { evidence: Schema.String }),
  Schema.TaggedStruct("Ambiguous", { candidates: Schema.Array(RunRef), why: Schema.String }),
])
