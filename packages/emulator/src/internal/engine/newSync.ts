/** Setting up a sync from outside, and telling the truth about it. */
import * as Duration from "effect/Duration"
import type { Ids, OwnSchedule, SyncOptions, TruthSync } from "../../Emulator.ts"
import type { Sync } from "../world/sync.ts"
import * as Timing from "../world/timing.ts"
import type { World } from "../world/world.ts"
import type { Dialect } from "./dialect.ts"

export const timingOf = (schedule: OwnSchedule | undefined, now: number): Timing.Timing => {
  if (schedule === undefined) return Timing.never
  if ("cron" in schedule) return Timing.cron(schedule.cron, schedule.timeZone)
  const every = Duration.toMillis(schedule.every)
  return Timing.interval(every, now + (schedule.first === undefined ? every : Duration.toMillis(schedule.first)))
}

/** A sync without runs, as it is when it has just been made. */
export const newSync = (
  made: Pick<Sync, "ids" | "parts" | "name" | "state" | "attributes" | "schedule" | "timing" | "call">,
  now: number,
): Sync => ({
  ...made,
  createdAt: now,
  updatedAt: now,
  runs: [],
  live: [],
  scripted: [],
  freeAt: 0,
  nextFire: made.timing.next(now - 1),
  strangersEvery: 0,
  nextStranger: Number.POSITIVE_INFINITY,
})

export const addSync = (world: World, dialect: Dialect, options: SyncOptions, now: number): Ids => {
  const name = options.name ?? `Sync ${world.syncs.size + 1}`
  const parts = options.parts ?? dialect.newParts(name, options.ids ?? {})
  const ids: Ids = { ...dialect.newIds(parts), ...options.ids }
  const every = options.strangers === undefined ? undefined : Duration.toMillis(options.strangers.every)
  world.add(dialect.key(ids), {
    ...newSync(
      {
        ids,
        parts,
        name,
        state: options.state ?? "enabled",
        attributes: dialect.newAttributes(parts),
        schedule: options.schedule === undefined ? undefined : dialect.scheduleForm(options.schedule),
        timing: timingOf(options.schedule, now),
        call: undefined,
      },
      now,
    ),
    ...(every !== undefined && { strangersEvery: every, nextStranger: now + every }),
  })
  return ids
}

export const truthOfSync = (sync: Sync): TruthSync => ({
  ids: sync.ids,
  parts: sync.parts,
  name: sync.name,
  state: sync.state,
  ...(sync.schedule !== undefined && { schedule: sync.schedule }),
  ...(Number.isFinite(sync.nextFire) && { nextFire: sync.nextFire }),
  ...(sync.call !== undefined && { callIndex: sync.call.index }),
})
