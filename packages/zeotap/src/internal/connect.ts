/** Where Zeotap's API is, and how it is spoken to. */
import * as VendorClient from "@openretl/core/driver/VendorClient"
import * as Effect from "effect/Effect"
import { classify } from "./errors.ts"

export const vendor = "zeotap"

/** The address, without the version: the paths bring it. There are no regions. */
export const baseUrl = "https://composable.zeotap.com"

export interface Settings extends VendorClient.OfOptions {
  /** The vendor's id of the workspace: it goes into every path, and into the header `X-Workspace-ID`. */
  readonly workspaceId: string
}

export interface Connected {
  readonly http: VendorClient.VendorClient
  /** What every path begins with. */
  readonly root: ReadonlyArray<string>
}

/** Uses the `Transport` of its surroundings. */
export const connect = ({ workspaceId, ...settings }: Settings): Effect.Effect<Connected> =>
  Effect.map(
    VendorClient.make({
      ...settings,
      vendor,
      headers: { "x-workspace-id": workspaceId },
      requestIdHeaders: ["x-request-id"],
      classify,
    }),
    (http) => ({ http, root: ["api", "v1", "workspaces", workspaceId] }),
  )
