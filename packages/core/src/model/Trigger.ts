/** The options of a trigger, and its results. */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { DurationInput } from "./DurationInput.ts"
import { Delivery } from "./Evidence.ts"
import * as Input from "./Input.ts"
import { Key, TriggerEntry } from "./JournalEntry.ts"
import { RunRef } from "./Ref.ts"
import { Rows, Status } from "./Run.ts"
import * as Shown from "./shown.ts"
import { Time } from "./Time.ts"

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

/**
 * What a trigger does about an open entry of its sync: a trigger, of any process, of which it is not known yet whether it
 * started a run.
 * - `resolve`: it looks up what became of it. Where reads do not settle that, the call ends with `TriggerIndeterminate`.
 * - `fail`: the same error at once, without a look-up.
 * - `supersede`: it looks it up too. Where reads do not settle it, the entry is abandoned with its candidates, and the
 *   call goes on; a candidate that is under way is a run under way, for which `whenRunning` decides.
 */
export const WhenOpen = /* @__PURE__ */ Schema.Literals(["resolve", "fail", "supersede"])
export type WhenOpen = typeof WhenOpen.Type

/** The default of `turnWithin`: 5 minutes. */
export const defaultTurnWithin = /* @__PURE__ */ Duration.minutes(5)

/**
 * What a trigger does while the sync is paused, which it reads before its request:
 * - `trigger`: it does not look. Some vendors run a paused sync when it is triggered, others refuse that.
 * - `fail`: the trigger fails with `NotTriggerable`, not sent.
 * - `skip`: the trigger sends nothing and returns `Skipped`.
 */
export const WhenPaused = /* @__PURE__ */ Schema.Literals(["trigger", "fail", "skip"])
export type WhenPaused = typeof WhenPaused.Type

/** The options of a trigger. */
export const Options = /* @__PURE__ */ Schema.Struct({
  /** What the trigger does while a run of the sync is under way. It has no default. */
  whenRunning: WhenRunning.annotateKey({ messageMissingKey: 'Expected "fail" | "adopt" | "wait" | "skip"' }),
  /**
   * Your assurance that only triggers through this journal start runs of the sync, and that the sync has no schedule.
   * After a lost answer, core then adopts the new run also where it could not otherwise exclude that something else
   * started it.
   * @default false
   */
  exclusive: Input.optional(Schema.Boolean),
  /**
   * Names one occasion, as in `nightly/2026-11-27`, at this sync: 1 to 255 printable characters. All calls with the same
   * key, in any process that shares the journal, share one run. An entry is kept for 7 days after its end; after that, its
   * key is new.
   * @default none: the call is a new intention
   */
  key: Input.optional(Key),
  /**
   * Whether a key whose run ended in a way that the policy does not accept is triggered again. All callers with this
   * choice share the next attempt. Only `run` has a policy: for `trigger`, it is the default one.
   * @default "never"
   */
  again: Input.optional(Schema.Literals(["never", "not-accepted"])),
  /** What the trigger does about an open entry of its sync. @default "resolve" */
  whenOpen: Input.optional(WhenOpen),
  /**
   * What the trigger does where the runs that core can read do not show whether one is under way: `fail` sends nothing and
   * fails with `FenceIncomplete`; `send` triggers, and the result has the guard `none`.
   * @default "fail"
   */
  whenUnseen: Input.optional(Schema.Literals(["fail", "send"])),
  /**
   * What the trigger does while the sync is paused. Other choices than `trigger` cost one read, and need a workspace that
   * configures syncs: elsewhere the trigger fails with `Unsupported` (`catalog`).
   * @default "trigger"
   */
  whenPaused: Input.optional(WhenPaused),
  /**
   * How long the call waits for its turn: until no other trigger of the sync, in any process, is at work; and then, once
   * more so long, until what a dead call left open can be concluded. Then it fails with `TriggerBusy`, not sent. A call
   * whose key another call has waits for that call, as long as it would wait for its run.
   * @default "5 minutes"
   */
  turnWithin: Input.optional(DurationInput),
})
export interface Options extends Schema.Schema.Type<typeof Options> {}

/**
 * What kept another run of the sync from starting beside this one:
 * - `keyed`: the vendor recognizes a repetition by its own key.
 * - `vendor`: the vendor refuses a trigger while a run is under way.
 * - `observed`: core read the runs right before the request. Another run may have started in between.
 * - `none`: nothing.
 */
export const Guard = /* @__PURE__ */ Schema.Literals(["keyed", "vendor", "observed", "none"])
export type Guard = typeof Guard.Type

/**
 * How a call came to its run:
 * - `started`: the call started it.
 * - `adopted`: the call took it without the vendor's answer for it.
 * - `joined`: another call with the same key started it, or one that waited for the same turn; for `ensure`, it was under
 *   way.
 * - `remembered`: the journal has its end.
 * - `fresh`: it had ended, and was fresh.
 */
