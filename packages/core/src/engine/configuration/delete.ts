/** Deleting a sync: read it, send the delete, and read it again where the answer does not say that it is gone. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { AdministrationPart } from "../../driver/Administration.ts"
import { ChangeIndeterminate } from "../../model/Change.ts"
import type { SyncRef } from "../../model/Ref.ts"
import { type ChangeContext, type Failure, notSent, write } from "./changeContext.ts"
import type { MarkWrite } from "./detached.ts"
import * as LostChange from "./lostChange.ts"

const operation = "deleteSync"

/** Deletes a sync, whose `ids` are those of `sync`. `send` is the driver's delete. */
export const remove = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  sync: SyncRef,
  ids: Ids,
  send: NonNullable<AdministrationPart<Ids, Native, Spec, ChangedSpec>["delete"]>,
  markWrite: MarkWrite,
): Effect.fn.Return<void, Failure> {
  const current = yield* Effect.mapError(LostChange.readSync(changes, operation, ids), notSent)
  if (current === undefined) return
  yield* LostChange.forget(changes, ids)
  const answer = yield* Effect.result(write(changes.context, "delete", operation, markWrite, send(current)))
  if (Result.isSuccess(answer)) return
  const error = answer.failure
  // `NotFound` means that the sync is gone, unless the vendor has no such endpoint: reads decide.
  if (error.delivery !== "unknown" && error.reason._tag !== "NotFound") return yield* error
  if (yield* LostChange.isDeleted(changes, operation, ids, error.delivery)) return
  if (error.delivery !== "unknown") return yield* error
  return yield* new ChangeIndeterminate({ operation: "delete", sync, candidates: [], wanted: {}, error })
})
