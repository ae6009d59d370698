/** Reading what is configured. */
import type * as Catalog from "@openretl/core/Catalog"
import type * as Pages from "@openretl/core/driver/Pages"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type * as ZeotapApi from "../ZeotapApi.ts"
import type { ZeotapClient } from "../ZeotapClient.ts"
import * as Lists from "./lists.ts"
import * as SyncFromWire from "./syncFromWire.ts"

/** Pages of syncs. */
export const syncs =
  (client: ZeotapClient) =>
  (cursor: string | undefined): Effect.Effect<Page, RetlError> =>
    Lists.page(client.listSyncs, cursor)

type Page = Pages.Page<ZeotapApi.Sync>

export const reads = (client: ZeotapClient): Catalog.Reads => {
  const remembered = makeNames()

  /** What models and destinations are called, from their lists. They may be closed to a token: then there are no names. */
  const readNames = Effect.fnUntraced(function* ({ pages }: Catalog.Requests) {
    const models = pages("syncs", (cursor) => Lists.page(client.listModels, cursor))
    const destinations = pages("syncs", (cursor) => Lists.page(client.listDestinations, cursor))
    yield* Effect.ignore(
      Stream.runForEach(models, ({ id, name }) => Effect.sync(() => remembered.set(id, name, "model"))),
    )
    yield* Effect.ignore(
      Stream.runForEach(destinations, ({ id, name, destination_type }) =>
        Effect.sync(() => remembered.set(id, name, destination_type)),
      ),
    )
  })

  /** The same for one sync; what is remembered is not asked for again. */
  const readNamesOf = Effect.fnUntraced(function* ({ read }: Catalog.Requests, sync: ZeotapApi.Sync) {
    const { model_id: model, destination_id: destination } = sync
    if (model !== undefined && remembered.get(model) === undefined) {
      const found = yield* Effect.result(read("syncs", client.getModel(model)))
      if (Result.isSuccess(found)) remembered.set(model, found.success.name, "model")
      else if (isLasting(found.failure)) remembered.set(model, undefined, undefined)
    }
    if (destination !== undefined && remembered.get(destination) === undefined) {
      const found = yield* Effect.result(read("syncs", client.getDestination(destination)))
      if (Result.isSuccess(found)) remembered.set(destination, found.success.name, found.success.destination_type)
      else if (isLasting(found.failure)) remembered.set(destination, undefined, undefined)
    }
  })

  return {
    list: (requests) =>
      Stream.unwrap(
        Effect.map(Effect.cached(readNames(requests)), (named) =>
          requests
            .pages("syncs", syncs(client))
            .pipe(Stream.mapEffect((sync) => Effect.map(named, () => SyncFromWire.snapshot(sync, remembered.get)))),
        ),
      ),
    get: Effect.fnUntraced(function* (requests, { sync = "" }) {
      const found = yield* requests.read("syncs", client.getSync(sync))
      yield* readNamesOf(requests, found)
      return SyncFromWire.snapshot(found, remembered.get)
    }),
  }
}

/** Whether there is no use in asking again: it is closed to the token, or not there. */
const isLasting = ({ reason }: RetlError): boolean => reason._tag === "PermissionDenied" || reason._tag === "NotFound"

/** A name is remembered for so many models and destinations, the latest. */
const maxNames = 10_000

const makeNames = () => {
  const names = new Map<string, SyncFromWire.Named>()
  return {
    get: (id: string): SyncFromWire.Named | undefined => names.get(id),
    set: (id: string, name: string | undefined, kind: string | undefined): void => {
      names.delete(id)
      names.set(id, {
        ...(name !== undefined && name !== "" && { name }),
        ...(kind !== undefined && kind !== "" && { kind }),
      })
      const [oldest] = names.keys()
      if (names.size > maxNames && oldest !== undefined) names.delete(oldest)
    },
  }
}
