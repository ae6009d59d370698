/** RudderStack's words for the status of a run, and core's statuses. */
import { usualEnd } from "@openretl/core/driver/StatusWords"
import type { Status } from "@openretl/core/Run"
import type { SyncStatus } from "../RudderStackApi.ts"

/** The documented words; RudderStack may add others. It has none for a run that was stopped: that run is `failed`. */
const statuses: ReadonlyMap<string, Status> = new Map([
  ["running", "running"],
  ["succeeded", "succeeded"],
  ["failed", "failed"],
])

/** Returns the status that a vendor's word stands for; of words that are not documented, the usual ones for an end. */
export const statusOf = (word: string): Status => statuses.get(word) ?? usualEnd(word)

/**
 * The word under which RudderStack keeps all runs of a status. `succeeded` includes runs with failed rows. `failed` is
 * missing, because a `succeeded` run without a delivered row counts as failed here. `cancelled` is missing, because no
 * document says under which word a stopped run ends.
 */
const words: ReadonlyMap<Status, SyncStatus> = new Map([
  ["running", "running"],
  ["cancelling", "running"],
  ["succeeded", "succeeded"],
  ["partial", "succeeded"],
])

/** Returns the one word that covers all runs of these statuses; `undefined` where no single word does. */
export const wordOf = (statuses: ReadonlyArray<Status>): SyncStatus | undefined => {
  const [word, ...others] = new Set(statuses.map((status) => words.get(status)))
  return others.length === 0 ? word : undefined
}
