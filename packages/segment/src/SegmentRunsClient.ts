/** The endpoints that start, read, list and cancel runs, and the one that reads the workspace of the token. */
import * as Pages from "@openretl/core/driver/Pages"
import type { VendorClient } from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import { alpha, alphaBody } from "./internal/mediaTypes.ts"
import { page, queryOf, requestOf } from "./internal/page.ts"
import * as Api from "./SegmentApi.ts"

/** A page of runs, with the vendor's clock at that answer where it has a `date` header. */
export interface SyncStatusPage extends Api.SyncStatuses {
  /** The `date` header of the answer; absent where it has none or an unreadable one. */
  readonly date?: DateTime.Utc
}

/** How a stream reads its pages. */
export interface StreamSyncStatusesOptions extends Pages.Options {
  /** The most runs in a page, 1 to 100. @default 100 */
  readonly count?: number | undefined
}

/** The endpoints of runs, one function each. */
export interface SegmentRunsClient {
  /** The HTTP client that the functions share, for endpoints that have no function here. */
  readonly http: VendorClient
  /**
   * Starts a run of a mapping: `POST /reverse-etl-syncs`, at most 20 a minute.
   *
   * Not idempotent, and there is no idempotency key: never send it again when its answer was lost. Its answer while a
   * run of the mapping is under way is not documented; a 409, or a text that says so, fails with `AlreadyRunning`.
   * Fails with `NotFound` (404) for an unknown source, model or subscription. Documented: Reverse ETL page.
   */
  readonly createManualSync: (request: Api.CreateManualSyncRequest) => Effect.Effect<Api.ManualSync, RetlError>
  /**
   * Reads one run: `GET /reverse-etl-models/{model}/syncs/{sync}`, at most 250 a minute.
   *
   * The answer does not say which subscription the run is of. An answer without the run's id gets the one that was
   * passed. Fails with `NotFound` (404). Documented: Reverse ETL page.
   */
  readonly getSyncStatus: (model: string, sync: string) => Effect.Effect<Api.SyncStatus, RetlError>
  /**
   * Reads a page of a mapping's runs: `GET /reverse-etl-models/{model}/subscriptionId/{subscription}/syncs`, where the
   * second `subscriptionId` is a word of the path.
   *
   * `count` is 1 to 100, and defaults to 10. There are no filters, and the order is not documented. Fails with
   * `NotFound` (404). Documented: Reverse ETL page.
   */
  readonly listSyncStatuses: (
    model: string,
    subscription: string,
    query?: Api.ListSyncStatusesQuery,
  ) => Effect.Effect<SyncStatusPage, RetlError>
  /**
   * Returns all runs of a mapping, page after page as they are pulled. A full page of 100 without `pagination` ends in
   * `UnexpectedResponse`: runs may be missing, and no cursor leads to them.
   */
  readonly streamSyncStatuses: (
    model: string,
    subscription: string,
    options?: StreamSyncStatusesOptions,
  ) => Stream.Stream<Api.SyncStatus, RetlError>
  /**
   * Requests that a run be stopped: `POST /reverse-etl-models/{model}/syncs/{sync}/cancel`.
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

/** Creates the client of runs over an HTTP client. */
export const make = (http: VendorClient): SegmentRunsClient => {
  const listSyncStatuses: SegmentRunsClient["listSyncStatuses"] = Effect.fnUntraced(function* (
    model,
    subscription,
    query = {},
  ) {
    const { value, date } = yield* http.callDated({
      operation: "listSyncStatuses",
      method: "GET",
      path: [models, { model }, "subscriptionId", { subscription }, "syncs"],
      query: { ...(yield* http.validate("listSyncStatuses", Api.ListSyncStatusesQuery, query)) },
      headers: alpha,
      answer: Api.ListSyncStatusesResponse,
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
        body: yield* http.validate("createManualSync", Api.CreateManualSyncRequest, request),
        answer: Api.CreateManualSyncResponse,
      })
      return data.reverseETLManualSync
    }),
    getSyncStatus: (model, sync) =>
      Effect.map(
        http.call({
          operation: "getSyncStatus",
          method: "GET",
          path: [models, { model }, "syncs", { sync }],
          headers: alpha,
          answer: Api.GetSyncStatusResponse,
        }),
        ({ data: { reverseETLSyncStatus: status } }) => ({ ...status, syncId: status.syncId || sync }),
      ),
    listSyncStatuses,
    streamSyncStatuses: (model, subscription, { count = Api.maxCount, ...options } = {}) =>
      Pages.stream(
        "streamSyncStatuses",
        Pages.shrinking(count, (cursor, count) => {
          const request = requestOf(cursor, count)
          return Effect.map(listSyncStatuses(model, subscription, queryOf(request)), ({ syncStatuses, pagination }) =>
            page(syncStatuses, pagination, request, ({ syncId }) => syncId),
          )
        }),
        http.error,
        options,
        ({ syncId }) => syncId,
      ),
    cancelSync: Effect.fnUntraced(function* (model, sync, request = {}) {
      const { data } = yield* http.call({
        operation: "cancelSync",
        method: "POST",
        path: [models, { model }, "syncs", { sync }, "cancel"],
        headers: alphaBody,
        body: yield* http.validate("cancelSync", Api.CancelSyncRequest, request),
        answer: Api.CancelSyncResponse,
      })
      return data
    }),
    getWorkspace: Effect.map(
      http.call({ operation: "getWorkspace", method: "GET", path: [], answer: Api.GetWorkspaceResponse }),
      ({ data }) => data.workspace,
    ),
  }
}

const models = "reverse-etl-models"
