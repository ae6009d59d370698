/** The endpoints of connections: a connection is a source, a destination, and what happens between them. */
import type * as Pages from "@openretl/core/driver/Pages"
import type { VendorClient } from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import * as ConnectionReads from "./internal/connectionReads.ts"
import * as ConnectionWrites from "./internal/connectionWrites.ts"
import * as Paging from "./internal/paging.ts"
import type * as Api from "./RudderStackApi.ts"
import * as ConnectionsApi from "./RudderStackConnectionsApi.ts"

/** Which connections a stream holds, and in pages of which size it reads them. */
export interface StreamConnectionsOptions extends Omit<Api.ListConnectionsQuery, "page">, Pages.Options {}

/**
 * The endpoints of connections, a function each.
 *
 * None of them is on the public page: all are seen in the vendor's own client only (rudder-iac, 2026-08 and 2026-09).
 * They may be closed to an account: `PermissionDenied` (403) for a feature that is not enabled, or `NotFound` (404).
 */
export interface RudderStackConnectionsClient {
  /**
   * Creates a connection: `POST /v2/retl-connections`.
   *
   * With `enabled` and a schedule it runs by itself from then on, and its first run is a full one. Not idempotent:
   * there is one connection for each pair of source and destination. The answer to a second request for a pair is not
   * known: `Conflict` (409), `InvalidRequest` (400), or the existing connection, unchanged; compare the answer with the
   * request. A pair that had a connection before may get the old id again. The pair finds the connection after a
   * lost answer. Whether a create takes `externalId` is open: compare the answer, or call `setConnectionExternalId`.
   */
  readonly createConnection: (
    request: ConnectionsApi.CreateConnectionRequest,
  ) => Effect.Effect<ConnectionsApi.Connection, RetlError>
  /** Reads a connection: `GET /v2/retl-connections/{connection}`. Fails with `NotFound` (404) for an unknown one. */
  readonly getConnection: (connection: string) => Effect.Effect<ConnectionsApi.Connection, RetlError>
  /**
   * Changes a connection: `PUT /v2/retl-connections/{connection}`.
   *
   * `schedule` is required; other absent fields stay as they are, and an empty list clears. Source, destination,
   * `syncBehaviour`, `object`, `event` and `cursorColumn` cannot be changed. RudderStack keeps a mapping of events to
   * `anonymous_id` as an identifier, and drops one of an object to `context.externalId[0].id`: compare the answer. Fails with `NotFound` (404) for an unknown
   * connection, and with `InvalidRequest` (400), an issue for each field.
   */
  readonly updateConnection: (
    connection: string,
    request: ConnectionsApi.UpdateConnectionRequest,
  ) => Effect.Effect<ConnectionsApi.Connection, RetlError>
  /**
   * Deletes a connection: `DELETE /v2/retl-connections/{connection}`.
   *
   * RudderStack hides it and keeps it. No request brings it back, but creating one for the same pair may. Fails with
   * `NotFound` (404) for an unknown connection.
   */
  readonly deleteConnection: (connection: string) => Effect.Effect<void, RetlError>
  /**
   * Reads a page of the workspace's connections: `GET /v2/retl-connections`.
   *
   * Pages count from 1, and their size is `pageSize`, not `per_page`; the default and the maximum are not known,
   * official clients send 100. A short or even an empty page is not the last while `paging.next` is set; that is no
   * address to follow.
   */
  readonly listConnections: (
    query?: Api.ListConnectionsQuery,
  ) => Effect.Effect<ConnectionsApi.ListConnectionsResponse, RetlError>
  /** Returns all connections that match, lazily: each page is read when it is pulled. `pageSize` defaults to 100. */
  readonly streamConnections: (
    options?: StreamConnectionsOptions,
  ) => Stream.Stream<ConnectionsApi.Connection, RetlError>
  /**
   * Gives a connection the id that it has in a tool of yours: `PUT /v2/retl-connections/{connection}/external-id`.
   *
   * The answer repeats the id, and is not read. Fails with `NotFound` (404) for an unknown connection.
   */
  readonly setConnectionExternalId: (
    connection: string,
    request: ConnectionsApi.SetExternalIdRequest,
  ) => Effect.Effect<void, RetlError>
}

/** Creates the client of connections over an HTTP client. */
export const make = (http: VendorClient): RudderStackConnectionsClient => {
  const listConnections = ConnectionReads.listConnections(http, ConnectionsApi.ListConnectionsResponse)
  return {
    createConnection: Effect.fnUntraced(function* (request) {
      const operation = "createConnection"
      return yield* http.call({
        operation,
        method: "POST",
        path,
        body: yield* http.validate(operation, ConnectionsApi.CreateConnectionRequest, request),
        answer: ConnectionsApi.Connection,
      })
    }),
    getConnection: ConnectionReads.getConnection(http, ConnectionsApi.Connection),
    updateConnection: ConnectionWrites.updateConnection(http, ConnectionsApi.UpdateConnectionRequest),
    deleteConnection: (connection) =>
      http.call({ operation: "deleteConnection", method: "DELETE", path: [...path, { connection }] }),
    listConnections,
    streamConnections: ({ maxPages, ...query } = {}) => {
      const pageSize = query.pageSize ?? Paging.maxPageSize
      return Paging.stream(
        http,
        "listConnections",
        maxPages === undefined ? {} : { maxPages },
        pageSize,
        ({ page, size }) =>
          Effect.map(listConnections({ ...query, pageSize: size, page }), ({ data, paging }) => ({
            items: data,
            paging,
          })),
      )
    },
    setConnectionExternalId: Effect.fnUntraced(function* (connection, request) {
      const operation = "setConnectionExternalId"
      return yield* http.call({
        operation,
        method: "PUT",
        path: [...path, { connection }, "external-id"],
        body: yield* http.validate(operation, ConnectionsApi.SetExternalIdRequest, request),
      })
    }),
  }
}

const { path } = ConnectionReads
