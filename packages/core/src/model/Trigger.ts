/** What a trigger takes, and how it ends. */
import * as Schema from "effect/Schema"
import { Delivery } from "./Evidence.ts"
import * as Input from "./Input.ts"
import { Intent } from "./Intent.ts"
import { RunRef } from "./Ref.ts"

/**
 * What to do when a run of this sync is already under way. It has no default, and means the same whether the vendor
 * refuses, queues or says nothing:
 * - `fail`: fail with `AlreadyRunning`.
 * - `adopt`: take that run for this call's. Refused for a full run, since nothing shows what the other run covers.
 * - `wait`: let it end, then trigger. Callers who wait for the same sync share the run that follows.
 * - `skip`: do nothing and return `Skipped`.
 */
export const WhenRunning = /* @__PURE__ */ Schema.Literals(["fail", "adopt", "wait", "skip"])
export type WhenRunning = typeof WhenRunning.Type

/** What a trigger takes besides its sync. */
export const Options = /* @__PURE__ */ Schema.Struct({
  /** What to do when a run of the sync is under way; no default. */
  whenRunning: WhenRunning.annotateKey({ messageMissingKey: 'Expected "fail" | "adopt" | "wait" | "skip"' }),
  /**
   * Your word that nothing but this process triggers this sync and that it has no schedule of its own. A run that
   * appears after a lost answer is then adopted where it would otherwise be left to you. @default false
   */
  exclusive: Input.optional(Schema.Boolean),
})
export interface Options extends Schema.Schema.Type<typeof Options> {}

/**
 * What kept another run of the sync from starting beside this one:
 * - `vendor`: the vendor refuses a trigger while a run is under way;
 * - `observed`: core looked right before it triggered, which leaves a gap between the look and the request;
 * - `none`: neither.
 */
export const Guard = /* @__PURE__ */ Schema.Literals(["vendor", "observed", "none"])
export type Guard = typeof Guard.Type

/** The vendor answered with the run that this call started. */
export const Started = /* @__PURE__ */ Schema.TaggedStruct("Started", { run: RunRef, guard: Guard })
export interface Started extends Schema.Schema.Type<typeof Started> {}

/** A run that this call takes for its own without having the vendor's answer for it. */
export const Adopted = /* @__PURE__ */ Schema.TaggedStruct("Adopted", {
  run: RunRef,
  guard: Guard,
  /**
   * - `lost-answer`: the answer was lost; this run is new since right before the request, no other trigger of this
   *   process has claimed it, it is the only one, and the sync's schedule cannot explain it.
   * - `already-running`: it was under way, and the caller chose to adopt it.
   */
  because: Schema.Literals(["lost-answer", "already-running"]),
  /** What was seen, in one sentence. */
  evidence: Schema.String,
})
export interface Adopted extends Schema.Schema.Type<typeof Adopted> {}

/** Nothing was sent, since a run was under way and the caller chose to skip. */
export const Skipped = /* @__PURE__ */ Schema.TaggedStruct("Skipped", {
  /** The run under way, where it could be found. */
  running: Schema.optionalKey(RunRef),
  guard: Guard,
})
export interface Skipped extends Schema.Schema.Type<typeof Skipped> {}

/** How a trigger ends well. */
export const Result = /* @__PURE__ */ Schema.Union([Started, Adopted, Skipped])
export type Result = typeof Result.Type

/** The trigger may have started a run: the answer was lost, and looking did not settle it. Nothing was sent twice. */
export class TriggerIndeterminate extends /* @__PURE__ */ Schema.TaggedError<TriggerIndeterminate>()(
  "TriggerIndeterminate",
  {
    /** Store it, in any process, and pass it to `resolve` later. */
    intent: Intent,
    /** Runs that could be the one. */
    candidates: Schema.Array(RunRef),
    /** Why none of them was adopted, in one sentence. */
    why: Schema.String,
    delivery: Delivery,
  },
) {
  override get message(): string {
    return `${this.intent.sync.vendor} (${this.intent.sync.workspace}) start: may have started a run: ${this.why}`
  }

  /** A stable code, safe to alert on. */
  get code(): string {
    return "retl.trigger-indeterminate"
  }

  /** What to do about it, in one sentence. */
  get guidance(): string {
    return "Keep the intent and call resolve with it once the vendor has had time to settle; do not trigger again before."
  }
}

/** What became of a trigger whose answer was lost. */
export const Resolution = /* @__PURE__ */ Schema.Union([
  /** `run` is the run that the trigger started. */
  Schema.TaggedStruct("Started", { run: RunRef, evidence: Schema.String }),
  /** The time in which a run may appear is over, and other triggers account for every run: this one started none. */
  Schema.TaggedStruct("NotStarted", { evidence: Schema.String }),
  /** Reads cannot settle it; the candidates are for a person to judge. */
  Schema.TaggedStruct("Ambiguous", { candidates: Schema.Array(RunRef), why: Schema.String }),
])
export type Resolution = typeof Resolution.Type
