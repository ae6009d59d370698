/** Reading what is configured. A list shows less of a sync than a read of it: each sync of the catalog is read. */
import type { CatalogPart, Page } from "@openretl/core/driver/Catalog"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type * as PolytomicApi from "../PolytomicApi.ts"
import type { PolytomicClient } from "../PolytomicClient.ts"
import type { Ids } from "./ids.ts"
import * as Paging from "./paging.ts"
import * as SyncFromWire from "./syncFromWire.ts"

const syncPage =
  (client: PolytomicClient): Page<PolytomicApi.ListedSync> =>
  (cursor, size = Paging.maxPageSize) => {
    const limit = Math.min(Paging.maxPageSize, Math.max(1, Math.trunc(size)))
    return Effect.map(client.listSyncs({ limit, ...(cursor !== undefined && { page_token: cursor }) }), Paging.toPage)
  }

/** Creates the part of the driver that reads syncs. */
export const make = (client: PolytomicClient): CatalogPart<Ids, PolytomicApi.Sync> => ({
  list: ({ pages, read }) =>
    pages("syncs", syncPage(client)).pipe(
      Stream.mapEffect(({ id }) =>
        read("syncs", client.getSync(id)).pipe(
          Effect.map((sync) => [SyncFromWire.snapshot(sync)]),
          // Somebody has deleted it since the list was read.
          Effect.catchIf(
            ({ reason, delivery }) => reason._tag === "NotFound" && reason.what === "sync" && delivery === "refused",
            () => Effect.succeed([]),
          ),
        ),
      ),
      Stream.flattenIterable,
    ),
  get: ({ read }, ids) => Effect.map(read("syncs", client.getSync(ids.sync)), SyncFromWire.snapshot),
})
