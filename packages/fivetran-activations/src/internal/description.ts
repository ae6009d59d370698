/** The description of Fivetran Activations for core, apart from the facts behind it: running syncs takes no fact. */
import type { Description } from "@openretl/core/driver/Description"

/** The description of Fivetran Activations for core. No rate limit is documented. */
export const description: Description = {
  limits: [],
  whenBusy: "skips",
  runAppearsWithin: "2 minutes",
  readLag: "1 minute",
  unknownRun: "not-found",
}
