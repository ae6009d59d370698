/**
 * RudderStack's Reverse ETL API in its own words: one function for each endpoint, each of them one request, sent once.
 *
 * The adapter is made of this, and it is there for what the portable services do not cover. Every function fails with a
 * `RetlError` and nothing else; a request that is not right is refused with all its problems before it is sent.
 *
 * What the vendor calls a sync is a run here, and what it calls a connection is a sync.
 */
import * as VendorClient from "@openretl/core/VendorClient"
import * as Effect from "effect/Effect"
import { classify } from "./internal/errors.ts"
import * as Connections from "./RudderStackConnectionsClient.ts"
import * as Runs from "./RudderStackRunsClient.ts"
import * as Sources from "./RudderStackSourcesClient.ts"

/** Where a workspace lives. A token of one region is refused by the other. */
export type Region = "us" | "eu"

/** The addresses by region, without the version: the paths bring it. */
export const baseUrls = {
  us: "https://api.rudderstack.com",
  eu: "https://api.eu.rudderstack.com",
} as const satisfies Record<Region, string>

export interface Settings extends Pick<VendorClient.Settings, "token" | "baseUrl" | "readTimeout" | "writeTimeout"> {
  /** The workspace's name, for errors. */
  readonly workspace: string
}

/** All endpoints. Its reads of connections tell all of them, where those of the runs client tell what running needs. */
export interface RudderStackClient
  extends Omit<Runs.RudderStackRunsClient, keyof Connections.RudderStackConnectionsClient>,
    Connections.RudderStackConnectionsClient,
    Sources.RudderStackSourcesClient {}

/** The complete client. Uses the `Transport` of its surroundings. */
export const make = (settings: Settings): Effect.Effect<RudderStackClient> =>
  Effect.map(
    vendorClient(settings),
    (http): RudderStackClient => ({ ...Runs.make(http), ...Connections.make(http), ...Sources.make(http) }),
  )

/** The client of what running needs: a program that only runs syncs ships no more than that. */
export const makeRuns = (settings: Settings): Effect.Effect<Runs.RudderStackRunsClient> =>
  Effect.map(vendorClient(settings), Runs.make)

const vendorClient = (settings: Settings): Effect.Effect<VendorClient.VendorClient> =>
  VendorClient.make({ ...settings, vendor: "rudderstack", requestIdHeaders: ["x-request-id"], classify })
