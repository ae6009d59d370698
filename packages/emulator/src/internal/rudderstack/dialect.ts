/** RudderStack's routes and refusals. */
import type { RudderStackSwitches } from "../../RudderStackSwitches.ts"
import type { Dialect, Moment, Route } from "../dialect.ts"
import { type Incoming, parseObject } from "../incoming.ts"
import type { Setting } from "../make.ts"
import { array } from "../rendered.ts"
import { empty, json, jsonText, type Reply, withHeaders } from "../reply.ts"
import { finishedAt, type Run, stop } from "../run.ts"
import { create, page, type Sync } from "../sync.ts"
import { filterAsked, pageAsked } from "./query.ts"
import * as Wire from "./wire.ts"

export const dialect = (setting: Setting<RudderStackSwitches>, region: "us" | "eu"): Dialect => {
  const { world, mint, settings } = setting
  const workspace = { id: mint.ksuid("workspace"), name: "Emulated workspace" }
  const fail = (status: number, message: string, extra?: Readonly<Record<string, unknown>>) =>
    Wire.failure(settings(), status, message, extra)
  const noConnection = () => fail(404, "connection not found")

  const start = (sync: Sync | undefined, incoming: Incoming): Route => ({
    operation: "start",
    sync,
    handle: (moment) => {
      if (sync === undefined) return noConnection()
      const asked = scopeAsked(incoming, sync)
      return typeof asked === "string" ? trigger(sync, asked, moment) : asked
    },
  })

  /** The scope a start asks for, or the refusal of its body. */
  const scopeAsked = (incoming: Incoming, sync: Sync): string | Reply => {
    const set = settings()
    const blank = incoming.body === undefined || incoming.body === ""
    if (blank) return set.emptyStartBody === "400" ? fail(400, "Bad Request") : absentScope(sync)
    const body = parseObject(incoming.body)
    if (body === undefined) return fail(400, "Bad Request")
    const strange = Object.keys(body).filter((name) => name !== "syncType")
    if (strange.length > 0 && set.unknownField === "400") {
      return invalidRequest(Object.fromEntries(strange.map((name) => [name, "Unknown field"])))
    }
    const { syncType } = body
    if (syncType === "full" || syncType === "incremental") return syncType
    if (syncType === undefined || set.invalidSyncType === "as-absent") return absentScope(sync)
    return invalidRequest({ syncType: "Invalid" })
  }

  const absentScope = (sync: Sync): string | Reply => {
    const { syncTypeAbsent } = settings()
    if (syncTypeAbsent === "400") return invalidRequest({ syncType: "Required" })
    if (syncTypeAbsent !== "first-full") return syncTypeAbsent
    return sync.runs.length === 0 ? "full" : "incremental"
  }

  const invalidRequest = (details: Readonly<Record<string, string>>) =>
    fail(400, "request validation failed", { details })

  const trigger = (sync: Sync, scope: string, { now, call }: Moment): Reply => {
    const set = settings()
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
      for (const run of live) stop(run, now, setting.stopTakes)
      return empty(204)
    },
  })

  /** The routes of connections are not on the public page, and may be closed to an account. */
  const closed = (): Reply | undefined => {
    const { connectionsList } = settings()
    if (connectionsList === "403") return fail(403, "Feature is not enabled for your account.")
    return connectionsList === "404" ? fail(404, "not found") : undefined
  }

  const oneConnection = (sync: Sync | undefined): Route => ({
    operation: "sync",
    sync,
    handle: () => closed() ?? (sync === undefined ? noConnection() : json(200, connection(sync))),
  })

  const connections = (incoming: Incoming): Route => ({
    operation: "identity",
    handle: () => {
      const refused = closed()
      if (refused !== undefined) return refused
      const set = settings()
      const asked = pageAsked(set, incoming.query, "pageSize")
      if ("status" in asked) return asked
      const all = [...world.syncs.values()]
      const offset = (asked.page - 1) * asked.perPage
      return json(200, {
        data: all.slice(offset, offset + asked.perPage).map(connection),
        paging: Wire.paging(set, "retl-connections", asked.page, asked.perPage, all.length),
      })
    },
  })

  const connection = (sync: Sync) => ({
    id: sync.ids["connection"],
    sourceId: `source-of-${sync.ids["connection"]}`,
    destinationId: `destination-of-${sync.ids["connection"]}`,
    enabled: sync.state === "enabled" || sync.state === "error",
    schedule: Number.isFinite(sync.every)
      ? { type: "basic", everyMinutes: Math.max(1, Math.round(sync.every / 60_000)) }
      : { type: "manual" },
    syncBehaviour: "upsert",
    identifiers: [{ from: "email", to: "user_id" }],
  })

  return {
    baseUrl: region === "us" ? "https://api.rudderstack.com" : "https://api.eu.rudderstack.com",
    workspace,
    route: (incoming) => {
      const [version, root, id, verb, run] = incoming.segments
      const { length } = incoming.segments
      if (version !== "v2" || root !== "retl-connections") return undefined
      const { method } = incoming
      if (length === 2 && method === "GET") return connections(incoming)
      if (id === undefined) return undefined
      const sync = world.syncs.get(id)
      if (length === 3 && method === "GET") return oneConnection(sync)
      if (verb === undefined) return undefined
      if (length === 4 && method === "POST" && verb === "start") return start(sync, incoming)
      if (length === 4 && method === "POST" && verb === "stop") return cancel(sync)
      if (length === 4 && method === "GET" && verb === "syncs") return list(sync, incoming)
      if (length === 5 && method === "GET" && verb === "syncs" && run !== undefined) return get(sync, run)
      return undefined
    },
    notFound: () => fail(404, "Not Found"),
    unauthorized: () => fail(401, "Invalid Authorization Header"),
    forbidden: () => fail(Number(settings().permissionDeniedStatus), "You do not have permission for this resource"),
    tooManyRequests: (standing, now) => {
      const reply = fail(429, "Too Many Requests")
      if (settings().retryAfter === "absent") return reply
      return withHeaders(reply, { "retry-after": String(Math.max(1, Math.ceil((standing.resetAt - now) / 1000))) })
    },
    serial: () => settings().overlap === "queued",
    exclusive: () => settings().overlap === "409",
    newRunId: () => mint.xid("run"),
    newIds: () => ({ connection: mint.ksuid("connection") }),
    key: (ids) => String(ids["connection"]),
    word: (run, at) => Wire.word(settings(), run, at),
  }
}
