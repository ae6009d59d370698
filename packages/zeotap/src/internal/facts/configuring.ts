/** Facts about configuring syncs, and about what they are made of. */
import type { Fact } from "@openretl/core/driver/Description"
import { destinations, insights, models, overview, retl, scheduling, webhook } from "./sources.ts"

const workspace = "GET /api/v1/workspaces/{workspace}"
const syncs = `${workspace}/syncs`
const sync = `${syncs}/{sync}`

export const configuring = (): ReadonlyArray<Fact> => [
  {
    id: "zeotap/create-answer",
    claim: "A create is answered with the sync that it created.",
    confidence: "assumed",
    source: `${retl} does not show it; ${overview} has 201 for a resource that was created`,
    consequence:
      "Any 2xx will do. The sync, its id alone, either of them in `data`, and an empty body are read; what could be read is returned, which may be nothing. The administration then looks for a new sync of that name, model and destination.",
    hasSwitch: true,
  },
  {
    id: "zeotap/created-status",
    claim: "A new sync is a draft until it is set to active.",
    confidence: "assumed",
    source: `no source; ${retl} has \`draft\` among the states, and no \`status\` among the fields of a create`,
    consequence:
      "The client sends none and claims none. The administration creates a sync without its schedule unless it is to be enabled, looks, and sets what is missing: one that is to be disabled may be active for a moment, and fires at no time.",
    hasSwitch: true,
    probe: syncs,
  },
  {
    id: "zeotap/duplicate-name",
    claim: "Two syncs may have the same name.",
    confidence: "assumed",
    source: "no source; the names of models must differ, says the older edition's page about creating them",
    consequence: "A refusal is `InvalidRequest` (400) or `Conflict` (409).",
    hasSwitch: true,
    probe: syncs,
  },
  {
    id: "zeotap/update-answer",
    claim: "An update is answered with the sync as it is then.",
    confidence: "assumed",
    source: `${retl} does not show it`,
    consequence: "Read as the answer of a create is.",
    hasSwitch: true,
  },
  {
    id: "zeotap/update-keeps-the-rest",
    claim: "A field that an update leaves out stays as it is.",
    confidence: "documented",
    source: `${retl}: "only include fields you want to change"`,
    consequence: "Only what is given is sent.",
  },
  {
    id: "zeotap/update-status",
    claim: "An update takes `status`, to pause a sync and to make it active again.",
    confidence: "documented",
    source: `${retl}, whose sample pauses; \`active\` is assumed, and so is that it ends a draft`,
    consequence: "`paused` and `active` are sent, no other.",
    probe: sync,
  },
  {
    id: "zeotap/schedule-clear",
    claim: "An empty `schedule` in an update takes the schedule away, and null is ignored.",
    confidence: "assumed",
    source: `no source; in samples of ${models} and ${retl} an empty text stands for none`,
    consequence:
      "The client sends either, as it is told; the administration sends an empty text and looks. A schedule that is still there is `ChangeIncomplete`, a refusal `InvalidRequest`.",
    hasSwitch: true,
    probe: sync,
  },
  {
    id: "zeotap/delete-answer",
    claim: 'A delete is answered with 200 and `{"status":"deleted"}`.',
    confidence: "assumed",
    source: `${retl} has the body, not the status`,
    consequence: "Any 2xx will do, with whatever body.",
    hasSwitch: true,
  },
  {
    id: "zeotap/create-fields",
    claim: "A create takes name, model, destination, mapping, mode and primary key, and optionally the rest.",
    confidence: "documented",
    source: retl,
    consequence: "A request without one of them, or with a field that is not documented, is refused before it is sent.",
  },
  {
    id: "zeotap/sync-modes",
    claim: "A mode is upsert, insert, update or mirror; a destination may take some of them only.",
    confidence: "documented",
    source: `${retl}; ${webhook}: insert only; product pages speak of append, the API does not`,
    consequence: "No other is sent. What a destination does not take, the vendor refuses: `InvalidRequest`.",
    probe: sync,
  },
  {
    id: "zeotap/cron-fields",
    claim: "A cron expression has five fields of numbers and `*`, `,`, `-`, `/`, where 0 is Sunday.",
    confidence: "documented",
    source: scheduling,
    consequence: "Six fields, names of days and a 7 are refused before they are sent; any text is read.",
    probe: sync,
  },
  {
    id: "zeotap/cron-time-zone",
    claim: "A cron expression is read in UTC.",
    confidence: "assumed",
    source: `no source; ${scheduling} does not say, and a workspace has a default time zone for schedules`,
    consequence:
      "A schedule that is read has no time zone. One with another zone than UTC is refused before it is sent: it could not be stored.",
    probe: sync,
  },
  {
    id: "zeotap/mapping-keys",
    claim: "An entry of a mapping has a column, a field and perhaps a `type_cast`.",
    confidence: "documented",
    source: `${retl}; field transforms are in the app, and their form in the API is not documented`,
    consequence:
      "Other keys are kept where a sync is read, and refused where one is written. In the catalog such an entry is among `unreadMapping`, unless there is nothing in them.",
    probe: sync,
  },
  {
    id: "zeotap/single-primary-key",
    claim: "A sync has one column as its primary key.",
    confidence: "documented",
    source: `${retl}; models may have composite keys`,
    consequence: "One text is sent and read.",
    probe: sync,
  },
  {
    id: "zeotap/parts-listed",
    claim: "Models and destinations are listed and read as syncs are.",
    confidence: "documented",
    source: `${models}; ${destinations}`,
    consequence:
      "Their lists go on in the same ways; of each only its id is insisted upon. The catalog takes names from them; where they are closed to a token, there are none.",
    probe: `${workspace}/models`,
  },
  {
    id: "zeotap/sync-health",
    claim: "The figures of syncs are of the last 7 days unless told, and a success rate is from 0 to 1.",
    confidence: "documented",
    source: insights,
    consequence: "Shown as they are; nothing rests on them.",
    probe: `${workspace}/insights/sync-health`,
  },
]
