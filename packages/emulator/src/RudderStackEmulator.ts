/**
 * Emulates RudderStack's API of Reverse ETL: starts, statuses, lists and stops of runs; and the connections, sources
 * and previews that RudderStack's client uses.
 *
 * A sync is a connection. Its only id is `connection`. A run id has 20 characters. RudderStack documents no rate limit,
 * so none is enforced by default.
 */
import type * as Effect from "effect/Effect"
import type { Options as CommonOptions, Emulator, SwitchControls } from "./Emulator.ts"
import { makeDialect } from "./internal/rudderstack/dialect.ts"
import * as Vendor from "./kit/Vendor.ts"
import { RudderStackSwitches } from "./RudderStackSwitches.ts"

/** Options of a RudderStack emulator. */
export interface Options extends CommonOptions<RudderStackSwitches> {
  /** The region of the account; it decides the base URL. @default "us" */
  readonly region?: "us" | "eu"
}

/** An emulator of one RudderStack account. */
export interface RudderStackEmulator extends Emulator, SwitchControls<RudderStackSwitches> {
  readonly vendor: "rudderstack"
}

/** The names of the ids. */
export const idNames: Emulator["idNames"] = { sync: ["connection"], parts: ["source", "destination"] }

/** Creates an emulator of one RudderStack account, whose time starts at the clock's. */
export const make = (options: Options = {}): Effect.Effect<RudderStackEmulator> =>
  Vendor.make(
    {
      vendor: "rudderstack",
      idNames,
      switches: RudderStackSwitches,
      makeDialect: (context) => makeDialect(context, options.region ?? "us"),
    },
    options,
  )
