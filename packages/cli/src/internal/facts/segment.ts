/** What an answer of Segment shows of the facts about it. */
import * as Answer from "./answer.ts"
import type { Settling } from "./settling.ts"

/** Returns the runs of an answer to a list of runs. */
const runsOf = ({ path, body }: Answer.Answer): ReadonlyArray<Answer.Entry> =>
  path.endsWith("/syncs") ? Answer.entriesAt(body, "data", "syncStatuses") : []

const underWay = (answer: Answer.Answer): ReadonlyArray<Answer.Entry> =>
  runsOf(answer).filter(({ syncStatus }) => syncStatus === "IN_PROGRESS")

/** By the ids of facts. */
export const settling: Settling = {
  "segment/rate-headers": ({ headers }) => headers["x-ratelimit-remaining"] !== undefined,
  "segment/counts-while-running": (answer) =>
    Answer.every(
      underWay(answer),
      ({ extractPhase, loadPhase }) => extractPhase === undefined && loadPhase === undefined,
    ),
  "segment/finished-at-while-running": (answer) =>
    Answer.every(underWay(answer), ({ finishedAt }) => finishedAt === undefined),
  "segment/duration-form": (answer) =>
    Answer.every(Answer.texts(runsOf(answer), "duration"), (text) => /^(\d+h)?(\d+m)?\d+(\.\d+)?s$/.test(text)),
  "segment/timestamp-form": (answer) =>
    Answer.every(Answer.texts(runsOf(answer), "startedAt"), (text) => /T[\d:]{8}\.\d{3}Z$/.test(text)),
  "segment/list-order": (answer) => Answer.isNewestFirst(runsOf(answer), "startedAt"),
  "segment/answer-media-type": ({ path, headers }) =>
    path.startsWith("/reverse-etl-models/")
      ? (headers["content-type"] ?? "").startsWith("application/json")
      : undefined,
}
