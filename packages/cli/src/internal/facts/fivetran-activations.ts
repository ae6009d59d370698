/** What an answer of Fivetran Activations shows of the facts about it. */
import * as Predicate from "effect/Predicate"
import * as Answer from "./answer.ts"
import type { Settling } from "./settling.ts"

/** Returns the syncs of an answer to the list of syncs. */
const syncsOf = ({ path, body }: Answer.Answer): ReadonlyArray<Answer.Entry> =>
  path.endsWith("/syncs") ? Answer.entriesAt(body, "data") : []

/** Returns the runs of an answer to a list of runs. */
const runsOf = ({ path, body }: Answer.Answer): ReadonlyArray<Answer.Entry> =>
  path.endsWith("/sync_runs") ? Answer.entriesAt(body, "data") : []

/** By the ids of facts. */
export const settling: Settling = {
  "fivetran-activations/id-form": (answer) => Answer.every(syncsOf(answer), ({ id }) => typeof id === "number"),
  "fivetran-activations/destination-id": (answer) =>
    Answer.every(syncsOf(answer), ({ destination_attributes: ends }) => Predicate.hasProperty(ends, "activation_id")),
  "fivetran-activations/sync-status": (answer) =>
    Answer.every(Answer.texts(syncsOf(answer), "status"), (text) => ["ready", "up to date", "failing"].includes(text)),
  "fivetran-activations/schedule-form": (answer) =>
    Answer.every(syncsOf(answer), (sync) => "mode" in sync && "schedule_frequency" in sync),
  "fivetran-activations/order": (answer) => Answer.isNewestFirst(runsOf(answer), "created_at"),
  "fivetran-activations/pagination": ({ path, query, body }) => {
    if (!/\/(syncs|sync_runs)$/.test(path)) return undefined
    const pagination = Predicate.hasProperty(body, "pagination") ? body.pagination : undefined
    if (!Predicate.hasProperty(pagination, "next_page")) return false
    return pagination.next_page === null || Answer.entriesAt(body, "data").length === Number(query.get("per_page"))
  },
  "fivetran-activations/run-times": (answer) =>
    Answer.every(
      runsOf(answer),
      (run) => !("started_at" in run) && (run["status"] !== "failed" || run["completed_at"] === null),
    ),
}
