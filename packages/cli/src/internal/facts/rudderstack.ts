/** What an answer of RudderStack shows of the facts about it. */
import * as Answer from "./answer.ts"
import type { Settling } from "./settling.ts"

/** Returns the runs of an answer to a list of runs. */
const runsOf = ({ path, body }: Answer.Answer): ReadonlyArray<Answer.Entry> =>
  path.endsWith("/syncs") ? Answer.entriesAt(body, "syncs") : []

/** By the ids of facts. */
export const settling: Settling = {
  "rudderstack/no-error-form": (answer) =>
    Answer.every(
      runsOf(answer).filter(({ status }) => status === "succeeded"),
      (run) => !("error" in run),
    ),
  "rudderstack/timestamp-fraction": (answer) =>
    Answer.every(Answer.texts(runsOf(answer), "startedAt"), (text) => /T[\d:]{8}\.\d{3}Z$/.test(text)),
  "rudderstack/list-order": (answer) => Answer.isNewestFirst(runsOf(answer), "startedAt"),
}
