/** Segment's bodies: a sync status, its phases, and errors. */

import type { SegmentSwitches } from "../../SegmentSwitches.ts"
import type { Settings } from "../../Switch.ts"
import { json, jsonText, type Reply } from "../http/reply.ts"
import { rendered } from "../http/runText.ts"
import { isoMillis, isoSeconds } from "../http/timestamps.ts"
import { countsAt, finishedAt, type Run, stateAt } from "../world/run.ts"

type Chosen = Settings<SegmentSwitches>

export const success = (set: Chosen, data: unknown): Reply => successText(set, JSON.stringify(data))

/** For data that is JSON text already. */
export const successText = (set: Chosen, data: string): Reply =>
  jsonText(200, `{"data":${data}}`, { "content-type": set.answerMediaType })

export interface Problem {
  readonly type: string
  readonly message: string
  readonly field?: string
  readonly data?: unknown
}

export const failure = (status: number, ...errors: ReadonlyArray<Problem>): Reply => json(status, { errors })

export const notFound = (what: string, id: string): Reply =>
  failure(404, { type: "not-found", message: `${what} with id '${id}' not found.`, data: null })

export const conflict = (message: string): Reply => failure(409, { type: "conflict", message })

export const badRequest = (message: string): Reply => failure(400, { type: "bad-request", message })

/** A refusal whose status is a switch. */
export const refusal = (status: string, message: string): Reply => {
  const types: Readonly<Record<string, string>> = {
    "401": "unauthorized",
    "403": "forbidden",
    "409": "conflict",
    "422": "input-validation",
  }
  return failure(Number(status), { type: types[status] ?? "bad-request", message })
}

export const timestamp = (set: Chosen, at: number): string =>
  set.timestampForm === "seconds" ? isoSeconds(at) : isoMillis(at)

export const word = (set: Chosen, run: Run, at: number): string => {
  const { plan } = run
  switch (stateAt(run, at)) {
    case "stopped":
      return set.cancelledStatus
    case "stopping":
      return set.cancellingStatus
    case "ended":
      if (plan.endedWord !== undefined) return plan.endedWord
      if (plan.ends === "cancelled") return set.cancelledStatus
      if (plan.ends === "failed") return "FAIL"
      return countsAt(run, at).failed > 0 ? "PARTIAL_SUCCESS" : "SUCCESS"
    default:
      return plan.runningWord ?? "IN_PROGRESS"
  }
}

/** One sync status, as JSON text. */
export const syncStatusText = (set: Chosen, run: Run, at: number): string =>
  rendered(run, at, set, () => syncStatus(set, run, at))

const syncStatus = (set: Chosen, run: Run, at: number): Record<string, unknown> => {
  const over = finishedAt(run) <= at
  const until = over ? finishedAt(run) : at
  const failed = over && stateAt(run, at) === "ended" && run.plan.ends === "failed"
  const body: Record<string, unknown> = {
    syncId: run.id,
    modelId: run.sync.ids["model"],
    sourceId: run.sync.ids["source"],
    syncStatus: word(set, run, at),
    duration: duration(set, until - run.createdAt),
    startedAt: timestamp(set, run.createdAt),
  }
  if (over) body["finishedAt"] = timestamp(set, until)
  else if (set.finishedAtWhileRunning === "empty-string") body["finishedAt"] = ""
  if (over || set.countsWhileRunning !== "absent") Object.assign(body, phases(set, run, at, over))
  if (failed && run.plan.error !== undefined) {
    body["error"] = run.plan.error.text
    if (run.plan.error.code !== undefined) body["errorCode"] = run.plan.error.code
  }
  return body
}

const phases = (set: Chosen, run: Run, at: number, over: boolean): Record<string, unknown> => {
  const zero = !over && set.countsWhileRunning === "zero"
  const counts = zero ? { succeeded: 0, failed: 0, total: 0 } : countsAt(run, at)
  const edges: Record<string, string> = { startedAt: timestamp(set, run.createdAt) }
  const optional = { errorCode: undefined, finishedAt: over ? timestamp(set, finishedAt(run)) : undefined }
  for (const [name, value] of Object.entries(optional)) {
    if (value !== undefined) edges[name] = value
    else if (set.emptyPhaseFields === "empty-string") edges[name] = ""
  }
  return {
    extractPhase: {
      addedCount: String(counts.total),
      updatedCount: "0",
      deletedCount: "0",
      extractCount: String(counts.total),
      ...edges,
    },
    loadPhase: {
      deliverSuccessCount: String(counts.succeeded),
      deliverFailureCount: String(counts.failed),
      ...edges,
    },
  }
}

const duration = (set: Chosen, millis: number): string => {
  switch (set.durationForm) {
    case "milliseconds":
      return String(Math.round(millis))
    case "seconds":
      return String(Math.round(millis / 1000))
    case "empty-string":
      return ""
    default: {
      const seconds = Math.round(millis / 1000)
      const [h, m] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
      return `${h > 0 ? `${h}h` : ""}${h > 0 || m > 0 ? `${m}m` : ""}${seconds % 60}s`
    }
  }
}
