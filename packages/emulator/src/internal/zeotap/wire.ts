/** Zeotap's bodies: runs, syncs and errors. */

import { empty, html, json, type Reply } from "../../kit/Reply.ts"
import type { Run, Sync } from "../../kit/Run.ts"
import { countsAt, finishedAt, stateAt } from "../../kit/RunState.ts"
import { cachedRunText } from "../../kit/RunText.ts"
import { visibleRunCount } from "../../kit/Sync.ts"
import { isoMillis, isoSeconds } from "../../kit/Timestamp.ts"
import type { Settings } from "../../Switch.ts"
import type { ZeotapSwitches } from "../../ZeotapSwitches.ts"

/** The present values of Zeotap's switches. */
export type SwitchSettings = Settings<ZeotapSwitches>

/** The ids that every object carries. */
export interface Owners {
  readonly workspace: string
  readonly account: string
}

/** A refusal in the form of `errorBody`. */
export const failure = (switches: SwitchSettings, status: number, message: string): Reply => {
  if (switches.errorBody === "empty") return empty(status)
  return switches.errorBody === "html"
    ? html(status, `<html><body><h1>${status}</h1></body></html>`)
    : json(status, { error: message })
}

export const timestamp = (switches: SwitchSettings, at: number): string =>
  switches.timestampFraction === "seconds" ? isoSeconds(at) : isoMillis(at)

/** The value of a field that has none; `undefined` leaves the field out. */
const absentValue = (switches: SwitchSettings): string | null | undefined => {
  if (switches.absentForm === "absent") return undefined
  return switches.absentForm === "null" ? null : ""
}

/** The status of a run at `at`. */
export const statusWord = (run: Run, at: number): string => {
  const { plan } = run
  switch (stateAt(run, at)) {
    case "queued":
      return "pending"
    case "stopped":
      return "cancelled"
    case "ended":
      if (plan.endedWord !== undefined) return plan.endedWord
      return plan.ends === "succeeded" ? "completed" : plan.ends
    default:
      return plan.runningWord ?? "running"
  }
}

/** A run as JSON text. */
export const runText = (switches: SwitchSettings, run: Run, at: number, owners: Owners): string =>
  cachedRunText(run, at, switches, () => runBody(switches, run, at, owners))

const runBody = (
  switches: SwitchSettings,
  run: Run,
  at: number,
  { workspace, account }: Owners,
): Record<string, unknown> => {
  const state = stateAt(run, at)
  const isOver = finishedAt(run) <= at
  const startedAt = state === "queued" ? undefined : Math.min(run.startsAt, finishedAt(run))
  const startedAtOfPending = switches.pendingStartedAt === "present" ? timestamp(switches, run.createdAt) : undefined
  const hasFailed = state === "ended" && run.plan.ends === "failed"
  return {
    id: run.id,
    sync_id: run.sync.ids["sync"],
    workspace_id: workspace,
    status: statusWord(run, at),
    started_at: startedAt === undefined ? startedAtOfPending : timestamp(switches, startedAt),
    completed_at: isOver ? timestamp(switches, finishedAt(run)) : absentValue(switches),
    ...counters(switches, run, at, isOver),
    error_message: isOver ? ((hasFailed ? run.plan.error?.text : undefined) ?? "") : absentValue(switches),
    triggered_by: triggeredBy(switches, run, account),
    created_at: timestamp(switches, run.createdAt),
  }
}

const counters = (switches: SwitchSettings, run: Run, at: number, isOver: boolean) => {
  if (!isOver && switches.countersWhileRunning === "absent") return {}
  const isZero = !isOver && switches.countersWhileRunning === "zero"
  const counts = isZero ? { succeeded: 0, failed: 0 } : countsAt(run, at)
  return { rows_synced: counts.succeeded, rows_failed: counts.failed }
}

const triggeredBy = (switches: SwitchSettings, run: Run, account: string): string | undefined => {
  if (run.origin === "stranger" || switches.triggeredBy === "account") return account
  return switches.triggeredBy === "empty-string" ? "" : undefined
}

/** The status of a sync. */
export const syncStatus = ({ state }: Sync): string => (state === "enabled" ? "active" : state)

/** A sync as a read as of `asOf` shows it. */
export const syncBody = (switches: SwitchSettings, sync: Sync, asOf: number, owners: Owners) => {
  const runCount = visibleRunCount(sync, asOf)
  return {
    id: sync.ids["sync"],
    workspace_id: owners.workspace,
    model_id: sync.parts["model"],
    destination_id: sync.parts["destination"],
    name: sync.name,
    ...sync.attributes,
    schedule: sync.schedule ?? absentValue(switches),
    status: syncStatus(sync),
    status_error: sync.state === "error" ? "destination credentials have expired" : "",
    created_by: owners.account,
    created_at: timestamp(switches, sync.createdAt),
    updated_at: timestamp(switches, sync.updatedAt),
    last_synced_at: lastSyncedAt(switches, sync, runCount, asOf),
    last_run_id: sync.runs[runCount - 1]?.id ?? null,
  }
}

/** When the latest successful run among the first `runCount` ended; `null` where there is none. */
const lastSyncedAt = (switches: SwitchSettings, sync: Sync, runCount: number, asOf: number): string | null => {
  for (let index = runCount - 1; index >= 0; index--) {
    const run = sync.runs[index]
    if (run !== undefined && stateAt(run, asOf) === "ended" && run.plan.ends === "succeeded") {
      return timestamp(switches, finishedAt(run))
    }
  }
  return null
}
