/** RudderStack's bodies: a run, pages and errors. */
import type { RudderStackSwitches } from "../../RudderStackSwitches.ts"
import type { Settings } from "../../Switch.ts"
import { empty, json, type Reply } from "../http/reply.ts"
import { rendered } from "../http/runText.ts"
import { isoMicros, isoMillis, isoSeconds } from "../http/timestamps.ts"
import { countsAt, finishedAt, type Run, stateAt } from "../world/run.ts"

type Chosen = Settings<RudderStackSwitches>

export const failure = (
  set: Chosen,
  status: number,
  message: string,
  extra: Readonly<Record<string, unknown>> = {},
): Reply => (set.errorForm === "empty" ? empty(status) : json(status, { [set.errorForm]: message, ...extra }))

export const timestamp = (set: Chosen, at: number): string => {
  if (set.timestampFraction === "seconds") return isoSeconds(at)
  return set.timestampFraction === "microseconds" ? isoMicros(at) : isoMillis(at)
}

export const word = (set: Chosen, run: Run, at: number): string => {
  const { plan } = run
  switch (stateAt(run, at)) {
    case "stopped":
      return set.finalStatusOfStopped
    case "ended":
      if (plan.endedWord !== undefined) return plan.endedWord
      if (plan.ends === "cancelled") return set.finalStatusOfStopped
      return plan.ends
    default:
      return plan.runningWord ?? "running"
  }
}

/** One run, as JSON text. */
export const syncText = (set: Chosen, run: Run, at: number): string => rendered(run, at, set, () => sync(set, run, at))

const sync = (set: Chosen, run: Run, at: number): Record<string, unknown> => {
  const over = finishedAt(run) <= at
  const body: Record<string, unknown> = {
    id: run.id,
    status: word(set, run, at),
    startedAt: timestamp(set, run.createdAt),
  }
  const finished = over ? timestamp(set, finishedAt(run)) : unfinished(set, run)
  if (finished !== undefined) body["finishedAt"] = finished
  const error = over ? errorOf(set, run, at) : undefined
  if (error !== undefined) body["error"] = error
  else if (set.noErrorForm !== "absent") body["error"] = set.noErrorForm === "null" ? null : ""
  const metrics = metricsOf(set, run, at, over)
  if (metrics !== undefined) body["metrics"] = metrics
  return body
}

const unfinished = (set: Chosen, run: Run): string | null | undefined => {
  switch (set.finishedAtWhileRunning) {
    case "zero-time":
      return "0001-01-01T00:00:00Z"
    case "value":
      return timestamp(set, run.createdAt)
    case "null":
      return null
    default:
      return undefined
  }
}

const errorOf = (set: Chosen, run: Run, at: number): string | undefined => {
  if (stateAt(run, at) === "ended" && run.plan.ends !== "cancelled") return run.plan.error?.text
  return set.errorOfStopped === "text" ? "the sync was stopped" : undefined
}

const metricsOf = (set: Chosen, run: Run, at: number, over: boolean): unknown => {
  if (!over && set.metricsWhileRunning === "absent") return undefined
  if (!over && set.metricsWhileRunning === "null") return null
  const zero = !over && set.metricsWhileRunning === "zero"
  const counts = zero ? { succeeded: 0, failed: 0, total: 0 } : countsAt(run, at)
  return {
    succeeded: { total: counts.succeeded },
    failed: { total: counts.failed },
    changed: { total: counts.total },
    total: counts.total,
  }
}

/** `paging`, whose `next` is a path that nobody should follow. */
export const paging = (set: Chosen, path: string, pageNumber: number, perPage: number, total: number): unknown => {
  const prefix = { "collection-path": "", "v2-path": "/v2", "gateway-path": "/apigateway/v1" }[set.pagingNextForm]
  if (pageNumber * perPage < total) return { total, next: `${prefix}/${path}?page=${pageNumber + 1}` }
  if (set.pagingLastForm === "absent") return { total }
  return { total, next: set.pagingLastForm === "null" ? null : "" }
}
