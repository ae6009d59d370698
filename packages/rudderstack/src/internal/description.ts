/** The description of RudderStack for core, apart from the facts behind it: running syncs takes no fact. */
import type { Description } from "@openretl/core/driver/Description"

/** What core needs of RudderStack's limits and windows. */
export const description: Description = {
  // No limit is documented.
  limits: [],
  whenBusy: "refuses",
  runAppearsWithin: "2 minutes",
  readLag: "1 minute",
  unknownRun: "server-error",
}
