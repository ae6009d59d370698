/** Facts about reading runs and lists. */
import type { Fact } from "@openretl/core/driver/Description"
import { evangelist, list, older, reference, terraform, terraformV2 } from "./sources.ts"

/** Returns the facts about reading. */
export const reading = (): ReadonlyArray<Fact> => [
  {
    id: "fivetran-activations/unknown-run",
    claim: "The vendor answers with 404 for a run that does not exist.",
    confidence: "assumed",
    source: `${reference} has the 404 for a cancel`,
    consequence: "A 404, and a 400 or 422 to a read of a run, are `NotFound`.",
    hasSwitch: true,
    probe: "GET /api/v2/sync_runs/1",
  },
  {
    id: "fivetran-activations/unknown-sync",
    claim: "The vendor answers with 404 for a sync that does not exist, on every route, that of its runs included.",
    confidence: "assumed",
    source: `${reference} has the 404 for a trigger`,
    consequence:
      "A 400, 403 or 422 whose text says so is `NotFound` too. Without a text, a 400 and a 422 are `InvalidRequest` and a 403 is `PermissionDenied`. Should the list of its runs be empty, the trigger is refused, and a check of the sync reads the sync itself.",
    hasSwitch: true,
    probe: "GET /api/v2/syncs/1",
  },
  {
    id: "fivetran-activations/order",
    claim: "Lists are ordered by the time of creation, the newest first unless the query says otherwise.",
    confidence: "documented",
    source: `${reference}; ${evangelist}`,
    consequence: "Every list is requested with `order=desc`. Core checks the order of runs.",
    probe: list,
  },
  {
    id: "fivetran-activations/pagination",
    claim:
      "A page has up to 100 entries, and `pagination` with the total and a `next_page` that is null on the last page.",
    confidence: "assumed",
    source: `${older}, ${terraformV2}, and ${evangelist} for the size; a \`next\` beside it leads to the first page in the vendor's sample`,
    consequence:
      "The adapter requests 100 entries, and counts pages by their numbers, whatever their size is. The list ends where `next_page` is null, and fails where it shows fewer entries than the total. Without `pagination` it ends at an empty page. No link is followed.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "fivetran-activations/status-words",
    claim: "A run's status is queued, working, completed, failed or skipped.",
    confidence: "documented",
    source: `${reference}; \`preparing\` has been seen besides (dagster-io/dagster#14542)`,
    consequence:
      "`preparing` is read as running. Of other words, core reads the usual ones for an end; the rest are `unknown`: they are kept, and are never a success.",
    probe: list,
  },
  {
    id: "fivetran-activations/row-counts",
    claim:
      "`records_updated` counts the rows that the destination took, and `records_failed` those that it rejected; `source_record_count` counts all rows of the source.",
    confidence: "documented",
    source: `${older}; ${reference} has the same fields`,
    consequence:
      "They are the succeeded and the failed rows. The rows of the source are no total of a run: they are in its payload alone.",
    probe: list,
  },
  {
    id: "fivetran-activations/invalid-rows",
    claim:
      "`source_record_invalids` counts the rows that were left out as invalid, and `records_invalid` is the older field for them. `records_processed` counts the rows that were sent, without them.",
    confidence: "assumed",
    source: `${reference} says "sent", and ${older} "retrieved from the source", with different numbers in the two fields of one sample`,
    consequence:
      "The larger number is `rows.invalid`, so that no loss passes for none and none is counted twice. A run with invalid rows is `partial`. `records_processed` is the total: rows of it that are neither succeeded, failed nor invalid are `unaccounted`. Where it leaves invalid rows out, their number hides as many unaccounted ones; the run is `partial` all the same.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "fivetran-activations/counts-while-running",
    claim: "Counts are null until they are known, and stay null in a run that failed early.",
    confidence: "assumed",
    source: `${older} has a sample of a failed run with nulls`,
    consequence: "A null is absent, and never 0. Before the end, a 0 is left out too, and so is the total.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "fivetran-activations/run-times",
    claim: "A run says when it was created and not when it started; `completed_at` of one that failed is null.",
    confidence: "assumed",
    source: `${older} has such a sample, and ${reference} no other field; ${terraform} has \`started_at\``,
    consequence:
      "The creation stands for the start of a run that no longer waits, unless there is such a field: it is never later than the start. The status says that a run has ended; where the end is null, its last update stands for it.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "fivetran-activations/trigger-reason",
    claim: "A run says in `sync_trigger_reason` what started it: `API` for a request.",
    confidence: "assumed",
    source: `${older} has the field, and \`Manual\` for a person in its one sample`,
    consequence:
      "A schedule, `API` and other tools are read as `startedBy`. `Manual` says nothing, since a request may have it too. The detail names a person's address: it is in the payload alone.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "fivetran-activations/webhook-events",
    claim:
      "A webhook tells of runs that were triggered, started and completed, without counts, and of none that was cancelled or skipped. It is signed, without a time.",
    confidence: "documented",
    source: older,
    consequence: "An event is a hint to look at a run now, and no outcome. `decodeEvent` reads it.",
  },
]
