/** Zeotap's bodies: a run, a sync, lists and errors. */
import type { Settings } from "../../Switch.ts"
import type { ZeotapSwitches } from "../../ZeotapSwitches.ts"
import { rendered } from "../rendered.ts"
import { empty, json, type Reply, text } from "../reply.ts"
import { countsAt, finishedAt, type Run, stateAt } from "../run.ts"
import { type Sync, visible } from "../sync.ts"
import { isoMillis, isoSeconds } from "../time.ts"

type Chosen = Settings<ZeotapSwitches>

export const failure = (set: Chosen, status: number, message: string): Reply => {
  if (set.errorBody === "empty") return empty(status)
  return set.errorBody === "html"
    ? text(status, `<html><body><h1>${status}</h1></body></html>`, "text/html")
    : json(status, { error: message })
}

const timestamp = (set: Chosen, at: number): string =>
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

export const sync = (set: Chosen, one: Sync, view: number, names: Names) => {
  const seen = visible(one, view)
  const last = one.runs[seen - 1]
  const every = Number.isFinite(one.every) ? cron(one.every) : nothing(set)
  return {
    id: one.ids["sync"],
    workspace_id: names.workspace,
    model_id: `model-of-${one.ids["sync"]}`,
    destination_id: `destination-of-${one.ids["sync"]}`,
    name: one.name,
    description: "",
    field_mapping: [{ source_column: "email", destination_field: "Email" }],
    sync_mode: "upsert",
    schedule: every,
    config: {},
    primary_key: "customer_id",
    status: one.state === "enabled" ? "active" : one.state,
    status_error: one.state === "error" ? "destination credentials have expired" : "",
    created_by: names.account,
    created_at: timestamp(set, one.createdAt),
    updated_at: timestamp(set, one.createdAt),
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
const cron = (every: number): string => {
  const minutes = Math.max(1, Math.round(every / 60_000))
  return minutes < 60 ? `*/${minutes} * * * *` : `0 */${Math.min(23, Math.round(minutes / 60))} * * *`
}
