/** What a change asks for, against what a sync shows. Pure. */

import type { Writes } from "../../Administration.ts"
import type { Snapshot } from "../../Catalog.ts"
import type { Change, Definition } from "../../model/Change.ts"
import type { FieldIssue } from "../../model/FieldIssue.ts"
import * as Schedule from "../../model/schedule/Schedule.ts"
import type { ScheduleForms } from "../../model/schedule/ScheduleForms.ts"

/** Every problem of the portable parts; the vendor's own part is its adapter's to check. */
export const problems = (
  vendor: string,
  forms: ScheduleForms,
  { name, schedule, part }: Change,
): ReadonlyArray<FieldIssue> => [
  ...(name !== undefined && name.trim() === ""
    ? [{ path: ["name"], message: "Expected a name that is not blank" }]
    : []),
  ...(schedule === undefined
    ? []
    : Schedule.problems(schedule, forms).map(({ path, message }) => ({ path: ["schedule", ...path], message }))),
  ...(part === undefined || part.vendor === vendor
    ? []
    : [{ path: ["part", "vendor"], message: `Expected a part made for ${vendor}, found one for ${part.vendor}` }]),
]

/**
 * What of the change the sync does not show yet; `undefined` where nothing is left. What the vendor does not say counts
 * as missing, or, after it has accepted the change, as done.
 */
export const remaining = (
  change: Change,
  shown: Snapshot,
  { shows, schedules }: Pick<Writes, "shows" | "schedules">,
  unsaid: "missing" | "done",
): Change | undefined => {
  const { name, enabled, schedule, part } = change
  const isUnsaid = unsaid === "missing"
  const left: Change = {
    ...(name !== undefined && (shown.name === undefined ? isUnsaid : shown.name !== name) && { name }),
    ...(enabled !== undefined && isOtherwise(enabled, shown, isUnsaid) && { enabled }),
    ...(schedule !== undefined && isScheduledOtherwise(schedule, shown, schedules, isUnsaid) && { schedule }),
    ...(part !== undefined && !shows(part, shown, !isUnsaid) && { part }),
  }
  return Object.keys(left).length === 0 ? undefined : left
}

/**
 * A draft is as good as off; a sync that the vendor has halted is not: it may go on once something is mended. Where its own
 * switch is told apart, that is what is changed.
 */
const isOtherwise = (wanted: boolean, { state, isSwitchedOn }: Snapshot, isUnsaid: boolean): boolean => {
  if (isSwitchedOn !== undefined) return isSwitchedOn !== wanted
  if (state === "unknown") return isUnsaid
  return wanted ? state !== "enabled" : state !== "paused" && state !== "draft"
}

const isScheduledOtherwise = (
  wanted: Schedule.Schedule,
  { schedule, unreadSchedule }: Snapshot,
  forms: ScheduleForms,
  isUnsaid: boolean,
): boolean =>
  schedule === undefined ? unreadSchedule !== undefined || isUnsaid : !isSameSchedule(schedule, wanted, forms)

/** A vendor that names no zone shows none: it is the one that it is taken to read in. */
const isSameSchedule = (shown: Schedule.Schedule, wanted: Schedule.Schedule, { cron }: ScheduleForms): boolean =>
  Schedule.equivalent(
    shown,
    wanted,
    cron === undefined || cron.timeZone === "named" ? {} : { assumedTimeZone: cron.timeZone.assumed },
  )

/** Whether a sync fires by itself as was not asked for: no create makes such a one, so it is somebody else's. */
export const firesUnasked = (
  { enabled = false, schedule: wanted = Schedule.manual }: Definition,
  { state, isSwitchedOn = state === "enabled", schedule }: Snapshot,
  forms: ScheduleForms,
): boolean =>
  isSwitchedOn &&
  schedule !== undefined &&
  schedule._tag !== "Manual" &&
  !(enabled && isSameSchedule(schedule, wanted, forms))

/** The portable parts of a definition, as they are to be in the end. */
export const endOf = ({ name, enabled = false, schedule = Schedule.manual }: Definition): Change => ({
  ...(name !== undefined && { name }),
  enabled,
  schedule,
})
