/** Zeotap's words for the status of a run and of a sync, as data. A word that is not listed is `unknown`. */
import type { Status } from "@openretl/core/Run"
import type { State } from "@openretl/core/Sync"

/** The status of a run. `completed` speaks of the run as a whole: rows may have failed. */
export const runStatuses: ReadonlyMap<string, Status> = new Map([
  ["pending", "queued"],
  ["running", "running"],
  ["completed", "succeeded"],
  ["failed", "failed"],
  ["cancelled", "cancelled"],
])

/** The status of a sync. */
export const syncStates: ReadonlyMap<string, State> = new Map([
  ["draft", "draft"],
  ["active", "enabled"],
  ["paused", "paused"],
  ["error", "error"],
])

/** The status of a sync in a sentence, as in "the sync is a draft". */
export const syncStatePhrases: ReadonlyMap<string, string> = new Map([
  ["draft", "a draft"],
  ["active", "active"],
  ["paused", "paused"],
  ["error", "in error"],
])
