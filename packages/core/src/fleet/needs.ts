/** What a batch needs of its fleet. */
import type * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Finished } from "../model/Outcome.ts"
import type { SyncRef } from "../model/Ref.ts"
import type { RunOptions } from "../model/RunOptions.ts"
import type { Scope } from "../model/Scope.ts"

/** What a batch needs of its fleet. */
export interface Needs {
  /** Returns whether the fleet has the workspace of a sync. */
  readonly has: (sync: SyncRef) => boolean
  /** Returns a service of the workspace of a sync; `undefined` where it has none. */
  readonly find: <I, S>(sync: SyncRef, service: Context.Key<I, S>) => S | undefined
  /** Runs a sync, as `Fleet.run`. */
  readonly run: (sync: SyncRef, options: RunOptions & { readonly scope?: Scope }) => Effect.Effect<Finished, unknown>
}
