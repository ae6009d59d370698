/**
 * Moving a sync from one vendor to another: what comes along and what does not, how the runs of both compare, and the
 * switch from one to the other and back.
 *
 *     report      what of a sync the other vendor can express
 *     (create it there with `Administration.create`: it starts disabled)
 *     sideBySide  the rows of a run here and a run there
 *     switchOver  one off, the other on; with the two exchanged, it is the way back
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as CoreFleet from "./Fleet.ts"
import * as FieldIssue from "./model/FieldIssue.ts"
import * as Reader from "./model/Reader.ts"
import * as Ref from "./model/Ref.ts"
import type { Run } from "./model/Run.ts"
import { type Mode, State, type Sync } from "./model/Sync.ts"
import { Schedule } from "./model/schedule/Schedule.ts"
import type { ScheduleForms } from "./model/schedule/ScheduleForms.ts"
import { RunRef, SyncRef } from "./model/schema/Ref.ts"
import { RetlError } from "./model/schema/RetlError.ts"
import * as Reporting from "./move/report.ts"
import * as Rows from "./move/rows.ts"
import * as Switch from "./move/switchOver.ts"

/** What a vendor's new syncs can be, as data: each adapter publishes it. */
export interface Target {
  /** The vendor's name for people, as in `Segment`. */
  readonly vendor: string
  readonly schedules: ScheduleForms
  /** What a sync may make of rows there. */
  readonly modes: ReadonlyArray<Mode>
  /** Whether syncs have names there. */
  readonly hasNames: boolean
  /** Whether a mapping can name the type that a value is turned into. */
  readonly hasCasts: boolean
  /** Whether a sync names the columns that identify a row; otherwise its model, or its identifiers, do. */
  readonly hasPrimaryKey: boolean
}

/** One thing about a sync and what becomes of it elsewhere. */
export const Item = Schema.Struct({
  /** As in `schedule`, or `mapping.email`. */
  field: Schema.String,
  /**
   * `carried`: the same there. `changed`: something like it, see `note`. `lost`: nothing there is like it. `yours`: only
   * a person can bring it along, as a password that the vendor shows masked.
   */
  fate: Schema.Literals(["carried", "changed", "lost", "yours"]),
  value: Schema.String,
  note: Schema.optionalKey(Schema.String),
})
export type Item = typeof Item.Type

export const Report = Schema.Struct({
  sync: SyncRef,
  vendor: Schema.String,
  items: Schema.Array(Item),
  /** The schedule as the other vendor can have it; absent where it can have none that is like it. */
  schedule: Schema.optionalKey(Schedule),
})
export type Report = typeof Report.Type

/** What of this sync the other vendor can express, item by item: nothing is left out in silence. */
export const report: (sync: Sync, target: Target) => Report = Reporting.report

/** The rows of two runs, side by side. A count that a vendor does not tell is absent, and then nothing is concluded. */
export interface Comparison {
  readonly counts: ReadonlyArray<{
    readonly count: "succeeded" | "failed" | "unaccounted"
    readonly from?: number
    readonly to?: number
    /** `to` less `from`. */
    readonly difference?: number
  }>
  /**
   * `unknown` where either does not tell how many rows succeeded, or has not ended, and where rows failed on one side and
   * the other does not tell how many did.
   */
  readonly verdict: "same" | "close" | "different" | "unknown"
}

/**
 * Compares the rows of two runs. `tolerance` is the part of the rows by which they may differ and still be `close`, from 0
 * to 1, as in 0.01 for one in a hundred; anything else is 0. @default 0
 */
export const sideBySide: (from: Run, to: Run, options?: { readonly tolerance?: number }) => Comparison = Rows.sideBySide

/** The part of a fleet that a switch needs. */
// biome-ignore lint/suspicious/noExplicitAny: a fleet of any workspaces
export type Fleet = Pick<CoreFleet.Fleet<any>, "getSync" | "pauseSync" | "resumeSync" | "list" | "wait">

export interface SwitchOptions {
  readonly from: SyncRef
  /** Disabled until now. */
  readonly to: SyncRef
  /**
   * What happens while a run of `from` is under way: `fail`, before anything is changed, or with `from` switched on again
   * where the run began in between; or `wait` for it, for up to 24 hours, with `from` paused.
   */
  readonly whenRunning: "fail" | "wait"
}

/** How a switch has gone. */
export interface Switched {
  readonly from: Sync
  readonly to: Sync
}

/** A switch that did not come to its end: where both are now, and why. Never are both enabled. */
export class SwitchOverFailed extends Schema.TaggedError<SwitchOverFailed>("@openretl/core/SwitchOverFailed")(
  "SwitchOverFailed",
  {
    from: SyncRef,
    to: SyncRef,
    /** At which step it failed. */
    step: Schema.Literals(["look", "pause", "wait", "resume"]),
    /** As far as is known now; `unknown` where a change may or may not have happened. */
    fromState: State,
    toState: State,
    /** Whether everything is as it was before. */
    isRolledBack: Schema.Boolean,
    /** Runs of `from` that were under way, where that is why. */
    underWay: Schema.Array(RunRef),
    why: Schema.String,
    error: Schema.optionalKey(RetlError),
  },
) {
  override get message(): string {
    const now = this.isRolledBack
      ? "everything is as it was"
      : `${this.from} is ${this.fromState}, ${this.to} is ${this.toState}`
    return `the switch failed at ${this.step}; ${now}: ${this.why}`
  }

  get code(): string {
    return "retl.switch-over-failed"
  }

  get guidance(): string {
    return this.isRolledBack
      ? "Mend what is named and switch again."
      : "Look at both syncs; before one is switched on by hand, make sure that the other is off."
  }
}

/**
 * Switches `from` off and then `to` on: at no moment are both enabled. Where `to` cannot be enabled, `from` is switched on
 * again, unless `to` may be enabled after all: then both stay as they are and the error says so. With the two exchanged,
 * it rolls back.
 *
 * Two refs of one sync are refused, also where they name it under two workspaces. An interrupt before anything is changed
 * leaves nothing behind. After that, each of the two changes goes to its end first; an interrupt during the first, or while
 * runs are waited for, switches `from` on again; during the second, the switch is done. What an interrupt has left is
 * logged as a warning. A process that dies in between leaves `from` off and `to` off or on: look at both.
 */
export const switchOver = (fleet: Fleet, options: SwitchOptions): Effect.Effect<Switched, SwitchOverFailed> =>
  Effect.suspend(() => {
    const { from = noRef, to = noRef } = Reader.orUndefined(either, options) ?? {}
    const failure: Switch.Failure = (failed) => new SwitchOverFailed({ ...failed, from, to })
    const issues = Reader.problems(both, options)
    return issues.length === 0
      ? Switch.switchOver(fleet, { ...options, from, to }, failure)
      : Effect.fail(failure({ ...Switch.untouched, step: "look", why: FieldIssue.toText(issues) }))
  })

const both = /* @__PURE__ */ Reader.struct({ from: Ref.syncRef, to: Ref.syncRef })
const either = /* @__PURE__ */ Reader.struct({ from: Reader.lenient(Ref.syncRef), to: Reader.lenient(Ref.syncRef) })

/** Stands in an error for what was no ref; the error says that it was none. */
const noRef = /* @__PURE__ */ new Ref.SyncRef({ workspace: "unknown", vendor: "unknown", ids: { unknown: "unknown" } })
