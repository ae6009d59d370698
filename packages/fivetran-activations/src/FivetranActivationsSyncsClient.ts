/** Configuring syncs. `getSync` and `listSyncs` are among the runs' endpoints, since running a sync takes them too. */
import type * as VendorClient from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type * as Api from "./FivetranActivationsApi.ts"
import type { FivetranActivationsRunsClient, StreamQuery } from "./FivetranActivationsRunsClient.ts"
import * as SyncsApi from "./FivetranActivationsSyncsApi.ts"
import { syncs } from "./internal/connect.ts"
import * as Paging from "./internal/paging.ts"

/** The endpoints that configure syncs. */
export interface FivetranActivationsSyncsClient {
  /** Returns all syncs. Each page is one `listSyncs`, sent when the page is pulled. */
  readonly streamSyncs: (query?: StreamQuery<Api.ListSyncsQuery>) => Stream.Stream<Api.Sync, RetlError>
  /**
   * Creates a sync: `POST /api/v2/syncs`. Returns what the answer shows: its id, or the whole sync.
   *
   * It is not idempotent: never send it again when its answer was lost. It can take minutes, and then the answer may be a 504.
   * The names of the fields are those of the first version of the API. Documented: reference, create a sync; the time: the
   * vendor's Terraform provider.
   */
  readonly createSync: (request: SyncsApi.CreateSyncRequest) => Effect.Effect<SyncsApi.WrittenSync, RetlError>
  /**
   * Changes a sync: `PATCH /api/v2/syncs/{sync_id}`, with the fields to change. A nested object replaces the whole object.
   *
   * `paused` pauses and resumes the sync. Fails with `NotFound` (404) for an unknown sync. Documented: V2 reference, update a
   * sync.
   */
  readonly updateSync: (
    sync: string,
    request: SyncsApi.UpdateSyncRequest,
  ) => Effect.Effect<SyncsApi.WrittenSync, RetlError>
  /** Deletes a sync: `DELETE /api/v2/syncs/{sync_id}`. Documented: reference, delete a sync. */
  readonly deleteSync: (sync: string) => Effect.Effect<void, RetlError>
}

/** Creates the functions over a connection. */
export const make = (
  http: VendorClient.VendorClient,
  listSyncs: FivetranActivationsRunsClient["listSyncs"],
): FivetranActivationsSyncsClient => ({
  streamSyncs: ({ maxPages, per_page, ...query } = {}) =>
    Paging.stream(http, "listSyncs", ({ page, size }) => listSyncs({ ...query, page, per_page: size }), {
      size: per_page,
      maxPages,
    }),
  createSync: Effect.fnUntraced(function* (request) {
    const operation = "createSync"
    const body = yield* http.validate(operation, SyncsApi.CreateSyncRequest, request)
    const answer = SyncsApi.WriteSyncResponse
    const { data } = yield* http.call({ operation, method: "POST", path: syncs, body, answer, empty: nothing })
    return data
  }),
  updateSync: Effect.fnUntraced(function* (sync, request) {
    const operation = "updateSync"
    const body = yield* http.validate(operation, SyncsApi.UpdateSyncRequest, request)
    const answer = SyncsApi.WriteSyncResponse
    const path = [...syncs, { sync }]
    const { data } = yield* http.call({ operation, method: "PATCH", path, body, answer, empty: nothing })
    return data
  }),
  deleteSync: (sync) => http.call({ operation: "deleteSync", method: "DELETE", path: [...syncs, { sync }] }),
})

/** A success with an empty body shows nothing of the sync. */
const nothing = { data: {} }
