/** Facts about triggering and cancelling runs. */
import type { Fact } from "@openretl/core/driver/Description"
import { list, observability, reference, scheduling, sync, terraform } from "./sources.ts"

/** Returns the facts about running. */
export const running = (): ReadonlyArray<Fact> => [
  {
    id: "fivetran-activations/overlap",
    claim: "A trigger while a run is under way answers with the id of a run that ends as `skipped`.",
    confidence: "assumed",
    source: `${reference} documents the status and its meaning ("An earlier instance of the sync is still running, so this run was skipped"), and no refusal`,
    consequence:
      "`whenBusy` is `skips`: core reads the runs right before a trigger, and a wait for a run that was skipped goes by `whenRunning`. Such a run is never a success. A refusal that says that a run is under way is `AlreadyRunning` all the same.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "fivetran-activations/scopes",
    claim:
      "A trigger is incremental; with `force_full_sync` its run sends every row again. It takes no idempotency key.",
    confidence: "documented",
    source: reference,
    consequence:
      "The scopes are `incremental` and `full`. The vendor refuses a full run of some syncs, such as those that append; how is not documented.",
  },
  {
    id: "fivetran-activations/trigger-when-paused",
    claim: "The vendor refuses a trigger of a paused sync with 422, and a text that says so.",
    confidence: "assumed",
    source: "no source",
    consequence:
      "With such a text a 400, 409 or 422 is `NotTriggerable`, and so is one about a live sync. Without a text the status decides. Should the vendor create a run all the same, it counts as started.",
    hasSwitch: true,
  },
  {
    id: "fivetran-activations/timeouts",
    claim: "A request of more than a minute may be answered with a 504, and go on; a success may have an empty body.",
    confidence: "seen-in-official-client",
    source: `${terraform}: creates take minutes, reads answer 504 at times, and a client that gave up early has lost what it created`,
    consequence:
      "A 504, and an empty answer to a trigger, prove nothing: core looks for the run or the sync. A read is sent again. An empty answer to a change is a success. Options name longer timeouts.",
  },
  {
    id: "fivetran-activations/cancel-when-ended",
    claim: "A cancel names a run and stops no other; one of a run that has ended is a success and changes nothing.",
    confidence: "assumed",
    source: `${reference} has 200 and 404 alone`,
    consequence:
      "A 409 in the vendor's form, and a 400 or 422 that says so, mean that the run has ended. Core reads the run to see what became of it.",
    hasSwitch: true,
  },
  {
    id: "fivetran-activations/cancelled-status",
    claim: "A run that was cancelled has `canceled`, and any status beside it.",
    confidence: "assumed",
    source: `${observability} has a sample with \`completed\` and \`canceled\`; no document says which word it is`,
    consequence:
      "`canceled` decides: such a run is `cancelled`, and never a success. While its status is that of a run under way and it has no end, it is `cancelling`.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "fivetran-activations/settle-window",
    claim: "A run is listed within two minutes after its trigger was accepted; reads miss it for less than a minute.",
    confidence: "assumed",
    source: `no source; ${reference} answers a trigger with the id of the run`,
    consequence:
      "A trigger whose answer was lost counts as not carried out when no run has appeared by then. Within a minute, a run that is not found counts as not visible yet.",
  },
  {
    id: "fivetran-activations/own-triggers",
    claim:
      "A sync is started by its schedule, by jobs of dbt Cloud and Fivetran, and by other syncs, all of which are in `mode`; a live sync runs all the time.",
    confidence: "documented",
    source: `${scheduling}; ${reference} has their forms`,
    consequence:
      "Core takes a sync with any of them for one that fires by itself: it does not adopt a run that appears after a lost answer, unless the caller says `exclusive`. A paused one counts as `unknown`, to the same effect.",
    probe: sync,
  },
]
