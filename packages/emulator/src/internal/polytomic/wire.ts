/** Polytomic's bodies: executions, syncs and refusals. */
import * as PageRequest from "../../kit/PageRequest.ts"
import { empty, html, json, jsonArray, jsonText, type Reply } from "../../kit/Reply.ts"
import type { Run, Sync } from "../../kit/Run.ts"
import { countsAt, finishedAt, stateAt } from "../../kit/RunState.ts"
import { cachedRunText } from "../../kit/RunText.ts"
import { isoMillis } from "../../kit/Timestamp.ts"
import type { PolytomicSwitches } from "../../PolytomicSwitches.ts"
import type { Settings } from "../../Switch.ts"
import { none } from "./schedule.ts"

/** The present values of Polytomic's switches. */
export type SwitchSettings = Settings<PolytomicSwitches>

/** The documented form of an idempotency key. */
export const keyForm = /^[A-Za-z0-9_-]{8,255}$/

const keysByStatus: Readonly<Record<number, string>> = {
  400: "bad_request",
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  409: "conflict",
  422: "unprocessable",
  429: "rate_limited",
}

/** A refusal in the form of `errorForm`. */
export const failure = ({ errorForm }: SwitchSettings, status: number, message: string, key?: string): Reply => {
  if (errorForm === "empty") return empty(status)
  if (errorForm === "html") return html(status, `<html><body><h1>${status}</h1></body></html>`)
  if (errorForm === "message") return json(status, { message })
  return json(status, { key: key ?? keysByStatus[status] ?? "error", message, metadata: {}, status })
}

/** Returns one of the two refusals with 409 of a start. `conflictForm` says which part of it differs from the other one. */
export const conflict = (switches: SwitchSettings, key: string, message: string): Reply => {
  const { conflictForm } = switches
  return failure(
    switches,
    409,
    conflictForm === "message" ? message : "Conflict",
    conflictForm === "key" ? key : "conflict",
  )
}

/** A page of a list. `next` is where the next one begins. */
export const listReply = ({ emptyList }: SwitchSettings, texts: ReadonlyArray<string>, next?: number): Reply => {
  const data = texts.length === 0 && emptyList === "null" ? "null" : jsonArray(texts)
  const pagination = next === undefined ? "{}" : `{"next_page_token":"${PageRequest.tokenAt(next)}"}`
  return jsonText(200, `{"data":${data},"pagination":${pagination}}`)
}

/** How much of its time a run has worked, from 0 to 1. */
const progressAt = (run: Run, at: number): number =>
  run.duration === Number.POSITIVE_INFINITY ? 0.5 : Math.max(0, Math.min(1, (at - run.startsAt) / run.duration))

/** The status of an execution at `at`. */
export const statusWord = (switches: SwitchSettings, run: Run, at: number): string => {
  const { plan } = run
  switch (stateAt(run, at)) {
    case "queued":
      return at <= run.createdAt ? "created" : "queued"
    case "stopping":
      return "canceling"
    case "stopped":
      return "canceled"
    case "ended":
      if (plan.endedWord !== undefined) return plan.endedWord
      if (plan.ends !== "succeeded") return plan.ends === "cancelled" ? "canceled" : plan.ends
      return countsAt(run, at).failed > 0 ? switches.rejectedRows : "completed"
    default: {
      const progress = progressAt(run, at)
      const isInterrupted = switches.interrupted === "goes-on" && progress > 0.2 && progress < 0.8
      return plan.runningWord ?? (isInterrupted ? "interrupted" : progress < 0.2 ? "running" : "processing")
    }
  }
}

/** An execution as JSON text. */
export const runText = (switches: SwitchSettings, run: Run, at: number): string =>
  cachedRunText(run, at, switches, () => runBody(switches, run, at))

const runBody = (switches: SwitchSettings, run: Run, at: number): Record<string, unknown> => {
  const state = stateAt(run, at)
  const isOver = finishedAt(run) <= at
  const unfinished = { absent: undefined, null: null, zero: "0001-01-01T00:00:00Z" }[switches.unfinishedTimes]
  const hasFailed = state === "ended" && run.plan.ends === "failed"
  return {
    id: run.id,
    status: statusWord(switches, run, at),
    type: run.origin === "schedule" ? "scheduled" : "manual",
    created_at: isoMillis(run.createdAt),
    started_at: state === "queued" ? unfinished : isoMillis(Math.min(run.startsAt, finishedAt(run))),
    completed_at: isOver ? isoMillis(finishedAt(run)) : unfinished,
    counts: countsOf(switches, run, at, isOver),
    errors: hasFailed && run.plan.error !== undefined ? [run.plan.error.text] : [],
  }
}

const countsOf = ({ countsWhileRunning, rowCounts }: SwitchSettings, run: Run, at: number, isOver: boolean) => {
  if (!isOver && countsWhileRunning === "absent") return undefined
  const isZero = !isOver && countsWhileRunning === "zero"
  const { succeeded, failed, total } = isZero ? { succeeded: 0, failed: 0, total: 0 } : countsAt(run, at)
  const part = rowCounts === "all" ? Math.floor(succeeded / 4) : 0
  return {
    insert: part,
    update: part,
    upserts: succeeded - 3 * part,
    delete: part,
    error: failed,
    warnings: rowCounts === "all" ? Math.min(2, succeeded) : 0,
    total,
  }
}

/** The id of a sync. */
export const idOf = ({ ids }: Sync): string => ids["sync"] ?? ""

/** What a sync shows in lists and alone. */
const commonFields = (sync: Sync, organizationId: string) => {
  const { only_enrich_updates, skip_initial_backfill, sync_all_records, mode } = sync.attributes as Record<
    string,
    unknown
  >
  return {
    id: idOf(sync),
    name: sync.name,
    active: sync.state === "enabled",
    mode,
    model_ids: sync.parts["model"] === undefined ? [] : [sync.parts["model"]],
    schedule: sync.schedule ?? none,
    only_enrich_updates,
    skip_initial_backfill,
    sync_all_records,
    organization_id: organizationId,
    created_at: isoMillis(sync.createdAt),
    updated_at: isoMillis(sync.updatedAt),
  }
}

/** A sync in a list. */
export const listedSync = (sync: Sync, organizationId: string) => ({
  ...commonFields(sync, organizationId),
  target_connection_id: sync.parts["connection"],
  target_object: sync.attributes["object"],
})

/** A sync alone. */
export const syncBody = (sync: Sync, organizationId: string) => {
  const { object, settings, ...attributes } = sync.attributes as Record<string, unknown>
  return {
    ...attributes,
    ...commonFields(sync, organizationId),
    target: { ...Object(settings), connection_id: sync.parts["connection"], object },
  }
}
