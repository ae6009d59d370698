/** Where Segment's API is, and how it is spoken to. */
import * as VendorClient from "@openretl/core/driver/VendorClient"
import type * as Effect from "effect/Effect"
import { classify } from "./errors.ts"

export const vendor = "segment"

/** Where a workspace lives; its token is good there only. */
export type Region = "us" | "eu"

/** The addresses by region. They have no version: that goes by media type. */
export const baseUrls = {
  us: "https://api.segmentapis.com",
  eu: "https://eu1.api.segmentapis.com",
} as const satisfies Record<Region, string>

export type Settings = VendorClient.OfOptions

/** Uses the `Transport` of its surroundings. */
export const connect = (settings: Settings): Effect.Effect<VendorClient.VendorClient> =>
  VendorClient.make({ ...settings, vendor, requestIdHeaders: ["x-request-id"], classify })
