/** Where RudderStack's API is, and the HTTP client that speaks to it. */
import * as VendorClient from "@openretl/core/driver/VendorClient"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { classify } from "./errors.ts"

/** The vendor's short name. */
export const vendor = "rudderstack"

/** Where a workspace lives. The API of one region refuses a token of the other. */
export const Region = Schema.Literals(["us", "eu"])
export type Region = typeof Region.Type

/** The addresses of the API by region, without the version: the paths contain it. */
export const baseUrls = {
  us: "https://api.rudderstack.com",
  eu: "https://api.eu.rudderstack.com",
} as const satisfies Record<Region, string>

/** The settings of a client: the workspace's name, the token, the address, and the timeouts. */
export type Settings = VendorClient.OfOptions

/** Creates the HTTP client. It uses the `Transport` of its surroundings. */
export const connect = (settings: Settings): Effect.Effect<VendorClient.VendorClient> =>
  VendorClient.make({ ...settings, vendor, requestIdHeaders: ["x-request-id"], classify })
