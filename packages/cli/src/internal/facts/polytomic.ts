/** What an answer of Polytomic shows of the facts about it. */
import * as Answer from "./answer.ts"
import type { Settling } from "./settling.ts"

/** By the ids of facts. */
export const settling: Settling = {
  "polytomic/run-order": ({ query, body }) =>
    query.has("ascending") ? undefined : Answer.isNewestFirst(Answer.entriesAt(body, "data"), "started_at"),
}
