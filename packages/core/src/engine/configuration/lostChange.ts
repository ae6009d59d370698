/** What became of a change whose answer was lost or does not show it. It reads, and never sends the change again. */
import * as Effect from "effect/Effect"
import type { SyncChange } from "../../driver/Administration.ts"
import type { Snapshot } from "../../driver/Catalog.ts"
import type { RetlError } from "../../model/RetlError.ts"
import * as Tracing from "../../telemetry/tracing.ts"
import * as RetryLoop from "../retryLoop.ts"
import { type ChangeContext, read, readSync } from "./changeContext.ts"
import { settlesWithin } from "./ownWrites.ts"
import * as Remaining from "./remaining.ts"

/** A sync as core last saw it, and the error of the latest read where that failed. */
export interface Latest<Ids, Native> {
  readonly snapshot?: Snapshot<Ids, Native>
  readonly error?: RetlError
}

/**
 * Reads a sync until it shows the change or the time for that is over. Returns the sync as core last saw it. A change that
 * the vendor accepted without a proof may take effect as late as one whose answer was lost.
 */
export const findUpdated = <Ids extends object, Native, Spec, ChangedSpec>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  operation: string,
  ids: Ids,
  change: SyncChange<ChangedSpec>,
  unreported: Remaining.Unreported,
): Effect.Effect<Latest<Ids, Native>> => {
  const { context, part } = changes
  let latest: Latest<Ids, Native> = {}
  const showsChange = read(changes, operation, ids).pipe(
    Effect.tapError((error) => Effect.sync(() => (latest = { ...latest, error }))),
    Effect.map((snapshot) => {
      latest = { snapshot }
      return Remaining.remaining(change, snapshot, part, unreported) === undefined ? true : undefined
    }),
  )
  return RetryLoop.until(settlesWithin(context), showsChange).pipe(
    Effect.map(() => latest),
    Tracing.lookUp(context),
  )
}

/** Returns whether a sync is gone, as soon as reads show it. Where the delete was refused, only reads may lag behind. */
export const isDeleted = <Ids extends object, Native, Spec, ChangedSpec>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  operation: string,
  ids: Ids,
  wasRefused: boolean,
): Effect.Effect<boolean> =>
  RetryLoop.until(
    wasRefused ? changes.context.readLag : settlesWithin(changes.context),
    Effect.map(readSync(changes, operation, ids), (snapshot) => (snapshot === undefined ? true : undefined)),
  ).pipe(
    Effect.map((isGone) => isGone === true),
    Tracing.lookUp(changes.context),
  )
