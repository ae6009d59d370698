/** Segment's words for the status of a run, and the codes of its cancels. */
import { usualEnd } from "@openretl/core/driver/StatusWords"
import type { Status } from "@openretl/core/Run"

/**
 * The meaning of each word. The first four are documented. Of a cancel only the answer has a documented word,
 * `CANCELLING`; the other words are its likely spellings.
 */
const statuses: ReadonlyMap<string, Status> = new Map([
  ["IN_PROGRESS", "running"],
  ["SUCCESS", "succeeded"],
  ["PARTIAL_SUCCESS", "partial"],
  ["FAIL", "failed"],
  ["CANCELLING", "cancelling"],
  ["CANCELING", "cancelling"],
  ["CANCELLED", "cancelled"],
  ["CANCELED", "cancelled"],
])

/** Returns the meaning of a status word; of words that the table does not list, the usual ones for an end. */
export const status = (word: string): Status => statuses.get(word) ?? usualEnd(word)

/**
 * The codes of a cancel that finds nothing left to cancel. A run that was cancelled before may still be on its way to
 * its end: core reads it.
 */
const finishedCodes: ReadonlyArray<string> = ["SyncFinishedCannotCancel", "SyncAlreadyCanceled"]

/**
 * Returns whether a code says that nothing is left to cancel. `shown` returns what an error shows of a code: the code of
 * an error lacks the token, which may be a part of the vendor's word.
 */
export const isFinishedCode = (code: string | undefined, shown: (code: string) => string = (code) => code): boolean =>
  finishedCodes.some((finished) => shown(finished) === code)
