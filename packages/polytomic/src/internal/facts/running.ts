/** Facts about starting and cancelling executions. */
import type { Fact } from "@openretl/core/driver/Description"
import { client, eventsPage, keysPage, syncPages } from "./sources.ts"

const sync = "GET /api/syncs/{sync}"

/** Returns the facts about running. */
export const running = (): ReadonlyArray<Fact> => [
  {
    id: "polytomic/idempotency-keys",
    claim:
      "A POST takes an `Idempotency-Key` of 8 to 255 letters, digits, `-` and `_`. The first request with a key fixes the answer of all later ones, errors such as a 500 included.",
    confidence: "documented",
    source: `${keysPage}; ${client} sends the header with every write`,
    consequence:
      "Core sends each trigger with a key of its own. A trigger whose answer was lost is sent again with its key: the vendor starts one run, and answers with it. A refusal in the vendor's form is then that of the first request; where 5xx comes again and again, the run is looked up.",
  },
  {
    id: "polytomic/keys-kept",
    claim: "The vendor keeps a key for at least 24 hours. After that, it is a new key.",
    confidence: "documented",
    source: keysPage,
    consequence: "Core repeats a trigger for 12 hours at most, and looks its run up after that.",
  },
  {
    id: "polytomic/key-in-flight",
    claim: "A request with the key of a request that is under way is refused with 409.",
    confidence: "documented",
    source: keysPage,
    consequence: "Such a 409 is `Conflict` and proves nothing about the trigger: core sends it again later.",
  },
  {
    id: "polytomic/conflict-form",
    claim: "The text of a 409 tells a key that is in use from a run that is under way.",
    confidence: "assumed",
    source: `no source; ${client} has \`key\` and \`message\` in every error, without their words`,
    consequence:
      "A 409 whose text says neither is `AlreadyRunning` for the first request with a key, and proves nothing for a repeated one.",
    hasSwitch: true,
  },
  {
    id: "polytomic/key-reuse",
    claim: "A key that comes with another body is answered as before.",
    confidence: "assumed",
    source: `${keysPage} does not say whether the body has to be the same`,
    consequence: "No key of core's ever comes with another body. A 409 about it proves nothing.",
    hasSwitch: true,
  },
  {
    id: "polytomic/overlap",
    claim: "A trigger while an execution of the sync is under way is refused with 409.",
    confidence: "assumed",
    source: `${syncPages} has a 409 for this endpoint, without words; the one for bulk syncs says that an execution is under way`,
    consequence:
      "`whenBusy` is `unknown`: core reads the runs right before a trigger. A refusal that says that a run is under way is `AlreadyRunning`.",
    hasSwitch: true,
  },
  {
    id: "polytomic/trigger-when-inactive",
    claim: "A trigger of an inactive sync is refused with 400, and a text that says so.",
    confidence: "assumed",
    source: `${syncPages}: "Only active syncs execute on schedule or in response to a manual trigger"; how they are refused is not documented`,
    consequence:
      "With such a text a 400, 403, 409 or 422 is `NotTriggerable`. Without a text the status decides. Should the vendor start a run all the same, it counts as started.",
    hasSwitch: true,
  },
  {
    id: "polytomic/scopes",
    claim: "`resync` makes an execution sync every row again; `identities` and `test` make it sync some rows, or none.",
    confidence: "documented",
    source: `${client}; ${syncPages}`,
    consequence:
      "The scopes are `incremental` and `full`. The adapter never requests a test, nor some rows: the client can. A sync with `sync_all_records` syncs all rows whatever the scope is.",
    probe: sync,
  },
  {
    id: "polytomic/cancel",
    claim: "A cancel names an execution, is carried out later, and answers with a message.",
    confidence: "documented",
    source: syncPages,
    consequence: "A cancel stops the run that it names. The run is `cancelling` until the vendor has stopped it.",
  },
  {
    id: "polytomic/cancel-when-over",
    claim: "A cancel of an execution that has ended is refused with 400, and a text that says so.",
    confidence: "assumed",
    source: `no source; ${client} has 400 and 404 for this endpoint`,
    consequence:
      "With such a text, and after any 409 in the vendor's form, the cancel ends as `AlreadyFinished`. A 404 is `NotFound`, and an accepted cancel of such a run is `requested`.",
    hasSwitch: true,
  },
  {
    id: "polytomic/run-appears",
    claim:
      "An execution is listed within two minutes after its trigger was accepted. Reads miss it for less than a minute.",
    confidence: "assumed",
    source: "no source",
    consequence:
      "Where a repeated trigger got no answer, it counts as not carried out when no run has appeared by then. A run that is not found within a minute after its trigger counts as not visible yet.",
  },
  {
    id: "polytomic/own-schedule",
    claim: "A sync whose schedule has the frequency `manual` does not fire by itself, and an inactive one neither.",
    confidence: "documented",
    source: `${client} lists the frequencies; ${syncPages} on inactive syncs`,
    consequence:
      "Other frequencies are `scheduled`, those after other syncs and jobs included. An inactive sync is `unknown`, since it may be active again at any moment.",
    probe: sync,
  },
  {
    id: "polytomic/events",
    claim:
      "An organization has one webhook, whose events come at most once and in any order. `type` is as in `sync.completed`, and `event` has the ids of sync and execution.",
    confidence: "seen-in-official-client",
    source: `${eventsPage}; the form is that of the list of events in ${client}`,
    consequence:
      "`decodeEvent` reads an event, which is a hint: core looks at the run at once, and believes what it reads.",
  },
]
