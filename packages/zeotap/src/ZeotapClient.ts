/**
 * Zeotap's Reverse ETL API in the vendor's words: one function for each endpoint, each of which sends one request.
 *
 * The adapter is made of this client, and programs use it for what the portable services do not cover. Every function
 * fails with `RetlError` alone. An invalid request is refused with all its problems before it is sent.
 *
 * No function cancels a run: the vendor documents no such route.
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

/** Creates the client. It uses the `Transport` of its surroundings. */
export const make = (settings: Settings): Effect.Effect<ZeotapClient> =>
  Effect.map(connect(settings), (connected) => ({
    ...RunsClient.make(connected),
    ...SyncsClient.make(connected),
    ...ModelsClient.make(connected),
    ...DestinationsClient.make(connected),
    ...InsightsClient.make(connected),
  }))
