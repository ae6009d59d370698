/** What is known about RudderStack's API, as data: what core needs to be told, and every fact that is leaned on. */
import type { Description, Fact } from "@openretl/core/driver/Description"
import { access } from "./internal/facts/access.ts"
import { connections } from "./internal/facts/connections.ts"
import { parts } from "./internal/facts/parts.ts"
import { reading } from "./internal/facts/reading.ts"
import { running } from "./internal/facts/running.ts"

/** None of them has been seen live; each says where it comes from, and what happens should it be wrong. */
const all = (): ReadonlyArray<Fact> => [...running(), ...reading(), ...connections(), ...parts(), ...access()]

export const facts: ReadonlyArray<Fact> = /* @__PURE__ */ all()

export const description: Description = {
  // No limit is documented.
  limits: {},
  guard: "vendor",
  runAppearsWithin: "2 minutes",
  readLag: "1 minute",
  unknownRun: "server-error",
}
