/** Facts about reading runs and lists. */
import type { Fact } from "@openretl/core/driver/Description"
import { airflow, app, openapi } from "./sources.ts"

const sync = "GET /api/v1/syncs/{sync}"
const list = `${sync}/runs`

/** Returns the facts about reading. */
export const reading = (): ReadonlyArray<Fact> => [
  {
    id: "hightouch/no-run-route",
    claim: "There is no route for one run: the list of runs takes `runId`.",
    confidence: "documented",
    source: `${openapi}; ${airflow} reads the first entry of such a list`,
    consequence:
      "A run is read in that list, by its id and not by its place. A list of other runs alone is an `UnexpectedResponse`.",
    probe: list,
  },
  {
    id: "hightouch/unknown-run",
    claim: "The list with the `runId` of a run that does not exist is empty.",
    confidence: "assumed",
    source: `no source; ${airflow} does not look at the status before it reads the first entry`,
    consequence: "An empty list is `NotFound`, and so are a 404, 400 and 422 to a read of a run.",
    hasSwitch: true,
    probe: `${list}?runId=1`,
  },
  {
    id: "hightouch/unknown-sync",
    claim: "The vendor answers with 404 for a sync that does not exist, on every route.",
    confidence: "assumed",
    source: `${openapi} has the 404 for the read and the update of a sync, and none for its runs and its trigger`,
    consequence:
      "A 400, 403 or 422 whose text says so is `NotFound` too. Without a text, a 400 and a 422 are `InvalidRequest` and a 403 is `PermissionDenied`.",
    hasSwitch: true,
    probe: "GET /api/v1/syncs/1",
  },
  {
    id: "hightouch/unknown-sync-runs",
    claim: "The runs of a sync that does not exist are refused, and not an empty list.",
    confidence: "assumed",
    source: "no source",
    consequence: "Should the list be empty, the trigger is refused, and a check of the sync reads the sync itself.",
    hasSwitch: true,
    probe: "GET /api/v1/syncs/1/runs",
  },
  {
    id: "hightouch/run-order",
    claim: "A sync's runs are listed oldest first.",
    confidence: "assumed",
    source: `${openapi}: ordered by \`id\` unless the query says otherwise, without a direction; its sample has the older run first`,
    consequence:
      "Core checks the order: where the runs do not show themselves newest first, it reads the whole list before it relies on it, which takes a request for each 100 runs.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "hightouch/has-more",
    claim: "A list says in `hasMore` whether entries follow, and not how many there are in all.",
    confidence: "documented",
    source: openapi,
    consequence:
      "The list ends where `hasMore` is false, unless the page is shorter than wanted and exactly 10, 20, 25, 30 or 50 entries long: then the next page is requested, which costs a request where nothing was cut. Without `hasMore`, the list ends at an empty page.",
    probe: list,
  },
  {
    id: "hightouch/page-size",
    claim: "A page has up to 100 entries.",
    confidence: "assumed",
    source: `${openapi}: 100 is the default of \`limit\`; what it may be at most is not documented`,
    consequence:
      "The adapter requests at most 100 entries. The next page begins after those that came, which may be fewer.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "hightouch/started-bounds",
    claim: "`after` and `before` filter runs by their start.",
    confidence: "documented",
    source: `${openapi}; whether the bounds are included is not documented`,
    consequence:
      "Both bounds are widened by a second, and core filters again. A trigger reads the list without filters.",
    probe: list,
  },
  {
    id: "hightouch/status-words",
    claim:
      "A run's status is queued, querying, processing, reporting, success, warning, failed, cancelled or interrupted.",
    confidence: "documented",
    source: `${openapi}; ${airflow} lists \`pending\` and \`aborted\` besides`,
    consequence:
      "`pending` is read as queued. Of other words, core reads the usual ones for an end, as in `aborted`; the rest are `unknown`: they are kept, and are never a success.",
    probe: list,
  },
  {
    id: "hightouch/warning",
    claim: "`warning` is the status of a run of which the destination rejected some rows.",
    confidence: "assumed",
    source: `no source; ${airflow} takes it as a success by default`,
    consequence:
      "Such a run is `partial`, or `failed` where no row was delivered, and accepted only where the policy tolerates it. A `success` with rejected rows is `partial`, too: rows decide.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "hightouch/interrupted",
    claim: "A run with the status `interrupted` has ended.",
    confidence: "seen-in-official-client",
    source: `${airflow} stops waiting there; ${app} says that such a sync had a temporary interruption, as if it went on`,
    consequence:
      "With an end, such a run is `failed`. Without one, it is `running`: a wait goes on until its deadline.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "hightouch/unfinished-times",
    claim: "`startedAt` of a run that waits and `finishedAt` of one that has not ended are null.",
    confidence: "assumed",
    source: `${openapi} requires both, and says that the start is mostly the creation`,
    consequence:
      "The start is left out while a run waits, and the end until the status is an end. An end that is not after the creation stands for none.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "hightouch/row-kinds",
    claim: "Rows are counted by kind: added, changed and removed.",
    confidence: "documented",
    source: openapi,
    consequence:
      "The counts of a run are the sums, and `deleted` is the number of removed rows among the delivered ones. Where a kind has no count, there is no sum.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "hightouch/rows-add-up",
    claim: "Successful and failed rows add up to the planned ones, unless the run was cancelled.",
    confidence: "documented",
    source: openapi,
    consequence: "Planned rows that are in neither count are `unaccounted`.",
    probe: list,
  },
  {
    id: "hightouch/counts-while-running",
    claim: "The counts of rows move while a run is under way.",
    confidence: "assumed",
    source: `no source; ${openapi} has a ratio of completion`,
    consequence:
      "Before the end, a 0 is left out, since it may mean that nothing is counted yet, and so are the planned rows. Other counts are shown.",
    hasSwitch: true,
    probe: list,
  },
]
