/** Choosing what a run covers. Provided only by the workspaces of vendors where the caller can. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Finished } from "./model/Outcome.ts"
import type { SyncRef } from "./model/Ref.ts"
import type { RetlError } from "./model/RetlError.ts"
import type { RunOptions } from "./model/RunOptions.ts"
import type { Scope } from "./model/Scope.ts"
import type * as Trigger from "./model/Trigger.ts"
import type * as Wait from "./model/Wait.ts"

export interface Scoped {
  readonly scope: Scope
}

export interface Service {
  /** As `Runs.trigger`, for this scope. `adopt` is refused for a full run. */
  readonly trigger: (
    sync: SyncRef,
    options: Trigger.Options & Scoped,
  ) => Effect.Effect<Trigger.Result, RetlError | Trigger.TriggerIndeterminate>
  /** As `Runs.run`, for this scope. */
  readonly run: (
    sync: SyncRef,
    options: RunOptions & Scoped,
  ) => Effect.Effect<
    Finished,
    RetlError | Trigger.TriggerIndeterminate | Wait.WaitDeadlineExceeded | Wait.OutcomeRejected
  >
}

export class ScopedTriggers extends Context.Service<ScopedTriggers, Service>()("@openretl/core/ScopedTriggers") {}
