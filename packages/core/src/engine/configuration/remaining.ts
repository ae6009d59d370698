/** Which fields of a change a sync does not have yet. Pure. */
import type { AdministrationPart, NewSync, SyncChange } from "../../driver/Administration.ts"
import type { Snapshot } from "../../driver/Catalog.ts"
import * as Schedule from "../../model/schedule/Schedule.ts"
import type { ScheduleForms } from "../../model/schedule/ScheduleForms.ts"

/** What an unreported field means: `missing` before the vendor has accepted the change, `done` after that. */
export type Unreported = "missing" | "done"

type Part<Ids, Native, Spec, ChangedSpec> = Pick<
  AdministrationPart<Ids, Native, Spec, ChangedSpec>,
  "isShown" | "schedules"
>

/** Returns the fields of a change that the sync does not have yet; `undefined` where it has all of them. */
export const remaining = <Ids, Native, Spec, ChangedSpec>(
  { name, enabled, schedule, spec }: SyncChange<ChangedSpec>,
  snapshot: Snapshot<Ids, Native>,
  { isShown, schedules }: Part<Ids, Native, Spec, ChangedSpec>,
  unreported: Unreported,
): SyncChange<ChangedSpec> | undefined => {
  const isMissing = unreported === "missing"
  const change: SyncChange<ChangedSpec> = {
    ...(name !== undefined && (snapshot.name === undefined ? isMissing : snapshot.name !== name) && { name }),
    ...(enabled !== undefined && needsSwitching(enabled, snapshot, isMissing) && { enabled }),
    ...(schedule !== undefined && needsSchedule(schedule, snapshot, schedules, isMissing) && { schedule }),
    ...(spec !== undefined && !isShown(spec, snapshot, !isMissing) && { spec }),
  }
  return Object.keys(change).length === 0 ? undefined : change
}

/**
 * Returns whether a sync needs to be switched. Where the vendor reports the sync's switch apart from its state, the
 * switch decides. A draft counts as switched off. A sync that the vendor has halted does not: it may go on after a
 * repair.
 */
const needsSwitching = (enabled: boolean, { state, isSwitchedOn }: Snapshot, isMissing: boolean): boolean => {
  if (isSwitchedOn !== undefined) return isSwitchedOn !== enabled
  if (state === "unknown") return isMissing
  return enabled ? state !== "enabled" : state !== "paused" && state !== "draft"
}

const needsSchedule = (
  wanted: Schedule.Schedule,
  { schedule, unreadSchedule }: Snapshot,
  forms: ScheduleForms,
  isMissing: boolean,
): boolean =>
  schedule === undefined ? unreadSchedule !== undefined || isMissing : !isSameSchedule(schedule, wanted, forms)

/** Compares schedules. An expression without a zone is in the zone that core assumes for the vendor. */
const isSameSchedule = (shown: Schedule.Schedule, wanted: Schedule.Schedule, { cron }: ScheduleForms): boolean =>
  Schedule.equivalent(
    shown,
    wanted,
    cron === undefined || cron.timeZone === "named" ? {} : { assumedTimeZone: cron.timeZone.assumed },
  )

/** Returns whether a sync fires where the definition does not: then this create did not make it. */
export const firesUnrequested = (
  { enabled = false, schedule: wanted = Schedule.manual }: NewSync<unknown>,
  { state, isSwitchedOn = state === "enabled", schedule }: Snapshot,
  forms: ScheduleForms,
): boolean =>
  isSwitchedOn &&
  schedule !== undefined &&
  schedule._tag !== "Manual" &&
  !(enabled && isSameSchedule(schedule, wanted, forms))

/**
 * Returns the portable fields that a created sync has in the end: disabled and manual unless its definition says
 * otherwise.
 */
export const finalState = ({
  name,
  enabled = false,
  schedule = Schedule.manual,
}: NewSync<unknown>): SyncChange<never> => ({
  ...(name !== undefined && { name }),
  enabled,
  schedule,
})
