/** Zeotap's routes and refusals. */
import type { ZeotapSwitches } from "../../ZeotapSwitches.ts"
import type { Dialect, Moment, Route } from "../dialect.ts"
import { type Incoming, integer } from "../incoming.ts"
import type { Setting } from "../make.ts"
import { array } from "../rendered.ts"
import { json, jsonText, type Reply, withHeaders } from "../reply.ts"
import { create, page, type Sync } from "../sync.ts"
import { httpDate, isoSeconds } from "../time.ts"
import * as Wire from "./wire.ts"

export const dialect = (setting: Setting<ZeotapSwitches>, workspaceId: string | undefined): Dialect => {
  const { world, mint, settings } = setting
  const workspace = { id: workspaceId ?? mint.uuid("workspace"), name: "Emulated workspace" }
  const account = mint.uuid("account")
  const names = { workspace: workspace.id, account }
  const fail = (status: number, message: string) => Wire.failure(settings(), status, message)
  const noSync = () => fail(Number(settings().unknownSync), "sync not found")

  /** Which workspace a request speaks for: the path and the header must agree, and be this one. */
  const elsewhere = (incoming: Incoming, path: string): Reply | undefined => {
    const set = settings()
    const header = incoming.header("x-workspace-id")
    if (header === undefined && set.missingWorkspaceHeader !== "ignored") {
      return fail(Number(set.missingWorkspaceHeader), "X-Workspace-ID header is required")
    }
    if (path !== workspace.id) return fail(Number(set.foreignWorkspace), "no access to this workspace")
    if (header !== undefined && header !== path && set.workspaceMismatch !== "ignored") {
      return fail(Number(set.workspaceMismatch), "X-Workspace-ID does not match the path")
    }
    return undefined
  }

  const trigger = (sync: Sync | undefined): Route => ({
    operation: "start",
    sync,
    handle: ({ now, call }: Moment) => {
      const set = settings()
      if (sync === undefined) return noSync()
      if (sync.state !== "enabled" && set.triggerWhenPaused !== "runs") {
        return fail(Number(set.triggerWhenPaused), `sync is ${sync.state}`)
      }
      if (sync.live.length > 0 && set.overlap !== "queue") {
        return fail(Number(set.overlap), "a run is already in progress for this sync")
      }
      const run = create(world.rules, sync, now, "call", { call })
      // The answer describes the run before anything happened to it: pending, whatever its plan says.
      return jsonText(201, Wire.runText(set, run, Number.NEGATIVE_INFINITY, names))
    },
  })

  const get = (sync: Sync | undefined, id: string): Route => ({
    operation: "get",
    sync,
    handle: ({ view }) => {
      if (sync === undefined) return noSync()
      const run = world.runs.get(id)
      return run === undefined || run.sync !== sync || run.createdAt > view
        ? fail(Number(settings().unknownRun), "run not found")
        : jsonText(200, Wire.runText(settings(), run, view, names))
    },
  })

  const list = (sync: Sync | undefined, incoming: Incoming): Route => ({
    operation: "list",
    sync,
    handle: ({ view }) => {
      const set = settings()
      if (sync === undefined) return noSync()
      return listed(incoming, (newest, offset, limit) => {
        const newestFirst = set.runOrder === "newest-first"
        // A bare array holds the newest runs, in whichever order.
        const found = page(sync, view, { newestFirst: newest || newestFirst, offset, limit })
        const rows = newest && !newestFirst ? found.rows.slice().reverse() : found.rows
        return { total: found.total, rows: rows.map((run) => Wire.runText(set, run, view, names)) }
      })
    },
  })

  const listed = (
    incoming: Incoming,
    read: (newest: boolean, offset: number, limit: number) => { rows: ReadonlyArray<string>; total: number },
  ): Reply => {
    const set = settings()
    const paged = set.listShape === "envelope" || set.arrayPaging === "honored"
    if (!paged) {
      const limit = set.runsLength === "all" ? Number.MAX_SAFE_INTEGER : Number(set.runsLength)
      return jsonText(200, array(read(true, 0, limit).rows))
    }
    const number = integer(incoming.query.get("page") ?? "1")
    const size = integer(incoming.query.get("page_size") ?? "20")
    if (!(number >= 1) || !(size >= 1 && size <= 100)) return fail(400, "invalid page or page_size")
    const { rows, total } = read(false, (number - 1) * size, size)
    const pagination = JSON.stringify({ page: number, page_size: size, total })
    return jsonText(200, set.listShape === "array" ? array(rows) : `{"data":${array(rows)},"pagination":${pagination}}`)
  }

  const syncs = (incoming: Incoming): Route => ({
    operation: "syncs",
    handle: ({ now, view }) => {
      const all = [...world.syncs.values()]
      return listed(incoming, (_, offset, limit) => ({
        total: all.length,
        rows: all.slice(offset, offset + limit).map((sync) => {
          world.advance(sync, now)
          return JSON.stringify(shown(sync, view))
        }),
      }))
    },
  })

  const shown = (sync: Sync, view: number) => Wire.sync(settings(), sync, view, names)

  const one = (sync: Sync | undefined): Route => ({
    operation: "sync",
    sync,
    handle: ({ view }) => (sync === undefined ? noSync() : json(200, shown(sync, view))),
  })

  const identity: Route = {
    operation: "identity",
    handle: () =>
      json(200, {
        ...workspace,
        slug: "emulated-workspace",
        avatar_url: "",
        default_role: "member",
        settings: {},
        organization_id: account,
        member_count: 1,
        created_at: isoSeconds(0),
        updated_at: isoSeconds(0),
      }),
  }

  const find = (incoming: Incoming): Route | undefined => {
    const [, , , , collection, id, verb, run] = incoming.segments
    const { method } = incoming
    const { length } = incoming.segments
    if (length === 4) return method === "GET" ? identity : undefined
    if (collection !== "syncs") return undefined
    if (length === 5) return method === "GET" ? syncs(incoming) : undefined
    const sync = world.syncs.get(id ?? "")
    if (length === 6) return method === "GET" ? one(sync) : undefined
    if (length === 7 && method === "POST" && verb === "trigger") return trigger(sync)
    if (length === 7 && method === "GET" && verb === "runs") return list(sync, incoming)
    if (length === 8 && method === "GET" && verb === "runs" && run !== undefined) return get(sync, run)
    return undefined
  }

  return {
    baseUrl: "https://composable.zeotap.com",
    workspace,
    route: (incoming) => {
      const [api, version, root, path] = incoming.segments
      if (api !== "api" || version !== "v1" || root !== "workspaces" || path === undefined) return undefined
      const route = find(incoming)
      const refused = route === undefined ? undefined : elsewhere(incoming, path)
      return route === undefined || refused === undefined ? route : { ...route, handle: () => refused }
    },
    notFound: () => fail(404, "not found"),
    unauthorized: () => fail(401, "missing or invalid token"),
    forbidden: () => fail(Number(settings().permissionDeniedStatus), "permission denied"),
    tooManyRequests: (standing, now) => {
      const form = settings().retryAfterForm
      const wait = Math.max(1, Math.ceil((standing.resetAt - now) / 1000))
      const value = form === "seconds" ? String(wait) : httpDate(Math.ceil(standing.resetAt / 1000) * 1000)
      return withHeaders(fail(429, "rate limit exceeded"), { "retry-after": value })
    },
    serial: () => settings().overlap === "queue",
    exclusive: () => settings().overlap !== "queue",
    newRunId: () => {
      const id = mint.uuid("run")
      return settings().malformedIds === "seven-digits" ? id.slice(1) : id
    },
    newIds: () => ({ sync: mint.uuid("sync") }),
    key: (ids) => String(ids["sync"]),
    word: (run, at) => Wire.word(run, at),
  }
}
