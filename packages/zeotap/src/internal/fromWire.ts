/** Zeotap's answers in core's words. Pure, and total on whatever decodes. */
import type { Access, OwnSchedule, Page, Snapshot } from "@openretl/core/driver/Driver"
import * as Wire from "@openretl/core/driver/Wire"
import * as Run from "@openretl/core/Run"
import type * as ZeotapApi from "../ZeotapApi.ts"
import * as Paging from "./paging.ts"

/** The vendor's words, open at the end. `completed` speaks of the run as a whole: rows may have failed. */
const statuses: ReadonlyMap<string, Run.Status> = new Map([
  ["pending", "queued"],
  ["running", "running"],
  ["completed", "succeeded"],
  ["failed", "failed"],
  ["cancelled", "cancelled"],
])

export const status = (word: string): Run.Status => statuses.get(word) ?? "unknown"

export const snapshot = (run: ZeotapApi.Run): Snapshot => {
  const known = status(run.status)
  const queuedAt = Wire.time(run.created_at)
  // A pending run has a start, too, and it means nothing yet.
  const startedAt = known === "queued" ? undefined : Wire.time(run.started_at)
  const completedAt = Wire.endTime(run.completed_at, startedAt)
  // Of a word that nobody listed, `completed_at` tells whether it means an end.
  const hasEnded = Run.isTerminal(known) || (known === "unknown" && completedAt !== undefined)
  const errorText = Wire.errorText(run.error_message)
  return {
    run: run.id,
    status: known,
    vendorStatus: run.status,
    rows: rows(run, hasEnded),
    native: run,
    ...(queuedAt !== undefined && { queuedAt }),
    ...(startedAt !== undefined && { startedAt }),
    ...(hasEnded && completedAt !== undefined && { finishedAt: completedAt }),
    ...(errorText !== undefined && { errorText }),
  }
}

/** Before the end a 0 may stand for nothing counted yet. The vendor has no count of the rows that there were. */
export const rows = (run: Pick<ZeotapApi.Run, "rows_synced" | "rows_failed">, hasEnded: boolean): Run.Rows => {
  const told = (count: number | undefined): count is number => count !== undefined && (hasEnded || count > 0)
  const { rows_synced: succeeded, rows_failed: failed } = run
  return { ...(told(succeeded) && { succeeded }), ...(told(failed) && { failed }) }
}

export const page = (listed: ZeotapApi.Listed<ZeotapApi.Run>, asked: Paging.Asked): Page => {
  const { items, ...rest } = Paging.page(listed, asked)
  return { runs: items.map(snapshot), ...rest, ...(listed.date !== undefined && { asOf: listed.date }) }
}

/** Whether a sync that is not active still fires is not documented, nor is any form of a schedule but cron. */
export const ownSchedule = ({ schedule, status }: Pick<ZeotapApi.Sync, "schedule" | "status">): OwnSchedule => {
  if (schedule === undefined || schedule === null) return "manual"
  if (typeof schedule !== "string") return "unknown"
  if (schedule.trim() === "") return "manual"
  return status === "active" ? "scheduled" : "unknown"
}

export const workspaceAccess = ({ id, name }: ZeotapApi.Workspace): Access => ({
  identity: { id, ...(name !== undefined && name !== "" && { name }) },
  shown: "The token reads this workspace; whether it may trigger its syncs is not shown.",
})

/** The vendor's words for a sync's state, and ours. */
const states: ReadonlyMap<string, string> = new Map([
  ["draft", "a draft"],
  ["active", "active"],
  ["paused", "paused"],
  ["error", "in error"],
])

export const syncAccess = ({ status = "" }: Pick<ZeotapApi.Sync, "status">): Access => {
  const state = states.get(status)
  const which = state === undefined ? "" : `, which is ${state}`
  return { shown: `The token reads this sync${which}; whether it may trigger it is not shown.` }
}
