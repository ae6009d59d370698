/** A vendor that lists the oldest runs first, and has more runs than one page shows. */

import { Fault } from "@openretl/emulator"
import type { Switches } from "@openretl/emulator/Switch"
import * as Effect from "effect/Effect"
import { type Law, law } from "../../Law.ts"

export const oldestFirstLaws = (_switches: Switches): ReadonlyArray<Law> => [law("T2", "x", {}, () => Effect.andThen(Effect.sync(() => Fault), Effect.void))]
