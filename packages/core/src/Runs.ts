/** What every vendor can do: trigger, wait, look, list. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { IntentRecord } from "./journal/IntentStore.ts"
import type { Intent } from "./model/Intent.ts"
import type { ListOptions } from "./model/ListOptions.ts"
import type { Finished } from "./model/Outcome.ts"
import type { RunRef, SyncRef } from "./model/Ref.ts"
import type { RetlError } from "./model/RetlError.ts"
import type { Run } from "./model/Run.ts"
import type { RunOptions } from "./model/RunOptions.ts"
import type * as Trigger from "./model/Trigger.ts"
import type * as Wait from "./model/Wait.ts"

export type { ListOptions, RunOptions }

/** Triggering, waiting, reading and listing runs. */
export interface Service {
  /**
   * Triggers one run, once: no second request is ever sent for one call unless the first provably did nothing. Where the
   * vendor has scopes, the run covers what the workspace's configuration names. Interrupting it after its request has
   * begun leaves it to be settled in the background; see `intents`.
   */
  readonly trigger: (
    sync: SyncRef,
    options: Trigger.Options,
  ) => Effect.Effect<Trigger.Result, RetlError | Trigger.TriggerIndeterminate>
  /** Triggers, waits for the end, and fails with `OutcomeRejected` unless the policy accepts how it ended. */
  readonly run: (
    sync: SyncRef,
    options: RunOptions,
  ) => Effect.Effect<
    Finished,
    RetlError | Trigger.TriggerIndeterminate | Wait.WaitDeadlineExceeded | Wait.OutcomeRejected
  >
  /** Finds out what became of a trigger whose answer was lost, waiting for the vendor's settle window where need be. */
  readonly resolve: (intent: Intent) => Effect.Effect<Trigger.Resolution, RetlError>
  /** The triggers whose result has not reached a caller: still open, or settled after the caller had gone. */
  readonly intents: Effect.Effect<ReadonlyArray<IntentRecord>, RetlError>
  /** Reads one run. */
  readonly get: (run: RunRef) => Effect.Effect<Run, RetlError>
  /** The runs of a sync, newest first where the vendor lists them so: pages are read as the stream is pulled. */
  readonly list: (sync: SyncRef, options?: ListOptions) => Stream.Stream<Run, RetlError>
  /**
   * Waits for a run to end and judges it. Waits of one workspace share their polls. Interrupting it stops the polling
   * at once and leaves the run alone.
   */
  readonly wait: (run: RunRef, options?: Wait.Options) => Effect.Effect<Finished, RetlError | Wait.WaitDeadlineExceeded>
  /** Every change of a run, from how it is now to its end. */
  readonly watch: (
    run: RunRef,
    options?: Pick<Wait.Options, "deadline">,
  ) => Stream.Stream<Run, RetlError | Wait.WaitDeadlineExceeded>
}

export class Runs extends Context.Service<Runs, Service>()("@openretl/core/Runs") {}
