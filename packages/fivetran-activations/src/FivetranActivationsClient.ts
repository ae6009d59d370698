/**
 * The Management API of Fivetran Activations in the vendor's words: one function for each endpoint of syncs and their
 * runs, each of which sends one request.
 *
 * The adapter is made of this client, and programs use it for what the portable services do not cover. Every function
 * fails with `RetlError` alone. An invalid request is refused with all its problems before it is sent.
 */
import * as Effect from "effect/Effect"
import * as RunsClient from "./FivetranActivationsRunsClient.ts"
import * as SyncsClient from "./FivetranActivationsSyncsClient.ts"
import { connect, type Settings } from "./internal/connect.ts"

export { baseUrls, type Settings } from "./internal/connect.ts"

/** Every endpoint of syncs and runs. */
export interface FivetranActivationsClient
  extends RunsClient.FivetranActivationsRunsClient,
    SyncsClient.FivetranActivationsSyncsClient {}

/** Creates the client. It uses the `Transport` of its surroundings. */
export const make = (settings: Settings): Effect.Effect<FivetranActivationsClient> =>
  Effect.map(connect(settings), (http) => {
    const runs = RunsClient.make(http)
    return { ...runs, ...SyncsClient.make(http, runs.listSyncs) }
  })
