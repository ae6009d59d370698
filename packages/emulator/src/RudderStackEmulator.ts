/**
 * RudderStack's Reverse ETL API: runs (start, read, list, stop), and, as its own client knows them, connections,
 * sources and previews.
 *
 * A sync's one id is `connection`; a run id is 20 characters. No limit is documented, so none is enforced by default.
 */
import type * as Effect from "effect/Effect"
import type { Options as CommonOptions, Configurable, Emulator } from "./Emulator.ts"
import { make as makeEmulator } from "./internal/engine/make.ts"
import { dialect } from "./internal/rudderstack/dialect.ts"
import { RudderStackSwitches } from "./RudderStackSwitches.ts"

export interface Options extends CommonOptions<RudderStackSwitches> {
  /** @default "us" */
  readonly region?: "us" | "eu"
}

export interface RudderStackEmulator extends Emulator, Configurable<RudderStackSwitches> {
  readonly vendor: "rudderstack"
}

export const make = (options: Options = {}): Effect.Effect<RudderStackEmulator> =>
  makeEmulator(
    {
      vendor: "rudderstack",
      switches: RudderStackSwitches,
      dialect: (setting) => dialect(setting, options.region ?? "us"),
      limits: () => [],
    },
    options,
  )
