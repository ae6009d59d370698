/** Where Zeotap's API is, and how requests reach it. */
import * as VendorClient from "@openretl/core/driver/VendorClient"
import * as Effect from "effect/Effect"
import { classify } from "./errors.ts"

/** The vendor's short name. */
export const vendor = "zeotap"

/** The address of the API, without the version, which every path begins with. There are no regions. */
export const baseUrl = "https://composable.zeotap.com"

/** The settings of a client. */
export interface Settings extends VendorClient.OfOptions {
  /** The vendor's id of the workspace, for every path and the header `X-Workspace-ID`. */
  readonly workspaceId: string
}

/** A connection to one workspace. */
export interface Connected {
  readonly http: VendorClient.VendorClient
  /** The path of the workspace. Every other path begins with it. */
  readonly root: ReadonlyArray<VendorClient.Segment>
}

/** Creates the connection. It uses the `Transport` of its surroundings. */
export const connect = ({ workspaceId, ...settings }: Settings): Effect.Effect<Connected> =>
  Effect.map(
    VendorClient.make({
      ...settings,
      vendor,
      headers: { "x-workspace-id": workspaceId },
      requestIdHeaders: ["x-request-id"],
      classify,
    }),
    (http) => ({ http, root: ["api", "v1", "workspaces", { workspace: workspaceId }] }),
  )
