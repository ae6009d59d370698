/** RudderStack's answers in core's words. Pure functions that accept every decoded answer. */
import type { OwnSchedule, Page, Snapshot } from "@openretl/core/driver/Driver"
import * as Wire from "@openretl/core/driver/Wire"
import * as Run from "@openretl/core/Run"
import type * as RudderStackApi from "../RudderStackApi.ts"
import * as Paging from "./paging.ts"
import { statusOf } from "./statusWords.ts"

/** Returns a run as core knows it. */
export const snapshot = (sync: RudderStackApi.Sync): Snapshot<RudderStackApi.Sync> => {
  const status = statusOf(sync.status)
  const hasEnded = Run.isTerminal(status)
  const startedAt = Wire.time(sync.startedAt)
  const finishedAt = hasEnded ? Wire.endTime(sync.finishedAt, startedAt) : undefined
  const errorText = status === "running" ? undefined : Wire.errorText(sync.error)
  return {
    run: sync.id,
    status,
    vendorStatus: sync.status,
    rows: rows(sync.metrics, hasEnded),
    native: sync,
    ...(startedAt !== undefined && { startedAt }),
    ...(finishedAt !== undefined && { finishedAt }),
    ...(errorText !== undefined && { errorText }),
  }
}

/**
 * Returns the row counts of a run. `changed` counts as the rows that there were to deliver, which is not documented: no
 * document says whether the other counts are parts of it.
 */
const rows = (metrics: RudderStackApi.Sync["metrics"], hasEnded: boolean): Run.Rows => {
  const succeeded = metrics?.succeeded?.total
  const failed = metrics?.failed?.total
  const total = metrics?.changed?.total
  // Before the end, 0 may stand for "not counted yet".
  const isCounted = (count: number | undefined): count is number => count !== undefined && (hasEnded || count > 0)
  return {
    ...(isCounted(succeeded) && { succeeded }),
    ...(isCounted(failed) && { failed }),
    ...(hasEnded && total !== undefined && { total, addsUp: "unknown" }),
  }
}

/** Returns a page of runs as core knows it. */
export const page = (
  { syncs, paging, date }: RudderStackApi.SyncPage,
  request: Paging.PageRequest,
): Page<RudderStackApi.Sync> => {
  const { items, ...position } = Paging.toPage({ items: syncs, paging }, request)
  return { runs: items.map(snapshot), ...position, ...(date !== undefined && { asOf: date }) }
}

/**
 * Returns whether a connection fires by itself. `unknown` for new types, and for a schedule of a disabled connection:
 * no document says whether that fires.
 */
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
