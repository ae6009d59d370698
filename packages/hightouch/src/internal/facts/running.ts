/** Facts about triggering runs. */
import type { Fact } from "@openretl/core/driver/Description"
import { openapi } from "./sources.ts"

const sync = "GET /api/v1/syncs/{sync}"
const list = `${sync}/runs`

/** Returns the facts about triggering runs. */
export const running = (): ReadonlyArray<Fact> => [
  {
    id: "hightouch/trigger-queues",
    claim: "A trigger while a run is in progress queues a run, which starts right after that one.",
    confidence: "documented",
    source: openapi,
    consequence:
      "`whenBusy` is `queues`: the vendor refuses no second run, so core reads the runs right before a trigger. A refusal that says that a run is under way is `AlreadyRunning` all the same.",
  },
  {
    id: "hightouch/further-trigger",
    claim: "A trigger while one run is in progress and another one waits queues a further run.",
    confidence: "assumed",
    source: `${openapi} speaks of the second run alone`,
    consequence:
      "Should the vendor answer with the run that waits, core returns that run: it is the one that the trigger named.",
    hasSwitch: true,
  },
  {
    id: "hightouch/scopes",
    claim:
      "A trigger answers with the id of its run, and can make the run resync every row (`fullResync`), take note of every row without changing the destination (`resetCDC`), or clear the audience and send every row (`clearAndFill`).",
    confidence: "documented",
    source: openapi,
    consequence:
      "The scopes are `full`, `resetCDC` and `clearAndFill`; `incremental` sends no flag. A trigger sends one flag at most. A run does not show which one it had. Core takes every scope but `incremental` as one that covers every row.",
  },
  {
    id: "hightouch/reset-counts",
    claim: "A run with `resetCDC` counts its rows as planned and successful ones, as other runs do.",
    confidence: "assumed",
    source: `${openapi} says that such a run changes nothing at the destination, and not what it counts`,
    consequence:
      "Should it plan rows and count none of them as successful, they are `unaccounted`, and the run is not accepted unless the policy allows that.",
    probe: list,
  },
  {
    id: "hightouch/trigger-when-disabled",
    claim: "The vendor refuses a trigger of a disabled sync with 400, and a text that says so.",
    confidence: "assumed",
    source: `no source; ${openapi} has 400 and 422 for triggers`,
    consequence:
      "With such a text a 400, 409 or 422 is `NotTriggerable`. Without a text the status decides. Should the vendor create a run all the same, it counts as started.",
    hasSwitch: true,
  },
  {
    id: "hightouch/no-cancel",
    claim: "A run cannot be cancelled through the API, though `cancelled` is a status.",
    confidence: "documented",
    source: `${openapi}, by its silence`,
    consequence: "The layer has no `Cancellation`: a program that cancels does not compile with it.",
  },
  {
    id: "hightouch/no-idempotency-key",
    claim: "A trigger takes no idempotency key.",
    confidence: "documented",
    source: `${openapi}, by its silence`,
    consequence: "Core looks up a trigger whose answer was lost in the list of runs, and never sends it again.",
  },
  {
    id: "hightouch/run-appears",
    claim:
      "A run is listed within two minutes after its trigger was accepted, also while it waits. Reads miss it for less than a minute.",
    confidence: "assumed",
    source: `no source; ${openapi} answers a trigger with the id "to get the run's status"`,
    consequence:
      "A trigger whose answer was lost counts as not carried out when no run has appeared by then. A run that is not found within a minute after its trigger counts as not visible yet; later it counts as not existing.",
  },
  {
    id: "hightouch/own-schedule",
    claim: "A sync's `schedule` is null where it does not fire by itself.",
    confidence: "documented",
    source: `${openapi}; whether a disabled sync fires is not documented`,
    consequence:
      "For a sync with a schedule, core does not adopt a run that appears after a lost answer, unless the caller says `exclusive`. A disabled one counts as `unknown`, to the same effect.",
    probe: sync,
  },
]
