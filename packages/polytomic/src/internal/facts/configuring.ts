/** Facts about configured syncs. */
import type { Fact } from "@openretl/core/driver/Description"
import { client, syncPages } from "./sources.ts"

const sync = "GET /api/syncs/{sync}"
const syncs = "GET /api/syncs"

/** Returns the facts about what is configured. */
export const configuring = (): ReadonlyArray<Fact> => [
  {
    id: "polytomic/light-list",
    claim: "Since the version 2025-09-18, the list of syncs shows neither mapping nor filters nor target.",
    confidence: "documented",
    source: syncPages,
    consequence: "A catalog reads each sync of the list: a request for each sync, and one for each 50.",
    probe: syncs,
  },
  {
    id: "polytomic/activate",
    claim: "A request of its own sets whether a sync is active. An execution that is under way goes on.",
    confidence: "documented",
    source: syncPages,
    consequence: "`pause` and `resume` send it, and core reads the sync afterwards: the answer does not show the sync.",
    probe: sync,
  },
  {
    id: "polytomic/update-replaces",
    claim: "An update replaces the whole sync: each field that it leaves out is cleared or reset.",
    confidence: "documented",
    source: syncPages,
    consequence:
      "The adapter sends back what was read right before. It refuses a change of a sync with a field that it does not read, with a masked secret, or without `active`. What somebody else changes between the read and the update is lost, and core reports it.",
    probe: sync,
  },
  {
    id: "polytomic/delete",
    claim: "A delete first cancels the executions of the sync that are under way, and is for good.",
    confidence: "documented",
    source: syncPages,
    consequence: "`delete` stops runs, too.",
    probe: sync,
  },
  {
    id: "polytomic/no-create",
    claim: "What a create takes depends on the connection that the sync writes to.",
    confidence: "documented",
    source: syncPages,
    consequence: "The layer has no `Creation`: a program that creates does not compile with it.",
  },
  {
    id: "polytomic/schedule-fields",
    claim:
      "A schedule has a frequency, and minute, hour, day of the week, day of the month and month as texts; with the frequency `custom` these are the fields of a cron expression. The time zone is UTC.",
    confidence: "assumed",
    source: `${client} has the fields without their meaning; the pages on bulk syncs name UTC`,
    consequence:
      "Hourly, daily, weekly and custom schedules are read as cron expressions; continuous ones and those after other syncs or jobs are in `unreadSchedule`. `manual` and `custom` are sent; core refuses another zone before that, since the API cannot store it.",
    probe: sync,
  },
]
