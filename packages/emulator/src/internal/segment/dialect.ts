/** Segment's routes and refusals. */
import type { SegmentSwitches } from "../../SegmentSwitches.ts"
import type { Dialect, Moment, Route } from "../dialect.ts"
import { type Incoming, integer, parseObject } from "../incoming.ts"
import type { Standing } from "../limits.ts"
import type { Setting } from "../make.ts"
import { type Reply, withHeaders } from "../reply.ts"
import { finishedAt, type Run, stateAt, stop } from "../run.ts"
import { create, page, type Sync } from "../sync.ts"
import { rfc5322 } from "../time.ts"
import * as Checks from "./checks.ts"
import * as Wire from "./wire.ts"

export const dialect = (setting: Setting<SegmentSwitches>, region: "us" | "eu"): Dialect => {
  const { world, mint, settings } = setting
  const workspace = { id: mint.short("workspace"), name: "Emulated workspace" }
  const source = mint.short("source")

  const start = (incoming: Incoming): Route => {
    const body = parseObject(incoming.body)
    const [model, subscription] = [body?.["modelId"], body?.["subscriptionId"]]
    const sync = world.syncs.get(keyOf(model, subscription))
    return {
      operation: "start",
      sync,
      handle: (moment) => {
        const problem = Checks.start(settings(), incoming, body)
        if (problem !== undefined) return problem
        if (sync === undefined) return missing(String(model), String(subscription))
        if (sync.ids["source"] !== body?.["sourceId"]) return Wire.notFound("Source", String(body?.["sourceId"]))
        return trigger(sync, moment)
      },
    }
  }

  const missing = (model: string, subscription: string): Reply => {
    for (const { ids } of world.syncs.values()) {
      if (ids["model"] === model) return Wire.notFound("Subscription", subscription)
    }
    return Wire.notFound("Reverse ETL Model", model)
  }

  const trigger = (sync: Sync, { now, call }: Moment): Reply => {
    const set = settings()
    if ((sync.state === "paused" || sync.state === "draft") && set.disabledSync !== "starts") {
      return Wire.refusal(set.disabledSync, "The mapping is disabled.")
    }
    const live = sync.live[0]
    if (live !== undefined && set.overlap !== "new-run") {
      if (set.overlap === "same-run") return started(live)
      return Wire.refusal(set.overlap, "A sync is already running for this mapping.")
    }
    return started(create(world.rules, sync, now, "call", { call }))
  }

  const started = (run: Run): Reply => {
    const set = settings()
    return Wire.success(set, {
      reverseETLManualSync: { syncId: run.id, startedAt: Wire.timestamp(set, run.createdAt) },
    })
  }

  const runOf = (model: string, id: string): Run | undefined => {
    const run = world.runs.get(id)
    return run?.sync.ids["model"] === model ? run : undefined
  }

  const get = (model: string, id: string): Route => {
    const run = runOf(model, id)
    return {
      operation: "get",
      sync: run?.sync,
      handle: ({ view }) =>
        run === undefined || run.createdAt > view
          ? Wire.notFound("Sync", id)
          : Wire.successText(settings(), `{"reverseETLSyncStatus":${Wire.syncStatusText(settings(), run, view)}}`),
    }
  }

  const list = (model: string, subscription: string, incoming: Incoming): Route => {
    const sync = world.syncs.get(keyOf(model, subscription))
    return {
      operation: "list",
      sync,
      handle: ({ view }) => {
        const set = settings()
        if (sync === undefined) return missing(model, subscription)
        let count = integer(incoming.query.get("count") ?? "10")
        if (!(count >= 1 && count <= 100)) {
          if (set.countRange === "422" || Number.isNaN(count)) return Checks.outOfRange("count", 1, 100)
          count = Math.min(100, Math.max(1, count))
        }
        const offset = Wire.offsetOf(incoming.query.get("cursor") ?? btoa("0"))
        if (Number.isNaN(offset)) return Checks.invalid("cursor", "is not valid")
        const found = page(sync, view, { newestFirst: set.listOrder === "newest-first", offset, limit: count })
        return Wire.successText(set, Wire.listed(set, found, offset, count, view))
      },
    }
  }

  const cancel = (model: string, id: string, incoming: Incoming): Route => {
    const run = runOf(model, id)
    return {
      operation: "cancel",
      sync: run?.sync,
      handle: ({ now }) => {
        const set = settings()
        const problem = Checks.cancel(set, incoming, parseObject(incoming.body))
        if (problem !== undefined) return problem
        if (run === undefined) return Wire.notFound("Sync", id)
        const ids = { modelId: model, syncId: id }
        if (finishedAt(run) > now) {
          stop(run, now, setting.stopTakes)
          return Wire.success(set, { ...ids, status: "CANCELLING" })
        }
        const [errorCode, errorMessage] =
          stateAt(run, now) === "stopped"
            ? ["SyncAlreadyCanceled", "sync already canceled"]
            : ["SyncFinishedCannotCancel", "sync already finished"]
        return set.cancelError === "409"
          ? Wire.failure(409, { type: errorCode, message: errorMessage })
          : Wire.success(set, { ...ids, errorCode, errorMessage })
      },
    }
  }

  const identity: Route = {
    operation: "identity",
    handle: () => Wire.success(settings(), { workspace: { ...workspace, slug: "emulated-workspace" } }),
  }

  const find = (incoming: Incoming): Route | undefined => {
    const [root, model, kind, id, last] = incoming.segments
    const { length } = incoming.segments
    const key = `${incoming.method} ${root ?? ""} ${length}`
    if (key === "GET  0") return identity
    if (key === "POST reverse-etl-syncs 1") return start(incoming)
    if (root !== "reverse-etl-models" || model === undefined || id === undefined) return undefined
    if (key.endsWith(" 4") && incoming.method === "GET" && kind === "syncs") return get(model, id)
    if (length !== 5) return undefined
    if (incoming.method === "GET" && kind === "subscriptionId" && last === "syncs") return list(model, id, incoming)
    if (incoming.method === "POST" && kind === "syncs" && last === "cancel") return cancel(model, id, incoming)
    return undefined
  }

  return {
    baseUrl: region === "us" ? "https://api.segmentapis.com" : "https://eu1.api.segmentapis.com",
    workspace,
    route: (incoming) => {
      const route = find(incoming)
      if (route === undefined || route.operation === "identity") return route
      const unacceptable = Checks.accept(settings(), incoming)
      return unacceptable === undefined ? route : { ...route, handle: () => unacceptable }
    },
    notFound: () => Wire.failure(404, { type: "not-found", message: "Not found.", data: null }),
    unauthorized: () => Wire.refusal(settings().unauthorizedStatus, "The token is missing or not valid."),
    forbidden: () => Wire.refusal(settings().permissionDeniedStatus, "The token does not have permission."),
    tooManyRequests: (standing, now) => tooMany(standing, now, settings().rateHeadersOn429 === "present"),
    successHeaders: rateHeaders,
    serial: () => false,
    exclusive: () => settings().overlap !== "new-run",
    newRunId: () => mint.digits("run"),
    newIds: () => ({ source, model: mint.short("model"), subscription: mint.short("subscription") }),
    key: (ids) => keyOf(ids["model"], ids["subscription"]),
    word: (run, at) => Wire.word(settings(), run, at),
  }
}

/** One text for two ids, whatever is in them. */
const keyOf = (model: unknown, subscription: unknown): string => JSON.stringify([model, subscription])

const rateHeaders = ({ consumed, remaining, resetAt }: Standing) => ({
  "x-ratelimit-consumed": String(consumed),
  "x-ratelimit-remaining": String(remaining),
  "x-ratelimit-reset": rfc5322(Math.ceil(resetAt / 1000) * 1000),
})

const tooMany = (standing: Standing, now: number, dressed: boolean): Reply => {
  const wait = Math.max(1, Math.ceil(standing.resetAt - now))
  const reply = Wire.failure(429, {
    type: "RequestError",
    message: "Too many requests",
    data: { remainingPoints: 0, msBeforeNext: wait, consumedPoints: standing.limit.max + 1 },
  })
  return withHeaders(reply, {
    ...(dressed && rateHeaders(standing)),
    ...(standing.limit.level === "token" && { "retry-after": String(Math.ceil(wait / 1000)) }),
  })
}
