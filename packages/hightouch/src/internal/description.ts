/** The description of Hightouch for core, apart from the facts behind it: running syncs takes no fact. */
import type { Description } from "@openretl/core/driver/Description"

/** The description of Hightouch for core. A workspace has one rate limit for all of its requests together. */
export const description: Description = {
  limits: [{ name: "workspace", operations: "all", requests: 200, window: "10 seconds" }],
  whenBusy: "queues",
  runAppearsWithin: "2 minutes",
  readLag: "1 minute",
  unknownRun: "not-found",
}
