/** The newest runs of a sync, in whichever order its vendor lists them. */
import type { SyncRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import type { Run } from "@openretl/core/Run"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { AnyFleet } from "../../Configuration.ts"

/** When a run began, or was queued; a run without a time is the newest: it has not begun. */
const timeOf = ({ startedAt, queuedAt, finishedAt }: Run): number => {
  const time = queuedAt ?? startedAt ?? finishedAt
  return time === undefined ? Number.POSITIVE_INFINITY : DateTime.toEpochMillis(time)
}

/** Returns the order of listed runs; `undefined` where the runs with a time do not show it. */
export const orderOf = (runs: ReadonlyArray<Run>): "newest first" | "oldest first" | undefined => {
  const times = runs.map(timeOf).filter(Number.isFinite)
  const [first, last] = [times.at(0), times.at(-1)]
  if (first === undefined || last === undefined || first === last) return undefined
  return first < last ? "oldest first" : "newest first"
}

/**
 * Returns the newest runs, newest first. The list of a vendor that lists its oldest runs first is read to its end; else only as
 * many runs as it takes are read.
 */
export const newestRuns = (
  fleet: Pick<AnyFleet, "list">,
  sync: SyncRef,
  limit: number,
): Effect.Effect<ReadonlyArray<Run>, RetlError> =>
  Effect.gen(function* () {
    // Two runs, at least, show the order.
    const first = yield* Stream.runCollect(Stream.take(fleet.list(sync), Math.max(2, limit)))
    if (orderOf(first) !== "oldest first") return first.slice(0, limit)
    const all = yield* Stream.runCollect(fleet.list(sync))
    return all.toReversed().slice(0, limit)
  })
