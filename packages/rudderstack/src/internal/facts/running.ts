/** Facts about starting and stopping runs. */
import type { Fact } from "@openretl/core/driver/Description"
import {
  airflow,
  cliSync,
  cliSyncs,
  connectionTypesGo,
  page,
  scheduleSettings,
  startStop,
  syncsGo,
} from "./citations.ts"

export const running = (): ReadonlyArray<Fact> => [
  {
    id: "rudderstack/overlap",
    claim: "The answer to a start is 409 while a run of the connection is under way.",
    confidence: "documented",
    source: `${page}; ${scheduleSettings} mentions simultaneous runs in upsert mode`,
    consequence:
      "`whenBusy` is `refuses`. If runs overlap after all, two starts make two runs. Another status, or an `error` alone in a 200, is `AlreadyRunning` where its text says that a run is under way.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/conflict-carries-run",
    claim: "A 409 does not say which run is under way.",
    confidence: "assumed",
    source: `${page}, which shows no body`,
    consequence: "Core looks the running run up in the list. An id in the answer is not used.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/no-idempotency-key",
    claim: "A start takes no idempotency key.",
    confidence: "documented",
    source: `${page}, which mentions none`,
    consequence: "Core looks a start whose answer was lost up in the list, and never sends it again.",
  },
  {
    id: "rudderstack/settle-window",
    claim: "A run appears within two minutes after RudderStack accepted its start.",
    confidence: "assumed",
    source: "no source; the answer to a start holds the id of the run",
    consequence: "A start whose answer was lost counts as not carried out where no run has appeared by then.",
  },
  {
    id: "rudderstack/sync-type-absent",
    claim: "A start without `syncType` makes a full run.",
    confidence: "seen-in-official-client",
    source: `${syncsGo}; ${airflow} leaves it to the vendor; ${page} calls the field required`,
    consequence: "None: `syncType` is always sent.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/invalid-sync-type",
    claim: "The answer to a start with another `syncType` than incremental or full is 400.",
    confidence: "assumed",
    source: "no source",
    consequence: "None: the client refuses such a request itself.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/empty-start-body",
    claim: "The answer to a start without a body is 400.",
    confidence: "assumed",
    source: `${airflow} sends at least an empty object`,
    consequence: "None: a body is always sent.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/unknown-field",
    claim: "The answer to a start with a field that is not documented is 400.",
    confidence: "assumed",
    source: "no source",
    consequence: "None: nothing but `syncType` is sent.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/start-when-disabled",
    claim: "RudderStack refuses the start of a disabled connection with a text that says `disabled` or `paused`.",
    confidence: "assumed",
    source: "no source",
    consequence:
      "Such a refusal is `NotTriggerable`. Without that text the status decides: a 400 is `InvalidRequest`, a 409 `AlreadyRunning`.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/new-source-not-found",
    claim: "For a short while after a source was created, the answer to a start is `source not found`.",
    confidence: "seen-in-official-client",
    source: syncsGo,
    consequence:
      "The start fails with `NotFound`, and nothing was started: calling again a little later is safe. Core does not retry it.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/stop-names-no-run",
    claim: "A stop names the connection, never a run, and stops whatever runs there.",
    confidence: "documented",
    source: page,
    consequence:
      "Right before the stop, core verifies that the run is the one to cancel. A run that starts in between is stopped.",
  },
  {
    id: "rudderstack/stop-body",
    claim: "A stop with the body `{}` is accepted as one without a body.",
    confidence: "seen-in-official-client",
    source: `${syncsGo}, which sends it; ${page} shows no body`,
    consequence: "The adapter sends `{}`: gateways refuse a POST without a content type.",
  },
  {
    id: "rudderstack/stop-is-a-request",
    claim: "A 204 to a stop means that the stop was requested. Rows in flight may still be delivered.",
    confidence: "documented",
    source: `${page}; ${startStop}`,
    consequence: "A cancel ends as `Requested`. Only `confirmWithin` waits for the run to end.",
  },
  {
    id: "rudderstack/stop-keeps-rows",
    claim: "No row is lost for the next run by a stop.",
    confidence: "documented",
    source: startStop,
    consequence: "A cancel's result says that undelivered rows are `kept`.",
  },
  {
    id: "rudderstack/stop-with-nothing-running",
    claim: "The answer to a stop with nothing to stop is 204.",
    confidence: "assumed",
    source: `${page}, which shows no other answer`,
    consequence:
      "A 409, and a 404 whose text says `running`, mean that the run has finished. Any other 404 means an unknown connection.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/final-status-of-stopped",
    claim: "A run that was stopped ends as `failed`.",
    confidence: "assumed",
    source: `${page}, which shows no other word for it`,
    consequence:
      "After a cancel by this process the run is `cancelled`, after a stop by others `failed`. Of other words, core reads the usual ones for an end, as in `stopped`.",
    hasSwitch: true,
    probe: "Read the list of a connection with a run that was stopped by hand.",
  },
  {
    id: "rudderstack/usual-words-for-ends",
    claim: "A status word that no document lists, and that usually names an end, names it here too, as in `aborted`.",
    confidence: "assumed",
    source: `${page}, whose list of words may not be complete`,
    consequence:
      "A run with such a word has ended. Every other word that is not listed is `unknown`; `statusWords` corrects both.",
    probe: "Read the list of a sync with runs that ended in every way.",
  },
  {
    id: "rudderstack/error-of-stopped",
    claim: "A run that was stopped has no `error`.",
    confidence: "assumed",
    source: "no source",
    consequence: "None: an error is shown where there is one.",
    hasSwitch: true,
    probe: "Read a run that was stopped by hand.",
  },
  {
    id: "rudderstack/scope-after-stop",
    claim:
      "The first run of a connection is full, whatever its start requested. The run after a stop has the type of the stopped run.",
    confidence: "documented",
    source: `${startStop}, for runs from the web application`,
    consequence: "A run may cover more than its start requested. No answer shows what a run covered.",
  },
  {
    id: "rudderstack/own-schedule",
    claim: "`schedule.type` of a connection is manual, basic or cron. A manual connection does not fire by itself.",
    confidence: "seen-in-official-client",
    source: connectionTypesGo,
    consequence:
      "With another type than manual, or where the connection cannot be read, core adopts a run after a lost answer only where the caller says `exclusive`.",
    probe: "GET /v2/retl-connections/{connection}",
  },
  {
    id: "rudderstack/reads-lag",
    claim: "For less than a minute, reads may not show a run that was just started.",
    confidence: "seen-in-official-client",
    source: `${cliSync}; the minute is an assumption`,
    consequence:
      "A run that is not found counts as not visible yet within a minute of its start, and as missing after that.",
  },
  {
    id: "rudderstack/unknown-run-answer",
    claim:
      "The answer for a run that does not exist is 500: `invalid run id` for a malformed id, otherwise `Internal Server Error`.",
    confidence: "seen-in-official-client",
    source: `${cliSyncs}, issue DEX-923; a comment in ${syncsGo} says 404`,
    consequence: "After a 500, core looks into the list to tell a missing run from an outage. A 404 is `NotFound`.",
    hasSwitch: true,
    probe: "GET /v2/retl-connections/{connection}/syncs/{20 characters that name no run}",
  },
]
