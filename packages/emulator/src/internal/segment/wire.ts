/** Segment's bodies: statuses of runs with their phases, and errors. */

import * as Json from "@openretl/core/driver/Json"
import { json, jsonText, type Reply } from "../../kit/Reply.ts"
import type { Run } from "../../kit/Run.ts"
import { countsAt, finishedAt, stateAt } from "../../kit/RunState.ts"
import { cachedRunText } from "../../kit/RunText.ts"
import { isoMillis, isoSeconds } from "../../kit/Timestamp.ts"
import type { SegmentSwitches } from "../../SegmentSwitches.ts"
import type { Settings } from "../../Switch.ts"

/** The present values of Segment's switches. */
export type SwitchSettings = Settings<SegmentSwitches>

export const success = (switches: SwitchSettings, data: unknown): Reply =>
  successText(switches, Json.stringify(data) ?? "")

/** Creates a success of data that is JSON text already. */
export const successText = (switches: SwitchSettings, data: string): Reply =>
  jsonText(200, `{"data":${data}}`, { "content-type": switches.answerMediaType })

/** An entry of `errors`. */
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

/** Creates a refusal whose status is the value of a switch. */
export const refusal = (status: string, message: string): Reply => {
  const types: Readonly<Record<string, string>> = {
    "401": "unauthorized",
    "403": "forbidden",
    "409": "conflict",
    "422": "input-validation",
  }
  return failure(Number(status), { type: types[status] ?? "bad-request", message })
}

export const timestamp = (switches: SwitchSettings, at: number): string =>
  switches.timestampForm === "seconds" ? isoSeconds(at) : isoMillis(at)

/** The status of a run at `at`. */
export const statusWord = (switches: SwitchSettings, run: Run, at: number): string => {
  const { plan } = run
  switch (stateAt(run, at)) {
    case "stopped":
      return switches.cancelledStatus
    case "stopping":
      return switches.cancellingStatus
    case "ended":
      if (plan.endedWord !== undefined) return plan.endedWord
      if (plan.ends === "cancelled") return switches.cancelledStatus
      if (plan.ends === "failed") return "FAIL"
      return countsAt(run, at).failed > 0 ? "PARTIAL_SUCCESS" : "SUCCESS"
    default:
      return plan.runningWord ?? "IN_PROGRESS"
  }
}

/** A run as JSON text. */
export const runText = (switches: SwitchSettings, run: Run, at: number): string =>
  cachedRunText(run, at, switches, () => runBody(switches, run, at))

const runBody = (switches: SwitchSettings, run: Run, at: number): Record<string, unknown> => {
  const isOver = finishedAt(run) <= at
  const until = isOver ? finishedAt(run) : at
  const hasFailed = isOver && stateAt(run, at) === "ended" && run.plan.ends === "failed"
  const body: Record<string, unknown> = {
    syncId: run.id,
    modelId: run.sync.ids["model"],
    sourceId: run.sync.ids["source"],
    syncStatus: statusWord(switches, run, at),
    duration: durationText(switches, until - run.createdAt),
    startedAt: timestamp(switches, run.createdAt),
  }
  if (isOver) body["finishedAt"] = timestamp(switches, until)
  else if (switches.finishedAtWhileRunning === "empty-string") body["finishedAt"] = ""
  if (isOver || switches.countsWhileRunning !== "absent") Object.assign(body, phasesOf(switches, run, at, isOver))
  if (hasFailed && run.plan.error !== undefined) {
    body["error"] = run.plan.error.text
    if (run.plan.error.code !== undefined) body["errorCode"] = run.plan.error.code
  }
  return body
}

const phasesOf = (switches: SwitchSettings, run: Run, at: number, isOver: boolean): Record<string, unknown> => {
  const isZero = !isOver && switches.countsWhileRunning === "zero"
  const counts = isZero ? { succeeded: 0, failed: 0, total: 0 } : countsAt(run, at)
  const commonFields: Record<string, string> = { startedAt: timestamp(switches, run.createdAt) }
  const optionalFields = { errorCode: undefined, finishedAt: isOver ? timestamp(switches, finishedAt(run)) : undefined }
  for (const [name, value] of Object.entries(optionalFields)) {
    if (value !== undefined) commonFields[name] = value
    else if (switches.emptyPhaseFields === "empty-string") commonFields[name] = ""
  }
  return {
    extractPhase: {
      addedCount: String(counts.total),
      updatedCount: "0",
      deletedCount: "0",
      extractCount: String(counts.total),
      ...commonFields,
    },
    loadPhase: {
      deliverSuccessCount: String(counts.succeeded),
      deliverFailureCount: String(counts.failed),
      ...commonFields,
    },
  }
}

const durationText = (switches: SwitchSettings, millis: number): string => {
  switch (switches.durationForm) {
    case "milliseconds":
      return String(Math.round(millis))
    case "seconds":
      return String(Math.round(millis / 1000))
    case "empty-string":
      return ""
    default: {
      const seconds = Math.round(millis / 1000)
      const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
      return `${hours > 0 ? `${hours}h` : ""}${hours > 0 || minutes > 0 ? `${minutes}m` : ""}${seconds % 60}s`
    }
  }
}
