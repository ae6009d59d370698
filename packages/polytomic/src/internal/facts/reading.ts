/** Facts about reading executions and lists. */
import type { Fact } from "@openretl/core/driver/Description"
import { client, eventsPage, syncPages } from "./sources.ts"

const sync = "GET /api/syncs/{sync}"
const list = `${sync}/executions`

/** Returns the facts about reading. */
export const reading = (): ReadonlyArray<Fact> => [
  {
    id: "polytomic/run-order",
    claim: "Executions are listed latest start first. A page has the opaque token of the next one, the last page none.",
    confidence: "documented",
    source: syncPages,
    consequence:
      "Core checks the order of the runs that it reads, whatever is documented. A token is sent back unchanged; an empty one ends a list.",
    probe: list,
  },
  {
    id: "polytomic/executions-page-size",
    claim: "A page has 50 executions.",
    confidence: "assumed",
    source: `no source; ${client} has no parameter for it`,
    consequence: "The adapter requests no size, and reads pages of any.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "polytomic/empty-list",
    claim: "An empty list is an empty array.",
    confidence: "assumed",
    source: "no source",
    consequence: "Null counts as an empty list. A list without `data` is an `UnexpectedResponse`.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "polytomic/unknown-run",
    claim: "A read of an execution that does not exist is a 404.",
    confidence: "documented",
    source: syncPages,
    consequence: "It is `NotFound`, and so are a 400 and a 422 to a read of a run, which sends nothing but ids.",
    hasSwitch: true,
    probe: `${list}/{run}`,
  },
  {
    id: "polytomic/status-words",
    claim:
      "An execution is created, scheduled, queued, waiting, running, processing, canceling, canceled, completed, failed or interrupted.",
    confidence: "documented",
    source: client,
    consequence:
      "The first four are read as queued. Of other words, core reads the usual ones for an end; the rest are `unknown`: they are kept, and are never a success.",
    probe: list,
  },
  {
    id: "polytomic/interrupted",
    claim: "An execution with the status `interrupted` has ended.",
    confidence: "assumed",
    source: `no source; ${client} lists the word, and the pages on cancels do not name it among the ends`,
    consequence:
      "With an end, such a run is `failed`. Without one, it is `running`: a wait goes on until its deadline.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "polytomic/rejected-rows",
    claim: "An execution of which the target rejected rows has the status `completed`.",
    confidence: "assumed",
    source: `${client} has no status of its own for it; ${eventsPage} has an event \`sync.completed_with_errors\``,
    consequence:
      "Rows decide: with rejected ones, the run is `partial`. The word of the event is read as `partial`, too.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "polytomic/unfinished-times",
    claim: "`started_at` of an execution that waits and `completed_at` of one that has not ended are left out.",
    confidence: "assumed",
    source: `no source; ${client} has all times as optional`,
    consequence: "Null, an empty text and Go's zero time stand for none. The start is left out while a run waits.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "polytomic/row-counts",
    claim: "Rows are counted as inserts, updates, upserts, deletes and errors; warnings are about delivered rows.",
    confidence: "seen-in-official-client",
    source: client,
    consequence:
      "`succeeded` is the sum of the first four, of those that there are; `failed` is the errors. Warnings count as nothing.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "polytomic/total",
    claim: "What `total` counts is not documented.",
    confidence: "documented",
    source: `${client}: in its sample, the kinds have more rows than the total`,
    consequence:
      "`addsUp` is `unknown`: rows of the total that are in no count make a run `unverified`, and never accepted by default.",
    probe: list,
  },
  {
    id: "polytomic/counts-while-running",
    claim: "The counts of rows move while an execution is under way.",
    confidence: "assumed",
    source: "no source",
    consequence:
      "Before the end, a 0 is left out, since it may mean that nothing is counted yet, and so is the total. Other counts are shown.",
    hasSwitch: true,
    probe: list,
  },
]
