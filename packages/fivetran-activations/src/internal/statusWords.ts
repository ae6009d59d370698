/** The words of Fivetran Activations for the status of a run, as data, and core's statuses. */
import { usualEnd } from "@openretl/core/driver/StatusWords"
import * as Run from "@openretl/core/Run"

/** The documented words, and `preparing`, which has been seen. */
const statuses: ReadonlyMap<string, Run.Status> = new Map([
  ["queued", "queued"],
  ["preparing", "running"],
  ["working", "running"],
  ["completed", "succeeded"],
  ["failed", "failed"],
  ["skipped", "skipped"],
])

/**
 * Returns the status of a run. A run that was cancelled says so beside its status, which may be any word: it is `cancelling`
 * while that word is one of a run under way and there is no end. Of words that no document lists, the usual ones for an end
 * are read.
 */
export const statusOf = (word: string, isCancelled: boolean, hasEnd: boolean): Run.Status => {
  const status = statuses.get(word) ?? usualEnd(word)
  if (!isCancelled || status === "skipped") return status
  return Run.isTerminal(status) || status === "unknown" || hasEnd ? "cancelled" : "cancelling"
}

/** The documented words for the status of a sync: what became of its last run. They are written in both cases. */
export const syncStatuses: ReadonlyArray<string> = ["ready", "up to date", "failing"]
