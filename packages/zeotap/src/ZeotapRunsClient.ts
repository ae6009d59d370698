/** Running syncs: triggering, runs, and what is read of a sync and the workspace on the way. */

import type * as VendorClient from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { Connected } from "./internal/connect.ts"
import * as Lists from "./internal/lists.ts"
import { unexpected } from "./internal/unexpected.ts"
import * as Api from "./ZeotapApi.ts"

export type { StreamOptions } from "./internal/lists.ts"

export interface ZeotapRunsClient {
  /**
   * Starts a run: `POST /api/v1/workspaces/{workspace}/syncs/{sync}/trigger`, without a body.
   *
   * Not idempotent, and there is no idempotency key: never send it again when its answer was lost. What a trigger does
   * while a run is under way, or to a sync that is not active, is not documented; a second run that waits for the first
   * is likely. Documented: Reverse ETL API page, which has 201 for a success.
   */
  readonly triggerSync: (sync: string) => Effect.Effect<Api.TriggerResponse, RetlError>
  /**
   * Reads a page of a sync's runs: `GET /api/v1/workspaces/{workspace}/syncs/{sync}/runs`.
   *
   * Neither the order is documented, nor how many runs there are at the most, nor whether the query works where the
   * answer is a bare array. Documented: Reverse ETL API page; the query and the envelope: API overview page.
   */
  readonly listRuns: (sync: string, query?: Api.ListQuery) => Effect.Effect<Api.Listed<Api.Run>, RetlError>
  /**
   * All of a sync's runs, in the vendor's order: `listRuns`, a page when it is pulled.
   *
   * Fails with `UnexpectedResponse` behind the last run that can be had where the list may have been cut off.
   */
  readonly streamRuns: (sync: string, options?: Lists.StreamOptions) => Stream.Stream<Api.Run, RetlError>
  /**
   * Reads one run: `GET /api/v1/workspaces/{workspace}/syncs/{sync}/runs/{run}`.
   *
   * Fails with `NotFound` for a run that does not exist, as far as the answer tells: its status is not documented.
   * Documented: Reverse ETL API page.
   */
  readonly getRun: (sync: string, run: string) => Effect.Effect<Api.Run, RetlError>
  /**
   * Reads a sync: `GET /api/v1/workspaces/{workspace}/syncs/{sync}`.
   *
   * Fails with `NotFound` as `getRun` does. Documented: Reverse ETL API page.
   */
  readonly getSync: (sync: string) => Effect.Effect<Api.Sync, RetlError>
  /** Reads the workspace: `GET /api/v1/workspaces/{workspace}`. Documented: Workspaces API page. */
  readonly getWorkspace: Effect.Effect<Api.Workspace, RetlError>
  /** What the functions are made of, for endpoints that are not among them. */
  readonly http: VendorClient.VendorClient
}

export const make = ({ http, root }: Connected): ZeotapRunsClient => {
  const at = (sync: string, ...rest: ReadonlyArray<string>) => [...root, "syncs", sync, ...rest]
  const listRuns: ZeotapRunsClient["listRuns"] = (sync, query = {}) =>
    Lists.read(http, "listRuns", at(sync, "runs"), query, Api.listRunsResponse)
  return {
    http,
    triggerSync: (sync) =>
      http.call({
        operation: "triggerSync",
        method: "POST",
        path: at(sync, "trigger"),
        answer: Api.triggerResponse,
      }),
    listRuns,
    streamRuns: (sync, options) => Lists.stream(http, "listRuns", (query) => listRuns(sync, query), options),
    getRun: Effect.fnUntraced(function* (sync, run) {
      const operation = "getRun"
      const answer = yield* http.call({ operation, method: "GET", path: at(sync, "runs", run), answer: Api.run })
      // An id may be written in capitals where it was asked for, and come back without.
      if (answer.id.toLowerCase() === run.toLowerCase()) return { ...answer, id: run }
      return yield* unexpected(http, operation, ["id"], "Expected the run that was asked for, found another")
    }),
    getSync: (sync) => http.call({ operation: "getSync", method: "GET", path: at(sync), answer: Api.sync }),
    getWorkspace: http.call({ operation: "getWorkspace", method: "GET", path: root, answer: Api.workspace }),
  }
}
