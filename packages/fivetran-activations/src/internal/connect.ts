/** Where the API of Fivetran Activations is, and how requests reach it. */
import * as VendorClient from "@openretl/core/driver/VendorClient"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { classify } from "./errors.ts"

/** The vendor's short name. Fivetran has another API, for what moves data into a warehouse. */
export const vendor = "fivetran-activations"

/** Where the account lives. Whether the second version of the API has regions is not certain. */
export const Region = Schema.Literals(["us", "eu"])
export type Region = typeof Region.Type

/** The addresses of the API by region, without the version, which every path begins with. */
export const baseUrls = {
  us: "https://app.getcensus.com",
  eu: "https://app-eu.getcensus.com",
} as const satisfies Record<Region, string>

/** The settings of a client: the workspace's name, the token, the address, and the timeouts. */
export type Settings = VendorClient.OfOptions

/** What every path begins with. */
const version = ["api", "v2"] as const

/** The path of all syncs. */
export const syncs = [...version, "syncs"] as const

/** The path of all runs. */
export const runs = [...version, "sync_runs"] as const

/** Creates the connection. It uses the `Transport` of its surroundings. */
export const connect = (settings: Settings): Effect.Effect<VendorClient.VendorClient> =>
  VendorClient.make({ ...settings, vendor, requestIdHeaders: ["x-request-id"], classify })
