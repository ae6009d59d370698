/** The facts about Segment's API that the adapter relies on, as data, and what core needs of them. */
import type { Description, Fact } from "@openretl/core/driver/Description"
import { access } from "./internal/facts/access.ts"
import { cancelling } from "./internal/facts/cancelling.ts"
import { configuring } from "./internal/facts/configuring.ts"
import { limits } from "./internal/facts/limits.ts"
import { reading } from "./internal/facts/reading.ts"
import { running } from "./internal/facts/running.ts"

const all = (): ReadonlyArray<Fact> => [
  ...running(),
  ...cancelling(),
  ...reading(),
  ...configuring(),
  ...access(),
  ...limits(),
]

/** Every fact. None has been seen live; each names its source, and what happens should it be wrong. */
export const facts: ReadonlyArray<Fact> = /* @__PURE__ */ all()

/** The rate limits and windows that core applies. */
export const description: Description = {
  limits: [
    { name: "start", operations: ["start"], requests: 20, window: "1 minute" },
    { name: "get", operations: ["get"], requests: 250, window: "1 minute" },
    // What holds for the other endpoints, and for the token, is higher and not published.
    { name: "default", operations: "all", requests: 600, window: "1 minute" },
    { name: "create", operations: ["create"], requests: 5, window: "1 minute" },
    { name: "update", operations: ["update"], requests: 5, window: "1 minute" },
    { name: "delete", operations: ["delete"], requests: 5, window: "1 minute" },
  ],
  whenBusy: "unknown",
  runAppearsWithin: "2 minutes",
  readLag: "1 minute",
  unknownRun: "not-found",
}
