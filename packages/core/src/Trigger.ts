/** What a trigger is asked, and how it ends. */
import * as Schema from "effect/Schema"
import { Delivery } from "./Evidence.ts"
import { Intent } from "./Intent.ts"
import { RunRef } from "./Ref.ts"

/**
 * What to do when a run of this sync is already under way. It has no default, and means the same whether the vendor
 * refuses, queues or says nothing:
 * - `fail`: fail with `AlreadyRunning`.
 * - `adopt`: take that run for this call's. Refused for a full run, since nothing tells what the other one covers.
 * - `wait`: let it end, then trigger. Callers who wait for the same sync share the run that follows.
 * - `skip`: do nothing and say so.
 */
export type WhenRunning = "fail" | "adopt" | "wait" | "skip"

export interface Options {
  readonly whenRunning: WhenRunning
  /**
   * Your word that nothing but this process triggers this sync and that it has no schedule of its own. A run that
   * turns up after a lost answer is then adopted where it would otherwise be left to you. @default false
   */
  readonly exclusive?: boolean
}

/** What kept another run of the sync from starting beside this one. See `Description.Guard`. */
export const Guard = Schema.Literals(["vendor", "observed", "none"])

/** The vendor answered with the run that this call started. */
export const Started = Schema.TaggedStruct("Started", { run: RunRef, guard: Guard })
export type Started = typeof Started.Type

/** A run that this call takes for its own without having the vendor's answer for it. */
export const Adopted = Schema.TaggedStruct("Adopted", {
  run: RunRef,
  guard: Guard,
  /**
   * - `lost-answer`: the answer was lost; this run is new since right before the request, nobody here has claimed it,
   *   it is the only one, and the sync's own schedule cannot explain it.
   * - `already-running`: it was under way, and the caller chose to adopt it.
   */
  because: Schema.Literals(["lost-answer", "already-running"]),
  /** What was seen, in one sentence. */
  evidence: Schema.String,
})
export type Adopted = typeof Adopted.Type

/** Nothing was sent, since a run was under way and the caller chose to skip. */
export const Skipped = Schema.TaggedStruct("Skipped", {
  /** The run under way, where it could be found. */
  running: Schema.optionalKey(RunRef),
  guard: Guard,
})
export type Skipped = typeof Skipped.Type

export type Result = Started | Adopted | Skipped

/** The trigger may have started a run: the answer was lost, and looking did not settle it. Nothing was sent twice. */
export class TriggerIndeterminate extends Schema.TaggedError<TriggerIndeterminate>(
  "@openretl/core/TriggerIndeterminate",
)("TriggerIndeterminate", {
  /** Store it, in any process, and hand it to `resolve` later. */
  intent: Intent,
  /** Runs that could be the one. */
  candidates: Schema.Array(RunRef),
  /** Why none of them was adopted, in one sentence. */
  why: Schema.String,
  delivery: Delivery,
}) {
  override get message(): string {
    return `${this.intent.sync.vendor} (${this.intent.sync.workspace}) start: may have started a run: ${this.why}`
  }

  get code(): string {
    return "retl.trigger-indeterminate"
  }

  get guidance(): string {
    return "Keep the intent and call resolve with it once the vendor has had time to settle; do not trigger again before."
  }
}

/** The run exists; `run` is it. */
const Found = Schema.TaggedStruct("Started", { run: RunRef, evidence: Schema.String })

/** The vendor's settle window is over and every run is accounted for: the trigger started none. */
const NotStarted = Schema.TaggedStruct("NotStarted", { evidence: Schema.String })

/** Nothing that can be read tells; the candidates are for a person to judge. */
const Ambiguous = Schema.TaggedStruct("Ambiguous", { candidates: Schema.Array(RunRef), why: Schema.String })

/** What became of an intent. */
export const Resolution = Schema.Union([Found, NotStarted, Ambiguous])
export type Resolution = typeof Resolution.Type
