/** The bodies of Fivetran Activations: runs, syncs and refusals. */
import type { FivetranActivationsSwitches } from "../../FivetranActivationsSwitches.ts"
import { empty, html, json, type Reply } from "../../kit/Reply.ts"
import type { Run, Sync } from "../../kit/Run.ts"
import { countsAt, finishedAt, stateAt } from "../../kit/RunState.ts"
import { cachedRunText } from "../../kit/RunText.ts"
import { visibleRunCount } from "../../kit/Sync.ts"
import { isoMillis } from "../../kit/Timestamp.ts"
import type { Settings } from "../../Switch.ts"
import * as Schedules from "./schedule.ts"

/** The present values of the switches. */
export type SwitchSettings = Settings<FivetranActivationsSwitches>

/** A refusal in the form of `errorForm`. */
export const failure = ({ errorForm }: SwitchSettings, status: number, message: string): Reply => {
  switch (errorForm) {
    case "number":
      return json(status, { status, message })
    case "word":
      return json(status, { status: "error", message })
    case "status":
      return json(status, { status })
    case "empty":
      return empty(status)
    default:
      return html(status, `<html><body><h1>${status}</h1></body></html>`)
  }
}

/** An id as a number in JSON, where its digits are one. */
const numberOf = (id: string): number | bigint | string => {
  if (!/^(?:0|[1-9]\d*)$/.test(id)) return id
  const number = Number(id)
  return Number.isSafeInteger(number) ? number : BigInt(id)
}

/** An id in a body. */
export const idOf = ({ idForm }: SwitchSettings, id: string | undefined): unknown =>
  id === undefined || idForm === "strings" ? id : numberOf(id)

/** The status of a run at `at`. */
const statusWord = ({ cancelledStatus }: Pick<SwitchSettings, "cancelledStatus">, run: Run, at: number): string => {
  const { plan } = run
  switch (stateAt(run, at)) {
    case "queued":
      return "queued"
    case "skipped":
      return "skipped"
    case "stopped":
      return cancelledStatus
    case "ended":
      if (plan.endedWord !== undefined) return plan.endedWord
      if (plan.ends === "succeeded") return "completed"
      return plan.ends === "failed" ? "failed" : cancelledStatus
    default:
      return plan.runningWord ?? (at < run.startsAt + 1_000 ? "preparing" : "working")
  }
}

/** Whether a run was cancelled by `at`. */
const isCancelledAt = (run: Run, at: number): boolean => {
  const state = stateAt(run, at)
  return state === "stopped" || (state === "ended" && run.plan.ends === "cancelled")
}

/** The status of a run at `at` in one word: a run that was cancelled says so in `canceled`, whatever its status is. */
export const truthWord = (run: Run, at: number): string =>
  isCancelledAt(run, at) ? "canceled" : statusWord({ cancelledStatus: "canceled" }, run, at)

/** A run as JSON text. */
export const runText = (switches: SwitchSettings, run: Run, at: number): string =>
  cachedRunText(run, at, switches, () => runBody(switches, run, at))

const runBody = (switches: SwitchSettings, run: Run, at: number): Record<string, unknown> => {
  const state = stateAt(run, at)
  const isOver = finishedAt(run) <= at
  const hasFailed = state === "ended" && run.plan.ends === "failed"
  const hasBegun = run.startsAt <= Math.min(at, finishedAt(run)) && state !== "skipped"
  const hasEnd = isOver && !(hasFailed && !["completed-at", "both"].includes(switches.runTimes))
  return {
    id: idOf(switches, run.id),
    sync_id: idOf(switches, run.sync.ids["sync"]),
    ...countsOf(switches, run, at, isOver),
    created_at: isoMillis(run.createdAt),
    updated_at: isoMillis(isOver ? finishedAt(run) : at),
    ...(["started-at", "both"].includes(switches.runTimes) && {
      started_at: hasBegun ? isoMillis(run.startsAt) : null,
    }),
    completed_at: hasEnd ? isoMillis(finishedAt(run)) : null,
    scheduled_execution_time: run.origin === "schedule" ? isoMillis(run.createdAt) : null,
    error_code: hasFailed ? (run.plan.error?.code ?? null) : null,
    error_message: hasFailed ? (run.plan.error?.text ?? null) : null,
    error_detail: null,
    status: statusWord(switches, run, at),
    canceled: isCancelledAt(run, at),
    full_sync: run.scope === "full",
    current_step: state === "running" ? "Running Sync" : null,
    sync_trigger_reason: reasonOf(switches, run),
  }
}

