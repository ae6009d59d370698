/**
 * Hightouch's API in the vendor's words: one function for each endpoint of syncs and their runs, each of which sends one
 * request. The adapter is made of it, and programs use it for what the portable services do not cover. Every function fails
 * with `RetlError` alone. An invalid request is refused with all its problems before it is sent.
 *
 * No function cancels a run or deletes a sync: the vendor documents no such routes.
 */
import * as Effect from "effect/Effect"
import * as RunsClient from "./HightouchRunsClient.ts"
import * as SyncsClient from "./HightouchSyncsClient.ts"
import { connect, type Settings } from "./internal/connect.ts"

export { baseUrl, type Settings } from "./internal/connect.ts"

/** Every endpoint of syncs and runs. */
export interface HightouchClient extends RunsClient.HightouchRunsClient, SyncsClient.HightouchSyncsClient {}

/** Creates the client. It uses the `Transport` of its surroundings. */
export const make = (settings: Settings): Effect.Effect<HightouchClient> =>
  Effect.map(connect(settings), (http) => {
    const runs = RunsClient.make(http)
    return { ...runs, ...SyncsClient.make(http, runs.listSyncs) }
  })
