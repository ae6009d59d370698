/** Running syncs: triggers, the list of runs, which also reads one run, and the reads of syncs that running takes. */
import type * as Pages from "@openretl/core/driver/Pages"
import type * as VendorClient from "@openretl/core/driver/VendorClient"
import { NotFound, UnexpectedResponse } from "@openretl/core/Reason"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import * as Api from "./HightouchApi.ts"
import { syncs } from "./internal/connect.ts"
import * as Paging from "./internal/paging.ts"

/** The query of a stream: that of the list, and how many pages to read at most. */
export type StreamQuery<Query> = Omit<Query, "offset"> & Pages.Options

/** The endpoints that running syncs takes. */
export interface HightouchRunsClient {
  /**
   * Triggers a sync: `POST /api/v1/syncs/{syncId}/trigger`. Returns the id of the run.
   *
   * It is not idempotent, and the vendor has no idempotency key: never send it again when its answer was lost. While a run
   * is in progress, the new run waits for its end. What a trigger of a disabled sync does is not documented. Source: the
   * vendor's OpenAPI document.
   */
  readonly triggerSync: (
    sync: string,
    request: Api.TriggerSyncRequest,
  ) => Effect.Effect<Api.TriggerSyncResponse, RetlError>
  /**
   * Reads a page of a sync's runs: `GET /api/v1/syncs/{syncId}/runs`.
   *
   * The direction of the order is not documented; the vendor's sample has the older run first. Source: the vendor's OpenAPI
   * document.
   */
  readonly listRuns: (sync: string, query?: Api.ListRunsQuery) => Effect.Effect<Api.Listed<Api.Run>, RetlError>
  /** Returns all of a sync's runs, in the vendor's order. Each page is one `listRuns`, sent when the page is pulled. */
  readonly streamRuns: (sync: string, query?: StreamQuery<Api.ListRunsQuery>) => Stream.Stream<Api.Run, RetlError>
  /**
   * Reads one run: `GET /api/v1/syncs/{syncId}/runs` with `runId`, since there is no route for a run.
   *
   * Fails with `NotFound` where the list is empty, and with `UnexpectedResponse` where it has other runs alone. Source: the
   * vendor's OpenAPI document; the empty list is seen in its Airflow provider.
   */
  readonly getRun: (sync: string, run: string) => Effect.Effect<Api.Run, RetlError>
  /** Reads a sync: `GET /api/v1/syncs/{syncId}`. Fails with `NotFound` (404) for an unknown one. */
  readonly getSync: (sync: string) => Effect.Effect<Api.Sync, RetlError>
  /** Reads a page of the workspace's syncs: `GET /api/v1/syncs`. Source: the vendor's OpenAPI document. */
  readonly listSyncs: (query?: Api.ListSyncsQuery) => Effect.Effect<Api.Listed<Api.Sync>, RetlError>
  /** Sends any request of this API, for endpoints that have no function here. */
  readonly http: VendorClient.VendorClient
}

/** Creates the functions over a connection. */
export const make = (http: VendorClient.VendorClient): HightouchRunsClient => {
  const read = Effect.fnUntraced(function* <A>(
    operation: string,
    path: ReadonlyArray<VendorClient.Segment>,
    query: VendorClient.Call<A>["query"],
    answer: Schema.ConstraintDecoder<Api.Listed<A>>,
  ): Effect.fn.Return<Api.Listed<A>, RetlError> {
    const { value, date } = yield* http.callDated({ operation, method: "GET", path, query: query ?? {}, answer })
    return date === undefined ? value : { ...value, date }
  })
  const listRuns: HightouchRunsClient["listRuns"] = Effect.fnUntraced(function* (sync, request = {}) {
    const query = yield* http.validate("listRuns", Api.ListRunsQuery, request)
    return yield* read("listRuns", [...syncs, { sync }, "runs"], { ...query }, Api.ListRunsResponse)
  })
  return {
    http,
    triggerSync: Effect.fnUntraced(function* (sync, request) {
      const operation = "triggerSync"
      return yield* http.call({
        operation,
        method: "POST",
        path: [...syncs, { sync }, "trigger"],
        body: yield* http.validate(operation, Api.TriggerSyncRequest, request),
        answer: Api.TriggerSyncResponse,
      })
    }),
    listRuns,
    streamRuns: (sync, { maxPages, limit, ...query } = {}) =>
      Paging.stream(http, "listRuns", (page) => listRuns(sync, { ...query, ...page }), { limit, maxPages }),
    getRun: Effect.fnUntraced(function* (sync, runId) {
      const operation = "getRun"
      const { data } = yield* read(operation, [...syncs, { sync }, "runs"], { runId }, Api.ListRunsResponse)
      const run = data.find(({ id }) => id === runId)
      if (run !== undefined) return run
      const reason = data.length === 0 ? new NotFound({ what: "run" }) : new UnexpectedResponse({ issues: [otherRuns] })
      return yield* http.error(operation, reason, data.length === 0 ? "refused" : "unknown", { status: 200 })
    }),
    getSync: (sync) => http.call({ operation: "getSync", method: "GET", path: [...syncs, { sync }], answer: Api.Sync }),
    listSyncs: Effect.fnUntraced(function* (request = {}) {
      const query = yield* http.validate("listSyncs", Api.ListSyncsQuery, request)
      return yield* read("listSyncs", syncs, { ...query }, Api.ListSyncsResponse)
    }),
  }
}

const otherRuns = { path: ["data"], message: "Expected the run that was requested, found others" }
