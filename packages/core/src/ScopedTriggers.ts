/** Triggering runs of a chosen scope. Provided only by the workspaces of vendors with scopes. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { EnsureOptions } from "./model/EnsureOptions.ts"
import type { Finished } from "./model/Outcome.ts"
import type { SyncRef } from "./model/Ref.ts"
import type { RetlError } from "./model/RetlError.ts"
import type { RunOptions } from "./model/RunOptions.ts"
import type { Scope } from "./model/Scope.ts"
import type * as Trigger from "./model/Trigger.ts"
import type * as Wait from "./model/Wait.ts"

/** The scope of a run. */
export interface Scoped {
  /** What the run covers, such as `full`: one of the workspace's `capabilities.scopes`. */
  readonly scope: Scope
}

/** Triggers runs of a chosen scope. */
export interface Service {
  /** Triggers one run of this scope, as `Runs.trigger`. Fails with `InvalidRequest` for `adopt` with a full run. */
  readonly trigger: (
    sync: SyncRef,
    options: Trigger.Options & Scoped,
  ) => Effect.Effect<Trigger.Result, RetlError | Trigger.TriggerIndeterminate>
  /** Triggers a run of this scope, waits for its end, and judges it, as `Runs.run`. */
  readonly run: (
    sync: SyncRef,
    options: RunOptions & Scoped,
  ) => Effect.Effect<Finished, RetlError | Trigger.TriggerIndeterminate | Wait.Unended | Wait.OutcomeRejected>
  /**
   * Makes the data of a sync fresh, as `Runs.ensure`. A run that it triggers has this scope. A run that was there or is under
   * way counts whatever its scope: no read shows what a run covers.
   */
  readonly ensure: (
    sync: SyncRef,
    options: EnsureOptions & Scoped,
  ) => Effect.Effect<Finished, RetlError | Trigger.TriggerIndeterminate | Wait.Unended | Wait.OutcomeRejected>
}

/** The service of workspaces whose vendor has scopes. */
export class ScopedTriggers extends Context.Service<ScopedTriggers, Service>()("@openretl/core/ScopedTriggers") {}
