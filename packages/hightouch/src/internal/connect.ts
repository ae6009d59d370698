/** Where Hightouch's API is, and how requests reach it. */
import * as VendorClient from "@openretl/core/driver/VendorClient"
import type * as Effect from "effect/Effect"
import { classify } from "./errors.ts"

/** The vendor's short name. */
export const vendor = "hightouch"

/** The address of the API, without the version, which every path begins with. There are no regions. */
export const baseUrl = "https://api.hightouch.com"

/** The settings of a client: the workspace's name, the key, the address, and the timeouts. */
export type Settings = VendorClient.OfOptions

/** The path of all syncs. Every other path begins with it. */
export const syncs = ["api", "v1", "syncs"] as const

/** Creates the connection. It uses the `Transport` of its surroundings. */
export const connect = (settings: Settings): Effect.Effect<VendorClient.VendorClient> =>
  VendorClient.make({ ...settings, vendor, classify })
