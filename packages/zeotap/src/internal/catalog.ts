/** Reading what is configured. */
import * as BoundedMap from "@openretl/core/driver/BoundedMap"
import type { CatalogPart, Page, Requests } from "@openretl/core/driver/Catalog"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type * as ZeotapApi from "../ZeotapApi.ts"
import type { ZeotapClient } from "../ZeotapClient.ts"
import type { Destination } from "../ZeotapDestinationsApi.ts"
import type { Model } from "../ZeotapModelsApi.ts"
import type { Ids } from "./ids.ts"
import * as Lists from "./lists.ts"
import * as Paging from "./paging.ts"
import * as SyncFromWire from "./syncFromWire.ts"

/** Returns how the page of syncs at a cursor is read. */
export const syncPage =
  (client: ZeotapClient): Page<ZeotapApi.Sync> =>
  (cursor, size) =>
    Lists.page(client.listSyncs, cursor, Paging.pageSizeOf(size))

/** Creates the part of the driver that reads syncs. */
export const make = (client: ZeotapClient): CatalogPart<Ids, ZeotapApi.Sync> => {
  const labels = BoundedMap.make<SyncFromWire.Label>(maxLabels)

  /** Remembers the labels of all models and destinations. A list that is closed to the token gives none. */
  const readLabels = Effect.fnUntraced(function* ({ pages }: Requests) {
    const models = pages("syncs", (cursor, size) => Lists.page(client.listModels, cursor, Paging.pageSizeOf(size)))
    const destinations = pages("syncs", (cursor, size) =>
      Lists.page(client.listDestinations, cursor, Paging.pageSizeOf(size)),
    )
    yield* Effect.ignore(
      Stream.runForEach(models, (model) => Effect.sync(() => labels.set(model.id, modelLabel(model)))),
    )
    yield* Effect.ignore(
      Stream.runForEach(destinations, (destination) =>
        Effect.sync(() => labels.set(destination.id, destinationLabel(destination))),
      ),
    )
  })

  /** Remembers the label of one model or destination, with one request where it is not remembered yet. */
  const readLabel = Effect.fnUntraced(function* <A>(
    { read }: Requests,
    id: string | undefined,
    get: (id: string) => Effect.Effect<A, RetlError>,
    labelOf: (end: A) => SyncFromWire.Label,
  ) {
    if (id === undefined || labels.has(id)) return
    const end = yield* Effect.result(read("syncs", get(id)))
    if (Result.isSuccess(end)) labels.set(id, labelOf(end.success))
    else if (isLasting(end.failure)) labels.set(id, {})
  })

  return {
    list: (requests) =>
      Stream.unwrap(
        Effect.map(Effect.cached(readLabels(requests)), (labelsOnce) =>
          requests
            .pages("syncs", syncPage(client))
            .pipe(Stream.mapEffect((sync) => Effect.map(labelsOnce, () => SyncFromWire.snapshot(sync, labels.get)))),
        ),
      ),
    get: Effect.fnUntraced(function* (requests, ids) {
      const sync = yield* requests.read("syncs", client.getSync(ids.sync))
      yield* readLabel(requests, sync.model_id, client.getModel, modelLabel)
      yield* readLabel(requests, sync.destination_id, client.getDestination, destinationLabel)
      return SyncFromWire.snapshot(sync, labels.get)
    }),
  }
}

/** The labels of this many models and destinations are remembered, the latest. */
const maxLabels = 10_000

/** Returns whether the same read would fail again: it is closed to the token, or what it reads does not exist. */
const isLasting = ({ reason }: RetlError): boolean => reason._tag === "PermissionDenied" || reason._tag === "NotFound"

const modelLabel = ({ name }: Model): SyncFromWire.Label => label(name, "model")

const destinationLabel = ({ name, destination_type }: Destination): SyncFromWire.Label => label(name, destination_type)

const label = (name: string | undefined, kind: string | undefined): SyncFromWire.Label => ({
  ...(name !== undefined && name !== "" && { name }),
  ...(kind !== undefined && kind !== "" && { kind }),
})
