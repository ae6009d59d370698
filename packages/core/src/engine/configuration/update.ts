/**
 * Updating a sync: read it, send the fields that it does not have yet, and read it again where the answer shows less.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { SyncChange } from "../../driver/Administration.ts"
import type { Snapshot } from "../../driver/Catalog.ts"
import { ChangeIncomplete, ChangeIndeterminate } from "../../model/Change.ts"
import type { SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { Sync } from "../../model/Sync.ts"
import * as Catalog from "./catalog.ts"
import { type Applied, type ChangeContext, type Failure, notSent, read, toChange, write } from "./changeContext.ts"
import type { MarkWrite } from "./detached.ts"
import type { DecodedChange } from "./input.ts"
import * as LostChange from "./lostChange.ts"
import * as Remaining from "./remaining.ts"

/** Updates a sync, whose `ids` are those of `sync`. */
export const update = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  operation: string,
  sync: SyncRef,
  ids: Ids,
  { change, part: vendorPart }: DecodedChange<ChangedSpec>,
  markWrite: MarkWrite,
): Effect.fn.Return<Sync, Failure> {
  const { context, part } = changes
  const current = yield* Effect.mapError(read(changes, operation, ids), notSent)
  const needed = Remaining.remaining(change, current, part, "missing")
  if (needed === undefined) return yield* Catalog.toSync(context, operation, current)
  const applied = yield* apply(changes, operation, current, needed, markWrite)
  if (applied.error !== undefined) {
    const { error } = applied
    const wanted = toChange(change, vendorPart)
    return yield* new ChangeIndeterminate({ operation: "update", sync, candidates: [], wanted, error })
  }
  const updated = yield* Catalog.toSync(context, operation, applied.snapshot ?? current)
  if (applied.remaining === undefined) return updated
  const remaining = toChange(applied.remaining, vendorPart)
  const { refused } = applied
  return yield* new ChangeIncomplete({
    operation: "update",
    sync: updated,
    remaining,
    ...(refused && { error: refused }),
  })
})

/** Sends a change in the steps that its driver needs. Fails where nothing was changed. */
export const apply = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  operation: string,
  current: Snapshot<Ids, Native>,
  change: SyncChange<ChangedSpec>,
  markWrite: MarkWrite,
): Effect.fn.Return<Applied<Ids, Native, ChangedSpec>, RetlError> {
  const [first = change, ...others] = changes.part.steps?.(change, current) ?? [change]
  let applied = yield* applyStep(changes, operation, current, first, markWrite)
  for (const step of others) {
    if (applied.remaining !== undefined) return { ...applied, remaining: { ...step, ...applied.remaining } }
    const { snapshot = current } = applied
    applied = yield* Effect.catch(applyStep(changes, operation, snapshot, step, markWrite), (refused) =>
      Effect.succeed<Applied<Ids, Native, ChangedSpec>>({ snapshot, remaining: step, refused }),
    )
  }
  return applied
})

/** Sends one request, and reads the sync where the answer does not show all of the change. */
const applyStep = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  operation: string,
  current: Snapshot<Ids, Native>,
  change: SyncChange<ChangedSpec>,
  markWrite: MarkWrite,
): Effect.fn.Return<Applied<Ids, Native, ChangedSpec>, RetlError> {
  const { context, part } = changes
  const { ids } = current
  const remainingOf = (snapshot: Snapshot<Ids, Native>, unreported: Remaining.Unreported) =>
    Remaining.remaining(change, snapshot, part, unreported)
  const answer = yield* Effect.result(write(context, "update", operation, markWrite, part.update(current, change)))
  const isAccepted = Result.isSuccess(answer)
  if (!isAccepted && answer.failure.delivery !== "unknown") return yield* answer.failure
  const answered = isAccepted ? answer.success : undefined
  if (Catalog.isSameSync(context, answered, ids) && remainingOf(answered, "missing") === undefined) {
    return { snapshot: { ...answered, ids } }
  }
  const unreported = isAccepted ? "done" : "missing"
  const latest = yield* LostChange.findUpdated(changes, operation, ids, change, unreported)
  const lostAnswer = isAccepted ? {} : { error: answer.failure }
  if (latest.snapshot === undefined) {
    return { remaining: change, ...(latest.error && { error: latest.error }), ...lostAnswer }
  }
  const remaining = remainingOf(latest.snapshot, unreported)
  return { snapshot: latest.snapshot, ...(remaining !== undefined && { remaining, ...lostAnswer }) }
})