export const How = /* @__PURE__ */ Schema.Literals(["started", "adopted", "joined", "remembered", "fresh"])
export type How = typeof How.Type

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
     *   has claimed it, and no schedule of the sync explains it.
     * - `already-running`: the run was under way, and the caller chose `adopt`.
     */
    because: Schema.Literals(["lost-answer", "already-running"]),
    /** The observation that justifies it, in one sentence. */
    evidence: Schema.String,
  }))()
export interface Adopted extends Schema.Schema.Type<typeof Adopted> {}

/** The call sent nothing: another call with the same key, or one that waited for the same turn, has this run. */
export const Joined = /* @__PURE__ */ (() =>
  Schema.TaggedStruct("Joined", {
    run: RunRef,
    /** Which call that was, in one sentence. */
    evidence: Schema.String,
  }))()
export interface Joined extends Schema.Schema.Type<typeof Joined> {}

/** The call sent nothing: the run of its key has ended, and the journal has its end. */
export const Remembered = /* @__PURE__ */ (() =>
  Schema.TaggedStruct("Remembered", {
    run: RunRef,
    /** The status at its end. */
    status: Status,
    /** The rows at its end. */
    rows: Rows,
    /** When the journal learned of its end, by the store's clock. */
    endedAt: Time,
    /** How long ago that was, by the store's clock. JSON form: milliseconds. */
    age: Schema.DurationFromMillis,
  }))()
export interface Remembered extends Schema.Schema.Type<typeof Remembered> {}

/** The call sent nothing: a run was under way, or the sync is paused, and the caller chose `skip`. */
export const Skipped = /* @__PURE__ */ (() =>
  Schema.TaggedStruct("Skipped", {
    /** Why: `whenRunning` or `whenPaused` said so. */
    because: Schema.Literals(["already-running", "paused"]),
    /** The run under way; absent where no read shows it, and for a paused sync. */
    running: Schema.optionalKey(RunRef),
    guard: Guard,
  }))()
export interface Skipped extends Schema.Schema.Type<typeof Skipped> {}

/** How a trigger ends when it does not fail. */
export const Result = /* @__PURE__ */ (() => Schema.Union([Started, Adopted, Joined, Remembered, Skipped]))()
export type Result = typeof Result.Type

/** The trigger may have started a run: its answer was lost, and reads did not settle it. No second request was sent. */
export class TriggerIndeterminate extends /* @__PURE__ */ Schema.TaggedError<TriggerIndeterminate>()(
  "TriggerIndeterminate",
  {
    /** The entry to pass to `resolve` or `settle`, in any process that shares the journal. */
    entry: TriggerEntry,
    /** The runs, each of which could be this trigger's. */
    candidates: Schema.Array(RunRef),
    /** Why core adopted none of them, in one sentence. */
    why: Schema.String,
    /** Whether the vendor may have carried this call's own request out; `not-sent` where it sent none. */
    delivery: Delivery,
  },
) {
  /** What happened, in one line. */
  get summary(): string {
    const { vendor, workspace, id, sync } = this.entry
    const count = this.candidates.length
    const runs =
      count === 0
        ? ""
        : `; ${count === 1 ? "candidate" : "candidates"}: ${this.candidates.map(({ run }) => run).join(", ")}`
    const about = `start of ${Shown.syncText(sync)}`
    return `${vendor} (${workspace}) ${about}: entry ${id} may have started a run: ${this.why}${runs}`
  }

  /** The refs of the sync and of the candidates, as text. */
  get refs(): Readonly<Record<string, string | undefined>> {
    const candidates = this.candidates.map(String).join(" ")
    return { sync: this.entry.sync.toString(), candidates: candidates === "" ? undefined : candidates }
  }

  /** The entry, and whether the call's own request may have been carried out. */
  get details(): Readonly<Record<string, unknown>> {
    const { id, key, state } = this.entry
    return { entry: { id, key, state }, delivery: this.delivery }
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
    return "retl.trigger-indeterminate"
  }

  /** What to do about it, in one sentence. */
  get guidance(): string {
    return 'Call resolve with the entry later, or settle it by hand; whenOpen: "supersede" triggers regardless.'
  }
}

/** What became of an entry, with the observation that justifies it in one sentence. */
export const Resolution = /* @__PURE__ */ Schema.Union([
  /** The trigger led to this run. */
  Schema.TaggedStruct("Started", { run: RunRef, evidence: Schema.String }),
  /** The trigger started no run: the list reaches back to its fence, and every run since has another explanation. */
  Schema.TaggedStruct("NotStarted", { evidence: Schema.String }),
  /** Reads cannot settle it. A person has to judge the candidates, and concludes the entry with `settle`. */
  Schema.TaggedStruct("Ambiguous", { candidates: Schema.Array(RunRef), why: Schema.String }),
])
export type Resolution = typeof Resolution.Type

/** What a person knows of an entry: the run that it led to, that it led to none, or that it cannot be known. */
export const Settlement = /* @__PURE__ */ Schema.Union([
  Schema.Struct({ run: RunRef }),
  Schema.Literals(["not-started", "abandoned"]),
])
export type Settlement = typeof Settlement.Type
