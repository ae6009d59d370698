/** Running syncs: triggers, runs, cancels, and the reads of syncs that running takes. */
import type * as Pages from "@openretl/core/driver/Pages"
import type * as VendorClient from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import * as Api from "./FivetranActivationsApi.ts"
import * as Connect from "./internal/connect.ts"
import * as Paging from "./internal/paging.ts"

/** The query of a stream: that of the list, and how many pages to read at most. */
export type StreamQuery<Query> = Omit<Query, "page"> & Pages.Options

/** The endpoints that running syncs takes. */
export interface FivetranActivationsRunsClient {
  /**
   * Triggers a sync: `POST /api/v2/syncs/{sync_id}/trigger`. Returns the id of the run.
   *
   * It is not idempotent, and the vendor has no idempotency key: never send it again when its answer was lost. While another
   * run is under way, the answer is a success all the same, and the new run ends as `skipped`. Documented: V2 reference,
   * trigger a sync run.
   */
  readonly triggerSync: (sync: string, query?: Api.TriggerSyncQuery) => Effect.Effect<string, RetlError>
  /**
   * Reads a page of a sync's runs, newest first unless the query says otherwise: `GET /api/v2/syncs/{sync_id}/sync_runs`.
   *
   * There is no list of all runs of a workspace. Documented: reference, list sync runs.
   */
  readonly listRuns: (sync: string, query?: Api.ListQuery) => Effect.Effect<Api.Listed<Api.Run>, RetlError>
  /** Returns all of a sync's runs, in the vendor's order. Each page is one `listRuns`, sent when the page is pulled. */
  readonly streamRuns: (sync: string, query?: StreamQuery<Api.ListQuery>) => Stream.Stream<Api.Run, RetlError>
  /** Reads one run: `GET /api/v2/sync_runs/{sync_run_id}`. Fails with `NotFound` (404) for an unknown one. */
  readonly getRun: (run: string) => Effect.Effect<Api.Run, RetlError>
  /**
   * Cancels a run: `POST /api/v2/sync_runs/{sync_run_id}/cancel`. It stops this run and no other.
   *
   * What it answers for a run that has ended is not documented. Documented: V2 reference, cancel a running sync.
   */
  readonly cancelRun: (run: string) => Effect.Effect<void, RetlError>
  /** Reads a sync: `GET /api/v2/syncs/{sync_id}`. Fails with `NotFound` (404) for an unknown one. */
  readonly getSync: (sync: string) => Effect.Effect<Api.Sync, RetlError>
  /** Reads a page of syncs: `GET /api/v2/syncs`. Whether it takes `group_id` is not documented. */
  readonly listSyncs: (query?: Api.ListSyncsQuery) => Effect.Effect<Api.Listed<Api.Sync>, RetlError>
  /** Sends any request of this API, for endpoints that have no function here. */
  readonly http: VendorClient.VendorClient
}

const RunResponse = Api.answerOf(Api.Run)
const SyncResponse = Api.answerOf(Api.Sync)
const RunsResponse = Api.listOf(Api.Run)
const SyncsResponse = Api.listOf(Api.Sync)

/** Creates the functions over a connection. */
export const make = (http: VendorClient.VendorClient): FivetranActivationsRunsClient => {
  const read = Effect.fnUntraced(function* <A>(
    operation: string,
    path: VendorClient.Call<A>["path"],
    query: VendorClient.Call<A>["query"],
    answer: Schema.ConstraintDecoder<Api.Listed<A>>,
  ): Effect.fn.Return<Api.Listed<A>, RetlError> {
    const { value, date } = yield* http.callDated({ operation, method: "GET", path, query: query ?? {}, answer })
    return date === undefined ? value : { ...value, date }
  })
  const readOne = <A>(
    operation: string,
    path: VendorClient.Call<A>["path"],
    answer: Schema.ConstraintDecoder<{ readonly data: A }>,
  ) => Effect.map(http.call({ operation, method: "GET", path, answer }), ({ data }) => data)
  const listRuns: FivetranActivationsRunsClient["listRuns"] = Effect.fnUntraced(function* (sync, request = {}) {
    const query = yield* http.validate("listRuns", Api.ListQuery, request)
    return yield* read("listRuns", [...Connect.syncs, { sync }, "sync_runs"], { ...query }, RunsResponse)
  })
  return {
    http,
    triggerSync: Effect.fnUntraced(function* (sync, request = {}) {
      const operation = "triggerSync"
      const query = yield* http.validate(operation, Api.TriggerSyncQuery, request)
      const path = [...Connect.syncs, { sync }, "trigger"]
      const answer = Api.TriggerSyncResponse
      const { data } = yield* http.call({ operation, method: "POST", path, query: { ...query }, answer })
      return data.sync_run_id
    }),
    listRuns,
    streamRuns: (sync, { maxPages, per_page, ...query } = {}) =>
      Paging.stream(http, "listRuns", (page) => listRuns(sync, { ...query, ...page }), { per_page, maxPages }),
    getRun: (run) => readOne("getRun", [...Connect.runs, { run }], RunResponse),
    cancelRun: (run) =>
      http.call({ operation: "cancelRun", method: "POST", path: [...Connect.runs, { run }, "cancel"] }),
    getSync: (sync) => readOne("getSync", [...Connect.syncs, { sync }], SyncResponse),
    listSyncs: Effect.fnUntraced(function* (request = {}) {
      const query = yield* http.validate("listSyncs", Api.ListSyncsQuery, request)
      return yield* read("listSyncs", Connect.syncs, { ...query }, SyncsResponse)
    }),
  }
}
