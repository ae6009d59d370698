/** The schemas of how a cancel ends. */
import * as Schema from "effect/Schema"
import type * as Plain from "../../Cancellation.ts"
import { RunRef } from "./Ref.ts"
import { Run } from "./Run.ts"

export type Requested = Plain.Requested
export const Requested = Schema.TaggedStruct("Requested", { ref: RunRef, ended: Schema.optionalKey(Run) })

export type AlreadyFinished = Plain.AlreadyFinished
export const AlreadyFinished = Schema.TaggedStruct("AlreadyFinished", { run: Run })

export type Result = Plain.Result
export const Result = Schema.Union([Requested, AlreadyFinished])
