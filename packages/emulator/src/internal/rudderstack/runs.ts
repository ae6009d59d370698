/** Runs: start, read, list and stop. */

import { type IncomingRequest, parseObject } from "../../kit/IncomingRequest.ts"
import { empty, json, jsonArray, jsonText, type Reply } from "../../kit/Reply.ts"
import type { RequestContext, Route } from "../../kit/Route.ts"
import type { Sync } from "../../kit/Run.ts"
import { finishedAt, stopRun } from "../../kit/RunState.ts"
import { createRun, pageOfRuns } from "../../kit/Sync.ts"
import type { Account } from "./account.ts"
import { pageRequest, runFilter } from "./pages.ts"
import * as Wire from "./wire.ts"

/** The routes of runs. */
export interface Runs {
  readonly start: (sync: Sync | undefined, request: IncomingRequest) => Route
  readonly get: (sync: Sync | undefined, id: string) => Route
  readonly list: (sync: Sync | undefined, request: IncomingRequest) => Route
  /** Stops whatever runs on a connection. */
  readonly cancel: (sync: Sync | undefined) => Route
}

/** How long starts may not find a source after it was created, in milliseconds. */
const sourceRegistrationMillis = 10_000

export const makeRuns = (account: Account): Runs => {
  const { world, currentSwitches, fail, invalidBody, connectionNotFound } = account

  /** Returns the scope in the body of a start, or the refusal of the body. */
  const scopeOrRefusal = (request: IncomingRequest, sync: Sync): string | Reply => {
    const switches = currentSwitches()
    const isEmpty = request.body === undefined || request.body === ""
    if (isEmpty) return switches.emptyStartBody === "400" ? fail(400, "Bad Request") : defaultScope(sync)
    const body = parseObject(request.body)
    if (body === undefined) return fail(400, "Bad Request")
    const unknownFields = Object.keys(body).filter((name) => name !== "syncType")
    if (unknownFields.length > 0 && switches.unknownField === "400") {
      return invalidBody(Object.fromEntries(unknownFields.map((name) => [name, "Unknown field"])))
    }
    const { syncType } = body
    if (syncType === "full" || syncType === "incremental") return syncType
    if (syncType === undefined || switches.invalidSyncType === "as-absent") return defaultScope(sync)
    return invalidBody({ syncType: "Invalid" })
  }

  /** Returns the scope of a start without `syncType`, or its refusal. */
  const defaultScope = (sync: Sync): string | Reply => {
    const { syncTypeAbsent } = currentSwitches()
    if (syncTypeAbsent === "400") return invalidBody({ syncType: "Required" })
    if (syncTypeAbsent !== "first-full") return syncTypeAbsent
    return sync.runs.length === 0 ? "full" : "incremental"
  }

  const isSourceRegistering = (sync: Sync, now: number): boolean => {
    const source = account.sources.get(String(sync.parts["source"]))
    return source?.call !== undefined && now < (source.createdAt ?? 0) + sourceRegistrationMillis
  }

  const startRun = (sync: Sync, scope: string, { now, call }: RequestContext): Reply => {
    const switches = currentSwitches()
    if (switches.newSourceNotFound !== "never" && isSourceRegistering(sync, now)) {
      return fail(Number(switches.newSourceNotFound), "source not found")
    }
    if ((sync.state === "paused" || sync.state === "draft") && switches.startWhenDisabled !== "starts") {
      return fail(Number(switches.startWhenDisabled), "connection is disabled")
    }
    const liveRun = sync.liveRuns[0]
    if (liveRun !== undefined && /^\d/.test(switches.overlap)) {
      const extra = switches.conflictCarriesRun === "yes" ? { syncId: liveRun.id } : {}
      return fail(Number(switches.overlap), "a sync is already running for this connection", extra)
    }
    return json(200, { syncId: createRun(world.rules, sync, now, "call", { call, scope }).id })
  }

  return {
    start: (sync, request) => ({
      operation: "start",
      sync,
      handle: (context) => {
        if (sync === undefined) return connectionNotFound()
        const scope = scopeOrRefusal(request, sync)
        return typeof scope === "string" ? startRun(sync, scope, context) : scope
      },
    }),
    get: (sync, id) => ({
      operation: "get",
      sync,
      handle: ({ asOf }) => {
        if (sync === undefined) return connectionNotFound()
        const run = world.runs.get(id)
        if (run !== undefined && run.sync === sync && run.createdAt <= asOf) {
          return jsonText(200, Wire.runText(currentSwitches(), run, asOf))
        }
        if (currentSwitches().unknownRunAnswer === "404") return fail(404, "sync not found")
        return fail(500, /^[0-9a-v]{20}$/.test(id) ? "Internal Server Error" : "invalid run id")
      },
    }),
    list: (sync, request) => ({
      operation: "list",
      sync,
      handle: ({ asOf }) => {
        const switches = currentSwitches()
        if (sync === undefined) return connectionNotFound()
        const wantedPage = pageRequest(switches, request.query, "per_page")
        if ("status" in wantedPage) return wantedPage
        const filter = runFilter(switches, request.query, asOf)
        if ("status" in filter) return filter
        const { size } = wantedPage
        const pageAt = (number: number) =>
          pageOfRuns(sync, asOf, {
            isNewestFirst: switches.listOrder === "newest-first",
            limit: size,
            offset: (number - 1) * size,
            ...filter,
          })
        let { number } = wantedPage
        let page = pageAt(number)
        if (number > 1 && (number - 1) * size >= page.total && switches.pageOutOfRange !== "empty") {
          if (switches.pageOutOfRange === "404") return fail(404, "page not found")
          number = Math.max(1, Math.ceil(page.total / size))
          page = pageAt(number)
        }
        const path = `retl-connections/${sync.ids["connection"]}/syncs`
        const paging = JSON.stringify(Wire.paging(switches, path, { number, size }, page.total))
        const syncs = jsonArray(page.runs.map((run) => Wire.runText(switches, run, asOf)))
        return jsonText(200, `{"syncs":${syncs}${switches.pagingObject === "present" ? `,"paging":${paging}` : ""}}`)
      },
    }),
    cancel: (sync) => ({
      operation: "cancel",
      sync,
      handle: ({ now }) => {
        if (sync === undefined) return connectionNotFound()
        const { stopWithNothingRunning } = currentSwitches()
        const unfinished = sync.liveRuns.filter((run) => finishedAt(run) > now)
        if (unfinished.length === 0 && stopWithNothingRunning !== "204") {
          return fail(Number(stopWithNothingRunning), "no sync is running for this connection")
        }
        for (const run of unfinished) stopRun(run, now, account.stopTakes)
        return empty(204)
      },
    }),
  }
}
