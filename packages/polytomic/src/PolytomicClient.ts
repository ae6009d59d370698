/**
 * Polytomic's API in the vendor's words: one function for each endpoint of model syncs and their executions that the adapter
 * uses, each of which sends one request. Programs use it for what the portable services do not cover. Every function fails
 * with `RetlError` alone. An invalid request is refused with all its problems before it is sent.
 */
import * as Effect from "effect/Effect"
import { connect, type Settings } from "./internal/connect.ts"
import * as RunsClient from "./PolytomicRunsClient.ts"
import * as SyncsClient from "./PolytomicSyncsClient.ts"

export { baseUrl, type Settings, version } from "./internal/connect.ts"

/** The endpoints of model syncs and executions. */
export interface PolytomicClient extends RunsClient.PolytomicRunsClient, SyncsClient.PolytomicSyncsClient {}

/** Creates the client. It uses the `Transport` of its surroundings. */
export const make = (settings: Settings): Effect.Effect<PolytomicClient> =>
  Effect.map(connect(settings), (http) => {
    const runs = RunsClient.make(http)
    return { ...runs, ...SyncsClient.make(http) }
  })
