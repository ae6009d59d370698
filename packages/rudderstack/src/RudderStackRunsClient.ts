/**
 * The endpoints that running needs: start, stop, read and list runs, and the reads of connections that go with it. All a
 * workspace ships.
 *
 * What the vendor calls a sync is a run here, and what it calls a connection is a sync.
 */
import type * as Pages from "@openretl/core/driver/Pages"
import type * as VendorClient from "@openretl/core/driver/VendorClient"
import * as Reason from "@openretl/core/Reason"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import * as ConnectionReads from "./internal/connectionReads.ts"
import * as Paging from "./internal/paging.ts"
import * as Api from "./RudderStackApi.ts"

export interface StreamSyncsOptions extends Omit<Api.ListSyncsQuery, "page">, Pages.Options {}

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
   * A connection that never ran has an empty list. `status: "succeeded"` includes runs with failed rows. The default and
   * the maximum of `per_page` are not documented; 100 is what official clients ask for. Fails with `NotFound` (404) for
   * an unknown connection. Documented: RETL connections API page; the order: rudder-iac.
   */
  readonly listSyncs: (connection: string, query?: Api.ListSyncsQuery) => Effect.Effect<Api.SyncPage, RetlError>
  /**
   * All runs of a connection, a page being read when it is pulled. `per_page` is 100 unless told. A run that starts
   * meanwhile moves the pages: one may then come twice.
   */
  readonly streamSyncs: (connection: string, options?: StreamSyncsOptions) => Stream.Stream<Api.Sync, RetlError>
  /**
   * Reads one run: `GET /v2/retl-connections/{connection}/syncs/{sync}`.
   *
   * A run that was just started may not be there yet. One that does not exist is answered with a 500: `NotFound` where
   * the text says so (a malformed id), and otherwise `Unavailable`, the same as an outage; only the list tells them
   * apart. Fails with `NotFound` (404) for an unknown connection. Documented: RETL connections API page; the 500:
   * rudder-iac.
   */
  readonly getSync: (connection: string, sync: string) => Effect.Effect<Api.Sync, RetlError>
  /**
   * Asks for whatever runs on the connection to be stopped: `POST /v2/retl-connections/{connection}/stop`.
   *
   * It names no run, and none can be named. Rows in flight may still be delivered. Fails with `NotFound` (404) for an
   * unknown connection; what it answers when nothing runs is not documented. Documented: RETL connections API page.
   */
  readonly stopSync: (connection: string) => Effect.Effect<void, RetlError>
  /**
   * Reads of a connection what running needs: `GET /v2/retl-connections/{connection}`.
   *
   * Not on the public page, seen in the vendor's own client (rudder-iac, 2026-08); may be closed to an account (403).
   */
  readonly getConnection: (connection: string) => Effect.Effect<Api.ConnectionSummary, RetlError>
  /**
   * Reads a page of the workspace's connections, as much as running needs: `GET /v2/retl-connections`.
   *
   * A short or even an empty page is not the last while `paging.next` is set. Not on the public page, seen in the
   * vendor's own client (rudder-iac, 2026-08); may be closed to an account (403).
   */
  readonly listConnections: (
    query?: Api.ListConnectionsQuery,
  ) => Effect.Effect<Api.ListConnectionSummariesResponse, RetlError>
  /** What the functions above are made of, for endpoints that are not among them. */
  readonly http: VendorClient.VendorClient
}

export const make = (http: VendorClient.VendorClient): RudderStackRunsClient => {
  const listSyncs: RudderStackRunsClient["listSyncs"] = Effect.fnUntraced(function* (connection, query = {}) {
    const { value, date } = yield* http.dated({
      operation: "listSyncs",
      method: "GET",
      path: [...path, connection, "syncs"],
      query: yield* http.checked("listSyncs", Api.listSyncsQuery, query),
      answer: Api.listSyncsResponse,
    })
    return date === undefined ? value : { ...value, date }
  })
  return {
    startSync: Effect.fnUntraced(function* (connection, request) {
      return yield* http.call({
        operation: "startSync",
        method: "POST",
        path: [...path, connection, "start"],
        body: yield* http.checked("startSync", Api.startSyncRequest, request),
        answer: Api.startSyncResponse,
      })
    }),
    listSyncs,
    streamSyncs: (connection, { maxPages, ...query } = {}) => {
      const per_page = query.per_page ?? Paging.maxPageSize
      return Paging.stream(http, "listSyncs", maxPages === undefined ? {} : { maxPages }, per_page, (page) =>
        Effect.map(listSyncs(connection, { ...query, per_page, page }), ({ syncs, paging }) => ({
          items: syncs,
          paging,
        })),
      )
    },
    getSync: Effect.fnUntraced(function* (connection, sync) {
      const operation = "getSync"
      const answer = yield* http.call({
        operation,
        method: "GET",
        path: [...path, connection, "syncs", sync],
        answer: Api.getSyncResponse,
      })
      if (answer.id !== undefined && answer.id !== "" && answer.id !== sync) {
        const issues = [{ path: ["id"], message: "Expected the run that was asked for, found another" }]
        return yield* http.error(operation, new Reason.UnexpectedResponse({ issues }), "unknown", { status: 200 })
      }
      return { ...answer, id: sync }
    }),
    stopSync: (connection) => http.call({ operation: "stopSync", method: "POST", path: [...path, connection, "stop"] }),
    getConnection: ConnectionReads.getConnection(http, Api.connectionSummary),
    listConnections: ConnectionReads.listConnections(http, Api.listConnectionSummariesResponse),
    http,
  }
}

const { path } = ConnectionReads
