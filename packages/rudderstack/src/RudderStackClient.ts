/**
 * RudderStack's Reverse ETL API in its own words: a function for each endpoint, which sends one request, once.
 *
 * The adapter is built on it, and it covers what the portable services do not. Every function fails with `RetlError`
 * alone; a request that is not valid fails with all its problems before anything is sent.
 *
 * What the vendor calls a sync is a run in OpenRETL, and what it calls a connection is a sync.
 */
import * as Effect from "effect/Effect"
import { connect, type Settings } from "./internal/connect.ts"
import * as Connections from "./RudderStackConnectionsClient.ts"
import * as Runs from "./RudderStackRunsClient.ts"
import * as Sources from "./RudderStackSourcesClient.ts"

export { baseUrls, Region, type Settings } from "./internal/connect.ts"

/**
 * All endpoints. Its reads of connections return all fields, those of `RudderStackRunsClient` the ones that running
 * needs.
 */
export interface RudderStackClient
  extends Omit<Runs.RudderStackRunsClient, keyof Connections.RudderStackConnectionsClient>,
    Connections.RudderStackConnectionsClient,
    Sources.RudderStackSourcesClient {}

/** Creates the complete client. It uses the `Transport` of its surroundings. */
export const make = (settings: Settings): Effect.Effect<RudderStackClient> =>
  Effect.map(
    connect(settings),
    (http): RudderStackClient => ({ ...Runs.make(http), ...Connections.make(http), ...Sources.make(http) }),
  )
