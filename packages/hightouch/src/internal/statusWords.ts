/** Hightouch's words for the status of a run, as data, and core's statuses. */
import { usualEnd } from "@openretl/core/driver/StatusWords"
import type { Status } from "@openretl/core/Run"

/** The documented words, and `pending` of the vendor's own client. `warning`: the destination rejected rows. */
const statuses: ReadonlyMap<string, Status> = new Map([
  ["pending", "queued"],
  ["queued", "queued"],
  ["querying", "running"],
  ["processing", "running"],
  ["reporting", "running"],
  ["success", "succeeded"],
  ["warning", "partial"],
  ["failed", "failed"],
  ["cancelled", "cancelled"],
])

/** The documented words for the status of a sync: that of its last run, and two of its own. */
export const syncStatuses: ReadonlyArray<string> = [...statuses.keys(), "interrupted", "disabled"]

/**
 * Returns the status of a run. `interrupted` is the one word of which no document says whether the run has ended: a run
 * with an end has failed, and one without goes on. Of words that no document lists, the usual ones for an end are read.
 */
export const statusOf = (word: string, hasEnd: boolean): Status => {
  if (word === "interrupted") return hasEnd ? "failed" : "running"
  return statuses.get(word) ?? usualEnd(word)
}
