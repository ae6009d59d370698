/**
 * The mappings of a workspace as its catalog. Segment has no list of them: models and destinations are listed, and then
 * the subscriptions of one destination after the other.
 */
import type { Reads, Requests, Snapshot } from "@openretl/core/Catalog"
import * as Reason from "@openretl/core/Reason"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { SegmentClient } from "../SegmentClient.ts"
import type { Destination } from "../SegmentDestinationsApi.ts"
import type { Model } from "../SegmentModelsApi.ts"
import type { Subscription } from "../SegmentSubscriptionsApi.ts"
import type { MappingLocations } from "./mappingLocations.ts"
import { page } from "./page.ts"
import { snapshot } from "./syncFromWire.ts"

/** How many of a list are asked for at once. */
const count = 200

const isMissing = ({ reason }: RetlError): boolean => reason._tag === "NotFound"

const after = (cursor: string | undefined) => ({ count, ...(cursor !== undefined && { cursor }) })

/** A model or a destination, or nothing where there is none. */
export const orNothing = <A>(read: Effect.Effect<A, RetlError>): Effect.Effect<A | undefined, RetlError> =>
  Effect.catchIf(read, isMissing, () => Effect.succeed(undefined))

/**
 * The subscriptions of a destination. One that is gone by then has none, nor has one of a kind without actions. For any
 * other a 404 is about the list itself, which a workspace has to have.
 */
export const subscriptions = (
  client: SegmentClient,
  requests: Requests,
  destination: string,
): Stream.Stream<Subscription, RetlError> =>
  requests
    .pages("syncs", (cursor) =>
      Effect.map(client.listSubscriptions(destination, after(cursor)), ({ subscriptions: items, pagination }) =>
        page(items, pagination, count),
      ),
    )
    .pipe(
      Stream.catchIf(isMissing, (missing) =>
        Stream.unwrap(
          Effect.map(orNothing(requests.read("syncs", client.getDestination(destination))), (found) =>
            found === undefined || found.metadata?.actions?.length === 0
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

export const make = (client: SegmentClient, mappingLocations: MappingLocations): Reads => {
  const destinations = (requests: Requests): Stream.Stream<Destination, RetlError> =>
    requests.pages("syncs", (cursor) =>
      Effect.map(client.listDestinations(after(cursor)), ({ destinations: items, pagination }) =>
        page(items, pagination, count),
      ),
    )

  /** A model, or nothing where there is none, nor can be: an id that no request can carry is sent nowhere. */
  const model = (requests: Requests, id: string): Effect.Effect<Model | undefined, RetlError> =>
    Effect.catchIf(
      orNothing(requests.read("syncs", client.getModel(id))),
      ({ delivery, reason }) => delivery === "not-sent" && reason._tag === "InvalidRequest",
      () => Effect.succeed(undefined),
    )

  /** All models by id. Those that came into being since are read when they are asked for, once. */
  const models = Effect.fnUntraced(function* (requests: Requests) {
    const listed = yield* Stream.runCollect(
      requests.pages("syncs", (cursor) =>
        Effect.map(client.listModels(after(cursor)), ({ models: items, pagination }) => page(items, pagination, count)),
      ),
    )
    const known = new Map<string, Model | undefined>(listed.map((one) => [one.id, one]))
    return Effect.fnUntraced(function* (id: string) {
      if (!known.has(id)) known.set(id, yield* model(requests, id))
      return known.get(id)
    })
  })

  /** The mappings of a destination; subscriptions to events are none. */
  const mappings = (requests: Requests, destination: string): Stream.Stream<Subscription, RetlError> =>
    subscriptions(client, requests, destination).pipe(
      Stream.filter(({ modelId = "" }) => modelId !== ""),
      Stream.tap(({ id }) => Effect.sync(() => mappingLocations.set(id, destination))),
    )

  /** Where it was seen last, or else wherever it is found, one destination after the other. */
  const find = Effect.fnUntraced(function* (requests: Requests, id: string) {
    const last = mappingLocations.get(id)
    const there =
      last === undefined ? undefined : yield* orNothing(requests.read("syncs", client.getSubscription(last, id)))
    if (last !== undefined && there !== undefined) return Option.some({ destination: last, subscription: there })
    mappingLocations.forget(id)
    return yield* destinations(requests).pipe(
      Stream.flatMap((destination) =>
        Stream.map(mappings(requests, destination.id), (subscription) => ({
          destination: destination.id,
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
        Effect.map(models(requests), (modelOf) =>
          destinations(requests).pipe(
            Stream.flatMap((destination) =>
              Stream.mapEffect(mappings(requests, destination.id), (subscription) =>
                Effect.map(modelOf(subscription.modelId ?? ""), (found): ReadonlyArray<Snapshot> => {
                  if (found === undefined) return []
                  const known = { source: found.sourceId, model: found.id, destination: destination.id }
                  return [snapshot({ subscription, model: found, destination }, known)]
                }),
              ),
            ),
            Stream.flatMap((found) => Stream.fromIterable(found)),
          ),
        ),
      ),
    get: Effect.fnUntraced(function* (requests, { source = "", model: modelId = "", subscription: id = "" }) {
      const missing = client.http.error("getSync", new Reason.NotFound({ what: "sync" }), "refused")
      const found = yield* find(requests, id)
      if (Option.isNone(found) || found.value.subscription.modelId !== modelId) return yield* missing
      const { subscription, destination: destinationId } = found.value
      const ofModel = yield* model(requests, modelId)
      if (ofModel !== undefined && ofModel.sourceId !== source) return yield* missing
      const destination = yield* orNothing(requests.read("syncs", client.getDestination(destinationId)))
      if (destination === undefined) return yield* missing
      return snapshot(
        { subscription, destination, ...(ofModel !== undefined && { model: ofModel }) },
        { source, model: modelId, destination: destinationId, isModelGone: ofModel === undefined },
      )
    }),
  }
}
