/** Configuring syncs. `getSync` is among the runs' endpoints, since running a sync takes it too. */
import type * as VendorClient from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { Connected } from "./internal/connect.ts"
import * as Lists from "./internal/lists.ts"
import type * as ZeotapApi from "./ZeotapApi.ts"
import * as SyncsApi from "./ZeotapSyncsApi.ts"

/** The endpoints that configure syncs. */
export interface ZeotapSyncsClient {
  /**
   * Reads a page of the workspace's syncs: `GET /api/v1/workspaces/{workspace}/syncs`.
   *
   * Paging is as little documented as for runs. Source: Reverse ETL API page.
   */
  readonly listSyncs: (query?: ZeotapApi.ListQuery) => Effect.Effect<ZeotapApi.Listed<ZeotapApi.Sync>, RetlError>
  /** Returns all of the workspace's syncs. Each page is one `listSyncs`. Ends as `streamRuns` does. */
  readonly streamSyncs: (options?: Lists.StreamOptions) => Stream.Stream<ZeotapApi.Sync, RetlError>
  /**
   * Creates a sync: `POST /api/v1/workspaces/{workspace}/syncs`.
   *
   * It is not idempotent, and the vendor has no idempotency key: never send it again when its answer was lost. The
   * documents do not show the answer: it returns as much of the new sync as the answer shows, which may be its id
   * alone, or nothing.
   *
   * Whether a new sync is `active` or a `draft` is not documented, nor whether two syncs may have one name: where they
   * may not, it fails with `Conflict` (409) or `InvalidRequest` (400). Fails with `InvalidRequest` for a mode that the
   * destination does not allow. Source: Reverse ETL API page.
   */
  readonly createSync: (request: SyncsApi.CreateSyncRequest) => Effect.Effect<SyncsApi.WrittenSync, RetlError>
  /**
   * Changes a sync: `PUT /api/v1/workspaces/{workspace}/syncs/{sync}`, with the fields to change.
   *
   * A `status` pauses and resumes the sync. A mapping replaces the whole mapping: keys that are not documented, such as
   * those of a field transform, cannot be sent. How a schedule is removed is not documented: read the sync again after
   * `""` or null. The documents do not show the answer: it returns as much of the sync as the answer shows. Fails with
   * `NotFound` as `getSync` does. Source: Reverse ETL API page.
   */
  readonly updateSync: (
    sync: string,
    request: SyncsApi.UpdateSyncRequest,
  ) => Effect.Effect<SyncsApi.WrittenSync, RetlError>
  /**
   * Deletes a sync: `DELETE /api/v1/workspaces/{workspace}/syncs/{sync}`.
   *
   * What becomes of its runs is not documented. Fails with `NotFound` as `getSync` does, also for a sync that is
   * already deleted. Source: Reverse ETL API page.
   */
  readonly deleteSync: (sync: string) => Effect.Effect<void, RetlError>
}

/** Creates the functions over a connection. */
export const make = ({ http, root }: Connected): ZeotapSyncsClient => {
  const path = [...root, "syncs"]
  const listSyncs: ZeotapSyncsClient["listSyncs"] = (query = {}) =>
    Lists.read(http, "listSyncs", path, query, SyncsApi.ListSyncsResponse)

  const write = (
    call: Omit<VendorClient.Call<unknown>, "answer" | "empty">,
  ): Effect.Effect<SyncsApi.WrittenSync, RetlError> =>
    http
      .call<SyncsApi.WriteSyncResponse>({ ...call, answer: SyncsApi.WriteSyncResponse, empty: {} })
      .pipe(Effect.map(({ data, ...sync }) => (sync.id === undefined && data !== undefined ? data : sync)))

  return {
    listSyncs,
    streamSyncs: (options) => Lists.stream(http, "listSyncs", listSyncs, options),
    createSync: Effect.fnUntraced(function* (request) {
      const operation = "createSync"
      const body = yield* http.validate(operation, SyncsApi.CreateSyncRequest, request)
      return yield* write({ operation, method: "POST", path, body })
    }),
    updateSync: Effect.fnUntraced(function* (sync, request) {
      const operation = "updateSync"
      const body = yield* http.validate(operation, SyncsApi.UpdateSyncRequest, request)
      return yield* write({ operation, method: "PUT", path: [...path, { sync }], body })
    }),
    deleteSync: (sync) => http.call({ operation: "deleteSync", method: "DELETE", path: [...path, { sync }] }),
  }
}
