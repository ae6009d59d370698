/** Facts about runs and lists of them. */
import * as Answer from "@openretl/core/driver/Answer"
import type { Fact } from "@openretl/core/driver/Description"
import { airflow, cliSync, cliSyncs, connectionsGo, dagster, handlerGo, page, syncsGo, syncsTest } from "./citations.ts"

const run = "GET /v2/retl-connections/{connection}/syncs/{run}"
const list = "GET /v2/retl-connections/{connection}/syncs"

/** Returns the runs of an answer to a list of runs. */
const runsOf = ({ path, body }: Answer.Answer): ReadonlyArray<Answer.Entry> =>
  path.endsWith("/syncs") ? Answer.entriesAt(body, "syncs") : []

export const reading = (): ReadonlyArray<Fact> => [
  {
    id: "rudderstack/status-words",
    claim: "A run's status is running, succeeded or failed.",
    confidence: "documented",
    source: `${page}; ${syncsTest} keeps another word unchanged`,
    consequence:
      "Any other word is `unknown`: it is kept, a wait goes on until its deadline, and it is never a success.",
    probe: list,
  },
  {
    id: "rudderstack/succeeded-with-failed-rows",
    claim: "A `succeeded` run may have failed rows, in `metrics.failed.total`.",
    confidence: "seen-in-official-client",
    source: `${syncsTest}, which shows such a run as failed`,
    consequence: "Rows decide: the run is `partial`, or `failed` where no row was delivered.",
    probe: list,
  },
  {
    id: "rudderstack/changed-counts-in",
    claim: "`metrics.changed.total` is the number of rows to deliver.",
    confidence: "assumed",
    source: `${page}, which does not explain it`,
    consequence:
      "At the end of a run it is `total`. What it exceeds succeeded and failed rows by is unaccounted for, and makes the run `unverified` unless the policy bounds it.",
    probe: run,
  },
  {
    id: "rudderstack/metrics-while-running",
    claim: "`metrics` count up while a run is under way. They may also be missing.",
    confidence: "assumed",
    source: `${page} shows them on a running run; fixtures of ${airflow} have none`,
    consequence: "Missing counts stay absent, and so does 0 before the end, which may stand for not counted yet.",
    hasSwitch: true,
    probe: run,
  },
  {
    id: "rudderstack/finished-at-while-running",
    claim: "`finishedAt` means nothing until a run has ended: a zero time, or another one.",
    confidence: "seen-in-official-client",
    source: `${cliSync}; ${page} shows one on a running run`,
    consequence: "It is left out before the end, and also where it is a zero time or lies before the start.",
    hasSwitch: true,
    probe: run,
  },
  {
    id: "rudderstack/no-error-form",
    claim: "`error` is absent where there is none.",
    confidence: "seen-in-official-client",
    source: `${syncsGo}; ${page} shows a string on a running run`,
    consequence: "Absent, null and empty mean the same. A running run has no error.",
    hasSwitch: true,
    probe: run,
    settledBy: (answer) =>
      Answer.every(
        runsOf(answer).filter(({ status }) => status === "succeeded"),
        (run) => !("error" in run),
      ),
  },
  {
    id: "rudderstack/timestamp-fraction",
    claim: "Times are RFC 3339 in UTC, in milliseconds.",
    confidence: "documented",
    source: `${page}; microseconds at a neighboring endpoint, ${dagster}`,
    consequence: "Any fraction is read, to the millisecond.",
    hasSwitch: true,
    probe: run,
    settledBy: (answer) =>
      Answer.every(Answer.texts(runsOf(answer), "startedAt"), (text) => /T[\d:]{8}\.\d{3}Z$/.test(text)),
  },
  {
    id: "rudderstack/run-without-id",
    claim: "The answer to a read of one run may lack the id of the run.",
    confidence: "seen-in-official-client",
    source: `fixtures of ${dagster}`,
    consequence: "The requested id is filled in. Another id fails with `UnexpectedResponse`.",
    probe: run,
  },
  {
    id: "rudderstack/never-run-is-empty",
    claim: "A connection that never ran has an empty list.",
    confidence: "seen-in-official-client",
    source: syncsGo,
    consequence: "A null list is read as empty too. An answer without a list fails with `UnexpectedResponse`.",
    probe: list,
  },
  {
    id: "rudderstack/list-order",
    claim: "The list of a connection's runs is newest first.",
    confidence: "seen-in-official-client",
    source: `${syncsGo} and the CLI's help`,
    consequence: "Core verifies the order. Where it does not hold, core reads the whole list before it relies on it.",
    hasSwitch: true,
    probe: list,
    settledBy: (answer) => Answer.isNewestFirst(runsOf(answer), "startedAt"),
  },
  {
    id: "rudderstack/list-filters",
    claim: "The list of runs can be filtered by `status`, `started_after` and `started_before`.",
    confidence: "documented",
    source: page,
    consequence: "Filters are sent where they cannot hide a wanted run. Core filters again.",
    probe: `${list}?status=succeeded`,
  },
  {
    id: "rudderstack/started-bounds",
    claim: "`started_after` and `started_before` include runs that started at that instant.",
    confidence: "assumed",
    source: `${page}, which does not say`,
    consequence: "Both are widened by a second, so that no run is lost either way.",
    hasSwitch: true,
    probe: `${list}?started_after={a run's start}`,
  },
  {
    id: "rudderstack/invalid-filter",
    claim: "The answer to a filter that is not documented is 400.",
    confidence: "assumed",
    source: "no source",
    consequence: "None: the client refuses such a request itself.",
    hasSwitch: true,
    probe: `${list}?status=paused`,
  },
  {
    id: "rudderstack/per-page-default",
    claim: "A page has 20 runs where `per_page` is absent.",
    confidence: "assumed",
    source: `no source for the API; ${cliSyncs} sends 20`,
    consequence: "None: `per_page` is always sent.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "rudderstack/per-page-over-maximum",
    claim: "`per_page` may be 100. A larger value counts as 100.",
    confidence: "seen-in-official-client",
    source: `${cliSyncs} sends 100; the rest is assumed`,
    consequence:
      "The adapter never sends more than 100. If the maximum is lower, `paging` still leads through all pages.",
    hasSwitch: true,
    probe: `${list}?per_page=100`,
  },
  {
    id: "rudderstack/per-page-most",
    claim: "A page that is not the last has as many runs as were requested.",
    confidence: "assumed",
    source: `no source; ${cliSyncs} requests 100`,
    consequence:
      "None where `paging` has a link or a total. Without both, the adapter reads on until a page is empty, repeats, or does not exist.",
    hasSwitch: true,
    probe: `${list}?per_page=100`,
  },
  {
    id: "rudderstack/page-zero",
    claim: "Pages count from 1. The answer to page 0 is 400.",
    confidence: "seen-in-official-client",
    source: `${syncsGo} counts from 1; the refusal is assumed`,
    consequence: "The adapter never requests page 0.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/page-out-of-range",
    claim: "A page after the last one is empty.",
    confidence: "assumed",
    source: "no source",
    consequence: "The adapter requests it only where `paging` has neither a link nor a total.",
    hasSwitch: true,
    probe: `${list}?page=1000`,
  },
  {
    id: "rudderstack/paging-next-form",
    claim: "`paging.next` is a path that need not be open to clients.",
    confidence: "seen-in-official-client",
    source: `${page}, ${connectionsGo} and ${handlerGo} show three forms`,
    consequence:
      "It only says that another page follows, and is never followed: the adapter counts the page number up.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "rudderstack/paging-last-form",
    claim: "`paging.next` is absent on the last page.",
    confidence: "seen-in-official-client",
    source: connectionsGo,
    consequence: "Absent, null and empty mean the same. Then `paging.total` decides.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "rudderstack/paging-object",
    claim: "A list has `paging`, whose `total` counts all runs that match.",
    confidence: "documented",
    source: `${page}; the meaning of total: ${cliSyncs}`,
    consequence:
      "Without `paging`, no page is the last until an empty one follows. A list that shows fewer runs than `total` fails.",
    hasSwitch: true,
    probe: list,
  },
]
