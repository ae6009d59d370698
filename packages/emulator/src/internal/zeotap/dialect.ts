/** Zeotap's routes, and the refusals that all of them share. */
import type { ZeotapSwitches } from "../../ZeotapSwitches.ts"
import type { Dialect, Route } from "../engine/dialect.ts"
import type { Setting } from "../engine/make.ts"
import type { Incoming } from "../http/incomingRequest.ts"
import { json, type Reply, withHeaders } from "../http/reply.ts"
import { httpDate, isoSeconds } from "../http/timestamps.ts"
import { makeAccount } from "./account.ts"
import * as Insights from "./insights.ts"
import { makeParts } from "./parts.ts"
import * as Runs from "./runs.ts"
import * as Syncs from "./syncs.ts"
import * as Wire from "./wire.ts"

export const dialect = (setting: Setting<ZeotapSwitches>, workspaceId: string | undefined): Dialect => {
  const { world, mint, settings } = setting
  const workspace = { id: workspaceId ?? mint.uuid("workspace"), name: "Emulated workspace" }
  const account = makeAccount(setting, workspace.id)
  const parts = makeParts(account)
  const { fail } = account

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

  const identity: Route = {
    operation: "identity",
    handle: () =>
      json(200, {
        ...workspace,
        slug: "emulated-workspace",
        avatar_url: "",
        default_role: "member",
        settings: {},
        organization_id: account.names.account,
        member_count: 1,
        created_at: isoSeconds(0),
        updated_at: isoSeconds(0),
      }),
  }

  /** By what stands behind the workspace: a collection, an id, a collection of that, an id of it. */
  const find = (incoming: Incoming): Route | undefined => {
    const path = incoming.segments.slice(4)
    const [, id = "", , run = ""] = path
    const sync = world.syncs.get(id)
    const shape = ["", ...path.map((part, index) => (index % 2 === 0 ? part : "{id}"))].join("/")
    switch (`${incoming.method} ${shape}`) {
      case "GET ":
        return identity
      case "GET /syncs":
        return Syncs.list(account, incoming)
      case "POST /syncs":
        return Syncs.create(account, parts, incoming)
      case "GET /syncs/{id}":
        return Syncs.get(account, sync)
      case "PUT /syncs/{id}":
        return Syncs.update(account, parts, sync, incoming)
      case "DELETE /syncs/{id}":
        return Syncs.remove(account, sync)
      case "POST /syncs/{id}/trigger":
        return Runs.trigger(account, sync)
      case "GET /syncs/{id}/runs":
        return Runs.list(account, sync, incoming)
      case "GET /syncs/{id}/runs/{id}":
        return Runs.get(account, sync, run)
      case "GET /models":
        return parts.list("models", incoming)
      case "GET /models/{id}":
        return parts.get("models", id)
      case "GET /destinations":
        return parts.list("destinations", incoming)
      case "GET /destinations/{id}":
        return parts.get("destinations", id)
      case "GET /insights/{id}":
        return id === "sync-health" ? Insights.syncHealth(account, incoming) : undefined
      default:
        return undefined
    }
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
    newParts: parts.add,
    newIds: () => ({ sync: mint.uuid("sync") }),
    newAttributes: () => Syncs.newAttributes,
    scheduleForm: (schedule) => ("cron" in schedule ? schedule.cron : Wire.cron(schedule.every)),
    key: (ids) => String(ids["sync"]),
    word: (run, at) => Wire.word(run, at),
  }
}
