/**
 * RudderStack's Reverse ETL API in its own words: one function for each endpoint, each of them one request, sent once.
 *
 * The adapter is made of this, and it is there for what the portable services do not cover. Every function fails with a
 * `RetlError` and nothing else; a request that is not right is refused with all its problems before it is sent.
 *
 * What the vendor calls a sync is a run here, and what it calls a connection is a sync.
 */
import * as Reason from "@openretl/core/Reason"
import type { RetlError } from "@openretl/core/RetlError"
import * as VendorClient from "@openretl/core/VendorClient"
import * as Effect from "effect/Effect"
import { classify } from "./internal/errors.ts"
import * as Api from "./RudderStackApi.ts"

/** Where a workspace lives. A token of one region is refused by the other. */
export type Region = "us" | "eu"

/** The addresses by region, without the version: the paths bring it. */
export const baseUrls = {
  us: "https://api.rudderstack.com",
  eu: "https://api.eu.rudderstack.com",
} as const satisfies Record<Region, string>

export interface Settings extends Pick<VendorClient.Settings, "token" | "baseUrl" | "readTimeout" | "writeTimeout"> {
  /** The workspace's name, for errors. */
  readonly workspace: string
}

export interface RudderStackClient {
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
   * Reads a connection: `GET /v2/retl-connections/{connection}`.
   *
   * Not on the public page, seen in the vendor's own client (rudder-iac, 2026-08); may be closed to an account (403).
   */
  readonly getConnection: (connection: string) => Effect.Effect<Api.Connection, RetlError>
  /**
   * Reads a page of the workspace's connections: `GET /v2/retl-connections`.
   *
   * A short or even an empty page is not the last while `paging.next` is set. Not on the public page, seen in the
   * vendor's own client (rudder-iac, 2026-08); may be closed to an account (403).
   */
  readonly listConnections: (query?: Api.ListConnectionsQuery) => Effect.Effect<Api.ListConnectionsResponse, RetlError>
  /** What the functions above are made of, for endpoints that are not among them. */
  readonly http: VendorClient.VendorClient
}

/** Uses the `Transport` of its surroundings. */
export const make = (settings: Settings): Effect.Effect<RudderStackClient> =>
  Effect.map(
    VendorClient.make({ ...settings, vendor: "rudderstack", requestIdHeaders: ["x-request-id"], classify }),
    (http): RudderStackClient => {
      return {
        startSync: Effect.fnUntraced(function* (connection, request) {
          return yield* http.call({
            operation: "startSync",
            method: "POST",
            path: [...root, connection, "start"],
            body: yield* http.checked("startSync", Api.StartSyncRequest, request),
            answer: Api.StartSyncResponse,
          })
        }),
        listSyncs: Effect.fnUntraced(function* (connection, query = {}) {
          const { value, date } = yield* http.dated({
            operation: "listSyncs",
            method: "GET",
            path: [...root, connection, "syncs"],
            query: yield* http.checked("listSyncs", Api.ListSyncsQuery, query),
            answer: Api.ListSyncsResponse,
          })
          return date === undefined ? value : { ...value, date }
        }),
        getSync: Effect.fnUntraced(function* (connection, sync) {
          const operation = "getSync"
          const answer = yield* http.call({
            operation,
            method: "GET",
            path: [...root, connection, "syncs", sync],
            answer: Api.GetSyncResponse,
          })
          if (answer.id !== undefined && answer.id !== "" && answer.id !== sync) {
            const issues = [{ path: ["id"], message: "Expected the run that was asked for, found another" }]
            return yield* http.error(operation, new Reason.UnexpectedResponse({ issues }), "unknown", { status: 200 })
          }
          return { ...answer, id: sync }
        }),
        stopSync: (connection) =>
          http.call({ operation: "stopSync", method: "POST", path: [...root, connection, "stop"] }),
        getConnection: (connection) =>
          http.call({
            operation: "getConnection",
            method: "GET",
            path: [...root, connection],
            answer: Api.Connection,
          }),
        listConnections: Effect.fnUntraced(function* (query = {}) {
          return yield* http.call({
            operation: "listConnections",
            method: "GET",
            path: root,
            query: yield* http.checked("listConnections", Api.ListConnectionsQuery, query),
            answer: Api.ListConnectionsResponse,
          })
        }),
        http,
      }
    },
  )

const root = ["v2", "retl-connections"]
