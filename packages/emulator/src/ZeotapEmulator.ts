/**
 * Emulates the Reverse ETL API of Zeotap's Composable CDP: syncs, their runs, figures about them, and the workspace.
 * Models and destinations can only be read. There is no cancel.
 *
 * A sync's only id is `sync`. A run id is a UUID. Every path names the workspace, and so does the header
 * `X-Workspace-ID`.
 */
import type * as Effect from "effect/Effect"
import type { Options as CommonOptions, Emulator, SwitchControls } from "./Emulator.ts"
import { makeDialect } from "./internal/zeotap/dialect.ts"
import * as Vendor from "./kit/Vendor.ts"
import type { RateLimit } from "./RateLimit.ts"
import { ZeotapSwitches } from "./ZeotapSwitches.ts"

/** Options of a Zeotap emulator. */
export interface Options extends CommonOptions<ZeotapSwitches> {
  /** The workspace's id. @default minted from the seed */
  readonly workspaceId?: string
}

/** An emulator of one Zeotap account. */
export interface ZeotapEmulator extends Emulator, SwitchControls<ZeotapSwitches> {
  readonly vendor: "zeotap"
}

/** The documented limits of a workspace: 100 requests a minute, 20 a second. */
export const limits: ReadonlyArray<RateLimit> = [
  { name: "standard", operations: "all", requests: 100, window: "1 minute" },
  { name: "burst", operations: "all", requests: 20, window: "1 second" },
]

/** The names of the ids. */
export const idNames: Emulator["idNames"] = { sync: ["sync"], parts: ["model", "destination"] }

/** Creates an emulator of one Zeotap account, whose time starts at the clock's. */
export const make = (options: Options = {}): Effect.Effect<ZeotapEmulator> =>
  Vendor.make(
    {
      vendor: "zeotap",
      idNames,
      switches: ZeotapSwitches,
      makeDialect: (context) => makeDialect(context, options.workspaceId),
      defaultLimits: () => limits,
    },
    options,
  )
