/** Facts about reading runs and lists. */
import type { Fact } from "@openretl/core/driver/Description"
import { overview, retl, syncRuns } from "./sources.ts"

const sync = "GET /api/v1/workspaces/{workspace}/syncs/{sync}"
const list = `${sync}/runs`
const run = `${list}/{run}`

/** Returns the facts about reading. */
export const reading = (): ReadonlyArray<Fact> => [
  {
    id: "zeotap/status-words",
    claim: "A run's status is pending, running, completed, failed or cancelled.",
    confidence: "documented",
    source: retl,
    consequence:
      "Of other words, core reads the usual ones for an end; the rest are `unknown`: they are kept, and are never a success.",
    probe: list,
  },
  {
    id: "zeotap/usual-words-for-ends",
    claim: "A status word that no document lists, and that usually names an end, names it here too, as in `aborted`.",
    confidence: "assumed",
    source: `${retl}, whose list of words may grow`,
    consequence:
      "A run with such a word has ended. Every other word that is not listed is `unknown`; `statusWords` corrects both.",
    probe: list,
  },
  {
    id: "zeotap/completed-with-failed-rows",
    claim: "A `completed` run may have failed rows, in `rows_failed`.",
    confidence: "documented",
    source: `${retl}, whose sample has three; ${syncRuns}`,
    consequence: "Rows decide: such a run is `partial`, or `failed` when no row was delivered.",
    probe: list,
  },
  {
    id: "zeotap/counters-while-running",
    claim: "`rows_synced` and `rows_failed` count up while a run is under way, from 0 on a pending one.",
    confidence: "assumed",
    source: `${retl} shows zeros on a pending run; the rest is not documented`,
    consequence:
      "Before the end, a 0 is left out, since it may mean that nothing is counted yet. Other counts are shown.",
    hasSwitch: true,
    probe: run,
  },
  {
    id: "zeotap/no-row-total",
    claim: "No field says how many rows there were to deliver.",
    confidence: "documented",
    source: `${retl}, by its silence`,
    consequence: "Unaccounted rows cannot be seen. A ratio of failed rows is of the rows synced and failed.",
  },
  {
    id: "zeotap/pending-started-at",
    claim: "`started_at` is present before the run has started.",
    confidence: "documented",
    source: retl,
    consequence: "The start is left out while a run is pending. `created_at` is when the run was queued.",
    hasSwitch: true,
    probe: run,
  },
  {
    id: "zeotap/absent-form",
    claim: "A field without a value is absent: `completed_at`, `error_message`, a sync's `schedule`.",
    confidence: "documented",
    source: `${retl}: absent on a pending run, an empty text on a completed one; it shows no sync without a schedule`,
    consequence: "Absent, null and empty mean the same.",
    hasSwitch: true,
    probe: run,
  },
  {
    id: "zeotap/completed-at-is-an-end",
    claim: "`completed_at` is set exactly when a run has ended.",
    confidence: "assumed",
    source: `${retl}, which has two samples`,
    consequence: "A run whose status is not listed has ended, for the next trigger, when `completed_at` is set.",
    probe: run,
  },
  {
    id: "zeotap/timestamp-fraction",
    claim: "Times are ISO 8601 in UTC, in whole seconds.",
    confidence: "documented",
    source: `${overview}; ${retl}`,
    consequence: "Fractions are read, to the millisecond.",
    hasSwitch: true,
    probe: run,
  },
  {
    id: "zeotap/malformed-ids",
    claim: "Ids are UUIDs.",
    confidence: "documented",
    source: `${overview}; two ids in samples of ${retl} are a digit short`,
    consequence: "None: ids are opaque, 1 to 255 characters.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "zeotap/triggered-by",
    claim: "`triggered_by` is the account that triggered a run.",
    confidence: "documented",
    source: `${retl}; for a schedule and for API keys it is not documented`,
    consequence: "None: the run's payload shows it, and core does not conclude from it who started a run.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "zeotap/unknown-run",
    claim: "The vendor answers a read of a run that does not exist with 404.",
    confidence: "assumed",
    source: `no source; the copy of ${overview} ends after 401`,
    consequence:
      "A 400 without a text, and a 400, 403 or 500 whose text says so, are `NotFound` too. A 500 without a text counts as an outage.",
    hasSwitch: true,
    probe: `${list}/00000000-0000-0000-0000-000000000000`,
  },
  {
    id: "zeotap/unknown-sync",
    claim: "The vendor answers a read of a sync that does not exist with 404.",
    confidence: "assumed",
    source: "no source",
    consequence:
      "A 400 or 403 whose text says so is `NotFound` too. Without a text, a 400 is `InvalidRequest` and a 403 `PermissionDenied`.",
    hasSwitch: true,
    probe: "GET /api/v1/workspaces/{workspace}/syncs/00000000-0000-0000-0000-000000000000",
  },
  {
    id: "zeotap/list-shape",
    claim: "Lists are bare arrays.",
    confidence: "documented",
    source: `every sample of ${retl}; ${overview} shows large lists as \`data\` with \`pagination\``,
    consequence:
      "Both forms are read. The total of an envelope decides whether another page follows, and an envelope of another page than the requested one is an `UnexpectedResponse`. A bare array ends the listing, unless it is as long as a page: the requested size, 20 or 100. Then the next page is requested.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "zeotap/array-paging",
    claim: "Where lists are bare arrays, `page` and `page_size` are ignored.",
    confidence: "assumed",
    source: `${retl} documents no query; ${overview} does, for the envelope`,
    consequence:
      "The adapter sends them. When the next page has the first entry of the previous page, a page far after the end is requested: if it is empty, the server heeds `page` and the listing continues; if not, the server ignores `page`, and the first answer is all that it offers.",
    hasSwitch: true,
    probe: `${list}?page=2&page_size=1`,
  },
  {
    id: "zeotap/runs-length",
    claim: "A bare array has at most 100 entries; of runs, the newest.",
    confidence: "assumed",
    source: "no source: neither the length nor the retention is documented",
    consequence:
      "Where the server ignores `page`, entries that an array leaves out cannot be read. An array of exactly 20 or 100 may have been cut off: the listing ends in an error after them, and core concludes nothing from a missing entry. An array of another length counts as complete.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "zeotap/run-order",
    claim: "A sync's runs are listed newest first.",
    confidence: "assumed",
    source: "no source",
    consequence:
      "Core checks the order: where the runs do not show it, core reads the whole list before it relies on it.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "zeotap/page-bounds",
    claim: "Pages count from 1. A page has 20 entries by default, and at most 100.",
    confidence: "documented",
    source: overview,
    consequence:
      "The adapter requests 100 entries unless fewer are wanted. The size in an envelope overrides the requested one.",
    probe: `${list}?page=1&page_size=100`,
  },
  {
    id: "zeotap/empty-list",
    claim: "A sync that never ran has an empty list.",
    confidence: "assumed",
    source: "no source",
    consequence: "Null in place of a list counts as empty, too.",
    probe: list,
  },
  {
    id: "zeotap/no-list-filters",
    claim: "Runs cannot be filtered.",
    confidence: "documented",
    source: `${retl}, by its silence`,
    consequence: "Core filters the runs that it reads.",
  },
]
