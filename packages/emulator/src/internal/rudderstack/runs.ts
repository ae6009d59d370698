/** RudderStack's routes of runs: start, list, read, stop. */
import type { Moment, Route } from "../engine/dialect.ts"
import { type Incoming, parseObject } from "../http/incomingRequest.ts"
import { empty, json, jsonText, type Reply } from "../http/reply.ts"
import { array } from "../http/runText.ts"
import { finishedAt, type Run, stop } from "../world/run.ts"
import { create, page, type Sync } from "../world/sync.ts"
import type { Account } from "./account.ts"
import { filterAsked, pageAsked } from "./pages.ts"
import * as Wire from "./wire.ts"

/** For so long after it was made the data plane may not know a source. */
const registering = 10_000

export const routes = (account: Account) => {
  const { world, settings, fail, invalid } = account
  const noConnection = () => fail(404, "connection not found")

  /** The scope a start asks for, or the refusal of its body. */
  const scopeAsked = (incoming: Incoming, sync: Sync): string | Reply => {
    const set = settings()
    const blank = incoming.body === undefined || incoming.body === ""
    if (blank) return set.emptyStartBody === "400" ? fail(400, "Bad Request") : absentScope(sync)
    const body = parseObject(incoming.body)
    if (body === undefined) return fail(400, "Bad Request")
    const strange = Object.keys(body).filter((name) => name !== "syncType")
    if (strange.length > 0 && set.unknownField === "400") {
      return invalid(Object.fromEntries(strange.map((name) => [name, "Unknown field"])))
    }
    const { syncType } = body
    if (syncType === "full" || syncType === "incremental") return syncType
    if (syncType === undefined || set.invalidSyncType === "as-absent") return absentScope(sync)
    return invalid({ syncType: "Invalid" })
  }

  const absentScope = (sync: Sync): string | Reply => {
    const { syncTypeAbsent } = settings()
    if (syncTypeAbsent === "400") return invalid({ syncType: "Required" })
    if (syncTypeAbsent !== "first-full") return syncTypeAbsent
    return sync.runs.length === 0 ? "full" : "incremental"
  }

  const isRegistering = (sync: Sync, now: number): boolean => {
    const source = account.sources.get(String(sync.parts["source"]))
    return source?.call !== undefined && now < (source.createdAt ?? 0) + registering
  }

  const trigger = (sync: Sync, scope: string, { now, call }: Moment): Reply => {
    const set = settings()
    if (set.newSourceNotFound !== "never" && isRegistering(sync, now)) {
      return fail(Number(set.newSourceNotFound), "source not found")
    }
    if ((sync.state === "paused" || sync.state === "draft") && set.startWhenDisabled !== "starts") {
      return fail(Number(set.startWhenDisabled), "connection is disabled")
    }
    const live = sync.live[0]
    if (live !== undefined && set.overlap === "409") {
      const extra = set.conflictCarriesRun === "yes" ? { syncId: live.id } : {}
      return fail(409, "a sync is already running for this connection", extra)
    }
    return json(200, { syncId: create(world.rules, sync, now, "call", { call, scope }).id })
  }

  const start = (sync: Sync | undefined, incoming: Incoming): Route => ({
    operation: "start",
    sync,
    handle: (moment) => {
      if (sync === undefined) return noConnection()
      const asked = scopeAsked(incoming, sync)
      return typeof asked === "string" ? trigger(sync, asked, moment) : asked
    },
  })

  const list = (sync: Sync | undefined, incoming: Incoming): Route => ({
    operation: "list",
    sync,
    handle: ({ view }) => {
      const set = settings()
      if (sync === undefined) return noConnection()
      const asked = pageAsked(set, incoming.query, "per_page")
      if ("status" in asked) return asked
      const filter = filterAsked(set, incoming.query, view)
      if ("status" in filter) return filter
      const query = { newestFirst: set.listOrder === "newest-first", limit: asked.perPage, ...filter }
      let offset = (asked.page - 1) * asked.perPage
      let found = page(sync, view, { ...query, offset })
      if (offset > 0 && offset >= found.total && set.pageOutOfRange !== "empty") {
        if (set.pageOutOfRange === "404") return fail(404, "page not found")
        offset = Math.max(0, Math.ceil(found.total / asked.perPage) - 1) * asked.perPage
        found = page(sync, view, { ...query, offset })
      }
      const shown = offset / asked.perPage + 1
      const path = `retl-connections/${sync.ids["connection"]}/syncs`
      const paging = JSON.stringify(Wire.paging(set, path, shown, asked.perPage, found.total))
      const syncs = array(found.rows.map((run) => Wire.syncText(set, run, view)))
      return jsonText(200, `{"syncs":${syncs}${set.pagingObject === "present" ? `,"paging":${paging}` : ""}}`)
    },
  })

  const get = (sync: Sync | undefined, id: string): Route => ({
    operation: "get",
    sync,
    handle: ({ view }) => {
      if (sync === undefined) return noConnection()
      const run = world.runs.get(id)
      if (run !== undefined && run.sync === sync && run.createdAt <= view) {
        return jsonText(200, Wire.syncText(settings(), run, view))
      }
      if (settings().unknownRunAnswer === "404") return fail(404, "sync not found")
      return fail(500, /^[0-9a-v]{20}$/.test(id) ? "Internal Server Error" : "invalid run id")
    },
  })

  const cancel = (sync: Sync | undefined): Route => ({
    operation: "cancel",
    sync,
    handle: ({ now }) => {
      if (sync === undefined) return noConnection()
      const live = sync.live.filter((run: Run) => finishedAt(run) > now)
      if (live.length === 0 && settings().stopWithNothingRunning !== "204") {
        return fail(Number(settings().stopWithNothingRunning), "no sync is running for this connection")
      }
      for (const run of live) stop(run, now, account.stopTakes)
      return empty(204)
    },
  })

  /** What is under `/v2/retl-connections/{connection}/{verb}`, and below. */
  return (incoming: Incoming, sync: Sync | undefined): Route | undefined => {
    const [, , , verb, run] = incoming.segments
    switch (`${incoming.method} ${verb} ${incoming.segments.length}`) {
      case "POST start 4":
        return start(sync, incoming)
      case "POST stop 4":
        return cancel(sync)
      case "GET syncs 4":
        return list(sync, incoming)
      case "GET syncs 5":
        return run === undefined ? undefined : get(sync, run)
      default:
        return undefined
    }
  }
}
