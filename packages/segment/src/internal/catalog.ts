/**
 * The mappings of a workspace as its catalog. Segment does not list them: the catalog lists models and destinations,
 * and then the subscriptions of one destination after the other.
 */
import type { AdministrationPart } from "@openretl/core/driver/Administration"
import type { CatalogPart, Requests } from "@openretl/core/driver/Catalog"
import * as Reason from "@openretl/core/Reason"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { SegmentClient } from "../SegmentClient.ts"
import type { Destination } from "../SegmentDestinationsApi.ts"
import type { Model } from "../SegmentModelsApi.ts"
import type { Subscription } from "../SegmentSubscriptionsApi.ts"
import type { Ids } from "./ids.ts"
import * as Search from "./mappingSearch.ts"
import { page, queryOf, requestOf } from "./page.ts"
import { type Parts, snapshot } from "./syncFromWire.ts"

/** The size of a page. */
const maxCount = 200

/** Returns the page that a list of the catalog reads at a cursor. */
const pageRequest = (cursor: string | undefined, size = maxCount) =>
  requestOf(cursor, Math.min(maxCount, Math.max(1, size)))

const isMissing = ({ reason }: RetlError): boolean => reason._tag === "NotFound"

/** Returns what `read` reads; `undefined` where it fails with `NotFound`. */
export const orUndefined = <A>(read: Effect.Effect<A, RetlError>): Effect.Effect<A | undefined, RetlError> =>
  Effect.catchIf(read, isMissing, () => Effect.succeed(undefined))

/**
 * Returns the subscriptions of a destination. A destination that was deleted meanwhile has none, nor has one of a kind
 * without actions. For any other destination a 404 is about the list itself: the workspace lacks the feature.
 */
export const subscriptionsOf = (
  client: SegmentClient,
  requests: Requests,
  destinationId: string,
): Stream.Stream<Subscription, RetlError> =>
  requests
    .pages("syncs", (cursor, size) => {
      const request = pageRequest(cursor, size)
      return Effect.map(client.listSubscriptions(destinationId, queryOf(request)), ({ subscriptions, pagination }) =>
        page(subscriptions, pagination, request, ({ id }) => id),
      )
    })
    .pipe(
      Stream.catchIf(isMissing, (missing) =>
        Stream.unwrap(
          Effect.map(orUndefined(requests.read("syncs", client.getDestination(destinationId))), (destination) =>
            destination === undefined || destination.metadata?.actions?.length === 0
              ? Stream.empty
              : Stream.fail(unsupported(client, missing)),
          ),
        ),
      ),
    )

const unsupported = (client: SegmentClient, { operation, evidence }: RetlError): RetlError =>
  client.http.error(operation, new Reason.Unsupported({ capability }), "refused", evidence)

const capability =
  "the list of subscriptions: ask Segment to enable the feature Destination Subscriptions for this workspace"

/** How a mapping is read for a change: with neither its model nor its destination, which `withEnds` adds. */
export type Alone = Required<Pick<AdministrationPart<Ids, Parts, never, never>, "read" | "withEnds">>

/** The catalog, and how a mapping is read for a change. */
export interface Catalog {
  readonly catalog: CatalogPart<Ids, Parts>
  readonly alone: Alone
}

