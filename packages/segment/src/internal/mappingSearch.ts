/**
 * Where a mapping is. The endpoints of a mapping need its destination, which its required ids do not say.
 *
 * The destination of the ref is tried first, then the one under which the driver saw the mapping last. Each is one request,
 * and counts only where it shows the mapping. Else the mappings of one destination after the other are listed: those of the
 * ref's source first, those that an earlier search has listed last, 250 destinations at the most. Searches go one at a time,
 * and each remembers every mapping that it sees, until the workspace closes, so that the next one mostly needs one request.
 */
import * as BoundedMap from "@openretl/core/driver/BoundedMap"
import type { Requests } from "@openretl/core/driver/Catalog"
import type { FieldIssue } from "@openretl/core/FieldIssue"
import * as Reason from "@openretl/core/Reason"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import type { SegmentClient } from "../SegmentClient.ts"
import type { Destination } from "../SegmentDestinationsApi.ts"
import type { Subscription } from "../SegmentSubscriptionsApi.ts"
import type { Ids } from "./ids.ts"

/** The destination under which each mapping was seen last, by the mapping's id. */
export type MappingLocations = BoundedMap.BoundedMap<string>

/** The most destinations whose mappings one search lists. */
export const maxSearched = 250

/** So many destinations are remembered that were searched, the latest. */
const maxRemembered = 10_000

/** A mapping, and where it is. */
export interface Found {
  readonly destinationId: string
  readonly subscription: Subscription
}

/** The lists that a search reads. */
interface Lists {
  readonly destinations: (requests: Requests) => Stream.Stream<Destination, RetlError>
  /** Returns the mappings of a destination, and remembers where they are. */
  readonly mappingsOf: (requests: Requests, destinationId: string) => Stream.Stream<Subscription, RetlError>
}

/**
 * Creates the function that finds a mapping; it returns `undefined` where there is none. Fails with `InvalidRequest` where a
 * search ends at its bound.
 */
export const make = (client: SegmentClient, locations: MappingLocations, lists: Lists) => {
  /** The destinations whose mappings a search has listed. */
  const searched = BoundedMap.make<true>(maxRemembered)
  const oneAtATime = Semaphore.makeUnsafe(1).withPermits(1)

  /** Reads a mapping in a destination; `undefined` where it is not there. */
  const readIn = (requests: Requests, destinationId: string, id: string): Effect.Effect<Found | undefined, RetlError> =>
    requests.read("syncs", client.getSubscription(destinationId, id)).pipe(
      Effect.map((subscription) => ({ destinationId: subscription.destinationId ?? destinationId, subscription })),
      Effect.tap((found) => Effect.sync(() => locations.set(id, found.destinationId))),
      Effect.catchIf(
        // The vendor may refuse an id that is none as invalid.
        ({ reason }) => reason._tag === "NotFound" || reason._tag === "InvalidRequest",
        () => Effect.succeed(undefined),
      ),
    )

  /** Reads a mapping where it was seen last, unless it was looked for there already. */
  const readRemembered = Effect.fnUntraced(function* (requests: Requests, id: string, tried: string | undefined) {
    const remembered = locations.get(id)
    if (remembered === undefined || remembered === tried) return undefined
    return yield* readIn(requests, remembered, id)
  })

  const search = Effect.fnUntraced(function* (
    requests: Requests,
    { source, subscription: id }: Ids,
  ): Effect.fn.Return<Found | undefined, RetlError> {
    const destinations = yield* Stream.runCollect(lists.destinations(requests))
    // What an earlier search has listed is in memory, and comes last.
    const rankOf = (destination: Destination): number =>
      (searched.has(destination.id) ? 2 : 0) + (destination.sourceId === source ? 0 : 1)
    const ordered = destinations.toSorted((one, other) => rankOf(one) - rankOf(other))
    for (const { id: destinationId } of ordered.slice(0, maxSearched)) {
      const mappings = yield* Stream.runCollect(lists.mappingsOf(requests, destinationId))
      searched.set(destinationId, true)
      const subscription = mappings.find((mapping) => mapping.id === id)
      if (subscription !== undefined) return { destinationId, subscription }
    }
    if (ordered.length <= maxSearched) return undefined
    return yield* client.http.error("getSync", new Reason.InvalidRequest({ issues: [unnamed] }), "not-sent")
  })

  return Effect.fnUntraced(function* (requests: Requests, ids: Ids): Effect.fn.Return<Found | undefined, RetlError> {
    const { subscription: id, destination } = ids
    const named = destination === undefined ? undefined : yield* readIn(requests, destination, id)
    if (named !== undefined) return named
    const seen = locations.get(id)
    const remembered = yield* readRemembered(requests, id, destination)
    if (remembered !== undefined) return remembered
    // Of several searches, all but the first may find in memory what the one before has seen.
    return yield* oneAtATime(
      Effect.flatMap(readRemembered(requests, id, seen ?? destination), (found) =>
        found === undefined ? search(requests, ids) : Effect.succeed(found),
      ),
    )
  })
}

const unnamed: FieldIssue = {
  path: ["ids", "destination"],
  message: `Expected the id of the mapping's destination: it is in none of the ${maxSearched} destinations that were searched. Catalog.list returns refs with it`,
}
