/**
 * RudderStack's Reverse ETL API in its own words: one function for each endpoint, each of them one request, sent once.
 *
 * The adapter is made of this, and it is there for what the portable services do not cover. Every function fails with a
 * `RetlError` and nothing else; a request that is not right is refused with all its problems before it is sent.
 *
 * What the vendor calls a sync is a run here, and what it calls a connection is a sync.
 */
import * as Effect from "effect/Effect"
import { connect, type Settings } from "./internal/connect.ts"
import * as Connections from "./RudderStackConnectionsClient.ts"
import * as Runs from "./RudderStackRunsClient.ts"
import * as Sources from "./RudderStackSourcesClient.ts"

export { baseUrls, type Region, type Settings } from "./internal/connect.ts"

/** All endpoints. Its reads of connections tell all of them, where those of the runs client tell what running needs. */
export interface RudderStackClient
  extends Omit<Runs.RudderStackRunsClient, keyof Connections.RudderStackConnectionsClient>,
    Connections.RudderStackConnectionsClient,
    Sources.RudderStackSourcesClient {}

/** The complete client. Uses the `Transport` of its surroundings. */
export const make = (settings: Settings): Effect.Effect<RudderStackClient> =>
  Effect.map(
    connect(settings),
    (http): RudderStackClient => ({ ...Runs.make(http), ...Connections.make(http), ...Sources.make(http) }),
  )
