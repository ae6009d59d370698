/** RudderStack's answers in core's words. Pure, and total on whatever decodes. */
import type { OwnSchedule, Page, Snapshot } from "@openretl/core/driver/Driver"
import * as Wire from "@openretl/core/driver/Wire"
import * as Run from "@openretl/core/Run"
import type * as RudderStackApi from "../RudderStackApi.ts"
import * as Paging from "./paging.ts"

/** The vendor's words, open at the end. A run that was stopped has no word of its own: it is `failed`. */
const statuses: ReadonlyMap<string, Run.Status> = new Map([
  ["running", "running"],
  ["succeeded", "succeeded"],
  ["failed", "failed"],
])

export const status = (word: string): Run.Status => statuses.get(word) ?? "unknown"

export const snapshot = (sync: RudderStackApi.Sync): Snapshot => {
  const known = status(sync.status)
  const hasEnded = Run.isTerminal(known)
  const startedAt = Wire.time(sync.startedAt)
  const finishedAt = hasEnded ? Wire.endTime(sync.finishedAt, startedAt) : undefined
  const error = known === "running" ? undefined : Wire.errorText(sync.error)
  return {
    run: sync.id,
    status: known,
    vendorStatus: sync.status,
    rows: rows(sync.metrics, hasEnded),
    native: sync,
    ...(startedAt !== undefined && { startedAt }),
    ...(finishedAt !== undefined && { finishedAt }),
    ...(error !== undefined && { errorText: error }),
  }
}

/**
 * `changed` is taken for what there was to deliver. That is not documented, so it is only ever shown, where it exceeds
 * what is accounted for at the end of a run, and never decides anything.
 */
export const rows = (metrics: RudderStackApi.Sync["metrics"], hasEnded: boolean): Run.Rows => {
  const succeeded = metrics?.succeeded?.total
  const failed = metrics?.failed?.total
  const changed = metrics?.changed?.total
  const unaccounted =
    hasEnded && succeeded !== undefined && failed !== undefined && changed !== undefined
      ? changed - succeeded - failed
      : 0
  return {
    ...(succeeded !== undefined && { succeeded }),
    ...(failed !== undefined && { failed }),
    ...(unaccounted > 0 && { unaccounted }),
  }
}

/** Where in the list an answer belongs: as it was asked for. */
export interface Asked {
  readonly page: number
  readonly per_page: number
}

export const page = (answer: RudderStackApi.SyncPage, { page, per_page }: Asked): Page => {
  const runs = (answer.syncs ?? []).map(snapshot)
  return {
    runs,
    ...(Paging.hasNext(answer.paging, runs.length, { page, size: per_page }) && { next: String(page + 1) }),
    ...(answer.date !== undefined && { asOf: answer.date }),
  }
}

/** Whether a connection that is disabled still fires is not documented, nor are types to come. */
export const ownSchedule = ({ enabled, schedule }: RudderStackApi.ConnectionSummary): OwnSchedule => {
  switch (schedule?.type) {
    case "manual":
      return "manual"
    case "basic":
    case "cron":
      return enabled === false ? "unknown" : "scheduled"
    default:
      return "unknown"
  }
}
