/** Running syncs, which every vendor can do: trigger, wait, read, list. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { Pending, Resumed } from "./engine/trigger/pending.ts"
import type * as Check from "./model/Check.ts"
import type { EnsureOptions } from "./model/EnsureOptions.ts"
import type * as Freshness from "./model/Freshness.ts"
import type { TriggerEntry } from "./model/JournalEntry.ts"
import type { ListOptions } from "./model/ListOptions.ts"
import type { Finished } from "./model/Outcome.ts"
import type { RunRef, SyncRef } from "./model/Ref.ts"
import type { RetlError } from "./model/RetlError.ts"
import type { Run } from "./model/Run.ts"
import type { RunOptions } from "./model/RunOptions.ts"
import type * as Trigger from "./model/Trigger.ts"
import type * as Wait from "./model/Wait.ts"

export type { EnsureOptions, ListOptions, Pending, Resumed, RunOptions }

/** Triggers runs, waits for them, reads and lists them. */
export interface Service {
  /**
   * Triggers one run. One call sends a second request only where the first provably did nothing. Where the vendor has
   * scopes, the run covers the workspace's `defaultScope`. With a `key`, all calls that share the journal share one run.
   *
   * Fails with `RetlError` where the trigger was refused or not sent, and with `TriggerIndeterminate` where it may have
   * started a run. An interrupt before the request leaves nothing behind. After that, the workspace settles the trigger
   * in the background, and the journal has what became of it: see `pending`.
   */
  readonly trigger: (
    sync: SyncRef,
    options: Trigger.Options,
  ) => Effect.Effect<Trigger.Result, RetlError | Trigger.TriggerIndeterminate>
  /**
   * Triggers a run, waits for its end, and judges it. Fails as `trigger` and `wait` do, and with `OutcomeRejected`
   * where the policy does not accept the outcome.
   */
  readonly run: (
    sync: SyncRef,
    options: RunOptions,
  ) => Effect.Effect<Finished, RetlError | Trigger.TriggerIndeterminate | Wait.Unended | Wait.OutcomeRejected>
  /**
   * Makes the data of a sync fresh, and returns the run that did: one that the policy accepts and that began after `freshSince`,
   * or at most `maxAge` before the call. Where there is one, it sends nothing (`how` is `fresh`, with its `age`). Where a run
   * under way will be one, it waits for its end (`joined`); an older run under way it waits for, and looks again. Else it
   * triggers a run and waits for its end (`started`, `adopted`). A run that `freshness` cannot verify does not count.
   *
   * One call triggers at most once. Calls at the same time share one trigger: in one process, and in all that share the
   * journal. Call it again and again; it takes no key. Whatever the scope of a run, it counts: no read shows that.
   *
   * Fails as `run` does: with `OutcomeRejected` where the policy does not accept the run that was triggered since the call
   * began, and, once the deadline has passed, with `WaitDeadlineExceeded` while a run is under way, else with `TriggerBusy` or
   * `Stopped`, not sent.
   */
  readonly ensure: (
    sync: SyncRef,
    options: EnsureOptions,
  ) => Effect.Effect<Finished, RetlError | Trigger.TriggerIndeterminate | Wait.Unended | Wait.OutcomeRejected>
  /**
   * Reads the entries of this workspace that somebody may still have to go on with: claimed, open and started ones, of any
   * process, newest first, each with its owner and whether that call is at work.
   */
  readonly pending: Effect.Effect<ReadonlyArray<Pending>, RetlError>
  /**
   * Goes on with the run of an entry, or of a key at a sync, of any process: waits for its end, and judges it. It
   * sends no trigger. Where the entry is open, it is resolved first; where it stays ambiguous, fails with
   * `TriggerIndeterminate`. Fails with `TriggerBusy` while another call still has the key and has sent nothing.
   */
  readonly resume: (
    entry: TriggerEntry | { readonly sync: SyncRef; readonly key: string },
    options?: Wait.Options,
  ) => Effect.Effect<Resumed, RetlError | Wait.Unended | Trigger.TriggerIndeterminate>
  /**
   * Finds out what became of a trigger whose answer was lost, in any process that shares the journal. It looks until the
   * request and its effect are over, and concludes the entry unless the result is `Ambiguous`. It sends no trigger.
   */
  readonly resolve: (entry: TriggerEntry) => Effect.Effect<Trigger.Resolution, RetlError>
  /**
   * Concludes an open entry by hand: with the run that it led to, as not started, or as abandoned. It sends no request, and
   * is logged. Fails with `TriggerBusy` while the request may be under way, and with `InvalidRequest` for a run of another
   * sync or of another entry.
   */
  readonly settle: (entry: TriggerEntry, settlement: Trigger.Settlement) => Effect.Effect<void, RetlError>
  /** Reads one run. Fails with `NotFound` (`run`) where it does not exist. */
  readonly get: (run: RunRef) => Effect.Effect<Run, RetlError>
  /**
   * Returns the runs of a sync, each once, in the vendor's order, which is newest first where the vendor offers a
   * choice. A page is read when the stream is pulled. Fails with `UnexpectedResponse` where the list cannot be read
   * whole.
   */
  readonly list: (sync: SyncRef, options?: ListOptions) => Stream.Stream<Run, RetlError>
  /**
   * Returns how fresh the data of a sync are, also by runs of others: `Fresh`, `Stale`, `Never` or `Unverified`. A run
   * counts when the policy accepts it, and its age runs from its start: what it read was read then. A run under way proves
   * nothing yet. It reads the journal, then the list until that decides, and sends nothing else; where the list is empty,
   * it checks that the token reaches the sync.
   *
   * `Unverified` says what is missing, as where the vendor's dates are within a minute of `warnAfter`. A run whose trigger is
   * in the journal needs no such margin.
   */
  readonly freshness: (sync: SyncRef, options: Freshness.Options) => Effect.Effect<Freshness.Freshness, RetlError>
  /**
   * Waits for a run to end, and judges it. Fails with `WaitDeadlineExceeded` at the deadline, 24 hours by default.
   * Waits of one workspace share their polls. An interrupt stops its requests at once, and leaves the run alone.
   */
  readonly wait: (run: RunRef, options?: Wait.Options) => Effect.Effect<Finished, RetlError | Wait.Unended>
  /**
   * Looks at a run once, and never sleeps: for callers that sleep by themselves, as durable engines do. Checked again at
   * `lookAgainAt` with its `memory`, in any process, it sends the requests of a wait. Trouble is a value (`Unreachable`), as
   * is a rate limit that grants no request at once. Fails where a wait would fail, but for the deadline (`Overdue`).
   */
  readonly check: (
    run: RunRef,
    options?: Check.Options,
  ) => Effect.Effect<Check.Checked, RetlError | Exclude<Wait.Unended, Wait.WaitDeadlineExceeded>>
  /**
   * Takes a hint, as from a webhook, that a run or some run of a sync has changed: waits of this process look at it now, at
   * most once in two seconds. What is never waited for costs nothing. A hint changes when core looks, never what it
   * believes.
   */
  readonly notice: (ref: RunRef | SyncRef) => Effect.Effect<void, RetlError>
  /** Returns the run as it is now, and again at every change until its end. It has the deadline of a wait. */
  readonly watch: (run: RunRef, options?: Omit<Wait.Options, "policy">) => Stream.Stream<Run, RetlError | Wait.Unended>
}

/** The service of workspaces that runs syncs; every workspace has it. */
export class Runs extends Context.Service<Runs, Service>()("@openretl/core/Runs") {}
