/**
 * The endpoints that running needs: start, stop, read and list runs, and the reads of connections that go with them. A
 * workspace that only runs syncs ships no others.
 *
 * What the vendor calls a sync is a run in OpenRETL, and what it calls a connection is a sync.
 */
import type * as Pages from "@openretl/core/driver/Pages"
import type { VendorClient } from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import * as ConnectionReads from "./internal/connectionReads.ts"
import * as Paging from "./internal/paging.ts"
import * as Api from "./RudderStackApi.ts"

/** Which runs a stream holds, and in pages of which size it reads them. */
export interface StreamSyncsOptions extends Omit<Api.ListSyncsQuery, "page">, Pages.Options {}

/** The endpoints that running needs, a function each. */
export interface RudderStackRunsClient {
  /**
   * Starts a run: `POST /v2/retl-connections/{connection}/start`.
   *
   * Not idempotent, and there is no idempotency key: never send it again when its answer was lost. Fails with
   * `AlreadyRunning` (409) while a run is under way, and with `NotFound` (404) for an unknown connection; for a short
   * while also for a source that was only just created. Needs the permission to edit and connect (formerly the role
   * Editor or Admin). Documented: RETL connections API page.
   */
  readonly startSync: (
    connection: string,
    request: Api.StartSyncRequest,
  ) => Effect.Effect<Api.StartSyncResponse, RetlError>
  /**
   * Reads a page of a connection's runs, newest first: `GET /v2/retl-connections/{connection}/syncs`.
   *
   * A connection that never ran has an empty list. `status: "succeeded"` includes runs with failed rows. The default
   * and the maximum of `per_page` are not documented; official clients send 100. Fails with `NotFound` (404) for an
   * unknown connection. Documented: RETL connections API page; the order: rudder-iac.
   */
  readonly listSyncs: (connection: string, query?: Api.ListSyncsQuery) => Effect.Effect<Api.SyncPage, RetlError>
  /**
   * Returns all runs of a connection, lazily: each page is read when it is pulled. `per_page` defaults to 100. A run
   * that starts meanwhile shifts the pages: a run may then come twice.
   */
  readonly streamSyncs: (connection: string, options?: StreamSyncsOptions) => Stream.Stream<Api.Sync, RetlError>
  /**
   * Reads one run: `GET /v2/retl-connections/{connection}/syncs/{sync}`.
   *
   * A run that was just started may not be there yet. The answer for a run that does not exist is a 500: `NotFound`
   * where the text says so (a malformed id), and otherwise `Unavailable`, the same as an outage; only the list can tell
   * them apart. Fails with `NotFound` (404) for an unknown connection. Documented: RETL connections API page; the 500:
   * rudder-iac.
   */
  readonly getSync: (connection: string, sync: string) => Effect.Effect<Api.Sync, RetlError>
  /**
   * Requests a stop of whatever runs on the connection: `POST /v2/retl-connections/{connection}/stop`.
   *
   * The request cannot name a run. Rows in flight may still be delivered. Fails with `NotFound` (404) for an
   * unknown connection; the answer when nothing runs is not documented. Documented: RETL connections API page.
   */
  readonly stopSync: (connection: string) => Effect.Effect<void, RetlError>
  /**
   * Reads the fields of a connection that running needs: `GET /v2/retl-connections/{connection}`.
   *
   * Not on the public page, seen in the vendor's own client (rudder-iac, 2026-08); may be closed to an account (403).
   */
  readonly getConnection: (connection: string) => Effect.Effect<Api.ConnectionSummary, RetlError>
  /**
   * Reads a page of the workspace's connections, with the fields that running needs: `GET /v2/retl-connections`.
   *
   * A short or even an empty page is not the last while `paging.next` is set. Not on the public page, seen in the
   * vendor's own client (rudder-iac, 2026-08); may be closed to an account (403).
   */
  readonly listConnections: (
    query?: Api.ListConnectionsQuery,
  ) => Effect.Effect<Api.ListConnectionSummariesResponse, RetlError>
  /** The HTTP client under the functions above, for endpoints that are not among them. */
  readonly http: VendorClient
}

/** Creates the client of runs over an HTTP client. */
export const make = (http: VendorClient): RudderStackRunsClient => {
  const listSyncs: RudderStackRunsClient["listSyncs"] = Effect.fnUntraced(function* (connection, query = {}) {
    const operation = "listSyncs"
    const { value, date } = yield* http.callDated({
      operation,
      method: "GET",
      path: [...path, { connection }, "syncs"],
      query: yield* http.validate(operation, Api.ListSyncsQuery, query),
      answer: Api.ListSyncsResponse,
    })
    return date === undefined ? value : { ...value, date }
  })
  return {
    startSync: Effect.fnUntraced(function* (connection, request) {
      const operation = "startSync"
      return yield* http.call({
        operation,
        method: "POST",
        path: [...path, { connection }, "start"],
        body: yield* http.validate(operation, Api.StartSyncRequest, request),
        answer: Api.StartSyncResponse,
      })
    }),
    listSyncs,
    streamSyncs: (connection, { maxPages, ...query } = {}) => {
      const per_page = query.per_page ?? Paging.maxPageSize
      return Paging.stream(http, "listSyncs", maxPages === undefined ? {} : { maxPages }, per_page, ({ page, size }) =>
        Effect.map(listSyncs(connection, { ...query, per_page: size, page }), ({ syncs, paging }) => ({
          items: syncs,
          paging,
        })),
      )
    },
    getSync: (connection, sync) =>
      Effect.map(
        http.call({
          operation: "getSync",
          method: "GET",
          path: [...path, { connection }, "syncs", { sync }],
          answer: Api.GetSyncResponse,
        }),
        // An answer may lack the id, or have an empty one.
        (answer) => ({ ...answer, id: answer.id || sync }),
      ),
    stopSync: (connection) =>
      http.call({ operation: "stopSync", method: "POST", path: [...path, { connection }, "stop"] }),
    getConnection: ConnectionReads.getConnection(http, Api.ConnectionSummary),
    listConnections: ConnectionReads.listConnections(http, Api.ListConnectionSummariesResponse),
    http,
  }
}

const { path } = ConnectionReads
