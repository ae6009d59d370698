/** Configuring syncs. One of them is read with `getSync`, which is among the runs: running a sync takes it, too. */

import * as Schemas from "@openretl/core/driver/schema/Reader"
import type * as VendorClient from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import * as Lists from "./internal/lists.ts"
import type * as Api from "./ZeotapApi.ts"
import * as SyncsApi from "./ZeotapSyncsApi.ts"

export interface ZeotapSyncsClient {
  /**
   * Reads a page of the workspace's syncs: `GET /api/v1/workspaces/{workspace}/syncs`.
   *
   * Paging is as little documented as for runs. Documented: Reverse ETL API page.
   */
  readonly listSyncs: (query?: Api.ListQuery) => Effect.Effect<Api.Listed<Api.Sync>, RetlError>
  /** All of the workspace's syncs: `listSyncs`, a page when it is pulled. Ends as `streamRuns` does. */
  readonly streamSyncs: (options?: Lists.StreamOptions) => Stream.Stream<Api.Sync, RetlError>
  /**
   * Creates a sync: `POST /api/v1/workspaces/{workspace}/syncs`.
   *
   * Not idempotent, and there is no idempotency key: never send it again when its answer was lost. What it answers with
   * is not shown: whatever could be read of the new sync is returned, which may be its id alone, or nothing. Nor is it
   * documented whether a new sync is `active` or a `draft`, and whether two may have the same name: `Conflict` (409) or
   * `InvalidRequest` (400) where not. Fails with `InvalidRequest` for modes that the destination does not take.
   * Documented: Reverse ETL API page.
   */
  readonly createSync: (request: SyncsApi.CreateSyncRequest) => Effect.Effect<SyncsApi.WrittenSync, RetlError>
  /**
   * Changes a sync: `PUT /api/v1/workspaces/{workspace}/syncs/{sync}`, with the fields that are to change.
   *
   * Pauses and resumes by `status`. The mapping is replaced as a whole: keys of its entries that are not documented, as
   * those of a field transform may be, cannot be sent. How a schedule is taken away is not documented: read the sync
   * again after `""` or null. What it answers with is not shown: whatever could be read is returned. Fails with
   * `NotFound` as `getSync` does. Documented: Reverse ETL API page.
   */
  readonly updateSync: (
    sync: string,
    request: SyncsApi.UpdateSyncRequest,
  ) => Effect.Effect<SyncsApi.WrittenSync, RetlError>
  /**
   * Deletes a sync: `DELETE /api/v1/workspaces/{workspace}/syncs/{sync}`.
   *
   * What becomes of its runs is not documented. Fails with `NotFound` as `getSync` does, for one that was deleted before
   * as well. Documented: Reverse ETL API page.
   */
  readonly deleteSync: (sync: string) => Effect.Effect<void, RetlError>
}

/** `root` is the workspace's path. */
export const make = (http: VendorClient.VendorClient, root: ReadonlyArray<string>): ZeotapSyncsClient => {
  const path = [...root, "syncs"]
  const listSyncs: ZeotapSyncsClient["listSyncs"] = (query = {}) =>
    Lists.read(http, "listSyncs", path, query, SyncsApi.listSyncsResponse)

  const write = (
    call: Omit<VendorClient.Call<unknown>, "answer" | "empty">,
  ): Effect.Effect<SyncsApi.WrittenSync, RetlError> =>
    http
      .call<SyncsApi.WriteSyncResponse>({ ...call, answer: SyncsApi.writeSyncResponse, empty: {} })
      .pipe(Effect.map(({ data, ...own }) => (own.id === undefined && data !== undefined ? data : own)))

  return {
    listSyncs,
    streamSyncs: (options) => Lists.stream(http, "listSyncs", listSyncs, options),
    createSync: Effect.fnUntraced(function* (request) {
      const operation = "createSync"
      const body = yield* http.checked(operation, Schemas.request(SyncsApi.CreateSyncRequest), request)
      return yield* write({ operation, method: "POST", path, body })
    }),
    updateSync: Effect.fnUntraced(function* (sync, request) {
      const operation = "updateSync"
      const body = yield* http.checked(operation, Schemas.request(SyncsApi.UpdateSyncRequest), request)
      return yield* write({ operation, method: "PUT", path: [...path, sync], body })
    }),
    deleteSync: (sync) => http.call({ operation: "deleteSync", method: "DELETE", path: [...path, sync] }),
  }
}
