/** Facts about triggering runs. */
import type { Fact } from "@openretl/core/driver/Description"
import { authentication, retl, scheduling, syncRuns } from "./sources.ts"

const sync = "GET /api/v1/workspaces/{workspace}/syncs/{sync}"

/** Returns the facts about triggering runs. */
export const running = (): ReadonlyArray<Fact> => [
  {
    id: "zeotap/trigger-answers-run",
    claim: "The vendor answers a trigger with 201 and the run that it created, which is pending.",
    confidence: "documented",
    source: retl,
    consequence: "The adapter needs only the run's id of the answer, and accepts any 2xx.",
  },
  {
    id: "zeotap/trigger-body",
    claim: "A trigger with the body `{}` is accepted as one without a body.",
    confidence: "assumed",
    source: `${authentication} requires a JSON content type of every POST; the sample of ${retl} has neither a type nor a body`,
    consequence:
      "The adapter sends `{}`: gateways refuse a POST without a content type, and some one of JSON without JSON.",
  },
  {
    id: "zeotap/overlap",
    claim: "A trigger while a run is under way creates a pending run that waits for it.",
    confidence: "assumed",
    source: `${scheduling}: runs never overlap; ${syncRuns} has the status Queued; neither is about the API`,
    consequence:
      "`whenBusy` is `unknown`: core reads the runs right before a trigger. A 409, 400 or 429, or an `error` alone in a 200, whose text says that a run is under way is `AlreadyRunning`.",
    hasSwitch: true,
  },
  {
    id: "zeotap/trigger-when-paused",
    claim:
      "The vendor refuses a trigger of a sync that is paused, a draft or in error with 400, and a text that says so.",
    confidence: "assumed",
    source: `no source; ${retl} has the states`,
    consequence:
      "With such a text a 400, 409 or 422 is `NotTriggerable`. Without a text the status decides. Should the vendor create a run all the same, it counts as started.",
    hasSwitch: true,
  },
  {
    id: "zeotap/wordless-conflict",
    claim: "A 409 to a trigger says why.",
    confidence: "assumed",
    source: "no source; a 409 could mean a run under way or a sync that is not active",
    consequence:
      "Without a text it is `Conflict`: `skip` must not mistake a paused sync for one with a run under way. Core has seen no run under way a moment before.",
  },
  {
    id: "zeotap/no-cancel",
    claim: "A run cannot be cancelled through the API, though `cancelled` is a status.",
    confidence: "documented",
    source: `${retl}, by its silence`,
    consequence: "The layer has no `Cancellation`: a program that cancels does not compile with it.",
  },
  {
    id: "zeotap/no-scopes",
    claim: "A trigger cannot choose what the run covers.",
    confidence: "documented",
    source: `${retl}, by its silence`,
    consequence: "The layer has no `ScopedTriggers`: the sync decides what a run covers.",
  },
  {
    id: "zeotap/no-idempotency-key",
    claim: "A trigger takes no idempotency key.",
    confidence: "documented",
    source: `${retl}, by its silence`,
    consequence: "Core looks up a trigger whose answer was lost in the list of runs, and never sends it again.",
  },
  {
    id: "zeotap/settle-window",
    claim: "A run exists within two minutes after its trigger was accepted.",
    confidence: "assumed",
    source: `no source; ${retl} answers a trigger with the run`,
    consequence: "A trigger whose answer was lost counts as not carried out when no run has appeared by then.",
  },
  {
    id: "zeotap/reads-lag",
    claim: "Reads may miss a run that was just triggered, for less than a minute.",
    confidence: "assumed",
    source: "no source",
    consequence:
      "Within a minute after the trigger, a run that is not found counts as not visible yet; later it counts as not existing.",
  },
  {
    id: "zeotap/own-schedule",
    claim: "A sync's `schedule` is a cron expression. A sync without one does not fire by itself.",
    confidence: "assumed",
    source: `${retl} has the field; its value for a manual sync is not documented`,
    consequence:
      "For a sync with a schedule, or one that cannot be read, core does not adopt a run that appears after a lost answer, unless the caller says `exclusive`.",
    probe: sync,
  },
  {
    id: "zeotap/interval-schedule",
    claim: "A sync that fires at an interval, not by cron, shows it in `schedule` as well.",
    confidence: "assumed",
    source: `${scheduling} has intervals; no page shows one on the wire`,
    consequence:
      "A `schedule` that is not a text is `unknown`. Should it be empty, the sync counts as manual, and core could adopt a run that the interval started while core looked for a lost one.",
    probe: `${sync}, of a sync with an interval`,
  },
  {
    id: "zeotap/paused-schedule",
    claim: "A sync that is paused, a draft or in error does not fire by itself.",
    confidence: "assumed",
    source: `${retl}, which pauses a sync through its \`status\` and does not say what that stops`,
    consequence: "None: such a sync with a schedule counts as `unknown`, so that core does not adopt a run of it.",
    probe: sync,
  },
]
