/** Runs: start, read, list and cancel. */

import { type IncomingRequest, parseObject } from "../../kit/IncomingRequest.ts"
import { jsonArray, type Reply } from "../../kit/Reply.ts"
import type { RequestContext, Route } from "../../kit/Route.ts"
import type { Run, Sync } from "../../kit/Run.ts"
import { finishedAt, stateAt, stopRun } from "../../kit/RunState.ts"
import { createRun, pageOfRuns } from "../../kit/Sync.ts"
import { type Account, keyOf } from "./account.ts"
import { bodyRefusal, id, number, optional, required } from "./body.ts"
import * as Media from "./media.ts"
import * as Pages from "./pages.ts"
import * as Wire from "./wire.ts"

const startRules = { sourceId: required(id), modelId: required(id), subscriptionId: required(id) }

const cancelRules = { reasonForCanceling: optional(number) }

/** The routes of runs. */
export interface Runs {
  readonly start: (request: IncomingRequest) => Route
  readonly get: (modelId: string, runId: string) => Route
  readonly list: (modelId: string, subscriptionId: string, request: IncomingRequest) => Route
  readonly cancel: (modelId: string, runId: string, request: IncomingRequest) => Route
}

export const makeRuns = (account: Account): Runs => {
  const { world, currentSwitches } = account

  const syncNotFound = (modelId: string, subscriptionId: string): Reply =>
    account.models.has(modelId)
      ? Wire.notFound("Subscription", subscriptionId)
      : Wire.notFound("Reverse ETL Model", modelId)

  const startRun = (sync: Sync, { now, call }: RequestContext): Reply => {
    const switches = currentSwitches()
    const isDisabled = sync.state === "paused" || sync.state === "draft" || !account.hasEnabledParts(sync)
    if (isDisabled && switches.disabledSync !== "starts") {
      return Wire.refusal(switches.disabledSync, "The mapping is disabled.")
    }
    const liveRun = sync.liveRuns[0]
    if (liveRun !== undefined && switches.overlap !== "new-run") {
      if (switches.overlap === "same-run") return startReply(liveRun)
      return Wire.refusal(switches.overlap, "A sync is already running for this mapping.")
    }
    return startReply(createRun(world.rules, sync, now, "call", { call }))
  }

  const startReply = (run: Run): Reply => {
    const switches = currentSwitches()
    return Wire.success(switches, {
      reverseETLManualSync: { syncId: run.id, startedAt: Wire.timestamp(switches, run.createdAt) },
    })
  }

  const runOfModel = (modelId: string, runId: string): Run | undefined => {
    const run = world.runs.get(runId)
    return run?.sync.ids["model"] === modelId ? run : undefined
  }

  return {
    start: (request) => {
      const body = parseObject(request.body)
      const [model, subscription] = [body?.["modelId"], body?.["subscriptionId"]]
      const sync = world.syncs.get(keyOf(model, subscription))
      return {
        operation: "start",
        sync,
        handle: (context) => {
          const refusal = bodyRefusal(currentSwitches(), request, body, startRules, Media.alpha)
          if (refusal !== undefined) return refusal
          if (sync === undefined || !account.models.has(String(model))) {
            return syncNotFound(String(model), String(subscription))
          }
          if (sync.ids["source"] !== body?.["sourceId"]) return Wire.notFound("Source", String(body?.["sourceId"]))
          return startRun(sync, context)
        },
      }
    },
    get: (modelId, runId) => {
      const run = runOfModel(modelId, runId)
      return {
        operation: "get",
        sync: run?.sync,
        handle: ({ asOf }) => {
          if (run === undefined || run.createdAt > asOf) return Wire.notFound("Sync", runId)
          const switches = currentSwitches()
          return Wire.successText(switches, `{"reverseETLSyncStatus":${Wire.runText(switches, run, asOf)}}`)
        },
      }
    },
    list: (modelId, subscriptionId, request) => {
      const sync = world.syncs.get(keyOf(modelId, subscriptionId))
      return {
        operation: "list",
        sync,
        handle: ({ asOf }) => {
          const switches = currentSwitches()
          if (sync === undefined) return syncNotFound(modelId, subscriptionId)
          const page = Pages.pageRequest(switches, request, Pages.runPages)
          if ("status" in page) return page
          const { runs, total } = pageOfRuns(sync, asOf, {
            isNewestFirst: switches.listOrder === "newest-first",
            offset: page.offset,
            limit: page.count,
          })
          const syncStatuses = jsonArray(runs.map((run) => Wire.runText(switches, run, asOf)))
          const { pagination } = Pages.optionalPagination(switches, page, total)
          const paginationText = pagination === undefined ? "" : `,"pagination":${JSON.stringify(pagination)}`
          return Wire.successText(switches, `{"syncStatuses":${syncStatuses}${paginationText}}`)
        },
      }
    },
    cancel: (modelId, runId, request) => {
      const run = runOfModel(modelId, runId)
      return {
        operation: "cancel",
        sync: run?.sync,
        handle: ({ now }) => {
          const switches = currentSwitches()
          const refusal = bodyRefusal(switches, request, parseObject(request.body), cancelRules, Media.alpha)
          if (refusal !== undefined) return refusal
          if (run === undefined) return Wire.notFound("Sync", runId)
          const ids = { modelId, syncId: runId }
          if (finishedAt(run) > now) {
            stopRun(run, now, account.stopTakes)
            return Wire.success(switches, { ...ids, status: "CANCELLING" })
          }
          const [errorCode, errorMessage] =
            stateAt(run, now) === "stopped"
              ? ["SyncAlreadyCanceled", "sync already canceled"]
              : ["SyncFinishedCannotCancel", "sync already finished"]
          return switches.cancelError === "409"
            ? Wire.failure(409, { type: errorCode, message: errorMessage })
            : Wire.success(switches, { ...ids, errorCode, errorMessage })
        },
      }
    },
  }
}
