/** Reading figures about syncs. */
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type { Connected } from "./internal/connect.ts"
import * as InsightsApi from "./ZeotapInsightsApi.ts"

/** The endpoints of figures. */
export interface ZeotapInsightsClient {
  /**
   * Reads how all syncs are doing: `GET /api/v1/workspaces/{workspace}/insights/sync-health`.
   *
   * Sends one request for the whole workspace. The figures cover the last `days`, 7 by default. Source: Insights API
   * page.
   */
  readonly getSyncHealth: (query?: InsightsApi.SyncHealthQuery) => Effect.Effect<InsightsApi.SyncHealth, RetlError>
}

/** Creates the functions over a connection. */
export const make = ({ http, root }: Connected): ZeotapInsightsClient => ({
  getSyncHealth: Effect.fnUntraced(function* (request = {}) {
    const operation = "getSyncHealth"
    const query = yield* http.validate(operation, InsightsApi.SyncHealthQuery, request)
    const path = [...root, "insights", "sync-health"]
    return yield* http.call({ operation, method: "GET", path, query, answer: InsightsApi.SyncHealth })
  }),
})
