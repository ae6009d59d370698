/**
 * Zeotap's Reverse ETL API in its own words: one function for each endpoint, each of them one request, sent once.
 *
 * The adapter is made of this, and it is there for what the portable services do not cover. Every function fails with a
 * `RetlError` and nothing else; a request that is not right is refused with all its problems before it is sent.
 *
 * There is no function to cancel a run: the vendor documents no such route.
 */
import * as Effect from "effect/Effect"
import { connect, type Settings } from "./internal/connect.ts"
import * as DestinationsClient from "./ZeotapDestinationsClient.ts"
import * as InsightsClient from "./ZeotapInsightsClient.ts"
import * as ModelsClient from "./ZeotapModelsClient.ts"
import * as RunsClient from "./ZeotapRunsClient.ts"
import * as SyncsClient from "./ZeotapSyncsClient.ts"

export { baseUrl, type Settings } from "./internal/connect.ts"

/** Every endpoint of Reverse ETL. */
export interface ZeotapClient
  extends RunsClient.ZeotapRunsClient,
    SyncsClient.ZeotapSyncsClient,
    ModelsClient.ZeotapModelsClient,
    DestinationsClient.ZeotapDestinationsClient,
    InsightsClient.ZeotapInsightsClient {}

/** Uses the `Transport` of its surroundings. */
export const make = (settings: Settings): Effect.Effect<ZeotapClient> =>
  Effect.map(connect(settings), ({ http, root }) => ({
    ...RunsClient.make({ http, root }),
    ...SyncsClient.make(http, root),
    ...ModelsClient.make(http, root),
    ...DestinationsClient.make(http, root),
    ...InsightsClient.make(http, root),
  }))
