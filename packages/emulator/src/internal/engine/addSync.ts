/** Sets up a sync without the vendor's API. */
import * as Duration from "effect/Duration"
import type { SyncOptions, SyncSchedule } from "../../Emulator.ts"
import type { Ids } from "../../Ids.ts"
import type { CompleteDialect } from "../../kit/Dialect.ts"
import { completePlan } from "../../kit/Plan.ts"
import type { Sync } from "../../kit/Run.ts"
import { newSync } from "../../kit/Sync.ts"
import * as Timing from "../../kit/Timing.ts"
import type { World } from "../../kit/World.ts"

export const addSync = (world: World, dialect: CompleteDialect, options: SyncOptions, now: number): Ids => {
  const name = options.name ?? `Sync ${world.syncs.size + 1}`
  const parts = options.parts ?? dialect.addParts(name, options.ids ?? {})
  const ids: Ids = { ...dialect.newIds(parts), ...options.ids }
  const strangersEvery = options.strangers === undefined ? undefined : Duration.toMillis(options.strangers.every)
  const sync: Sync = {
    ...newSync(
      {
        ids,
        parts,
        name,
        state: options.state ?? "enabled",
        attributes: dialect.defaultAttributes(),
        schedule: options.schedule === undefined ? undefined : dialect.toWireSchedule(options.schedule),
        timing: timingOf(options.schedule, now),
        call: undefined,
      },
      now,
    ),
    plan: options.plan && completePlan(options.plan),
    ...(strangersEvery !== undefined && { strangersEvery, nextStranger: now + strangersEvery }),
  }
  world.add(dialect.keyOf(ids), sync, options.isLagged === true ? now : Number.NEGATIVE_INFINITY)
  return ids
}

/** When a schedule fires, counted from `now`. */
export const timingOf = (schedule: SyncSchedule | undefined, now: number): Timing.Timing => {
  if (schedule === undefined) return Timing.never
  if ("cron" in schedule) return Timing.cron(schedule.cron, schedule.timeZone)
  const every = Duration.toMillis(schedule.every)
  return Timing.interval(every, now + (schedule.first === undefined ? every : Duration.toMillis(schedule.first)))
}
