/** Running mappings, one function for each endpoint: start, look, list, cancel; and the workspace of the token. */
import * as Pages from "@openretl/core/driver/Pages"
import type { VendorClient } from "@openretl/core/driver/VendorClient"
import * as Reason from "@openretl/core/Reason"
import type { RetlError } from "@openretl/core/RetlError"
import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import { alpha, alphaBody } from "./internal/mediaTypes.ts"
import { page } from "./internal/page.ts"
import * as Api from "./SegmentApi.ts"

/** A page of runs, with the vendor's own clock at that answer where its `date` header tells. */
export interface SyncStatusPage extends Api.SyncStatuses {
  readonly date?: DateTime.Utc
}

/** How a stream asks: pages of so many, and no more than `maxPages` of them. */
export interface StreamSyncStatusesOptions extends Pages.Options {
  /** How many a page holds at the most, 1 to 100. @default 100 */
  readonly count?: number | undefined
}

export interface SegmentRunsClient {
  /** What the functions are made of, for endpoints that are not among them. */
  readonly http: VendorClient
  /**
   * Starts a run of a mapping: `POST /reverse-etl-syncs`, at most 20 a minute.
   *
   * Not idempotent, and there is no idempotency key: never send it again when its answer was lost. What it answers while
   * a run of the mapping is under way is not documented; a 409, or a text that says so, fails with `AlreadyRunning`.
   * Fails with `NotFound` (404) for an unknown source, model or subscription. Documented: Reverse ETL page.
   */
  readonly createManualSync: (request: Api.CreateManualSyncRequest) => Effect.Effect<Api.ManualSync, RetlError>
  /**
   * Reads one run: `GET /reverse-etl-models/{model}/syncs/{sync}`, at most 250 a minute.
   *
   * The answer does not say which subscription the run is of. Fails with `NotFound` (404). Documented: Reverse ETL page.
   */
  readonly getSyncStatus: (model: string, sync: string) => Effect.Effect<Api.SyncStatus, RetlError>
  /**
   * Reads a page of a mapping's runs: `GET /reverse-etl-models/{model}/subscriptionId/{subscription}/syncs`, where the
   * second `subscriptionId` is a word of the path.
   *
   * `count` is 1 to 100, and 10 when absent. There are no filters, and the order is not documented. Fails with
   * `NotFound` (404). Documented: Reverse ETL page.
   */
  readonly listSyncStatuses: (
    model: string,
    subscription: string,
    query?: Api.ListSyncStatusesQuery,
  ) => Effect.Effect<SyncStatusPage, RetlError>
  /**
   * All runs of a mapping, page after page as they are pulled. A full page of 100 without `pagination` ends in
   * `UnexpectedResponse`: what may lie behind it is out of reach.
   */
  readonly streamSyncStatuses: (
    model: string,
    subscription: string,
    options?: StreamSyncStatusesOptions,
  ) => Stream.Stream<Api.SyncStatus, RetlError>
  /**
   * Asks for a run to be stopped: `POST /reverse-etl-models/{model}/syncs/{sync}/cancel`.
   *
   * A refusal is a success here: look at `errorCode`. Stopping takes a few seconds, and rows in flight may still be
   * delivered. Fails with `NotFound` (404). Documented: Reverse ETL page.
   */
  readonly cancelSync: (
    model: string,
    sync: string,
    request?: Api.CancelSyncRequest,
  ) => Effect.Effect<Api.CanceledSync, RetlError>
  /** Reads the workspace that the token belongs to: `GET /`. Documented: Workspaces page. */
  readonly getWorkspace: Effect.Effect<Api.Workspace, RetlError>
}

export const make = (http: VendorClient): SegmentRunsClient => {
  const listSyncStatuses: SegmentRunsClient["listSyncStatuses"] = Effect.fnUntraced(function* (
    model,
    subscription,
    query = {},
  ) {
    const { value, date } = yield* http.dated({
      operation: "listSyncStatuses",
      method: "GET",
      path: [models, model, "subscriptionId", subscription, "syncs"],
      query: yield* http.checked("listSyncStatuses", Api.listSyncStatusesQuery, query),
      headers: alpha,
      answer: Api.listSyncStatusesResponse,
    })
    return date === undefined ? value.data : { ...value.data, date }
  })
  return {
    http,
    createManualSync: Effect.fnUntraced(function* (request) {
      const { data } = yield* http.call({
        operation: "createManualSync",
        method: "POST",
        path: ["reverse-etl-syncs"],
        headers: alphaBody,
        body: yield* http.checked("createManualSync", Api.createManualSyncRequest, request),
        answer: Api.createManualSyncResponse,
      })
      return data.reverseETLManualSync
    }),
    getSyncStatus: Effect.fnUntraced(function* (model, sync) {
      const operation = "getSyncStatus"
      const { data } = yield* http.call({
        operation,
        method: "GET",
        path: [models, model, "syncs", sync],
        headers: alpha,
        answer: Api.getSyncStatusResponse,
      })
      const status = data.reverseETLSyncStatus
      if (status.syncId !== undefined && status.syncId !== "" && status.syncId !== sync) {
        const path = ["data", "reverseETLSyncStatus", "syncId"]
        const issues = [{ path, message: "Expected the run that was asked for, found another" }]
        return yield* http.error(operation, new Reason.UnexpectedResponse({ issues }), "unknown", { status: 200 })
      }
      return { ...status, syncId: sync }
    }),
    listSyncStatuses,
    streamSyncStatuses: (model, subscription, { count = Api.maxCount, ...options } = {}) =>
      Pages.stream(
        "streamSyncStatuses",
        (cursor) =>
          Effect.map(
            listSyncStatuses(model, subscription, { count, ...(cursor !== undefined && { cursor }) }),
            ({ syncStatuses, pagination }) => page(syncStatuses, pagination, count),
          ),
        http.error,
        options,
      ),
    cancelSync: Effect.fnUntraced(function* (model, sync, request = {}) {
      const { data } = yield* http.call({
        operation: "cancelSync",
        method: "POST",
        path: [models, model, "syncs", sync, "cancel"],
        headers: alphaBody,
        body: yield* http.checked("cancelSync", Api.cancelSyncRequest, request),
        answer: Api.cancelSyncResponse,
      })
      return data
    }),
    getWorkspace: Effect.map(
      http.call({ operation: "getWorkspace", method: "GET", path: [], answer: Api.getWorkspaceResponse }),
      ({ data }) => data.workspace,
    ),
  }
}

const models = "reverse-etl-models"
