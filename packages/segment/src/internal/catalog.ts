/**
 * The mappings of a workspace as its catalog. Segment does not list them: the catalog lists models and destinations,
 * and then the subscriptions of one destination after the other.
 */
import type { BoundedMap } from "@openretl/core/driver/BoundedMap"
import type { CatalogPart, Requests } from "@openretl/core/driver/Catalog"
import * as Reason from "@openretl/core/Reason"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { SegmentClient } from "../SegmentClient.ts"
import type { Destination } from "../SegmentDestinationsApi.ts"
import type { Model } from "../SegmentModelsApi.ts"
import type { Subscription } from "../SegmentSubscriptionsApi.ts"
import type { Ids } from "./ids.ts"
import { page } from "./page.ts"
import { type Parts, snapshot } from "./syncFromWire.ts"

/**
 * The destination under which each mapping was seen last, by the mapping's id: the endpoints of a mapping need it, and
 * the mapping's ids do not say it. A mapping that was forgotten is searched for again.
 */
export type MappingLocations = BoundedMap<string>

/** The size of a page. */
const count = 200

const pageQuery = (cursor: string | undefined) => ({ count, ...(cursor !== undefined && { cursor }) })

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
    .pages("syncs", (cursor) =>
      Effect.map(client.listSubscriptions(destinationId, pageQuery(cursor)), ({ subscriptions, pagination }) =>
        page(subscriptions, pagination, count),
      ),
    )
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

/** Creates the catalog. */
export const make = (client: SegmentClient, mappingLocations: MappingLocations): CatalogPart<Ids, Parts> => {
  const listDestinations = (requests: Requests): Stream.Stream<Destination, RetlError> =>
    requests.pages("syncs", (cursor) =>
      Effect.map(client.listDestinations(pageQuery(cursor)), ({ destinations, pagination }) =>
        page(destinations, pagination, count),
      ),
    )

  const listModels = (requests: Requests): Stream.Stream<Model, RetlError> =>
    requests.pages("syncs", (cursor) =>
      Effect.map(client.listModels(pageQuery(cursor)), ({ models, pagination }) => page(models, pagination, count)),
    )

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

  /** Finds a mapping: where it was seen last, or else in one destination after the other. */
  const findMapping = Effect.fnUntraced(function* (requests: Requests, id: string) {
    const lastDestination = mappingLocations.get(id)
    if (lastDestination !== undefined) {
      const subscription = yield* orUndefined(requests.read("syncs", client.getSubscription(lastDestination, id)))
      if (subscription !== undefined) return Option.some({ destinationId: lastDestination, subscription })
    }
    mappingLocations.delete(id)
    return yield* listDestinations(requests).pipe(
      Stream.flatMap((destination) =>
        Stream.map(mappingsOf(requests, destination.id), (subscription) => ({
          destinationId: destination.id,
          subscription,
        })),
      ),
      Stream.filter(({ subscription }) => subscription.id === id),
      Stream.runHead,
    )
  })

  return {
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
    get: Effect.fnUntraced(function* (requests, { source, model: modelId, subscription: id }) {
      const missing = client.http.error("getSync", new Reason.NotFound({ what: "sync" }), "refused")
      const mapping = yield* findMapping(requests, id)
      if (Option.isNone(mapping) || mapping.value.subscription.modelId !== modelId) return yield* missing
      const { subscription, destinationId } = mapping.value
      const model = yield* readModel(requests, modelId)
      if (model !== undefined && model.sourceId !== source) return yield* missing
      const destination = yield* orUndefined(requests.read("syncs", client.getDestination(destinationId)))
      if (destination === undefined) return yield* missing
      return snapshot(
        { subscription, destination: { ...destination, id: destinationId }, ...(model !== undefined && { model }) },
        { source, model: modelId, isModelGone: model === undefined },
      )
    }),
  }
}
