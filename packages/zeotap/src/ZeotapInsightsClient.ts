/** Reading figures about syncs. */

import * as Schemas from "@openretl/core/driver/schema/Reader"
import type * as VendorClient from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import * as InsightsApi from "./ZeotapInsightsApi.ts"

export interface ZeotapInsightsClient {
  /**
   * Reads how all syncs are doing: `GET /api/v1/workspaces/{workspace}/insights/sync-health`.
   *
   * The figures are of the last `days`, 7 unless told. One request for the whole workspace. Documented: Insights API page.
   */
  readonly getSyncHealth: (query?: InsightsApi.SyncHealthQuery) => Effect.Effect<InsightsApi.SyncHealth, RetlError>
}

/** `root` is the workspace's path. */
export const make = (http: VendorClient.VendorClient, root: ReadonlyArray<string>): ZeotapInsightsClient => ({
  getSyncHealth: Effect.fnUntraced(function* (asked = {}) {
    const operation = "getSyncHealth"
    const query = yield* http.checked(operation, Schemas.request(InsightsApi.SyncHealthQuery), asked)
    const path = [...root, "insights", "sync-health"]
    return yield* http.call({ operation, method: "GET", path, query, answer: Schemas.answer(InsightsApi.SyncHealth) })
  }),
})
