/** The description of Zeotap for core, apart from the facts behind it: running syncs takes no fact. */
import type { Description } from "@openretl/core/driver/Description"

/** The description of Zeotap for core. A workspace has one rate limit for all of its requests together. */
export const description: Description = {
  limits: [
    { name: "workspace", operations: "all", requests: 100, window: "1 minute" },
    { name: "workspace", operations: "all", requests: 20, window: "1 second" },
  ],
  whenBusy: "unknown",
  runAppearsWithin: "2 minutes",
  readLag: "1 minute",
  unknownRun: "not-found",
}
