/**
 * Zeotap's Composable CDP Reverse ETL API: syncs, what they are made of (models and destinations, to be read), runs,
 * figures, and the workspace. There is no cancel.
 *
 * A sync's one id is `sync`; a run id is a UUID. Every path names the workspace, and so does `X-Workspace-ID`.
 */
import type * as Effect from "effect/Effect"
import type { Options as CommonOptions, Configurable, Emulator } from "./Emulator.ts"
import { make as makeEmulator } from "./internal/engine/make.ts"
import { dialect } from "./internal/zeotap/dialect.ts"
import type { RateLimit } from "./RateLimit.ts"
import { ZeotapSwitches } from "./ZeotapSwitches.ts"

export interface Options extends CommonOptions<ZeotapSwitches> {
  /** The workspace's id. @default one made from the seed */
  readonly workspaceId?: string
}

export interface ZeotapEmulator extends Emulator, Configurable<ZeotapSwitches> {
  readonly vendor: "zeotap"
}

/** The documented limits of a workspace: 100 requests a minute, 20 a second. */
export const limits: ReadonlyArray<RateLimit> = [
  { name: "standard", operations: "all", max: 100, window: "1 minute", level: "workspace" },
  { name: "burst", operations: "all", max: 20, window: "1 second", level: "workspace" },
]

export const make = (options: Options = {}): Effect.Effect<ZeotapEmulator> =>
  makeEmulator(
    {
      vendor: "zeotap",
      switches: ZeotapSwitches,
      dialect: (setting) => dialect(setting, options.workspaceId),
      limits: () => limits,
    },
    options,
  )
