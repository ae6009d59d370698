/** Segment's routes and refusals. */
import type { SegmentSwitches } from "../../SegmentSwitches.ts"
import type { Dialect, Moment, Route } from "../engine/dialect.ts"
import type { Setting } from "../engine/make.ts"
import { type Incoming, parseObject } from "../http/incomingRequest.ts"
import type { Standing } from "../http/limits.ts"
import { type Reply, withHeaders } from "../http/reply.ts"
import { array } from "../http/runText.ts"
import { rfc5322 } from "../http/timestamps.ts"
import { finishedAt, type Run, stateAt, stop } from "../world/run.ts"
import { create, page, type Sync } from "../world/sync.ts"
import { keyOf, makeAccount } from "./account.ts"
import * as Checks from "./checks.ts"
import { makeDestinations } from "./destinations.ts"
import { metrics } from "./insights.ts"
import * as Media from "./media.ts"
import { makeModels } from "./models.ts"
import * as Lists from "./pages.ts"
import * as Schedules from "./schedule.ts"
import { makeSubscriptions } from "./syncs.ts"
import * as Wire from "./wire.ts"

export const dialect = (setting: Setting<SegmentSwitches>, region: "us" | "eu"): Dialect => {
  const { world, mint, settings } = setting
  const workspace = { id: mint.short("workspace"), name: "Emulated workspace" }
  const account = makeAccount(setting)
  const models = makeModels(setting, account)
  const destinations = makeDestinations(setting, account)
  const subscriptions = makeSubscriptions(setting, account)

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
        if (sync === undefined || !account.models.has(String(model))) {
          return missing(String(model), String(subscription))
        }
        if (sync.ids["source"] !== body?.["sourceId"]) return Wire.notFound("Source", String(body?.["sourceId"]))
        return trigger(sync, moment)
      },
    }
  }

  const missing = (model: string, subscription: string): Reply =>
    account.models.has(model) ? Wire.notFound("Subscription", subscription) : Wire.notFound("Reverse ETL Model", model)

  const trigger = (sync: Sync, { now, call }: Moment): Reply => {
    const set = settings()
    const isOff = sync.state === "paused" || sync.state === "draft" || !account.isOn(sync)
    if (isOff && set.disabledSync !== "starts") return Wire.refusal(set.disabledSync, "The mapping is disabled.")
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
        const asked = Lists.asked(set, incoming, Lists.runs)
        if ("status" in asked) return asked
        const newestFirst = set.listOrder === "newest-first"
        const { rows, total } = page(sync, view, { newestFirst, offset: asked.offset, limit: asked.count })
        const syncStatuses = array(rows.map((run) => Wire.syncStatusText(set, run, view)))
        const { pagination } = Lists.optionalPagination(set, asked, total)
        const rest = pagination === undefined ? "" : `,"pagination":${JSON.stringify(pagination)}`
        return Wire.successText(set, `{"syncStatuses":${syncStatuses}${rest}}`)
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

  /** What answers at a path, by its shape: `*` stands for an id. */
  const find = (incoming: Incoming): Found | undefined => {
    const [root, first = "", , second = ""] = incoming.segments
    const isPlain = root === "reverse-etl-syncs" || root === undefined
    const shape = incoming.segments.map((segment, index) => (!isPlain && index % 2 === 1 ? "*" : segment)).join("/")
    switch (`${incoming.method} /${shape}`) {
      case "GET /":
        return { route: identity }
      case "POST /reverse-etl-syncs":
        return { route: start(incoming), media: Media.alpha }
      case "GET /reverse-etl-models/*/syncs/*":
        return { route: get(first, second), media: Media.alpha }
      case "GET /reverse-etl-models/*/subscriptionId/*/syncs":
        return { route: list(first, second, incoming), media: Media.alpha }
      case "POST /reverse-etl-models/*/syncs/*/cancel":
        return { route: cancel(first, second, incoming), media: Media.alpha }
      case "GET /reverse-etl-models":
        return { route: models.list(incoming), media: Media.alpha }
      case "POST /reverse-etl-models":
        return { route: models.create(incoming), media: Media.alpha }
      case "GET /reverse-etl-models/*":
        return { route: models.get(first), media: Media.alpha }
      case "PATCH /reverse-etl-models/*":
        return { route: models.update(first, incoming), media: Media.alpha }
      case "DELETE /reverse-etl-models/*":
        return { route: models.remove(first), media: Media.alpha }
      case "GET /destinations":
        return { route: destinations.list(incoming), media: Media.stable }
      case "POST /destinations":
        return { route: destinations.create(incoming), media: Media.stable }
      case "GET /destinations/*":
        return { route: destinations.get(first), media: Media.stable }
      case "PATCH /destinations/*":
        return { route: destinations.update(first, incoming), media: Media.stable }
      case "DELETE /destinations/*":
        return { route: destinations.remove(first), media: Media.stable }
      case "GET /destinations/*/delivery-metrics":
        return { route: metrics(setting, account, first, incoming), media: Media.beta }
      case "GET /destinations/*/subscriptions":
        return { route: subscriptions.list(first, incoming), media: Media.alpha }
      case "POST /destinations/*/subscriptions":
        return { route: subscriptions.create(first, incoming), media: Media.alpha }
      case "GET /destinations/*/subscriptions/*":
        return { route: subscriptions.get(first, second), media: Media.alpha }
      case "PATCH /destinations/*/subscriptions/*":
        return { route: subscriptions.update(first, second, incoming), media: Media.alpha }
      case "DELETE /destinations/*/subscriptions/*":
        return { route: subscriptions.remove(first, second), media: Media.alpha }
      default:
        return undefined
    }
  }

  return {
    baseUrl: region === "us" ? "https://api.segmentapis.com" : "https://eu1.api.segmentapis.com",
    workspace,
    route: (incoming) => {
      const found = find(incoming)
      if (found?.media === undefined) return found?.route
      const unacceptable = Media.unacceptable(settings(), incoming, found.media)
      return unacceptable === undefined ? found.route : { ...found.route, handle: () => unacceptable }
    },
    notFound: () => Wire.failure(404, { type: "not-found", message: "Not found.", data: null }),
    unauthorized: () => Wire.refusal(settings().unauthorizedStatus, "The token is missing or not valid."),
    forbidden: () => Wire.refusal(settings().permissionDeniedStatus, "The token does not have permission."),
    tooManyRequests: (standing, now) => tooMany(standing, now, settings().rateHeadersOn429 === "present"),
    successHeaders: rateHeaders,
    serial: () => false,
    exclusive: () => settings().overlap !== "new-run",
    newRunId: () => mint.digits("run"),
    newParts: account.newParts,
    newIds: (parts) => ({
      source: parts["source"] ?? "",
      model: parts["model"] ?? "",
      subscription: mint.short("subscription"),
    }),
    newAttributes: () => ({ trigger: 'event = "new"', settings: { object_type: "contact" } }),
    scheduleForm: Schedules.form,
    key: (ids) => keyOf(ids["model"], ids["subscription"]),
    word: (run, at) => Wire.word(settings(), run, at),
  }
}

interface Found {
  readonly route: Route
  /** What it speaks; `GET /` is not particular. */
  readonly media?: Media.Media
}

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
