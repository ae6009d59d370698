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

/** The endpoints that configure syncs. None creates one: what a create takes is known from the first version alone. */
export interface FivetranActivationsSyncsClient {
  /** Returns all syncs. Each page is one `listSyncs`, sent when the page is pulled. */
  readonly streamSyncs: (query?: StreamQuery<Api.ListSyncsQuery>) => Stream.Stream<Api.Sync, RetlError>
  /**
   * Changes a sync: `PATCH /api/v2/syncs/{sync_id}`, with the fields to change. A nested object replaces the whole object.
   * Returns what the answer shows of the sync; `undefined` where it shows none.
   *
   * `paused` pauses and resumes the sync. Fails with `NotFound` (404) for an unknown sync. Documented: V2 reference, update a
   * sync.
   */
  readonly updateSync: (
    sync: string,
    request: SyncsApi.UpdateSyncRequest,
  ) => Effect.Effect<Api.Sync | undefined, RetlError>
  /** Deletes a sync: `DELETE /api/v2/syncs/{sync_id}`. Documented: reference, delete a sync. */
  readonly deleteSync: (sync: string) => Effect.Effect<void, RetlError>
}

/** Creates the functions over a connection. */
export const make = (
  http: VendorClient.VendorClient,
  listSyncs: FivetranActivationsRunsClient["listSyncs"],
): FivetranActivationsSyncsClient => ({
  streamSyncs: ({ maxPages, per_page, ...query } = {}) =>
    Paging.stream(http, "listSyncs", (page) => listSyncs({ ...query, ...page }), { per_page, maxPages }),
  updateSync: Effect.fnUntraced(function* (sync, request) {
    const operation = "updateSync"
    const body = yield* http.validate(operation, SyncsApi.UpdateSyncRequest, request)
    const answer = SyncsApi.UpdateSyncResponse
    const { data } = yield* http.call({
      operation,
      method: "PATCH",
      path: [...syncs, { sync }],
      body,
      answer,
      empty: {},
    })
    return data
  }),
  deleteSync: (sync) => http.call({ operation: "deleteSync", method: "DELETE", path: [...syncs, { sync }] }),
})
