/**
 * Emulates the Management API of Fivetran Activations (formerly Census), version 2: triggers, runs and their cancel, and syncs
 * with their schedules. `hints` stand for the events of webhooks.
 *
 * A sync's only id is `sync`. The ids of syncs and runs are decimal digits, and numbers in answers.
 */
import type * as Effect from "effect/Effect"
import type { Options as CommonOptions, Emulator, SwitchControls } from "./Emulator.ts"
import { FivetranActivationsSwitches } from "./FivetranActivationsSwitches.ts"
import { makeDialect } from "./internal/fivetranActivations/dialect.ts"
import * as Vendor from "./kit/Vendor.ts"

/** Options of an emulator of Fivetran Activations. */
export interface Options extends CommonOptions<FivetranActivationsSwitches> {}

/** An emulator of one account of Fivetran Activations, with one group: `workspace` is the group. */
export interface FivetranActivationsEmulator extends Emulator, SwitchControls<FivetranActivationsSwitches> {
  readonly vendor: "fivetran-activations"
}

/** The names of the ids. */
export const idNames: Emulator["idNames"] = { sync: ["sync"], parts: ["source", "destination"] }

/** Creates an emulator of one account, whose time starts at the clock's. No rate limit is documented. */
export const make = (options: Options = {}): Effect.Effect<FivetranActivationsEmulator> =>
  Vendor.make({ vendor: "fivetran-activations", idNames, switches: FivetranActivationsSwitches, makeDialect }, options)
