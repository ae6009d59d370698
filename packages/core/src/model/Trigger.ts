/** What a trigger is asked, and how it ends. */
import * as Data from "effect/Data"
import type { Delivery } from "./Evidence.ts"
import type { Intent } from "./Intent.ts"
import type { RunRef } from "./Ref.ts"

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
export type Guard = "vendor" | "observed" | "none"

/** The vendor answered with the run that this call started. */
export interface Started {
  readonly _tag: "Started"
  readonly run: RunRef
  readonly guard: Guard
}

/** A run that this call takes for its own without having the vendor's answer for it. */
export interface Adopted {
  readonly _tag: "Adopted"
  readonly run: RunRef
  readonly guard: Guard
  /**
   * - `lost-answer`: the answer was lost; this run is new since right before the request, nobody here has claimed it,
   *   it is the only one, and the sync's own schedule cannot explain it.
   * - `already-running`: it was under way, and the caller chose to adopt it.
   */
  readonly because: "lost-answer" | "already-running"
  /** What was seen, in one sentence. */
  readonly evidence: string
}

/** Nothing was sent, since a run was under way and the caller chose to skip. */
export interface Skipped {
  readonly _tag: "Skipped"
  /** The run under way, where it could be found. */
  readonly running?: RunRef
  readonly guard: Guard
}

export type Result = Started | Adopted | Skipped

/** The trigger may have started a run: the answer was lost, and looking did not settle it. Nothing was sent twice. */
export class TriggerIndeterminate extends Data.TaggedError("TriggerIndeterminate")<{
  /** Store it, in any process, and hand it to `resolve` later. */
  readonly intent: Intent
  /** Runs that could be the one. */
  readonly candidates: ReadonlyArray<RunRef>
  /** Why none of them was adopted, in one sentence. */
  readonly why: string
  readonly delivery: Delivery
}> {
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

/** What became of an intent. */
export type Resolution =
  /** The run exists; `run` is it. */
  | { readonly _tag: "Started"; readonly run: RunRef; readonly evidence: string }
  /** The vendor's settle window is over and every run is accounted for: the trigger started none. */
  | { readonly _tag: "NotStarted"; readonly evidence: string }
  /** Nothing that can be read tells; the candidates are for a person to judge. */
  | { readonly _tag: "Ambiguous"; readonly candidates: ReadonlyArray<RunRef>; readonly why: string }
