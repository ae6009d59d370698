/**
 * Zeotap's Reverse ETL API in its own words: one function for each endpoint, each of them one request, sent once.
 *
 * The adapter is made of this, and it is there for what the portable services do not cover. Every function fails with a
 * `RetlError` and nothing else; a request that is not right is refused with all its problems before it is sent.
 *
 * There is no function to cancel a run: the vendor documents no such route.
 */
import * as VendorClient from "@openretl/core/VendorClient"
import * as Effect from "effect/Effect"
import { classify } from "./internal/errors.ts"
import * as DestinationsClient from "./ZeotapDestinationsClient.ts"
import * as InsightsClient from "./ZeotapInsightsClient.ts"
import * as ModelsClient from "./ZeotapModelsClient.ts"
import * as RunsClient from "./ZeotapRunsClient.ts"
import * as SyncsClient from "./ZeotapSyncsClient.ts"

/** The address, without the version: the paths bring it. There are no regions. */
export const baseUrl = "https://composable.zeotap.com"

export interface Settings extends Pick<VendorClient.Settings, "token" | "baseUrl" | "readTimeout" | "writeTimeout"> {
  /** The workspace's name here, for errors. */
  readonly workspace: string
  /** The vendor's id of the workspace: it goes into every path, and into the header `X-Workspace-ID`. */
  readonly workspaceId: string
}

interface Http {
  /** What the functions are made of, for endpoints that are not among them. */
  readonly http: VendorClient.VendorClient
}

/** What it takes to run syncs, and no more. */
export interface Runs extends RunsClient.ZeotapRunsClient, Http {}

/** Every endpoint of Reverse ETL. */
export interface ZeotapClient
  extends RunsClient.ZeotapRunsClient,
    SyncsClient.ZeotapSyncsClient,
    ModelsClient.ZeotapModelsClient,
    DestinationsClient.ZeotapDestinationsClient,
    InsightsClient.ZeotapInsightsClient,
    Http {}

/** Uses the `Transport` of its surroundings. */
export const make = (settings: Settings): Effect.Effect<ZeotapClient> =>
  Effect.map(connect(settings), ({ http, root }) => ({
    ...RunsClient.make(http, root),
    ...SyncsClient.make(http, root),
    ...ModelsClient.make(http, root),
    ...DestinationsClient.make(http, root),
    ...InsightsClient.make(http, root),
    http,
  }))

/** As `make`, of what it takes to run syncs: a program that does no more ships no more. */
export const makeRuns = (settings: Settings): Effect.Effect<Runs> =>
  Effect.map(connect(settings), ({ http, root }) => ({ ...RunsClient.make(http, root), http }))

const connect = ({ workspaceId, ...settings }: Settings) =>
  Effect.map(
    VendorClient.make({
      ...settings,
      vendor: "zeotap",
      headers: { "x-workspace-id": workspaceId },
      requestIdHeaders: ["x-request-id"],
      classify,
    }),
    (http) => ({ http, root: ["api", "v1", "workspaces", workspaceId] }),
  )
