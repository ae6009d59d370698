/** What this package relies on about Hightouch's API, as data: the vendor's description for core, and every fact behind it. */
import type { Description, Fact } from "@openretl/core/driver/Description"
import { access } from "./internal/facts/access.ts"
import { configuring } from "./internal/facts/configuring.ts"
import { reading } from "./internal/facts/reading.ts"
import { running } from "./internal/facts/running.ts"

const all = (): ReadonlyArray<Fact> => [...running(), ...reading(), ...configuring(), ...access()]

/**
 * The facts about Hightouch's API. No fact has been confirmed in a real account yet: each names its source, and what the
 * adapter does because of it.
 */
export const facts: ReadonlyArray<Fact> = /* @__PURE__ */ all()

/** The description of Hightouch for core. A workspace has one rate limit for all of its requests together. */
export const description: Description = {
  limits: [{ name: "workspace", operations: "all", requests: 200, window: "10 seconds" }],
  whenBusy: "queues",
  runAppearsWithin: "2 minutes",
  readLag: "1 minute",
  unknownRun: "not-found",
}
