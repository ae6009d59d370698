/** What is known about Segment's API, as data: what core needs to be told, and every fact that is leaned on. */
import type { Description, Fact } from "@openretl/core/driver/Description"
import { access } from "./internal/facts/access.ts"
import { cancelling } from "./internal/facts/cancelling.ts"
import { configuring } from "./internal/facts/configuring.ts"
import { limits } from "./internal/facts/limits.ts"
import { reading } from "./internal/facts/reading.ts"
import { running } from "./internal/facts/running.ts"

/** None of them has been seen live; each says where it comes from, and what happens should it be wrong. */
const all = (): ReadonlyArray<Fact> => [
  ...running(),
  ...cancelling(),
  ...reading(),
  ...configuring(),
  ...access(),
  ...limits(),
]

export const facts: ReadonlyArray<Fact> = /* @__PURE__ */ all()

export const description: Description = {
  limits: {
    start: [{ key: "segment/start", requests: 20, window: "1 minute" }],
    get: [{ key: "segment/get", requests: 250, window: "1 minute" }],
    // Not published, and more than this: a catalog asks for each destination's mappings, and there may be many.
    syncs: [{ key: "segment/default", requests: 600, window: "1 minute" }],
    create: [{ key: "segment/create", requests: 5, window: "1 minute" }],
    update: [{ key: "segment/update", requests: 5, window: "1 minute" }],
    delete: [{ key: "segment/delete", requests: 5, window: "1 minute" }],
  },
  guard: "observed",
  runAppearsWithin: "2 minutes",
  readLag: "1 minute",
  unknownRun: "not-found",
}
