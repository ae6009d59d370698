/** What is known about Zeotap's API, as data: what core needs to be told, and every fact that is leaned on. */
import type { Description, Fact, Limit } from "@openretl/core/driver/Description"
import { access } from "./internal/facts/access.ts"
import { configuring } from "./internal/facts/configuring.ts"
import { reading } from "./internal/facts/reading.ts"
import { running } from "./internal/facts/running.ts"

/** None of them has been seen live; each says where it comes from, and what happens should it be wrong. */
const all = (): ReadonlyArray<Fact> => [...running(), ...reading(), ...configuring(), ...access()]

export const facts: ReadonlyArray<Fact> = /* @__PURE__ */ all()

/** The workspace's, for all its requests together. */
const limits: ReadonlyArray<Limit> = [
  { key: "workspace", requests: 100, window: "1 minute" },
  { key: "workspace", requests: 20, window: "1 second" },
]

export const description: Description = {
  limits: {
    start: limits,
    get: limits,
    list: limits,
    schedule: limits,
    check: limits,
    syncs: limits,
    create: limits,
    update: limits,
    delete: limits,
  },
  guard: "observed",
  runAppearsWithin: "2 minutes",
  readLag: "1 minute",
  unknownRun: "not-found",
}
