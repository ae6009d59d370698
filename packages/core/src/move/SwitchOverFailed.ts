/** What a switch-over takes, and how it ends. */
import * as Schema from "effect/Schema"
import { RunRef, SyncRef } from "../model/Ref.ts"
import { RetlError } from "../model/RetlError.ts"
import { State, type Sync } from "../model/Sync.ts"
import * as Shown from "../model/shown.ts"

/** The options of a switch-over. */
export const SwitchOptions = /* @__PURE__ */ Schema.Struct({
  /** The sync to switch off. */
  from: SyncRef,
  /** The sync to switch on. It has to be switched off until then. */
  to: SyncRef,
  /**
   * What the switch-over does while a run of `from` is under way:
   * - `fail`: it fails before it changes anything. Where the run began in between, it switches `from` on again and
   *   fails.
   * - `wait`: it waits for the run with `from` paused, for up to 24 hours.
   */
  whenRunning: Schema.Literals(["fail", "wait"]),
})
export interface SwitchOptions extends Schema.Schema.Type<typeof SwitchOptions> {}

/** Both syncs after a switch-over. */
export interface Switched {
  /** The sync that is switched off now. */
  readonly from: Sync
  /** The sync that is switched on now. */
  readonly to: Sync
}

/** A switch-over failed: the states of both syncs, and why. They are never both enabled. */
export class SwitchOverFailed extends /* @__PURE__ */ Schema.TaggedError<SwitchOverFailed>()("SwitchOverFailed", {
  /** The sync to switch off. */
  from: SyncRef,
  /** The sync to switch on. */
  to: SyncRef,
  /** The step at which it failed. */
  step: Schema.Literals(["look", "pause", "wait", "resume"]),
  /** The state of `from` as core last saw it; `unknown` where a change may or may not have happened. */
  fromState: State,
  /** The state of `to`, likewise. */
  toState: State,
  /** Whether both syncs have the states that they had before. */
  isRolledBack: Schema.Boolean,
  /** The runs of `from` that were under way, where that is why; otherwise empty. */
  underWay: Schema.Array(RunRef),
  /** Why it failed, in one sentence. */
  why: Schema.String,
  /** The error that made it fail, where one did. */
  error: Schema.optionalKey(RetlError),
}) {
  /** What happened, in one line. */
  get summary(): string {
    const states = this.isRolledBack
      ? "both syncs are as they were"
      : `${this.from} is ${this.fromState}, ${this.to} is ${this.toState}`
    return `the switch-over failed at ${this.step}; ${states}: ${this.why}`
  }

  /** The refs of both syncs, as text. */
  get refs(): Readonly<Record<string, string | undefined>> {
    return { from: this.from.toString(), to: this.to.toString() }
  }

  /** The states of both syncs. */
  get details(): Readonly<Record<string, unknown>> {
    const { step, fromState, toState, isRolledBack } = this
    return { step, fromState, toState, isRolledBack, error: this.error?.toJSON() }
  }

  /** The summary, the code and what to do, and the refs: a line each. */
  override get message(): string {
    return Shown.message(this)
  }

  /** Returns what logs show. The class's codec returns what can be decoded. */
  override toJSON(): unknown {
    return Shown.json(this)
  }

  [Shown.inspect](): string {
    return Shown.text(this)
  }

  /** A stable code, safe to alert on. */
  get code(): string {
    return "retl.switch-over-failed"
  }

  /** What to do about it, in one sentence. */
  get guidance(): string {
    return this.isRolledBack
      ? "Correct the named problem and switch over again."
      : "Read both syncs; before you switch one on by hand, make sure that the other is off."
  }
}
