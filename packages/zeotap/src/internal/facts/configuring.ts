/** Facts about configuring syncs, and about their models and destinations. */
import type { Fact } from "@openretl/core/driver/Description"
import { destinations, insights, models, overview, retl, scheduling, webhook } from "./sources.ts"

const workspace = "GET /api/v1/workspaces/{workspace}"
const syncs = `${workspace}/syncs`
const sync = `${syncs}/{sync}`

/** Returns the facts about configuring. */
export const configuring = (): ReadonlyArray<Fact> => [
  {
    id: "zeotap/create-answer",
    claim: "The vendor answers a create with the sync that it created.",
    confidence: "assumed",
    source: `${retl} does not show the answer; ${overview} has 201 for a created resource`,
    consequence:
      "The adapter accepts any 2xx. It reads the sync, its id alone, either of them in `data`, and an empty body, and returns what the answer shows, which may be nothing. Then core looks for a new sync of that name, model and destination.",
    hasSwitch: true,
  },
  {
    id: "zeotap/created-status",
    claim: "A new sync is a draft until an update sets it to active.",
    confidence: "assumed",
    source: `no source; ${retl} has \`draft\` among the states, and no \`status\` among the fields of a create`,
    consequence:
      "The client sends no status, and assumes none. A sync that is to be disabled is created without its schedule; core reads it and sets what is missing. It may be active for a moment, and never fires.",
    hasSwitch: true,
    probe: syncs,
  },
  {
    id: "zeotap/duplicate-name",
    claim: "Two syncs may have the same name.",
    confidence: "assumed",
    source: "no source; the older edition's page about creating models says that their names must differ",
    consequence: "A refusal is `InvalidRequest` (400) or `Conflict` (409).",
    hasSwitch: true,
    probe: syncs,
  },
  {
    id: "zeotap/update-answer",
    claim: "The vendor answers an update with the sync as it is then.",
    confidence: "assumed",
    source: `${retl} does not show the answer`,
    consequence: "The adapter reads it as it reads the answer of a create.",
    hasSwitch: true,
  },
  {
    id: "zeotap/update-keeps-the-rest",
    claim: "A field that an update leaves out stays as it is.",
    confidence: "documented",
    source: `${retl}: "only include fields you want to change"`,
    consequence: "The adapter sends only the fields to change.",
  },
  {
    id: "zeotap/update-status",
    claim: "An update takes `status`, which pauses a sync and makes it active again.",
    confidence: "documented",
    source: `${retl}, whose sample pauses; that \`active\` works, and ends a draft, is assumed`,
    consequence: "The adapter sends `paused` and `active` alone.",
    probe: sync,
  },
  {
    id: "zeotap/schedule-clear",
    claim: "An empty `schedule` in an update removes the schedule, and the vendor ignores null.",
    confidence: "assumed",
    source: `no source; in samples of ${models} and ${retl} an empty text means none`,
    consequence:
      "The client can send either. The adapter sends an empty text, and core reads the sync. A schedule that is still there is `ChangeIncomplete`, a refusal `InvalidRequest`.",
    hasSwitch: true,
    probe: sync,
  },
  {
    id: "zeotap/delete-answer",
    claim: 'The vendor answers a delete with 200 and `{"status":"deleted"}`.',
    confidence: "assumed",
    source: `${retl} shows the body, not the status`,
    consequence: "The adapter accepts any 2xx, with any body.",
    hasSwitch: true,
  },
  {
    id: "zeotap/create-fields",
    claim: "A create requires name, model, destination, mapping, mode and primary key; its other fields are optional.",
    confidence: "documented",
    source: retl,
    consequence: "The client refuses a request without one of them, or with an undocumented field, before it is sent.",
  },
  {
    id: "zeotap/sync-modes",
    claim: "A mode is upsert, insert, update or mirror. A destination may allow only some of them.",
    confidence: "documented",
    source: `${retl}; ${webhook}: insert only; product pages mention append, the API does not`,
    consequence:
      "The adapter sends no other mode. The vendor refuses a mode that the destination does not allow: `InvalidRequest`.",
    probe: sync,
  },
  {
    id: "zeotap/cron-fields",
    claim: "A cron expression has five fields of numbers and `*`, `,`, `-`, `/`, where 0 is Sunday.",
    confidence: "documented",
    source: scheduling,
    consequence: "The client refuses six fields, names of days and a 7 before they are sent. Any text is read.",
    probe: sync,
  },
  {
    id: "zeotap/cron-time-zone",
    claim: "A cron expression is read in UTC.",
    confidence: "assumed",
    source: `no source; ${scheduling} does not name one, and a workspace has a default time zone for schedules`,
    consequence:
      "A schedule that is read has no time zone. Core refuses a schedule in another zone than UTC before it is sent, since Zeotap cannot store it.",
    probe: sync,
  },
  {
    id: "zeotap/mapping-keys",
    claim: "An entry of a mapping has a column, a field and optionally a `type_cast`.",
    confidence: "documented",
    source: `${retl}; the app has field transforms, whose form in the API is not documented`,
    consequence:
      "Other keys are kept when a sync is read, and refused when one is written. The catalog has an entry with such keys in `unreadMapping`, unless their values are empty.",
    probe: sync,
  },
  {
    id: "zeotap/single-primary-key",
    claim: "A sync has one column as its primary key.",
    confidence: "documented",
    source: `${retl}; models may have composite keys`,
    consequence: "The adapter sends and reads one text.",
    probe: sync,
  },
  {
    id: "zeotap/parts-listed",
    claim: "Models and destinations are listed and read in the same way as syncs.",
    confidence: "documented",
    source: `${models}; ${destinations}`,
    consequence:
      "Their lists are paged in the same ways, and only their ids are required. The catalog reads names from them; where a token may not read them, the catalog has no names.",
    probe: `${workspace}/models`,
  },
  {
    id: "zeotap/sync-health",
    claim: "The figures of syncs cover the last 7 days by default, and a success rate is from 0 to 1.",
    confidence: "documented",
    source: insights,
    consequence: "The client returns the figures unchanged. Nothing depends on them.",
    probe: `${workspace}/insights/sync-health`,
  },
]
