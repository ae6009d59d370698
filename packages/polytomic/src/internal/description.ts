/** The description of Polytomic for core, apart from the facts behind it: running syncs takes no fact. */
import type { Description } from "@openretl/core/driver/Description"

/** The description of Polytomic for core. No rate limit is documented. */
export const description: Description = {
  limits: [],
  whenBusy: "unknown",
  ...{ keyedTrigger: true, keysKeptFor: "24 hours" },
  ...{ runAppearsWithin: "2 minutes", readLag: "1 minute" },
  unknownRun: "not-found",
}
