/** Where RudderStack's API is, and how it is spoken to. */
import * as VendorClient from "@openretl/core/driver/VendorClient"
import type * as Effect from "effect/Effect"
import { classify } from "./errors.ts"

export const vendor = "rudderstack"

/** Where a workspace lives. A token of one region is refused by the other. */
export type Region = "us" | "eu"

/** The addresses by region, without the version: the paths bring it. */
export const baseUrls = {
  us: "https://api.rudderstack.com",
  eu: "https://api.eu.rudderstack.com",
} as const satisfies Record<Region, string>

export type Settings = VendorClient.OfOptions

/** Uses the `Transport` of its surroundings. */
export const connect = (settings: Settings): Effect.Effect<VendorClient.VendorClient> =>
  VendorClient.make({ ...settings, vendor, requestIdHeaders: ["x-request-id"], classify })
