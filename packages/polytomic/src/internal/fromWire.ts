/** Polytomic's executions in core's words, and what its syncs say about running. Pure functions that accept every decoded answer. */
import type { Access, OwnSchedule, Page, Snapshot } from "@openretl/core/driver/Driver"
import * as Wire from "@openretl/core/driver/Wire"
import * as Run from "@openretl/core/Run"
import type * as PolytomicApi from "../PolytomicApi.ts"
import * as Paging from "./paging.ts"
import * as Schedules from "./schedule.ts"
import { statusOf } from "./statusWords.ts"

/** Returns a run in core's words. */
export const snapshot = (execution: PolytomicApi.Execution): Snapshot<PolytomicApi.Execution> => {
  const queuedAt = Wire.time(execution.created_at)
  const end = Wire.endTime(execution.completed_at, Wire.time(execution.started_at))
  const status = statusOf(execution.status, end !== undefined)
  const startedAt = status === "queued" ? undefined : Wire.time(execution.started_at)
  const hasEnded = Run.isTerminal(status) || (status === "unknown" && end !== undefined)
  const errorText = hasEnded ? Wire.errorText(execution.errors?.join("\n")) : undefined
  return {
    run: execution.id,
    status,
    vendorStatus: execution.status,
    rows: rows(execution.counts ?? {}, hasEnded),
    native: execution,
    ...(queuedAt !== undefined && { queuedAt }),
    ...(startedAt !== undefined && { startedAt }),
    ...(hasEnded && end !== undefined && { finishedAt: end }),
    ...(errorText !== undefined && { errorText }),
  }
}

/**
 * Warnings are about delivered rows, so they count as nothing else. Before the end, 0 may stand for "not counted yet", and the
 * total may grow. What the total counts is not documented: the vendor's sample has more rows than its total.
 */
const rows = (counts: NonNullable<PolytomicApi.Execution["counts"]>, hasEnded: boolean): Run.Rows => {
  const isCounted = (count: number | undefined): count is number => count !== undefined && (hasEnded || count > 0)
  const isReadable = !delivered.some((name) => counts.unreadKeys?.includes(name))
  const succeeded = isReadable ? sumOf(delivered.map((name) => counts[name])) : undefined
  const { error, total } = counts
  return {
    ...(isCounted(succeeded) && { succeeded }),
    ...(isCounted(error) && { failed: error }),
    ...(hasEnded && succeeded !== undefined && counts.delete !== undefined && { deleted: counts.delete }),
    ...(hasEnded && total !== undefined && { total, addsUp: "unknown" }),
  }
}

const delivered = ["insert", "update", "upserts", "delete"] as const

/** Returns the sum of the counts that there are; `undefined` where there is none, or where no number holds it. */
const sumOf = (counts: ReadonlyArray<number | undefined>): number | undefined => {
  const present = counts.filter((count) => count !== undefined)
  const sum = present.reduce((total, count) => total + count, 0)
  return present.length > 0 && Number.isSafeInteger(sum) ? sum : undefined
}

/** Returns a page of runs in core's words. */
export const page = (
  listed: PolytomicApi.Listed<PolytomicApi.Execution>,
  cursor: string | undefined,
): Page<PolytomicApi.Execution> => ({
  // The page that shows whether the one before it was whole has runs that other pages have.
  runs: Paging.isCheck(cursor) ? [] : listed.data.map(snapshot),
  ...Paging.executionsAfter(cursor, listed),
  ...(listed.date !== undefined && { asOf: listed.date }),
})

/** Returns whether a sync fires by itself. An inactive one does not; it may be active again at any moment. */
export const ownSchedule = ({ schedule, active }: Pick<PolytomicApi.Sync, "schedule" | "active">): OwnSchedule => {
  const frequency = Schedules.frequencyOf(schedule)
  if (frequency === undefined) return "unknown"
  if (frequency === "manual") return "manual"
  return active === true ? "scheduled" : "unknown"
}

/** Returns what reading the key's identity has shown. */
export const organizationAccess = ({
  organization_id: id = "",
  organization_name: name = "",
}: PolytomicApi.Identity): Access => ({
  ...(id !== "" && { identity: { id, ...(name !== "" && { name }) } }),
  shown: "The key is valid. A check of a sync shows whether it can read that; no read shows whether it may trigger it.",
})

/** Returns what reading a sync has shown. */
export const syncAccess = ({ active }: Pick<PolytomicApi.Sync, "active">): Access => ({
  shown: `The key can read this sync${active === false ? ", which is not active" : ""}. No read shows whether it may trigger it.`,
})
