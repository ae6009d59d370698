/** Changes a sync as a stranger does. */

import type { CompleteDialect } from "../../kit/Dialect.ts"
import type { Sync } from "../../kit/Run.ts"
import { reschedule } from "../../kit/Sync.ts"
import * as Timing from "../../kit/Timing.ts"
import type { World } from "../../kit/World.ts"
import type { SyncChange } from "../../SyncChange.ts"
import { timingOf } from "./addSync.ts"

/** Changes the sync at once. Throws where the vendor's syncs have no field of one of the names. */
export const changeSync = (
  world: World,
  dialect: CompleteDialect,
  sync: Sync,
  change: SyncChange,
  now: number,
): void => {
  const { name, state, schedule, wireSchedule, fields = {} } = change
  const unknown = Object.keys(fields).filter((field) => !dialect.attributeNames.includes(field))
  if (unknown.length > 0) {
    throw new Error(`Expected fields named ${dialect.attributeNames.join(", ")}, not ${unknown.join(", ")}`)
  }
  sync.name = name ?? sync.name
  sync.state = state ?? sync.state
  sync.attributes = { ...sync.attributes, ...fields }
  if (schedule === null) reschedule(sync, now, Timing.never, dialect.noSchedule)
  else if (schedule !== undefined) reschedule(sync, now, timingOf(schedule, now), dialect.toWireSchedule(schedule))
  sync.schedule = wireSchedule ?? sync.schedule
  sync.updatedAt = now
  world.history.record(sync, now)
}
