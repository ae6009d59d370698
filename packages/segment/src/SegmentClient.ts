/**
 * Segment's Public API in its own words: one function for each endpoint, one request each, sent once.
 *
 * The adapter is made of this client; use it for what the portable services do not cover. Every function fails with
 * `RetlError` alone. A request that is not valid is refused before it is sent, with all its problems.
 *
 * What the vendor calls a sync is a run in OpenRETL; what it calls a subscription, or a mapping, is a sync.
 */
import * as Effect from "effect/Effect"
import { connect, type Settings } from "./internal/connect.ts"
import * as Destinations from "./SegmentDestinationsClient.ts"
import * as Models from "./SegmentModelsClient.ts"
import * as Runs from "./SegmentRunsClient.ts"
import * as Subscriptions from "./SegmentSubscriptionsClient.ts"

export { baseUrls, type Region, type Settings } from "./internal/connect.ts"

/** Every endpoint of Reverse ETL and of destinations. */
export interface SegmentClient
  extends Runs.SegmentRunsClient,
    Models.SegmentModelsClient,
    Destinations.SegmentDestinationsClient,
    Subscriptions.SegmentSubscriptionsClient {}

/** Creates the client with every endpoint. Uses the `Transport` of its surroundings. */
export const make = (settings: Settings): Effect.Effect<SegmentClient> =>
  Effect.map(connect(settings), (http) => ({
    ...Runs.make(http),
    ...Models.make(http),
    ...Destinations.make(http),
    ...Subscriptions.make(http),
  }))
