/** The endpoints of connections: a connection is a source, a destination, and what happens between them. */
import type * as Pages from "@openretl/core/driver/Pages"
import * as Schemas from "@openretl/core/driver/schema/Reader"
import type { VendorClient } from "@openretl/core/driver/VendorClient"
import * as Reason from "@openretl/core/Reason"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Stream from "effect/Stream"
import * as ConnectionReads from "./internal/connectionReads.ts"
import * as ConnectionWrites from "./internal/connectionWrites.ts"
import * as NewConnection from "./internal/newConnection.ts"
import * as Paging from "./internal/paging.ts"
import type * as Api from "./RudderStackApi.ts"
import * as ConnectionsApi from "./RudderStackConnectionsApi.ts"

export interface StreamConnectionsOptions extends Omit<Api.ListConnectionsQuery, "page">, Pages.Options {}

/**
 * None of these is on the public page: all are seen in the vendor's own client only (rudder-iac, 2026-08 and 2026-09).
 * They may be closed to an account: `PermissionDenied` (403) for a feature that is not enabled, or `NotFound` (404).
 */
export interface RudderStackConnectionsClient {
  /**
   * Makes a connection: `POST /v2/retl-connections`.
   *
   * With `enabled` and a schedule it runs by itself from then on, and its first run is a full one. Not idempotent: there
   * is one connection for each pair of source and destination, and what a second request for a pair answers is not
   * known; `Conflict` (409), `InvalidRequest` (400), or the connection that is there, as it is: compare what comes
   * back. A pair that had one before may get the old id again. `externalId` finds it after a lost answer.
   */
  readonly createConnection: (
    request: ConnectionsApi.CreateConnectionRequest,
  ) => Effect.Effect<ConnectionsApi.Connection, RetlError>
  /** Reads a connection: `GET /v2/retl-connections/{connection}`. Fails with `NotFound` (404) for an unknown one. */
  readonly getConnection: (connection: string) => Effect.Effect<ConnectionsApi.Connection, RetlError>
  /**
   * Changes a connection: `PUT /v2/retl-connections/{connection}`.
   *
   * `schedule` is required; whatever else is absent stays as it is, and an empty list clears. Source, destination,
   * `syncBehaviour`, `object`, `event` and `cursorColumn` cannot be changed. Fails with `NotFound` (404) for an unknown
   * one, and with `InvalidRequest` (400), an issue for each field.
   */
  readonly updateConnection: (
    connection: string,
    request: ConnectionsApi.UpdateConnectionRequest,
  ) => Effect.Effect<ConnectionsApi.Connection, RetlError>
  /**
   * Deletes a connection: `DELETE /v2/retl-connections/{connection}`.
   *
   * RudderStack keeps it out of sight, and there is no request that brings it back, but making one for the same pair may.
   * Fails with `NotFound` (404) for an unknown one.
   */
  readonly deleteConnection: (connection: string) => Effect.Effect<void, RetlError>
  /**
   * Reads a page of the workspace's connections: `GET /v2/retl-connections`.
   *
   * Pages count from 1, and their size is `pageSize`, not `per_page`; the default and the maximum are not known, official
   * clients ask for 100. A short or even an empty page is not the last while `paging.next` is set; that is no address to
   * follow.
   */
  readonly listConnections: (
    query?: Api.ListConnectionsQuery,
  ) => Effect.Effect<ConnectionsApi.ListConnectionsResponse, RetlError>
  /** All connections that match, a page being read when it is pulled. `pageSize` is 100 unless told. */
  readonly streamConnections: (
    options?: StreamConnectionsOptions,
  ) => Stream.Stream<ConnectionsApi.Connection, RetlError>
  /**
   * Gives a connection the id that it has in a tool of yours: `PUT /v2/retl-connections/{connection}/external-id`.
   *
   * The answer repeats it, and is not read. Fails with `NotFound` (404) for an unknown one.
   */
  readonly setConnectionExternalId: (
    connection: string,
    request: ConnectionsApi.SetExternalIdRequest,
  ) => Effect.Effect<void, RetlError>
}

export const make = (http: VendorClient): RudderStackConnectionsClient => {
  const listConnections = ConnectionReads.listConnections(http, Schemas.answer(ConnectionsApi.ListConnectionsResponse))
  return {
    createConnection: Effect.fnUntraced(function* (request) {
      const operation = "createConnection"
      const checked = NewConnection.check(request)
      if (Result.isFailure(checked)) {
        return yield* http.error(operation, new Reason.InvalidRequest({ issues: checked.failure }), "not-sent")
      }
      return yield* http.call({
        operation,
        method: "POST",
        path,
        body: checked.success,
        answer: ConnectionsApi.connection,
      })
    }),
    getConnection: ConnectionReads.getConnection(http, ConnectionsApi.connection),
    updateConnection: ConnectionWrites.updateConnection(http, Schemas.request(ConnectionsApi.UpdateConnectionRequest)),
    deleteConnection: (connection) =>
      http.call({ operation: "deleteConnection", method: "DELETE", path: [...path, connection] }),
    listConnections,
    streamConnections: ({ maxPages, ...query } = {}) => {
      const pageSize = query.pageSize ?? Paging.maxPageSize
      return Paging.stream(http, "listConnections", maxPages === undefined ? {} : { maxPages }, pageSize, (page) =>
        Effect.map(listConnections({ ...query, pageSize, page }), ({ data, paging }) => ({ items: data, paging })),
      )
    },
    setConnectionExternalId: Effect.fnUntraced(function* (connection, request) {
      const operation = "setConnectionExternalId"
      return yield* http.call({
        operation,
        method: "PUT",
        path: [...path, connection, "external-id"],
        body: yield* http.checked(operation, Schemas.request(ConnectionsApi.SetExternalIdRequest), request),
      })
    }),
  }
}

const { path } = ConnectionReads
