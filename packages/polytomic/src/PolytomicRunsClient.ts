/** Running syncs: starts, executions, cancels, and the reads that running takes. */
import type * as Pages from "@openretl/core/driver/Pages"
import type * as VendorClient from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import { syncs } from "./internal/connect.ts"
import * as Paging from "./internal/paging.ts"
import * as Api from "./PolytomicApi.ts"

/** The query of a stream: that of the list, and how many pages to read at most. */
export type StreamQuery<Query> = Omit<Query, "page_token"> & Pages.Options

/** The endpoints that running syncs takes. */
export interface PolytomicRunsClient {
  /**
   * Starts an execution: `POST /api/syncs/{id}/executions`. Returns its id.
   *
   * With a key, which is sent as `Idempotency-Key`, the same request can be sent again for 24 hours at least: the vendor
   * answers as it answered the first one, an error included. While that is under way, it answers with a 409: `Conflict`,
   * delivery `unknown`. Without a key it is not idempotent. Source: the vendor's pages on this endpoint and on idempotent
   * requests.
   */
  readonly startSync: (
    sync: string,
    request: Api.StartSyncRequest,
    key?: string,
  ) => Effect.Effect<Api.StartedSync, RetlError>
  /** Reads a page of executions, the latest start first: `GET /api/syncs/{id}/executions`. */
  readonly listExecutions: (
    sync: string,
    query?: Api.ListExecutionsQuery,
  ) => Effect.Effect<Api.Listed<Api.Execution>, RetlError>
  /** Returns the executions that the vendor's pages have. Each page is one `listExecutions`, sent when the page is pulled. */
  readonly streamExecutions: (
    sync: string,
    query?: StreamQuery<Api.ListExecutionsQuery>,
  ) => Stream.Stream<Api.Execution, RetlError>
  /** Reads one execution: `GET /api/syncs/{id}/executions/{execution}`. Fails with `NotFound` (404) for an unknown one. */
  readonly getExecution: (sync: string, execution: string) => Effect.Effect<Api.Execution, RetlError>
  /**
   * Requests that an execution stop: `POST /api/syncs/{id}/executions/{execution}/cancel`. The execution goes on until the
   * vendor has taken the request up. How the vendor answers for one that has ended is not documented.
   */
  readonly cancelExecution: (sync: string, execution: string) => Effect.Effect<void, RetlError>
  /** Reads a sync: `GET /api/syncs/{id}`. Fails with `NotFound` (404) for an unknown one. */
  readonly getSync: (sync: string) => Effect.Effect<Api.Sync, RetlError>
  /** Reads whose key it is: `GET /api/me`. */
  readonly getIdentity: Effect.Effect<Api.Identity, RetlError>
  /** Sends any request of this API, for endpoints that have no function here. */
  readonly http: VendorClient.VendorClient
}

/** Creates the functions over a connection. */
export const make = (http: VendorClient.VendorClient): PolytomicRunsClient => {
  const get = <A, E>(operation: string, path: ReadonlyArray<VendorClient.Segment>, data: Schema.Codec<A, E>) =>
    Effect.map(http.call({ operation, method: "GET", path, answer: Api.dataOf(data) }), (answer) => answer.data)
  const listExecutions: PolytomicRunsClient["listExecutions"] = Effect.fnUntraced(function* (sync, request = {}) {
    const operation = "listExecutions"
    const query = yield* http.validate(operation, Api.ListExecutionsQuery, request)
    return yield* Paging.read(http, {
      operation,
      path: [...syncs, { sync }, "executions"],
      query: { ...query },
      answer: Api.listOf(Api.Execution),
    })
  })
  return {
    http,
    startSync: Effect.fnUntraced(function* (sync, request, key) {
      const operation = "startSync"
      const headers =
        key === undefined ? {} : { "idempotency-key": yield* http.validate(operation, Api.IdempotencyKey, key) }
      const { data } = yield* http.call({
        operation,
        method: "POST",
        path: [...syncs, { sync }, "executions"],
        headers,
        body: yield* http.validate(operation, Api.StartSyncRequest, request),
        answer: Api.dataOf(Api.StartedSync),
      })
      return data
    }),
    listExecutions,
    streamExecutions: (sync, { maxPages, ...query } = {}) =>
      Paging.stream(
        http,
        "listExecutions",
        (page_token) => listExecutions(sync, { ...query, ...(page_token !== undefined && { page_token }) }),
        { ...(maxPages !== undefined && { maxPages }) },
      ),
    getExecution: (sync, execution) =>
      get("getExecution", [...syncs, { sync }, "executions", { execution }], Api.Execution),
    cancelExecution: (sync, execution) =>
      Effect.asVoid(
        http.call({
          operation: "cancelExecution",
          method: "POST",
          path: [...syncs, { sync }, "executions", { execution }, "cancel"],
          answer: Api.dataOf(Api.CancelledExecution),
        }),
      ),
    getSync: (sync) => get("getSync", [...syncs, { sync }], Api.Sync),
    getIdentity: get("getIdentity", ["api", "me"], Api.Identity),
  }
}
