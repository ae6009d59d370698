/** The options of a trigger, and its results. */
import * as Schema from "effect/Schema"
import { Delivery } from "./Evidence.ts"
import * as Input from "./Input.ts"
import { Intent } from "./Intent.ts"
import { RunRef } from "./Ref.ts"

/**
 * What a trigger does while a run of the sync is under way. It has no default. It means the same whether the vendor
 * refuses a second trigger, queues it or does neither:
 * - `fail`: the trigger fails with `AlreadyRunning`.
 * - `adopt`: the trigger returns that run as `Adopted`. Refused for a full run, since no read shows what a run covers.
 * - `wait`: the trigger waits for the run to end, then starts one. Callers who wait for the same sync share that run.
 * - `skip`: the trigger sends nothing and returns `Skipped`.
 */
export const WhenRunning = /* @__PURE__ */ Schema.Literals(["fail", "adopt", "wait", "skip"])
export type WhenRunning = typeof WhenRunning.Type

/** The options of a trigger. */
export const Options = /* @__PURE__ */ Schema.Struct({
  /** What the trigger does while a run of the sync is under way. It has no default. */
  whenRunning: WhenRunning.annotateKey({ messageMissingKey: 'Expected "fail" | "adopt" | "wait" | "skip"' }),
  /**
   * Your assurance that only this process triggers the sync, and that the sync has no schedule. After a lost answer,
   * core then adopts the new run also where it could not otherwise exclude that something else started it.
   * @default false
   */
  exclusive: Input.optional(Schema.Boolean),
})
export interface Options extends Schema.Schema.Type<typeof Options> {}

/**
 * What kept another run of the sync from starting beside this one:
 * - `vendor`: the vendor refuses a trigger while a run is under way.
 * - `observed`: core read the runs right before the request. Another run may have started in between.
 * - `none`: nothing.
 */
export const Guard = /* @__PURE__ */ Schema.Literals(["vendor", "observed", "none"])
export type Guard = typeof Guard.Type

/** The call started a run, and the vendor answered with it. */
export const Started = /* @__PURE__ */ (() => Schema.TaggedStruct("Started", { run: RunRef, guard: Guard }))()
export interface Started extends Schema.Schema.Type<typeof Started> {}

/** The call adopted a run without the vendor's answer for it. */
export const Adopted = /* @__PURE__ */ (() =>
  Schema.TaggedStruct("Adopted", {
    run: RunRef,
    guard: Guard,
    /**
     * Why the call adopted it:
     * - `lost-answer`: the answer was lost. The run is the only new one since right before the request, no other trigger
     *   of this process has claimed it, and no schedule of the sync explains it.
     * - `already-running`: the run was under way, and the caller chose `adopt`.
     */
    because: Schema.Literals(["lost-answer", "already-running"]),
    /** The observation that justifies it, in one sentence. */
    evidence: Schema.String,
  }))()
export interface Adopted extends Schema.Schema.Type<typeof Adopted> {}

/** The call sent nothing: a run was under way, and the caller chose `skip`. */
export const Skipped = /* @__PURE__ */ (() =>
  Schema.TaggedStruct("Skipped", {
    /** The run under way; absent where no read shows it. */
    running: Schema.optionalKey(RunRef),
    guard: Guard,
  }))()
export interface Skipped extends Schema.Schema.Type<typeof Skipped> {}

/** How a trigger ends when it does not fail. */
export const Result = /* @__PURE__ */ (() => Schema.Union([Started, Adopted, Skipped]))()
export type Result = typeof Result.Type

/** The trigger may have started a run: its answer was lost, and reads did not settle it. No second request was sent. */
export class TriggerIndeterminate extends /* @__PURE__ */ Schema.TaggedError<TriggerIndeterminate>()(
  "TriggerIndeterminate",
  {
    /** The intent to pass to `resolve` later, in any process. */
    intent: Intent,
    /** The runs, each of which could be this trigger's. */
    candidates: Schema.Array(RunRef),
    /** Why core adopted none of them, in one sentence. */
    why: Schema.String,
    /** Whether the vendor may have carried the request out. */
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
    return "Store the intent and pass it to resolve later; do not trigger the sync again before that."
  }
}

/** What became of a trigger whose answer was lost, with the observation that justifies it in one sentence. */
export const Resolution = /* @__PURE__ */ Schema.Union([
  /** The trigger started this run. */
  Schema.TaggedStruct("Started", { run: RunRef, evidence: Schema.String }),
  /**
   * The trigger started no run: `runAppearsWithin` is over, and no listed run can be this trigger's.
   */
  Schema.TaggedStruct("NotStarted", { evidence: Schema.String }),
  /** Reads cannot settle it. A person has to judge the candidates. */
  Schema.TaggedStruct("Ambiguous", { candidates: Schema.Array(RunRef), why: Schema.String }),
])
export type Resolution = typeof Resolution.Type
