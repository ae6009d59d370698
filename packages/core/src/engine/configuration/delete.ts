/** Deleting a sync: read it, send the delete, and read it again until it is gone. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { AdministrationPart } from "../../driver/Administration.ts"
import { type ChangeFailure, ChangeIndeterminate } from "../../model/Change.ts"
import { UnexpectedResponse } from "../../model/Reason.ts"
import type { SyncRef } from "../../model/Ref.ts"
import * as ChangeCall from "./changeCall.ts"
import { type ChangeContext, notSent, orMissing, readCurrent } from "./changeContext.ts"
import * as LostChange from "./lostChange.ts"
import * as Others from "./others.ts"
import * as OwnWrites from "./ownWrites.ts"

/** Deletes a sync, whose `ids` are those of `sync`. `send` is the driver's delete. */
export const remove = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  call: ChangeCall.ChangeCall,
  sync: SyncRef,
  ids: Ids,
  send: NonNullable<AdministrationPart<Ids, Native, Spec, ChangedSpec>["delete"]>,
): Effect.fn.Return<void, ChangeFailure> {
  const { context } = changes
  const { operation } = call.subject
  const identity = context.identityOfIds(ids)
  yield* Others.giveUp(context, call)
  const own = yield* OwnWrites.recent(context, identity)
  if (own.isGone) return
  const { areRecent } = yield* Others.recent(context, call, own)
  const reading = orMissing(readCurrent(changes, operation, ids, areRecent))
  const current = yield* Effect.mapError(reading, notSent)
  if (current === undefined) return
  const answer = yield* Effect.result(ChangeCall.send(context, call, [sync], send(current)))
  const error = Result.isFailure(answer) ? answer.failure : undefined
  // `NotFound` means that the sync is gone, unless the vendor has no such endpoint: reads decide.
  if (error !== undefined && error.delivery !== "unknown" && error.reason._tag !== "NotFound") return yield* error
  if (yield* LostChange.isDeleted(changes, operation, ids, error)) {
    yield* OwnWrites.note(context, identity, "deleted", true, call.entry?.id)
    return yield* ChangeCall.note(context, call, { state: "finished" })
  }
  if (error !== undefined && error.delivery !== "unknown") return yield* error
  const entry = call.entry?.id
  return yield* new ChangeIndeterminate({
    operation: "delete",
    sync,
    candidates: [],
    wanted: {},
    error: error ?? context.error(operation, new UnexpectedResponse({ issues: [stillThere] }), "unknown"),
    ...(entry !== undefined && { entry }),
  })
})

const stillThere = {
  path: [],
  message: "Expected the sync to be gone: the vendor accepted the delete and still shows it",
}
