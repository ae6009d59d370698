/** Facts about starting and stopping runs. */
import type { Fact } from "@openretl/core/driver/Description"
import { airflow, cliSync, cliSyncs, connectionTypesGo, page, scheduleSettings, startStop, syncsGo } from "./sources.ts"

export const running = (): ReadonlyArray<Fact> => [
  {
    id: "rudderstack/overlap",
    claim: "A start is refused with 409 while a run of the connection is under way.",
    confidence: "documented",
    source: `${page}; ${scheduleSettings} speaks of simultaneous runs in upsert mode`,
    consequence: "The guard of a trigger is `vendor`. Should runs overlap after all, two starts make two runs.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/conflict-carries-run",
    claim: "A 409 does not say which run is under way.",
    confidence: "assumed",
    source: `${page}, which shows no body`,
    consequence: "The running run is looked up in the list; an id in the answer would not be used.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/no-idempotency-key",
    claim: "A start takes no idempotency key.",
    confidence: "documented",
    source: `${page}, by its silence`,
    consequence: "A start whose answer was lost is looked up in the list and never sent again.",
  },
  {
    id: "rudderstack/settle-window",
    claim: "A run exists within two minutes of the start that was accepted.",
    confidence: "assumed",
    source: "no source; a start is answered with the run's id",
    consequence: "A start whose answer was lost counts as not carried out when no run has turned up by then.",
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
    claim: "A start with another `syncType` than incremental or full is refused with 400.",
    confidence: "assumed",
    source: "no source",
    consequence: "None: the client refuses such a request itself.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/empty-start-body",
    claim: "A start without any body is refused with 400.",
    confidence: "assumed",
    source: `${airflow} sends at least an empty object`,
    consequence: "None: a body is always sent.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/unknown-field",
    claim: "A start with a field that is not documented is refused with 400.",
    confidence: "assumed",
    source: "no source",
    consequence: "None: nothing but `syncType` is sent.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/start-when-disabled",
    claim: "A start of a disabled connection is refused, with a text that says `disabled` or `paused`.",
    confidence: "assumed",
    source: "no source",
    consequence:
      "Such a text makes it `NotTriggerable`. Without it the status decides: a 400 is `InvalidRequest`, a 409 `AlreadyRunning`.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/new-source-not-found",
    claim: "For a short while after a source was created, a start answers `source not found`.",
    confidence: "seen-in-official-client",
    source: syncsGo,
    consequence:
      "It is `NotFound`, with nothing started: calling again a little later is safe. It is not tried again by itself.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/stop-names-no-run",
    claim: "A stop names the connection, never a run, and stops what runs there.",
    confidence: "documented",
    source: page,
    consequence:
      "Core looks that the run is the one to cancel right before it asks; a run that starts in between is stopped.",
  },
  {
    id: "rudderstack/stop-is-a-request",
    claim: "A 204 to a stop means that it was asked for; rows in flight may still be delivered.",
    confidence: "documented",
    source: `${page}; ${startStop}`,
    consequence: "A cancel ends as `Requested`; only `confirmWithin` waits for the run to end.",
  },
  {
    id: "rudderstack/stop-with-nothing-running",
    claim: "A stop with nothing to stop is answered with 204.",
    confidence: "assumed",
    source: `${page}, which has no other answer to it`,
    consequence: "A 409, or a 404 that speaks of running, is read as finished; a bare 404 as an unknown connection.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/final-status-of-stopped",
    claim: "A run that was stopped ends as `failed`.",
    confidence: "assumed",
    source: `${page}, which has no other word for it`,
    consequence:
      "After a cancel from here it is shown as cancelled, after a stop by others as failed. Another word is `unknown` until `statusWords` names its meaning.",
    hasSwitch: true,
    probe: "Read the list of a connection with a run that was stopped by hand.",
  },
  {
    id: "rudderstack/error-of-stopped",
    claim: "A run that was stopped has no `error`.",
    confidence: "assumed",
    source: "no source",
    consequence: "None: a text is shown where there is one.",
    hasSwitch: true,
    probe: "Read a run that was stopped by hand.",
  },
  {
    id: "rudderstack/scope-after-stop",
    claim:
      "The first run of a connection is full whatever was asked for, and the one after a stop is of the stopped run's type.",
    confidence: "documented",
    source: `${startStop}, for runs from the web application`,
    consequence: "A run may cover more than was asked for. What it covered is not in any answer.",
  },
  {
    id: "rudderstack/own-schedule",
    claim: "A connection's `schedule.type` is manual, basic or cron, and with manual it does not fire by itself.",
    confidence: "seen-in-official-client",
    source: connectionTypesGo,
    consequence:
      "With another type than manual, or where the connection cannot be read, a run that turns up after a lost answer is not adopted unless the caller says `exclusive`.",
    probe: "GET /v2/retl-connections/{connection}",
  },
  {
    id: "rudderstack/reads-lag",
    claim: "A run that was just started may be missing from the reads, for less than a minute.",
    confidence: "seen-in-official-client",
    source: `${cliSync}; the minute is assumed`,
    consequence: "Within a minute of the start a run that is not found is taken as not there yet; later as not there.",
  },
  {
    id: "rudderstack/unknown-run-answer",
    claim:
      "A run that does not exist is answered with 500: `invalid run id` when malformed, else `Internal Server Error`.",
    confidence: "seen-in-official-client",
    source: `${cliSyncs}, issue DEX-923; a comment in ${syncsGo} says 404`,
    consequence: "After a 500 the list tells a missing run from an outage. A 404 is understood as well.",
    hasSwitch: true,
    probe: "GET /v2/retl-connections/{connection}/syncs/{20 characters that are no run}",
  },
]
