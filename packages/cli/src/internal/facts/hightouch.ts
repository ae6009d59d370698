/** What an answer of Hightouch shows of the facts about it. */
import * as Predicate from "effect/Predicate"
import * as Answer from "./answer.ts"
import type { Settling } from "./settling.ts"

/** Returns the syncs of an answer to the list of syncs. */
const syncsOf = ({ path, body }: Answer.Answer): ReadonlyArray<Answer.Entry> =>
  path.endsWith("/syncs") ? Answer.entriesAt(body, "data") : []

/** Returns the runs of an answer to a list of runs. */
const runsOf = ({ path, body }: Answer.Answer): ReadonlyArray<Answer.Entry> =>
  path.endsWith("/runs") ? Answer.entriesAt(body, "data") : []

/** By the ids of facts. */
export const settling: Settling = {
  "hightouch/id-form": (answer) => Answer.every(syncsOf(answer), ({ id }) => typeof id === "number"),
  "hightouch/disabled-status": (answer) =>
    Answer.every(
      syncsOf(answer).filter(({ disabled }) => disabled === true),
      ({ status }) => status === "disabled",
    ),
  "hightouch/run-order": (answer) => Answer.isNewestFirst(runsOf(answer).toReversed(), "createdAt"),
  "hightouch/page-size": ({ query, body }) =>
    Predicate.hasProperty(body, "hasMore") && body.hasMore === true
      ? Answer.entriesAt(body, "data").length === Number(query.get("limit") ?? "100")
      : undefined,
  "hightouch/unfinished-times": (answer) =>
    Answer.every(
      runsOf(answer).filter(({ status }) => status === "processing" || status === "querying"),
      ({ finishedAt }) => finishedAt === null,
    ),
}
