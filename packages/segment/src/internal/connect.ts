/** Where Segment's API is, and the client that speaks to it. */
import * as VendorClient from "@openretl/core/driver/VendorClient"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { classify } from "./errors.ts"
import { remainingOf } from "./wait.ts"

/** The vendor's short name. */
export const vendor = "segment"

/** Where a workspace lives; its token is valid only there. */
export const Region = Schema.Literals(["us", "eu"])
export type Region = typeof Region.Type

/** The address of the API by region. It has no version: the media type carries the version. */
export const baseUrls = {
  us: "https://api.segmentapis.com",
  eu: "https://eu1.api.segmentapis.com",
} as const satisfies Record<Region, string>

/** What a client needs to send: the workspace's name, the token, the address, and how long a request may take. */
export type Settings = VendorClient.OfOptions

/** Creates the HTTP client of a workspace. Uses the `Transport` of its surroundings. */
export const connect = (settings: Settings): Effect.Effect<VendorClient.VendorClient> =>
  VendorClient.make({ ...settings, vendor, requestIdHeaders: ["x-request-id"], classify, remaining: remainingOf })
