/** Facts about runs and lists of them. */
import type { Fact } from "@openretl/core/driver/Description"
import { oldOpenApi, page, paginationPage, sdk, smokeTest, typewriter } from "./sources.ts"

const run = "GET /reverse-etl-models/{model}/syncs/{run}"
const list = "GET /reverse-etl-models/{model}/subscriptionId/{subscription}/syncs"

export const reading = (): ReadonlyArray<Fact> => [
  {
    id: "segment/status-words",
    claim: "A run's status is IN_PROGRESS, SUCCESS, PARTIAL_SUCCESS or FAIL.",
    confidence: "documented",
    source: `${sdk}, as what it "currently can be"`,
    consequence:
      "Of other words, core reads the usual ones for an end; the rest are `unknown`: they are kept in `vendorStatus`, and are never a success.",
    probe: list,
  },
  {
    id: "segment/usual-words-for-ends",
    claim: "A status word that no document lists, and that usually names an end, names it here too, as in `aborted`.",
    confidence: "assumed",
    source: `${sdk}, whose list of words may grow`,
    consequence:
      "A run with such a word has ended. Every other word that is not listed is `unknown`; `statusWords` corrects both.",
    probe: list,
  },
  {
    id: "segment/delivered-rows",
    claim:
      "`loadPhase.deliverSuccessCount` counts delivered rows, and `deliverFailureCount` rows that were refused for good or ran out of tries.",
    confidence: "documented",
    source: sdk,
    consequence: "They are the rows of a run, and rows decide: a SUCCESS with failed rows is `partial`.",
    probe: run,
  },
  {
    id: "segment/extracted-counts-in",
    claim: "`extractPhase.extractCount` is the number of rows to deliver.",
    confidence: "assumed",
    source: `${sdk}, which does not relate the two phases`,
    consequence:
      "At the end of a run it is `total`, unless the kinds of rows explain the counts. What it exceeds delivered and failed rows by is unaccounted for, and makes the run `unverified` unless the policy bounds it.",
    probe: run,
  },
  {
    id: "segment/kinds-of-rows",
    claim: "A mapping sends rows of some kinds: added, updated or deleted ones, as its trigger says.",
    confidence: "documented",
    source: sdk,
    consequence:
      "Where delivered and failed rows are all added, updated or deleted ones, or a sum of these, that sum is `total`, and the counts add up.",
    probe: run,
  },
  {
    id: "segment/counts-are-strings",
    claim: "Counts are strings of digits.",
    confidence: "documented",
    source: sdk,
    consequence: "Numbers are accepted as well; an empty string is not a count.",
    probe: run,
  },
  {
    id: "segment/counts-while-running",
    claim: "The phases, and with them the counts, are absent while a run is in progress.",
    confidence: "assumed",
    source: `${sdk}, where they are optional`,
    consequence:
      "Counts that the vendor does not give stay absent, and so does 0 before the end, which may stand for not counted yet.",
    hasSwitch: true,
    probe: run,
  },
  {
    id: "segment/empty-phase-fields",
    claim: "A phase without an error, or without an end, has an empty string there.",
    confidence: "assumed",
    source: `${sdk}, where both are required strings`,
    consequence: "Absent, null and empty mean the same.",
    hasSwitch: true,
    probe: run,
  },
  {
    id: "segment/finished-at-while-running",
    claim: "A run in progress has no `finishedAt`.",
    confidence: "assumed",
    source: `${sdk}, where it is optional and described, by a slip, as the start`,
    consequence:
      "`finishedAt` is left out before the end. On a run with an unknown word it counts as an end, so that such a run does not hold back triggers.",
    hasSwitch: true,
    probe: run,
  },
  {
    id: "segment/duration-form",
    claim: "`duration` is a string as in 1m30s.",
    confidence: "assumed",
    source: `${sdk} has a string and no unit`,
    consequence: "None: only the native payload has it.",
    hasSwitch: true,
    probe: run,
  },
  {
    id: "segment/timestamp-form",
    claim: "Times are ISO 8601 in UTC, in milliseconds.",
    confidence: "assumed",
    source: `every other time in ${oldOpenApi}, which shows none of Reverse ETL`,
    consequence: "Any fraction is accepted, and cut to milliseconds. A text in another form is left out.",
    hasSwitch: true,
    probe: run,
  },
  {
    id: "segment/no-error-codes",
    claim: "No list of the error codes of runs is published.",
    confidence: "documented",
    source: `${page} and ${sdk} have none`,
    consequence: "A code is shown as it comes: the run's code, or else the code of a phase.",
    probe: run,
  },
  {
    id: "segment/status-names-no-mapping",
    claim: "The status of a run names its model and its source, and no subscription.",
    confidence: "documented",
    source: sdk,
    consequence: "A ref that names another mapping of the same model reads the run all the same.",
    probe: run,
  },
  {
    id: "segment/unknown-run-answer",
    claim: "A run that does not exist is answered with 404.",
    confidence: "documented",
    source: `${page}; the text, "... with id '404' not found.", as in ${smokeTest}`,
    consequence:
      "It is `NotFound`. The first thing that the text names outside quotes decides between a missing run and a missing sync.",
    probe: "GET /reverse-etl-models/{model}/syncs/{an id that names no run}",
  },
  {
    id: "segment/list-path",
    claim: "In the path of the list `subscriptionId` is a literal word; the subscription's id follows it.",
    confidence: "documented",
    source: `${page}; ${sdk}`,
    consequence: "The adapter sends this path.",
    probe: list,
  },
  {
    id: "segment/list-has-no-filters",
    claim: "The list takes `count` and `cursor`, and no filter.",
    confidence: "documented",
    source: sdk,
    consequence: "Core filters: a filter saves no request.",
  },
  {
    id: "segment/count-range",
    claim: "`count` of runs is 1 to 100, and any other is refused with 422; `count` of other lists is 1 to 1000.",
    confidence: "documented",
    source: `${page}; that it is refused is assumed`,
    consequence:
      "The adapter always wants pages of 100 runs. The client refuses a count out of bounds before it sends anything.",
    hasSwitch: true,
    probe: `${list}?count=100`,
  },
  {
    id: "segment/list-order",
    claim: "A mapping's runs are listed newest first.",
    confidence: "assumed",
    source: "no source",
    consequence: "Core verifies the order: where it does not hold, core reads the whole list before it relies on it.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "segment/list-pagination",
    claim: "A list of runs, or of subscriptions, that fits on one page has no `pagination`.",
    confidence: "documented",
    source: `${sdk}: "Present when output is paginated"`,
    consequence:
      "After a page without `pagination` that is full, or as long as pages usually are (10, 20, 25, 30, 50, 100, ...), the adapter requests one run less: where that answer has a next page, the list goes on there. Otherwise it fails after its runs, because cursors are opaque and the adapter makes none up.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "segment/last-page-form",
    claim: "`pagination.next` is absent on the last page.",
    confidence: "seen-in-official-client",
    source: `${oldOpenApi}; ${typewriter} pages until it is absent; ${paginationPage} shows null for \`previous\``,
    consequence: "Absent, null and empty are the same. A `next` that is not a string is an `UnexpectedResponse`.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "segment/total-entries",
    claim: "`pagination.totalEntries` is given.",
    confidence: "documented",
    source: `${sdk}, which says that it may be left out for speed`,
    consequence: "None: nothing relies on it.",
    hasSwitch: true,
    probe: list,
  },
]
