/** Where Polytomic's API is, which version of it is meant, and how requests reach it. */
import * as VendorClient from "@openretl/core/driver/VendorClient"
import type * as Effect from "effect/Effect"
import { classify } from "./errors.ts"

/** The vendor's short name. */
export const vendor = "polytomic"

/** The address of the API, without a path. An installation of one's own has another one. */
export const baseUrl = "https://app.polytomic.com"

/** The version of the API that every request names. */
export const version = "2025-09-18"

/** The settings of a client: the workspace's name, the key, the address, and the timeouts. */
export type Settings = VendorClient.OfOptions

/** The path of all model syncs. */
export const syncs = ["api", "syncs"] as const

/** Creates the connection. It uses the `Transport` of its surroundings. */
export const connect = (settings: Settings): Effect.Effect<VendorClient.VendorClient> =>
  VendorClient.make({ ...settings, vendor, classify, headers: { "x-polytomic-version": version } })
