/**
 * Segment's Public API in its own words: one function for each endpoint, each of them one request, sent once.
 *
 * The adapter is made of this, and it is there for what the portable services do not cover. Every function fails with a
 * `RetlError` and nothing else; a request that is not right is refused with all its problems before it is sent.
 *
 * What the vendor calls a sync is a run here; what it calls a subscription, or a mapping, is a sync.
 */
import * as VendorClient from "@openretl/core/VendorClient"
import * as Effect from "effect/Effect"
import { classify } from "./internal/errors.ts"
import * as Destinations from "./SegmentDestinationsClient.ts"
import * as Models from "./SegmentModelsClient.ts"
import * as Runs from "./SegmentRunsClient.ts"
import * as Subscriptions from "./SegmentSubscriptionsClient.ts"

/** Where a workspace lives; its token is good there only. */
export type Region = "us" | "eu"

/** The addresses by region. They have no version: that goes by media type. */
export const baseUrls = {
  us: "https://api.segmentapis.com",
  eu: "https://eu1.api.segmentapis.com",
} as const satisfies Record<Region, string>

export interface Settings extends Pick<VendorClient.Settings, "token" | "baseUrl" | "readTimeout" | "writeTimeout"> {
  /** The workspace's name, for errors. */
  readonly workspace: string
}

/** What running mappings takes, without the rest. */
export interface RunsClient extends Runs.SegmentRunsClient {
  /** What the functions are made of, for endpoints that are not among them. */
  readonly http: VendorClient.VendorClient
}

/** Every endpoint of Reverse ETL and of destinations. */
export interface SegmentClient
  extends RunsClient,
    Models.SegmentModelsClient,
    Destinations.SegmentDestinationsClient,
    Subscriptions.SegmentSubscriptionsClient {}

/** The whole client. Uses the `Transport` of its surroundings. */
export const make = (settings: Settings): Effect.Effect<SegmentClient> =>
  Effect.map(connect(settings), (http) => ({
    ...Runs.make(http),
    ...Models.make(http),
    ...Destinations.make(http),
    ...Subscriptions.make(http),
    http,
  }))

/** The endpoints of runs alone, so that a program that configures nothing does not carry the others along. */
export const makeRuns = (settings: Settings): Effect.Effect<RunsClient> =>
  Effect.map(connect(settings), (http) => ({ ...Runs.make(http), http }))

const connect = (settings: Settings) =>
  VendorClient.make({ ...settings, vendor: "segment", requestIdHeaders: ["x-request-id"], classify })
