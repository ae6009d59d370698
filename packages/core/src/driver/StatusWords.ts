/** The usual words of APIs for the end of a run, for vendors whose documents may not list all of theirs. */
import type { Status } from "../model/Run.ts"

const words = {
  succeeded: ["succeeded", "success", "successful", "completed", "complete", "finished", "done"],
  failed: ["failed", "failure", "error", "errored", "timed_out", "timeout", "crashed"],
  cancelled: ["cancelled", "canceled", "stopped", "aborted", "terminated", "killed", "interrupted"],
} as const satisfies Partial<Record<Status, ReadonlyArray<string>>>

const ends: ReadonlyMap<string, Status> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ Object.entries(words).flatMap(([status, listed]) => listed.map((word) => [word, status as Status])),
)

/**
 * Returns the status that a word usually stands for; `unknown` for any other word. Assumed: an adapter reads its own table
 * first, and a user's `statusWords` come before both.
 */
export const usualEnd = (word: string): Status => ends.get(word.toLowerCase().replaceAll(/[\s-]/g, "_")) ?? "unknown"
