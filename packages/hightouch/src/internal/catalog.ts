/** Reading what is configured. */
import type { CatalogPart, Page } from "@openretl/core/driver/Catalog"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type * as HightouchApi from "../HightouchApi.ts"
import type { HightouchClient } from "../HightouchClient.ts"
import type { Ids } from "./ids.ts"
import * as Paging from "./paging.ts"
import * as SyncFromWire from "./syncFromWire.ts"

/** Returns how the page of syncs at a cursor is read. */
export const syncPage =
  (client: HightouchClient, query: Pick<HightouchApi.ListSyncsQuery, "modelId"> = {}): Page<HightouchApi.Sync> =>
  (cursor, size) => {
    const request = Paging.requestOf(cursor, size)
    return Effect.map(client.listSyncs({ ...query, ...request }), (listed) => Paging.toPage(listed, request))
  }

/** Creates the part of the driver that reads syncs. */
export const make = (client: HightouchClient): CatalogPart<Ids, HightouchApi.Sync> => ({
  list: ({ pages }) => pages("syncs", syncPage(client)).pipe(Stream.map(SyncFromWire.snapshot)),
  get: ({ read }, ids) => Effect.map(read("syncs", client.getSync(ids.sync)), SyncFromWire.snapshot),
})
