/** Zeotap's bodies: a run, a sync, lists and errors. */

import * as Duration from "effect/Duration"
import type { Settings } from "../../Switch.ts"
import type { ZeotapSwitches } from "../../ZeotapSwitches.ts"
import { empty, json, type Reply, text } from "../http/reply.ts"
import { rendered } from "../http/runText.ts"
import { isoMillis, isoSeconds } from "../http/timestamps.ts"
import { countsAt, finishedAt, type Run, stateAt } from "../world/run.ts"
import { type Sync, visible } from "../world/sync.ts"

export type Chosen = Settings<ZeotapSwitches>

export const failure = (set: Chosen, status: number, message: string): Reply => {
  if (set.errorBody === "empty") return empty(status)
  return set.errorBody === "html"
    ? text(status, `<html><body><h1>${status}</h1></body></html>`, "text/html")
    : json(status, { error: message })
}

export const timestamp = (set: Chosen, at: number): string =>
  set.timestampFraction === "seconds" ? isoSeconds(at) : isoMillis(at)

/** What stands for nothing; `undefined` leaves the field out. */
const nothing = (set: Chosen): string | null | undefined => {
  if (set.absentForm === "absent") return undefined
  return set.absentForm === "null" ? null : ""
}

export const word = (run: Run, at: number): string => {
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

/** Who and where, as every object names them. */
export interface Names {
  readonly workspace: string
  readonly account: string
}

/** One run, as JSON text. */
export const runText = (set: Chosen, one: Run, at: number, names: Names): string =>
  rendered(one, at, set, () => run(set, one, at, names))

const run = (set: Chosen, one: Run, at: number, { workspace, account }: Names): Record<string, unknown> => {
  const state = stateAt(one, at)
  const over = finishedAt(one) <= at
  const began = state === "queued" ? undefined : Math.min(one.startsAt, finishedAt(one))
  const waiting = set.pendingStartedAt === "present" ? timestamp(set, one.createdAt) : undefined
  const failed = state === "ended" && one.plan.ends === "failed"
  return {
    id: one.id,
    sync_id: one.sync.ids["sync"],
    workspace_id: workspace,
    status: word(one, at),
    started_at: began === undefined ? waiting : timestamp(set, began),
    completed_at: over ? timestamp(set, finishedAt(one)) : nothing(set),
    ...counters(set, one, at, over),
    error_message: over ? ((failed ? one.plan.error?.text : undefined) ?? "") : nothing(set),
    triggered_by: triggeredBy(set, one, account),
    created_at: timestamp(set, one.createdAt),
  }
}

const counters = (set: Chosen, one: Run, at: number, over: boolean) => {
  if (!over && set.countersWhileRunning === "absent") return {}
  const zero = !over && set.countersWhileRunning === "zero"
  const counts = zero ? { succeeded: 0, failed: 0 } : countsAt(one, at)
  return { rows_synced: counts.succeeded, rows_failed: counts.failed }
}

const triggeredBy = (set: Chosen, one: Run, account: string): string | undefined => {
  if (one.origin === "stranger" || set.triggeredBy === "account") return account
  return set.triggeredBy === "empty-string" ? "" : undefined
}

export const status = ({ state }: Sync): string => (state === "enabled" ? "active" : state)

export const sync = (set: Chosen, one: Sync, view: number, names: Names) => {
  const seen = visible(one, view)
  const last = one.runs[seen - 1]
  return {
    id: one.ids["sync"],
    workspace_id: names.workspace,
    model_id: one.parts["model"],
    destination_id: one.parts["destination"],
    name: one.name,
    ...one.attributes,
    schedule: one.schedule ?? nothing(set),
    status: status(one),
    status_error: one.state === "error" ? "destination credentials have expired" : "",
    created_by: names.account,
    created_at: timestamp(set, one.createdAt),
    updated_at: timestamp(set, one.updatedAt),
    last_synced_at: lastSynced(set, one, seen, view),
    last_run_id: last?.id ?? null,
  }
}

const lastSynced = (set: Chosen, one: Sync, seen: number, view: number): string | null => {
  for (let index = seen - 1; index >= 0; index--) {
    const run = one.runs[index]
    if (run !== undefined && stateAt(run, view) === "ended" && run.plan.ends === "succeeded") {
      return timestamp(set, finishedAt(run))
    }
  }
  return null
}

/** The nearest cron for an interval: minutes below an hour, hours above. */
export const cron = (every: Duration.Input): string => {
  const minutes = Math.max(1, Math.round(Duration.toMinutes(every)))
  return minutes < 60 ? `*/${minutes} * * * *` : `0 */${Math.min(23, Math.round(minutes / 60))} * * *`
}
