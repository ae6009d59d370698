/** Running syncs: triggering, runs, and the reads of a sync and of the workspace that this takes. */
import type * as VendorClient from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { Connected } from "./internal/connect.ts"
import * as Lists from "./internal/lists.ts"
import * as ZeotapApi from "./ZeotapApi.ts"

export type { StreamOptions } from "./internal/lists.ts"

/** The endpoints that run syncs. */
export interface ZeotapRunsClient {
  /**
   * Starts a run: `POST /api/v1/workspaces/{workspace}/syncs/{sync}/trigger`, with the empty body `{}`.
   *
   * It is not idempotent, and the vendor has no idempotency key: never send it again when its answer was lost. What a
   * trigger does while a run is under way, or to a sync that is not active, is not documented; a second run that waits
   * for the first is likely. Source: Reverse ETL API page, where a success is 201.
   */
  readonly triggerSync: (sync: string) => Effect.Effect<ZeotapApi.TriggerResponse, RetlError>
  /**
   * Reads a page of a sync's runs: `GET /api/v1/workspaces/{workspace}/syncs/{sync}/runs`.
   *
   * Not documented are the order, the length of the list, and whether the query works where the answer is a bare array.
   * Source: Reverse ETL API page; the query and the envelope: API overview page.
   */
  readonly listRuns: (
    sync: string,
    query?: ZeotapApi.ListQuery,
  ) => Effect.Effect<ZeotapApi.Listed<ZeotapApi.Run>, RetlError>
  /**
   * Returns all of a sync's runs, in the vendor's order. Each page is one `listRuns`, sent when the page is pulled.
   *
   * Fails with `UnexpectedResponse` after the last run that the vendor offers where the list may have been cut off.
   */
  readonly streamRuns: (sync: string, options?: Lists.StreamOptions) => Stream.Stream<ZeotapApi.Run, RetlError>
  /**
   * Reads one run: `GET /api/v1/workspaces/{workspace}/syncs/{sync}/runs/{run}`.
   *
   * Fails with `NotFound` for a run that does not exist, where the answer shows that: its status is not documented.
   * Source: Reverse ETL API page.
   */
  readonly getRun: (sync: string, run: string) => Effect.Effect<ZeotapApi.Run, RetlError>
  /**
   * Reads a sync: `GET /api/v1/workspaces/{workspace}/syncs/{sync}`.
   *
   * Fails with `NotFound` as `getRun` does. Source: Reverse ETL API page.
   */
  readonly getSync: (sync: string) => Effect.Effect<ZeotapApi.Sync, RetlError>
  /** Reads the workspace: `GET /api/v1/workspaces/{workspace}`. Source: Workspaces API page. */
  readonly getWorkspace: Effect.Effect<ZeotapApi.Workspace, RetlError>
  /** Sends any request of this API, for endpoints that have no function here. */
  readonly http: VendorClient.VendorClient
}

/** Creates the functions over a connection. */
export const make = ({ http, root }: Connected): ZeotapRunsClient => {
  const pathOf = (sync: string, ...segments: ReadonlyArray<VendorClient.Segment>) => [
    ...root,
    "syncs",
    { sync },
    ...segments,
  ]
  const listRuns: ZeotapRunsClient["listRuns"] = (sync, query = {}) =>
    Lists.read(http, "listRuns", pathOf(sync, "runs"), query, ZeotapApi.ListRunsResponse)
  return {
    http,
    triggerSync: (sync) =>
      http.call({
        operation: "triggerSync",
        method: "POST",
        path: pathOf(sync, "trigger"),
        answer: ZeotapApi.TriggerResponse,
      }),
    listRuns,
    streamRuns: (sync, options) => Lists.stream(http, "listRuns", (query) => listRuns(sync, query), options),
    getRun: (sync, run) =>
      http.call({ operation: "getRun", method: "GET", path: pathOf(sync, "runs", { run }), answer: ZeotapApi.Run }),
    getSync: (sync) => http.call({ operation: "getSync", method: "GET", path: pathOf(sync), answer: ZeotapApi.Sync }),
    getWorkspace: http.call({ operation: "getWorkspace", method: "GET", path: root, answer: ZeotapApi.Workspace }),
  }
}
