/** Configuring model syncs. `getSync` is among the runs' endpoints, since running a sync takes it too. */
import type * as VendorClient from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import { syncs } from "./internal/connect.ts"
import * as Paging from "./internal/paging.ts"
import * as Api from "./PolytomicApi.ts"
import type { StreamQuery } from "./PolytomicRunsClient.ts"
import * as SyncsApi from "./PolytomicSyncsApi.ts"

/** The endpoints that list, change and delete model syncs. */
export interface PolytomicSyncsClient {
  /**
   * Reads a page of the organization's syncs, the latest change first: `GET /api/syncs`. It shows less of a sync than
   * `getSync` does.
   */
  readonly listSyncs: (query?: Api.ListSyncsQuery) => Effect.Effect<Api.Listed<Api.ListedSync>, RetlError>
  /** Returns all of the organization's syncs. Each page is one `listSyncs`, sent when the page is pulled. */
  readonly streamSyncs: (query?: StreamQuery<Api.ListSyncsQuery>) => Stream.Stream<Api.ListedSync, RetlError>
  /**
   * Sets whether a sync is active: `POST /api/syncs/{id}/activate`. An inactive sync runs neither on its schedule nor when it
   * is triggered; an execution that is under way goes on. The answer shows nothing else of the sync.
   */
  readonly activateSync: (
    sync: string,
    request: SyncsApi.ActivateSyncRequest,
  ) => Effect.Effect<Api.ActivatedSync, RetlError>
  /**
   * Replaces a sync: `PUT /api/syncs/{id}`. Each field that the request leaves out is cleared, or reset to its default: send
   * all that `getSync` has shown. Nothing tells whether somebody else changed the sync in between.
   */
  readonly updateSync: (sync: string, request: SyncsApi.UpdateSyncRequest) => Effect.Effect<Api.Sync, RetlError>
  /** Deletes a sync for good: `DELETE /api/syncs/{id}`. The vendor first cancels its executions that are under way. */
  readonly deleteSync: (sync: string) => Effect.Effect<void, RetlError>
}

/** Creates the functions over a connection. */
export const make = (http: VendorClient.VendorClient): PolytomicSyncsClient => {
  const listSyncs: PolytomicSyncsClient["listSyncs"] = Effect.fnUntraced(function* (request = {}) {
    const operation = "listSyncs"
    const query = yield* http.validate(operation, Api.ListSyncsQuery, request)
    return yield* Paging.read(http, { operation, path: syncs, query: { ...query }, answer: Api.listOf(Api.ListedSync) })
  })
  return {
    listSyncs,
    streamSyncs: ({ maxPages, limit, ...query } = {}) =>
      Paging.stream(
        http,
        "listSyncs",
        (page_token, size) =>
          listSyncs({
            ...query,
            ...(size !== undefined && { limit: size }),
            ...(page_token !== undefined && { page_token }),
          }),
        { ...(maxPages !== undefined && { maxPages }) },
        limit,
      ),
    activateSync: Effect.fnUntraced(function* (sync, request) {
      const operation = "activateSync"
      const body = yield* http.validate(operation, SyncsApi.ActivateSyncRequest, request)
      const path = [...syncs, { sync }, "activate"]
      const { data } = yield* http.call({
        operation,
        method: "POST",
        path,
        body,
        answer: Api.dataOf(Api.ActivatedSync),
      })
      return data
    }),
    updateSync: Effect.fnUntraced(function* (sync, request) {
      const operation = "updateSync"
      const body = yield* http.validate(operation, SyncsApi.UpdateSyncRequest, request)
      const path = [...syncs, { sync }]
      const { data } = yield* http.call({ operation, method: "PUT", path, body, answer: Api.dataOf(Api.Sync) })
      return data
    }),
    deleteSync: (sync) => http.call({ operation: "deleteSync", method: "DELETE", path: [...syncs, { sync }] }),
  }
}
