/** What this package relies on about Polytomic's API, as data: the vendor's description for core, and every fact behind it. */
import type { Fact } from "@openretl/core/driver/Description"
import { access } from "./internal/facts/access.ts"
import { configuring } from "./internal/facts/configuring.ts"
import { reading } from "./internal/facts/reading.ts"
import { running } from "./internal/facts/running.ts"

const all = (): ReadonlyArray<Fact> => [...running(), ...reading(), ...configuring(), ...access()]

/** The facts about Polytomic's API. No fact has been confirmed in a real account yet. */
export const facts: ReadonlyArray<Fact> = /* @__PURE__ */ all()

export { description } from "./internal/description.ts"
