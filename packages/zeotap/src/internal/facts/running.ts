/** Facts about triggering runs. */
import type { Fact } from "@openretl/core/driver/Description"
import { retl, scheduling, syncRuns } from "./sources.ts"

const sync = "GET /api/v1/workspaces/{workspace}/syncs/{sync}"

export const running = (): ReadonlyArray<Fact> => [
  {
    id: "zeotap/trigger-answers-run",
    claim: "A trigger is sent without a body and answered with 201 and the run that it created, which is pending.",
    confidence: "documented",
    source: retl,
    consequence: "The run's id is taken from it, and nothing else is needed of it. Any 2xx with an id will do.",
  },
  {
    id: "zeotap/overlap",
    claim: "A trigger while a run is under way creates a pending run that waits for it.",
    confidence: "assumed",
    source: `${scheduling}: runs never overlap; ${syncRuns} knows Queued; neither speaks of the API`,
    consequence:
      "The guard of a trigger is `observed`: core looks at the runs right before it. A 409 or 400 whose text says that something runs is `AlreadyRunning`.",
    hasSwitch: true,
  },
  {
    id: "zeotap/trigger-when-paused",
    claim: "A trigger of a sync that is paused, a draft or in error is refused with 400 and a text that says so.",
    confidence: "assumed",
    source: `no source; ${retl} has the states`,
    consequence:
      "Such a text makes it `NotTriggerable`, whichever of 400, 409 and 422 it comes with. Without a text the status decides. A run that is created all the same is a run.",
    hasSwitch: true,
  },
  {
    id: "zeotap/wordless-conflict",
    claim: "A 409 to a trigger says why.",
    confidence: "assumed",
    source: "no source; it could mean a run under way as well as a sync that is not active",
    consequence:
      "Without a text it is `Conflict`: `skip` must not take a paused sync for one that runs. Core has seen nothing run a moment before.",
  },
  {
    id: "zeotap/no-cancel",
    claim: "A run cannot be cancelled through the API, though `cancelled` is a status.",
    confidence: "documented",
    source: `${retl}, by its silence`,
    consequence: "There is no `Cancellation`: a program that needs it does not compile with this layer.",
  },
  {
    id: "zeotap/no-scopes",
    claim: "A trigger takes no choice of what the run covers.",
    confidence: "documented",
    source: `${retl}, by its silence`,
    consequence: "There is no `ScopedTriggers`: what a run covers follows from the sync.",
  },
  {
    id: "zeotap/no-idempotency-key",
    claim: "A trigger takes no idempotency key.",
    confidence: "documented",
    source: `${retl}, by its silence`,
    consequence: "A trigger whose answer was lost is looked up in the list and never sent again.",
  },
  {
    id: "zeotap/settle-window",
    claim: "A run exists within two minutes of the trigger that was accepted.",
    confidence: "assumed",
    source: `no source; ${retl} answers a trigger with the run`,
    consequence: "A trigger whose answer was lost counts as not carried out when no run has turned up by then.",
  },
  {
    id: "zeotap/reads-lag",
    claim: "A run that was just triggered may be missing from the reads, for less than a minute.",
    confidence: "assumed",
    source: "no source",
    consequence:
      "Within a minute of the trigger a run that is not found is taken as not there yet; later as not there.",
  },
  {
    id: "zeotap/own-schedule",
    claim: "A sync's `schedule` is a cron expression, and without one it does not fire by itself.",
    confidence: "assumed",
    source: `${retl} has the field; what a manual sync has there is not documented`,
    consequence:
      "With one, or where the sync cannot be read, a run that turns up after a lost answer is not adopted unless the caller says `exclusive`.",
    probe: sync,
  },
  {
    id: "zeotap/interval-schedule",
    claim: "A sync that fires at an interval, not by cron, says so in `schedule` as well.",
    confidence: "assumed",
    source: `${scheduling} has intervals; no page shows one on the wire`,
    consequence:
      "A `schedule` that is no text is `unknown`. Should it stay empty, such a sync is taken for a manual one, and a run that its interval starts within the settle window could be adopted.",
    probe: `${sync}, of a sync with an interval`,
  },
  {
    id: "zeotap/paused-schedule",
    claim: "A sync that is paused, a draft or in error does not fire by itself.",
    confidence: "assumed",
    source: `${retl}, which pauses a sync by its \`status\` and does not say what that stops`,
    consequence: "None: with a schedule it counts as `unknown`, which keeps a run from being adopted.",
    probe: sync,
  },
]
