/** What the adapter states about RudderStack as data: its limits and windows, and every fact that it relies on. */
import type { Fact } from "@openretl/core/driver/Description"
import { access } from "./internal/facts/access.ts"
import { connections } from "./internal/facts/connections.ts"
import { reading } from "./internal/facts/reading.ts"
import { running } from "./internal/facts/running.ts"
import { sources } from "./internal/facts/sources.ts"

const all = (): ReadonlyArray<Fact> => [...running(), ...reading(), ...connections(), ...sources(), ...access()]

/** The facts that the adapter relies on, each with its source and its consequence. None of them has been seen live. */
export const facts: ReadonlyArray<Fact> = /* @__PURE__ */ all()

export { description } from "./internal/description.ts"
