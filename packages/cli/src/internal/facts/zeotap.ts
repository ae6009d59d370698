/** What an answer of Zeotap shows of the facts about it. */
import * as Answer from "./answer.ts"
import type { Settling } from "./settling.ts"

/** Returns the runs of an answer to a list of runs, in either form of lists. */
const runsOf = ({ path, body }: Answer.Answer): ReadonlyArray<Answer.Entry> =>
  path.endsWith("/runs") ? [...Answer.entriesAt(body), ...Answer.entriesAt(body, "data")] : []

/** The documented words for a run, and whether each is an end. */
const ends: Readonly<Record<string, boolean>> = {
  pending: false,
  running: false,
  completed: true,
  failed: true,
  cancelled: true,
}

/** By the ids of facts. */
export const settling: Settling = {
  "zeotap/absent-form": (answer) =>
    Answer.every(
      runsOf(answer).filter(({ status }) => ends[String(status)] === false),
      (run) => !("completed_at" in run),
    ),
  "zeotap/completed-at-is-an-end": (answer) =>
    Answer.every(
      runsOf(answer).filter(({ status }) => String(status) in ends),
      ({ status, completed_at }) => ends[String(status)] === Boolean(completed_at),
    ),
  "zeotap/timestamp-fraction": (answer) =>
    Answer.every(Answer.texts(runsOf(answer), "started_at"), (text) => /T[\d:]{8}Z$/.test(text)),
  "zeotap/run-order": (answer) => Answer.isNewestFirst(runsOf(answer), "started_at"),
}