/** Creates the catalog. */
export const make = (client: SegmentClient, mappingLocations: Search.MappingLocations): Catalog => {
  const listDestinations = (requests: Requests): Stream.Stream<Destination, RetlError> =>
    requests.pages("syncs", (cursor, size) => {
      const request = pageRequest(cursor, size)
      return Effect.map(client.listDestinations(queryOf(request)), ({ destinations, pagination }) =>
        page(destinations, pagination, request, ({ id }) => id),
      )
    })

  const listModels = (requests: Requests): Stream.Stream<Model, RetlError> =>
    requests.pages("syncs", (cursor, size) => {
      const request = pageRequest(cursor, size)
      return Effect.map(client.listModels(queryOf(request)), ({ models, pagination }) =>
        page(models, pagination, request, ({ id }) => id),
      )
    })

  /** Reads a model; `undefined` where there is none. Sends nothing for an id that a path cannot contain. */
  const readModel = (requests: Requests, modelId: string): Effect.Effect<Model | undefined, RetlError> =>
    Effect.catchIf(
      orUndefined(requests.read("syncs", client.getModel(modelId))),
      ({ delivery, reason }) => delivery === "not-sent" && reason._tag === "InvalidRequest",
      () => Effect.succeed(undefined),
    )

  /**
   * Lists all models, and returns a function that returns a model by its id. It reads a model that is not listed, once.
   */
  const modelReader = Effect.fnUntraced(function* (requests: Requests) {
    const listed = yield* Stream.runCollect(listModels(requests))
    const modelsById = new Map<string, Model | undefined>(listed.map((model) => [model.id, model]))
    return Effect.fnUntraced(function* (modelId: string) {
      if (!modelsById.has(modelId)) modelsById.set(modelId, yield* readModel(requests, modelId))
      return modelsById.get(modelId)
    })
  })

  /** Returns the mappings of a destination, without its subscriptions to events. */
  const mappingsOf = (requests: Requests, destinationId: string): Stream.Stream<Subscription, RetlError> =>
    subscriptionsOf(client, requests, destinationId).pipe(
      Stream.filter(({ modelId = "" }) => modelId !== ""),
      Stream.tap(({ id }) => Effect.sync(() => mappingLocations.set(id, destinationId))),
    )

  const findMapping = Search.make(client, mappingLocations, {
    destinations: listDestinations,
    mappingsOf,
  })

  const missing = client.http.error("getSync", new Reason.NotFound({ what: "sync" }), "refused")

  const catalog: CatalogPart<Ids, Parts> = {
    list: (requests) =>
      Stream.unwrap(
        Effect.map(modelReader(requests), (modelOf) =>
          listDestinations(requests).pipe(
            Stream.flatMap((destination) =>
              Stream.mapEffect(mappingsOf(requests, destination.id), (subscription) =>
                Effect.map(modelOf(subscription.modelId ?? ""), (model) =>
                  model === undefined
                    ? []
                    : [snapshot({ subscription, model, destination }, { source: model.sourceId, model: model.id })],
                ),
              ),
            ),
            Stream.flatMap((snapshots) => Stream.fromIterable(snapshots)),
          ),
        ),
      ),
    get: Effect.fnUntraced(function* (requests, ids) {
      const { source, model: modelId } = ids
      const mapping = yield* findMapping(requests, ids)
      if (mapping === undefined || mapping.subscription.modelId !== modelId) return yield* missing
      const { subscription, destinationId } = mapping
      const model = yield* readModel(requests, modelId)
      if (model !== undefined && model.sourceId !== source) return yield* missing
      const destination = yield* orUndefined(requests.read("syncs", client.getDestination(destinationId)))
      if (destination === undefined) return yield* missing
      return whole({ subscription, destination: { id: destinationId } }, ids, model, destination)
    }),
  }
  return {
    catalog,
    alone: {
      read: Effect.fnUntraced(function* (requests, ids) {
        const mapping = yield* findMapping(requests, ids)
        if (mapping === undefined || mapping.subscription.modelId !== ids.model) return yield* missing
        return snapshot({ subscription: mapping.subscription, destination: { id: mapping.destinationId } }, ids)
      }),
      withEnds: Effect.fnUntraced(function* (requests, { ids, native }) {
        const model = yield* readModel(requests, ids.model)
        const destination = yield* orUndefined(requests.read("syncs", client.getDestination(native.destination.id)))
        return whole(native, ids, model, destination ?? native.destination)
      }),
    },
  }
}

const whole = (
  { subscription, destination: { id } }: Pick<Parts, "subscription" | "destination">,
  { source, model: modelId }: Ids,
  model: Model | undefined,
  destination: Partial<Destination>,
) =>
  snapshot(
    { subscription, destination: { ...destination, id }, ...(model !== undefined && { model }) },
    { source, model: modelId, isModelGone: model === undefined },
  )
