/** Polytomic's words for the status of an execution, as data, and core's statuses. */
import { usualEnd } from "@openretl/core/driver/StatusWords"
import type { Status } from "@openretl/core/Run"

/** The documented words, and those that events have for a run with rejected rows. */
const statuses: ReadonlyMap<string, Status> = new Map([
  ["created", "queued"],
  ["scheduled", "queued"],
  ["queued", "queued"],
  ["waiting", "queued"],
  ["running", "running"],
  ["processing", "running"],
  ["canceling", "cancelling"],
  ["canceled", "cancelled"],
  ["completed", "succeeded"],
  ["completed_with_errors", "partial"],
  ["completed_with_error", "partial"],
  ["failed", "failed"],
])

/**
 * Returns the status of an execution. `interrupted` is the one word of which no document says whether the run has ended: a
 * run with an end has failed, and one without goes on. Of words that no document lists, the usual ones for an end are read.
 */
export const statusOf = (word: string, hasEnd: boolean): Status => {
  if (word === "interrupted") return hasEnd ? "failed" : "running"
  return statuses.get(word) ?? usualEnd(word)
}