const countsOf = (switches: SwitchSettings, run: Run, at: number, isOver: boolean) => {
  const { countsWhileRunning, invalidRows } = switches
  const hasNone = run.isSkipped || (isOver ? stateAt(run, at) === "ended" && run.plan.ends === "failed" : false)
  if (hasNone || (!isOver && countsWhileRunning === "null")) {
    return {
      ...{ source_record_count: null, source_record_updates: null, source_record_deletes: null },
      ...{ source_record_invalids: null, records_processed: null, records_updated: null, records_failed: null },
      records_invalid: 0,
    }
  }
  const isZero = !isOver && countsWhileRunning === "zero"
  const { succeeded, failed, invalid = 0, total } = isZero ? { succeeded: 0, failed: 0, total: 0 } : countsAt(run, at)
  const sent = total - invalid
  return {
    source_record_count: run.plan.counts.total * 10,
    source_record_updates: sent,
    source_record_deletes: 0,
    source_record_invalids: invalidRows === "records" ? 0 : invalid,
    records_processed: invalidRows === "processed" ? total : sent,
    records_updated: succeeded,
    records_failed: failed,
    records_invalid: invalidRows === "source" || invalidRows === "processed" ? 0 : invalid,
  }
}

const reasonOf = ({ triggerReason }: SwitchSettings, { origin }: Run): unknown => {
  if (origin === "schedule") return { ui_tag: "Scheduled", ui_detail: "Started by its schedule" }
  if (origin === "call" && triggerReason === "absent") return null
  if (origin === "call" && triggerReason === "API") return { ui_tag: "API", ui_detail: "Triggered by the API" }
  return { ui_tag: "Manual", ui_detail: "Manually triggered by test@getcensus.com" }
}

/** Whether the vendor shows a sync as paused. It has no word for a draft or an error. */
export const isPaused = ({ state }: Sync): boolean => state === "paused" || state === "draft"

/** A sync as a read as of `asOf` shows it. */
export const syncBody = (switches: SwitchSettings, sync: Sync, asOf: number, groupId: string) => {
  const lastRun = sync.runs[visibleRunCount(sync, asOf) - 1]
  const { source_attributes, destination_attributes, mappings, ...attributes } = sync.attributes
  const status = statusOf(lastRun, asOf)
  const fields = Schedules.fieldsOf(sync.schedule ?? Schedules.never)
  const hasFields = switches.scheduleForm !== "mode" && fields !== undefined
  return {
    id: idOf(switches, sync.ids["sync"]),
    group_id: groupId,
    label: sync.name,
    status: switches.syncStatus === "lower" ? status : status.charAt(0).toUpperCase() + status.slice(1),
    paused: isPaused(sync),
    ...attributes,
    source_attributes: { connection_id: idOf(switches, sync.parts["source"]), ...Object(source_attributes) },
    destination_attributes: {
      [switches.destinationId]: idOf(switches, sync.parts["destination"]),
      ...Object(destination_attributes),
    },
    mappings: mappingsOf(switches, mappings),
    ...(switches.scheduleForm === "fields" && hasFields
      ? {}
      : { mode: Schedules.shownMode(sync.schedule ?? Schedules.never) }),
    ...(hasFields && fields),
    created_at: isoMillis(sync.createdAt),
    updated_at: isoMillis(sync.updatedAt),
  }
}

const statusOf = (lastRun: Run | undefined, at: number): string => {
  if (lastRun === undefined) return "ready"
  return stateAt(lastRun, at) === "ended" && lastRun.plan.ends === "failed" ? "failing" : "up to date"
}

const added = { from: { type: "compound_key", data: ["email", "id"] }, to: "census_key" }

/** The entries of a mapping in no particular order, each with its place. */
const mappingsOf = ({ addedMappings }: SwitchSettings, mappings: unknown): unknown => {
  if (!Array.isArray(mappings)) return mappings
  const all = addedMappings === "none" ? mappings : [...mappings, added]
  return all.map((entry, position) => ({ ...Object(entry), position })).reverse()
}
