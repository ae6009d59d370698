/**
 * Changes that an earlier one may undo: nothing has proven the earlier one, its call has ended, and it may take effect after a
 * later change that the vendor has shown.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { SyncChange } from "../../driver/Administration.ts"
import type { Snapshot } from "../../driver/Catalog.ts"
import type { RetlError } from "../../model/RetlError.ts"
import * as Logging from "../../telemetry/logging.ts"
import type { WorkspaceContext } from "../context.ts"
import * as Open from "../trigger/open.ts"
import type { ChangeCall } from "./changeCall.ts"
import { type Applied, type ChangeContext, read } from "./changeContext.ts"
import * as Detached from "./detached.ts"
import type { Unproven } from "./others.ts"
import * as Remaining from "./remaining.ts"

/**
 * Returns the earlier changes that may still take effect and would undo a field of this one. One that replaces everything may
 * undo each.
 */
export const undoing = (
  unproven: ReadonlyArray<Unproven>,
  change: SyncChange<object>,
  isReplacing: boolean,
): ReadonlyArray<Unproven> =>
  unproven.filter(({ entry, readAt }) => {
    const { kind, fingerprint } = entry
    if (Open.concludableIn(entry, readAt) <= 0) return false
    if (kind === "delete" || isReplacing) return true
    const { fields = Object.keys(change) } = fingerprint
    const { enabled, name } = change
    const isSame = (field: string): boolean =>
      (field === "enabled" && fingerprint.enabled === enabled) || (field === "name" && fingerprint.name === name)
    return fields.some((field) => Object.hasOwn(change, field) && !isSame(field))
  })

/** Returns for how many milliseconds reads may not show what these changes do. */
const shownIn = ({ readLag }: WorkspaceContext, earlier: ReadonlyArray<Unproven>): number =>
  Math.max(...earlier.map(({ entry, readAt }) => Open.concludableIn(entry, readAt) + Duration.toMillis(readLag)))

/**
 * Waits until none of the earlier changes can take effect any more, and sends again, once, what they have undone of a change
 * that the vendor has shown. Where somebody else has set the same fields meanwhile, that looks the same.
 */
export const settle = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  { subject }: ChangeCall,
  ids: Ids,
  change: SyncChange<ChangedSpec>,
  earlier: ReadonlyArray<Unproven>,
  sendAgain: (
    current: Snapshot<Ids, Native>,
    undone: SyncChange<ChangedSpec>,
  ) => Effect.Effect<Applied<Ids, Native, ChangedSpec>, RetlError>,
): Effect.fn.Return<Applied<Ids, Native, ChangedSpec>> {
  const { context, part } = changes
  yield* Effect.sleep(Duration.millis(shownIn(context, earlier)))
  const reading = yield* Effect.result(read(changes, subject.operation, ids))
  if (Result.isFailure(reading)) return { remaining: change, error: reading.failure }
  const snapshot = reading.success
  const undone = Remaining.remaining(change, snapshot, part, "done")
  if (undone === undefined) return { snapshot }
  yield* Logging.warn("An earlier change of the sync took effect after a later one, which is sent again", {
    ...Detached.annotationsOf(context, subject),
    entries: earlier.map(({ entry }) => entry.id),
    fields: Object.keys(undone),
  })
  return yield* Effect.catch(sendAgain(snapshot, undone), (refused) =>
    Effect.succeed({ snapshot, remaining: undone, refused }),
  )
})
