/** Facts about connections: creating, changing and deleting them. */
import type { Fact } from "@openretl/core/driver/Description"
import {
  cliRules,
  connectionSetup,
  connectionsGo,
  connectionTypesGo,
  convertGo,
  handlerGo,
  page,
  scheduleSettings,
  semanticGo,
  specGo,
  startStop,
  syncsGo,
  terraform,
} from "./citations.ts"

const connection = "GET /v2/retl-connections/{connection}"
const list = "GET /v2/retl-connections"

export const connections = (): ReadonlyArray<Fact> => [
  {
    id: "rudderstack/connection-changes",
    claim: "The API can create, change and delete connections.",
    confidence: "seen-in-official-client",
    source: `${connectionsGo}; ${page} does not mention it`,
    consequence: "The client has the endpoints, marked as seen in an official client only.",
  },
  {
    id: "rudderstack/create-status",
    claim: "The answer to a create is 200.",
    confidence: "seen-in-official-client",
    source: `mock servers in ${connectionsGo}; no source for the real one`,
    consequence: "Any 2xx with the new connection is a success.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/created-enabled",
    claim: "A connection that is created without `enabled` is enabled.",
    confidence: "seen-in-official-client",
    source: connectionsGo,
    consequence: "`enabled` is required, so that no connection starts to run by accident.",
  },
  {
    id: "rudderstack/first-run-full",
    claim: "The first run of a connection sends every row.",
    confidence: "documented",
    source: startStop,
    consequence: "The docs of `create` say so. A create starts no run.",
  },
  {
    id: "rudderstack/pair-taken",
    claim: "There is one connection for each pair of source and destination. The answer to a second create is 409.",
    confidence: "assumed",
    source: `${handlerGo} for the pair; no source for the answer`,
    consequence:
      "A 409 is `Conflict`, a 400 `InvalidRequest`. If the answer is the old connection, it is shown unchanged.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/deleted-pair-revived",
    claim: "RudderStack hides a deleted connection. A new connection for the same pair has a new id.",
    confidence: "assumed",
    source: `${connectionsGo} for the first sentence; ${handlerGo} says that the old id may come back`,
    consequence: "The id is the one in the answer, whichever it is.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/update-keeps",
    claim: "An update needs `schedule`. Other absent fields stay, and an empty list clears.",
    confidence: "seen-in-official-client",
    source: connectionTypesGo,
    consequence: "`schedule` is always sent; other fields only where the caller changes them.",
  },
  {
    id: "rudderstack/fixed-fields",
    claim: "Source, destination, behavior, object, event and cursor column of a connection cannot be changed.",
    confidence: "seen-in-official-client",
    source: `${connectionTypesGo}; ${handlerGo}`,
    consequence: "An update that names one of them fails before it is sent.",
  },
  {
    id: "rudderstack/sync-behaviors",
    claim: "`syncBehaviour` is upsert, mirror or full, and upsert when absent.",
    confidence: "seen-in-official-client",
    source: `${connectionTypesGo}; the default: ${connectionsGo}`,
    consequence: "Requests hold no other word. In answers, another word is shown unchanged.",
    probe: connection,
  },
  {
    id: "rudderstack/schedule-bounds",
    claim: "`everyMinutes` is 5 or more.",
    confidence: "seen-in-official-client",
    source: `${terraform}; ${scheduleSettings} offers 5 minutes and more`,
    consequence: "A shorter interval fails before it is sent, unless the connection has it already.",
  },
  {
    id: "rudderstack/cron-floor",
    claim: "Two firings of a cron expression are at least 5 minutes apart, and the API does not check it.",
    confidence: "seen-in-official-client",
    source: `${cliRules}; ${scheduleSettings}, of which an older capture says 15 minutes`,
    consequence:
      "The adapter computes the shortest time between two firings. An expression that falls below fails before it is sent, unless the connection has it already.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/cron-verbatim",
    claim: "RudderStack stores a cron expression without reading it.",
    confidence: "seen-in-official-client",
    source: handlerGo,
    consequence:
      "The adapter reads it before it is sent. A change of other fields sends the existing expression back unchanged.",
  },
  {
    id: "rudderstack/cron-zone",
    claim: "RudderStack reads a cron expression in UTC.",
    confidence: "seen-in-official-client",
    source: `${cliRules} for its own check; a connection names no zone (${connectionTypesGo})`,
    consequence:
      "It is shown without a zone. A schedule in another zone than UTC fails before it is sent; `Schedule.translate` moves it to UTC.",
    probe: connection,
  },
  {
    id: "rudderstack/no-names",
    claim: "Connections have no names, and the API does not show the names of their destinations.",
    confidence: "seen-in-official-client",
    source: connectionTypesGo,
    consequence: "A name fails before anything is sent. A sync shows the name of its source, where that can be read.",
    probe: connection,
  },
  {
    id: "rudderstack/mapper-rules",
    claim:
      "With an event, identifiers go to user_id or anonymous_id, and mirror is not allowed. With an object there is one identifier, no event and no constants, not even an empty list.",
    confidence: "seen-in-official-client",
    source: `${semanticGo}; ${convertGo} for the empty list; ${terraform} for the identifiers`,
    consequence:
      "The adapter verifies these rules before a create, and those about lists before a change. Other rules of a destination are left to the vendor.",
  },
  {
    id: "rudderstack/reserved-targets",
    claim:
      "RudderStack reserves targets of mappings for identifiers: user_id, for events anonymous_id as well, and for an object context.externalId[0].id. It makes such a mapping of events an identifier, and drops one of an object.",
    confidence: "seen-in-official-client",
    source: `${convertGo}; ${semanticGo}, which refuses them`,
    consequence:
      "A create with such a mapping, and a change to user_id at the client, fails before any request; other changes once the connection is read, before one is sent. The client does not read a connection: it sends a change to the other two.",
    hasSwitch: true,
    probe: connection,
  },
  {
    id: "rudderstack/events-without-mappings",
    claim: "A connection whose rows become events has at least one mapping.",
    confidence: "seen-in-official-client",
    source: `${semanticGo}; creates without mappings in ${connectionsGo}`,
    consequence: "A create without mappings, and a change that clears them, fails before it is sent.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/object-text",
    claim: "RudderStack compares an object exactly as it is written.",
    confidence: "seen-in-official-client",
    source: `${specGo}, which refuses blanks around it`,
    consequence: "An object with blanks around it fails before it is sent.",
  },
  {
    id: "rudderstack/destination-taken",
    claim:
      "A destination takes one Reverse ETL source, and none beside an event-stream source; Customer.io Audiences take several. The API does not check it.",
    confidence: "documented",
    source: `${connectionSetup} for one source; ${semanticGo} for the rest`,
    consequence:
      "`Creation.create` reads the destination's connections anyway: with one of another source it fails before the create is sent. Event-stream sources are not read. What the vendor refuses is `Conflict` (409) or `InvalidRequest` (400).",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "rudderstack/external-id-at-create",
    claim: "A create of a connection takes `externalId`.",
    confidence: "seen-in-official-client",
    source: `${handlerGo} sends it; a month before, its comments said that the API refuses it, and it set the id afterwards`,
    consequence:
      "`Creation.create` sets the id afterwards, by the request that all versions have; where that fails, `ChangeIncomplete` has the id in `remaining`. The client sends it as the caller passes it.",
    hasSwitch: true,
    probe: connection,
  },
  {
    id: "rudderstack/object-of-events",
    claim: "A connection whose rows become events has no `object`.",
    confidence: "seen-in-official-client",
    source: `${connectionsGo}; ${handlerGo} handles empty ones`,
    consequence: "An empty object means the same as none.",
    hasSwitch: true,
    probe: connection,
  },
  {
    id: "rudderstack/empty-lists-absent",
    claim: "`mappings` and `constants` are absent where there are none.",
    confidence: "seen-in-official-client",
    source: handlerGo,
    consequence: "Absent and empty mean the same.",
    probe: connection,
  },
  {
    id: "rudderstack/connection-pages",
    claim: "The list of connections takes `page`, from 1, and `pageSize`. An empty page need not be the last.",
    confidence: "seen-in-official-client",
    source: `${connectionsGo}; ${handlerGo}; the list of runs takes per_page instead (${syncsGo})`,
    consequence: "The adapter counts the page number up while `paging` says that there is more.",
    probe: `${list}?page=1&pageSize=1`,
  },
]
