/**
 * Emulates Hightouch's API, version 1: triggers, runs in lists by offset, and the syncs with their schedules. There is no
 * route for one run, no cancel, and no delete of a sync.
 *
 * A sync's only id is `sync`. The ids of syncs and runs are decimal digits, and numbers in most answers.
 */
import type * as Effect from "effect/Effect"
import type { Options as CommonOptions, Emulator, SwitchControls } from "./Emulator.ts"
import { HightouchSwitches } from "./HightouchSwitches.ts"
import { makeDialect } from "./internal/hightouch/dialect.ts"
import * as Vendor from "./kit/Vendor.ts"
import type { RateLimit } from "./RateLimit.ts"

/** Options of a Hightouch emulator. */
export interface Options extends CommonOptions<HightouchSwitches> {}

/** An emulator of one Hightouch workspace. */
export interface HightouchEmulator extends Emulator, SwitchControls<HightouchSwitches> {
  readonly vendor: "hightouch"
}

/** The documented limit of a workspace: 200 requests in 10 seconds. */
export const limits: ReadonlyArray<RateLimit> = [
  { name: "workspace", operations: "all", requests: 200, window: "10 seconds" },
]

/** The names of the ids. */
export const idNames: Emulator["idNames"] = { sync: ["sync"], parts: ["model", "destination"] }

/** Creates an emulator of one Hightouch workspace, whose time starts at the clock's. */
export const make = (options: Options = {}): Effect.Effect<HightouchEmulator> =>
  Vendor.make(
    { vendor: "hightouch", idNames, switches: HightouchSwitches, makeDialect, defaultLimits: () => limits },
    options,
  )
