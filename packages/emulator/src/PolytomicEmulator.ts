/**
 * Emulates Polytomic's API of model syncs, version 2025-09-18: starts with idempotency keys, executions in lists by token,
 * cancels, and syncs with their schedules. It creates no sync.
 *
 * A sync's only id is `sync`. The ids of syncs and executions are UUIDs.
 */
import type * as Effect from "effect/Effect"
import type { Options as CommonOptions, Emulator, SwitchControls } from "./Emulator.ts"
import { makeDialect } from "./internal/polytomic/dialect.ts"
import * as Vendor from "./kit/Vendor.ts"
import { PolytomicSwitches } from "./PolytomicSwitches.ts"

/** Options of a Polytomic emulator. */
export interface Options extends CommonOptions<PolytomicSwitches> {}

/** An emulator of one Polytomic organization. */
export interface PolytomicEmulator extends Emulator, SwitchControls<PolytomicSwitches> {
  readonly vendor: "polytomic"
}

/** The names of the ids. */
export const idNames: Emulator["idNames"] = { sync: ["sync"], parts: ["model", "connection"] }

/** Creates an emulator of one Polytomic organization, whose time starts at the clock's. */
export const make = (options: Options = {}): Effect.Effect<PolytomicEmulator> =>
  Vendor.make({ vendor: "polytomic", idNames, switches: PolytomicSwitches, makeDialect }, options)
