/** Reading what is configured. */
import type { CatalogPart, Page } from "@openretl/core/driver/Catalog"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type * as FivetranActivationsApi from "../FivetranActivationsApi.ts"
import type { FivetranActivationsClient } from "../FivetranActivationsClient.ts"
import type { Ids } from "./ids.ts"
import * as Paging from "./paging.ts"
import * as SyncFromWire from "./syncFromWire.ts"
import * as ToWire from "./toWire.ts"

/** Returns how the page of syncs at a cursor is read: those of a group, or all. */
export const syncPage =
  (client: FivetranActivationsClient, groupId: string | undefined): Page<FivetranActivationsApi.Sync> =>
  (cursor, size) => {
    const request = Paging.requestOf(cursor, size)
    const query = { ...ToWire.listQuery(request), ...(groupId !== undefined && { group_id: groupId }) }
    return Effect.map(client.listSyncs(query), (listed) => Paging.toPage(listed, request))
  }

/** Creates the part of the driver that reads syncs. */
export const make = (
  client: FivetranActivationsClient,
  groupId: string | undefined,
): CatalogPart<Ids, FivetranActivationsApi.Sync> => ({
  list: ({ pages }) => pages("syncs", syncPage(client, groupId)).pipe(Stream.map(SyncFromWire.snapshot)),
  get: ({ read }, ids) => Effect.map(read("syncs", client.getSync(ids.sync)), SyncFromWire.snapshot),
})
