/** Hightouch's bodies: runs, syncs and refusals. */
import type { HightouchSwitches } from "../../HightouchSwitches.ts"
import { empty, html, json, type Reply } from "../../kit/Reply.ts"
import type { Run, Sync } from "../../kit/Run.ts"
import { countsAt, finishedAt, stateAt } from "../../kit/RunState.ts"
import { cachedRunText } from "../../kit/RunText.ts"
import { visibleRunCount } from "../../kit/Sync.ts"
import { isoMillis } from "../../kit/Timestamp.ts"
import type { Settings } from "../../Switch.ts"

/** The present values of Hightouch's switches. */
export type SwitchSettings = Settings<HightouchSwitches>

/** A refusal in the form of `errorForm`. One inside a success always has the documented form. */
export const failure = (
  { errorForm }: SwitchSettings,
  status: number,
  message: string,
  details: string | Readonly<Record<string, unknown>>,
): Reply => {
  if (status < 300 || errorForm === "message") return json(status, { message, details })
  if (errorForm === "empty") return empty(status)
  if (errorForm === "html") return html(status, `<html><body><h1>${status}</h1></body></html>`)
  const text = typeof details === "string" ? details : Object.values(details).map(textOf).join(", ")
  return json(status, { error: text || message })
}

const textOf = (detail: unknown): string => String(Reflect.get(Object(detail), "message") ?? detail)

/** An id as a number in JSON, where its digits are one. */
const numberOf = (id: string): number | bigint | string => {
  if (!/^(?:0|[1-9]\d*)$/.test(id)) return id
  const number = Number(id)
  return Number.isSafeInteger(number) ? number : BigInt(id)
}

/** An id in an object. */
const idOf = ({ idForm }: SwitchSettings, id: string | undefined): unknown =>
  id === undefined || idForm === "strings" ? id : numberOf(id)

/** The id in the answer of a trigger. */
export const triggeredId = ({ idForm }: SwitchSettings, id: string): unknown =>
  idForm === "numbers" ? numberOf(id) : id

/** How much of its time a run has worked, from 0 to 1. */
const progressAt = (run: Run, at: number): number =>
  run.duration === Number.POSITIVE_INFINITY ? 0.5 : Math.max(0, Math.min(1, (at - run.startsAt) / run.duration))

/** The vendor's word for a run that works, by how far it is. */
const runningWord = ({ interrupted }: SwitchSettings, progress: number): string => {
  if (progress < 0.2) return "querying"
  if (interrupted === "goes-on" && progress < 0.8) return "interrupted"
  return progress < 0.9 ? "processing" : "reporting"
}

/** The status of a run at `at`. */
export const statusWord = (switches: SwitchSettings, run: Run, at: number): string => {
  const { plan } = run
  switch (stateAt(run, at)) {
    case "queued":
      return "queued"
    case "stopped":
      return "cancelled"
    case "ended":
      if (plan.endedWord !== undefined) return plan.endedWord
      if (plan.ends !== "succeeded") return plan.ends
      return countsAt(run, at).failed > 0 && switches.warning === "failed-rows" ? "warning" : "success"
    default:
      return plan.runningWord ?? runningWord(switches, progressAt(run, at))
  }
}

/** A run as JSON text. */
export const runText = (switches: SwitchSettings, run: Run, at: number): string =>
  cachedRunText(run, at, switches, () => runBody(switches, run, at))

const runBody = (switches: SwitchSettings, run: Run, at: number): Record<string, unknown> => {
  const state = stateAt(run, at)
  const isOver = finishedAt(run) <= at
  const unfinished = { null: null, absent: undefined, "created-at": isoMillis(run.createdAt) }[switches.unfinishedTimes]
  const startedAt = Math.min(run.startsAt, finishedAt(run))
  const hasFailed = state === "ended" && run.plan.ends === "failed"
  return {
    id: idOf(switches, run.id),
    createdAt: isoMillis(run.createdAt),
    startedAt: state === "queued" ? unfinished : isoMillis(startedAt),
    finishedAt: isOver ? isoMillis(finishedAt(run)) : unfinished,
    querySize: state === "queued" ? null : run.plan.counts.total,
    status: statusWord(switches, run, at),
    completionRatio: isOver ? 1 : state === "queued" ? 0 : progressAt(run, at),
    ...rowsOf(switches, run, at, isOver),
    error: hasFailed ? (run.plan.error?.text ?? null) : null,
  }
}

const rowsOf = (switches: SwitchSettings, run: Run, at: number, isOver: boolean) => {
  const { countsWhileRunning } = switches
  if (!isOver && countsWhileRunning === "null") return { plannedRows: null, successfulRows: null, failedRows: null }
  const isZero = !isOver && countsWhileRunning === "zero"
  const counts = isZero ? { succeeded: 0, failed: 0, total: 0 } : countsAt(run, at)
  return {
    plannedRows: kindsOf(switches, counts.succeeded, counts.total - counts.succeeded),
    successfulRows: kindsOf(switches, counts.succeeded, 0),
    failedRows: kindsOf(switches, 0, counts.failed),
  }
}

/** Splits rows into the three kinds. Rows that were not delivered are all added ones, so that the kinds of a run add up. */
const kindsOf = ({ rowKinds }: SwitchSettings, delivered: number, others: number) => {
  const part = rowKinds === "all" ? Math.floor(delivered / 4) : 0
  return { addedCount: delivered - 2 * part + others, changedCount: part, removedCount: part }
}

/** Whether the vendor shows a sync as disabled. It has no word for a draft or an error. */
export const isDisabled = ({ state }: Sync): boolean => state === "paused" || state === "draft"

/** A sync as a read as of `asOf` shows it. */
export const syncBody = (switches: SwitchSettings, sync: Sync, asOf: number, workspaceId: string) => {
  const lastRun = sync.runs[visibleRunCount(sync, asOf) - 1]
  const lastStatus = lastRun === undefined ? "pending" : statusWord(switches, lastRun, asOf)
  return {
    id: idOf(switches, sync.ids["sync"]),
    slug: sync.name,
    workspaceId: idOf(switches, workspaceId),
    createdAt: isoMillis(sync.createdAt),
    updatedAt: isoMillis(sync.updatedAt),
    destinationId: idOf(switches, sync.parts["destination"]),
    modelId: idOf(switches, sync.parts["model"]),
    ...sync.attributes,
    schedule: scheduleBody(switches, sync.schedule),
    status: isDisabled(sync) && switches.disabledStatus === "disabled" ? "disabled" : lastStatus,
    disabled: isDisabled(sync),
    lastRunAt: lastRun === undefined ? null : isoMillis(lastRun.createdAt),
  }
}

const scheduleBody = ({ scheduleTypes }: SwitchSettings, schedule: unknown): unknown => {
  if (schedule === undefined) return null
  const isCron = typeof schedule === "object" && schedule !== null && Reflect.get(schedule, "type") === "cron"
  return isCron ? { ...schedule, type: scheduleTypes } : schedule
}
