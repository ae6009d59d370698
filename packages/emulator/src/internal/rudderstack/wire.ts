/** RudderStack's bodies: runs, pages and errors. */

import { empty, json, type Reply } from "../../kit/Reply.ts"
import type { Run } from "../../kit/Run.ts"
import { countsAt, finishedAt, stateAt } from "../../kit/RunState.ts"
import { cachedRunText } from "../../kit/RunText.ts"
import { isoMicros, isoMillis, isoSeconds } from "../../kit/Timestamp.ts"
import type { RudderStackSwitches } from "../../RudderStackSwitches.ts"
import type { Settings } from "../../Switch.ts"

/** The present values of RudderStack's switches. */
export type SwitchSettings = Settings<RudderStackSwitches>

/** A refusal in the form of `errorForm`. */
export const failure = (
  switches: SwitchSettings,
  status: number,
  message: string,
  extra: Readonly<Record<string, unknown>> = {},
): Reply => (switches.errorForm === "empty" ? empty(status) : json(status, { [switches.errorForm]: message, ...extra }))

export const timestamp = (switches: SwitchSettings, at: number): string => {
  if (switches.timestampFraction === "seconds") return isoSeconds(at)
  return switches.timestampFraction === "microseconds" ? isoMicros(at) : isoMillis(at)
}

/** The status of a run at `at`. */
export const statusWord = (switches: SwitchSettings, run: Run, at: number): string => {
  const { plan } = run
  switch (stateAt(run, at)) {
    case "stopped":
      return switches.finalStatusOfStopped
    case "ended":
      if (plan.endedWord !== undefined) return plan.endedWord
      if (plan.ends === "cancelled") return switches.finalStatusOfStopped
      return plan.ends
    default:
      return plan.runningWord ?? "running"
  }
}

/** A run as JSON text. */
export const runText = (switches: SwitchSettings, run: Run, at: number): string =>
  cachedRunText(run, at, switches, () => runBody(switches, run, at))

const runBody = (switches: SwitchSettings, run: Run, at: number): Record<string, unknown> => {
  const isOver = finishedAt(run) <= at
  const body: Record<string, unknown> = {
    id: run.id,
    status: statusWord(switches, run, at),
    startedAt: timestamp(switches, run.createdAt),
  }
  const finishedAtValue = isOver ? timestamp(switches, finishedAt(run)) : finishedAtWhileRunning(switches, run)
  if (finishedAtValue !== undefined) body["finishedAt"] = finishedAtValue
  const error = isOver ? errorOf(switches, run, at) : undefined
  if (error !== undefined) body["error"] = error
  else if (switches.noErrorForm !== "absent") body["error"] = switches.noErrorForm === "null" ? null : ""
  const metrics = metricsOf(switches, run, at, isOver)
  if (metrics !== undefined) body["metrics"] = metrics
  return body
}

/** `finishedAt` of a run that is not over; `undefined` leaves it out. */
const finishedAtWhileRunning = (switches: SwitchSettings, run: Run): string | null | undefined => {
  switch (switches.finishedAtWhileRunning) {
    case "zero-time":
      return "0001-01-01T00:00:00Z"
    case "value":
      return timestamp(switches, run.createdAt)
    case "null":
      return null
    default:
      return undefined
  }
}

const errorOf = (switches: SwitchSettings, run: Run, at: number): string | undefined => {
  if (stateAt(run, at) === "ended" && run.plan.ends !== "cancelled") return run.plan.error?.text
  return switches.errorOfStopped === "text" ? "the sync was stopped" : undefined
}

const metricsOf = (switches: SwitchSettings, run: Run, at: number, isOver: boolean): unknown => {
  if (!isOver && switches.metricsWhileRunning === "absent") return undefined
  if (!isOver && switches.metricsWhileRunning === "null") return null
  const isZero = !isOver && switches.metricsWhileRunning === "zero"
  const counts = isZero ? { succeeded: 0, failed: 0, total: 0 } : countsAt(run, at)
  return {
    succeeded: { total: counts.succeeded },
    failed: { total: counts.failed },
    changed: { total: counts.total },
    total: counts.total,
  }
}

/** `paging` of a page. Its `next` is a relative path, which a client should not follow. */
export const paging = (
  switches: SwitchSettings,
  path: string,
  page: { readonly number: number; readonly size: number },
  total: number,
): unknown => {
  const prefix = { "collection-path": "", "v2-path": "/v2", "gateway-path": "/apigateway/v1" }[switches.pagingNextForm]
  if (page.number * page.size < total) return { total, next: `${prefix}/${path}?page=${page.number + 1}` }
  if (switches.pagingLastForm === "absent") return { total }
  return { total, next: switches.pagingLastForm === "null" ? null : "" }
}
