/** Configuring syncs. `getSync` and `listSyncs` are among the runs' endpoints, since running a sync takes them too. */
import type * as VendorClient from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import * as Api from "./HightouchApi.ts"
import type { HightouchRunsClient, StreamQuery } from "./HightouchRunsClient.ts"
import * as SyncsApi from "./HightouchSyncsApi.ts"
import { syncs } from "./internal/connect.ts"
import * as Paging from "./internal/paging.ts"

/** The endpoints that configure syncs. The vendor has none that deletes one. */
export interface HightouchSyncsClient {
  /** Returns all of the workspace's syncs. Each page is one `listSyncs`, sent when the page is pulled. */
  readonly streamSyncs: (query?: StreamQuery<Api.ListSyncsQuery>) => Stream.Stream<Api.Sync, RetlError>
  /**
   * Creates a sync: `POST /api/v1/syncs`.
   *
   * It is not idempotent, and the vendor has no idempotency key: never send it again when its answer was lost. The ids of
   * the model and the destination are sent as numbers. Fails with `Conflict` (409), most likely for a slug that another
   * sync has, and with `InvalidRequest` (422), an issue for each field. Source: the vendor's OpenAPI document.
   */
  readonly createSync: (request: SyncsApi.CreateSyncRequest) => Effect.Effect<Api.Sync, RetlError>
  /**
   * Changes a sync: `PATCH /api/v1/syncs/{syncId}`, with the fields to change.
   *
   * `disabled` pauses and resumes the sync; a `schedule` of null removes its schedule. Fails with `NotFound` (404) for an
   * unknown sync, and with `InvalidRequest` (422, or inside a 200), an issue for each field. Source: the vendor's OpenAPI
   * document.
   */
  readonly updateSync: (sync: string, request: SyncsApi.UpdateSyncRequest) => Effect.Effect<Api.Sync, RetlError>
}

/** Creates the functions over a connection. */
export const make = (
  http: VendorClient.VendorClient,
  listSyncs: HightouchRunsClient["listSyncs"],
): HightouchSyncsClient => ({
  streamSyncs: ({ maxPages, limit, ...query } = {}) =>
    Paging.stream(http, "listSyncs", (page) => listSyncs({ ...query, ...page }), { limit, maxPages }),
  createSync: Effect.fnUntraced(function* (request) {
    const operation = "createSync"
    const { modelId, destinationId, ...fields } = yield* http.validate(operation, SyncsApi.CreateSyncRequest, request)
    const body = { ...fields, modelId: numberOf(modelId), destinationId: numberOf(destinationId) }
    return yield* http.call({ operation, method: "POST", path: syncs, body, answer: Api.Sync })
  }),
  updateSync: Effect.fnUntraced(function* (sync, request) {
    const operation = "updateSync"
    const body = yield* http.validate(operation, SyncsApi.UpdateSyncRequest, request)
    return yield* http.call({ operation, method: "PATCH", path: [...syncs, { sync }], body, answer: Api.Sync })
  }),
})

/** Returns digits as the number that JSON writes. */
const numberOf = (digits: string): number | bigint => {
  const number = Number(digits)
  return Number.isSafeInteger(number) ? number : BigInt(digits)
}
