/** What of a change a sync does not show yet. Pure. */
import type { AdministrationPart, NewSync, SyncChange } from "../../driver/Administration.ts"
import type { Snapshot } from "../../driver/Catalog.ts"
import * as Schedule from "../../model/schedule/Schedule.ts"
import type { ScheduleForms } from "../../model/schedule/ScheduleForms.ts"

/**
 * What it means that the vendor does not report a field: before the change is accepted, that it is `missing`; after it,
 * that it is `done`.
 */
export type Unreported = "missing" | "done"

type Part<Ids, Native, Spec, ChangedSpec> = Pick<
  AdministrationPart<Ids, Native, Spec, ChangedSpec>,
  "isShown" | "schedules"
>

/** Returns the part of the change that the sync does not show yet; `undefined` where it shows all of it. */
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
 * A draft is as good as off. A sync that the vendor has halted is not: it may go on once something is mended. Where the
 * vendor reports the sync's switch apart from its state, that is what decides.
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

/** A vendor that names no zone reads a schedule in the zone that is assumed for it. */
const isSameSchedule = (shown: Schedule.Schedule, wanted: Schedule.Schedule, { cron }: ScheduleForms): boolean =>
  Schedule.equivalent(
    shown,
    wanted,
    cron === undefined || cron.timeZone === "named" ? {} : { assumedTimeZone: cron.timeZone.assumed },
  )

/** Returns whether a sync fires in a way that no create of ours would lead to: it is somebody else's then. */
export const firesUnrequested = (
  { enabled = false, schedule: wanted = Schedule.manual }: NewSync<unknown>,
  { state, isSwitchedOn = state === "enabled", schedule }: Snapshot,
  forms: ScheduleForms,
): boolean =>
  isSwitchedOn &&
  schedule !== undefined &&
  schedule._tag !== "Manual" &&
  !(enabled && isSameSchedule(schedule, wanted, forms))

/** Returns the portable fields of a new sync as they are to be in the end. */
export const finalState = ({
  name,
  enabled = false,
  schedule = Schedule.manual,
}: NewSync<unknown>): SyncChange<never> => ({
  ...(name !== undefined && { name }),
  enabled,
  schedule,
})
