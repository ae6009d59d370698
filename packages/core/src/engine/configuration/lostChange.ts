/** What became of a change whose answer was lost or does not show it. It reads, and never sends the change again. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { SyncChange } from "../../driver/Administration.ts"
import type { Snapshot } from "../../driver/Catalog.ts"
import type { RetlError } from "../../model/RetlError.ts"
import * as Tracing from "../../telemetry/tracing.ts"
import * as RetryLoop from "../retryLoop.ts"
import { instant, since } from "../trigger/elapsed.ts"
import { type ChangeContext, read, readSync } from "./changeContext.ts"
import * as Others from "./others.ts"
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

/**
 * Returns whether a sync is gone, as soon as reads show it. Where the delete was refused, only reads may lag behind. A read may
 * be older than the sync's own create: unless the vendor has accepted the delete (`error` is absent), it is no proof until the
 * create has to show.
 */
export const isDeleted = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  operation: string,
  ids: Ids,
  error: RetlError | undefined,
): Effect.fn.Return<boolean> {
  const { context } = changes
  const settles = settlesWithin(context)
  // Where the journal cannot be read, the sync may be new.
  const hidden = Effect.orElseSucceed(Others.newFor(context, context.identityOfIds(ids)), () =>
    Duration.toMillis(settles),
  )
  const newFor = error === undefined ? 0 : yield* hidden
  const begunAt = yield* instant
  const look = Effect.gen(function* () {
    const snapshot = yield* readSync(changes, operation, ids)
    return snapshot === undefined && since(begunAt, yield* instant) >= newFor ? true : undefined
  })
  const time = error?.delivery === "refused" ? context.readLag : settles
  const isGone = yield* Tracing.lookUp(context)(RetryLoop.until(Duration.max(time, Duration.millis(newFor)), look))
  return isGone === true
})
