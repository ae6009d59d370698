/** Facts about connections: making, changing and deleting them. */
import type { Fact } from "@openretl/core/driver/Description"
import {
  connectionsGo,
  connectionTypesGo,
  handlerGo,
  page,
  scheduleSettings,
  startStop,
  syncsGo,
  terraform,
} from "./sources.ts"

const one = "GET /v2/retl-connections/{connection}"
const list = "GET /v2/retl-connections"

export const connections = (): ReadonlyArray<Fact> => [
  {
    id: "rudderstack/connection-changes",
    claim: "Connections can be made, changed and deleted through the API.",
    confidence: "seen-in-official-client",
    source: `${connectionsGo}; ${page} has nothing of it`,
    consequence: "The endpoints are in the client, marked as seen there only.",
  },
  {
    id: "rudderstack/create-status",
    claim: "What was made is answered with 200.",
    confidence: "seen-in-official-client",
    source: `mock servers in ${connectionsGo}; nothing tells what the real one says`,
    consequence: "Any 2xx with what was made is a success.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/created-enabled",
    claim: "A connection that is made without `enabled` is enabled.",
    confidence: "seen-in-official-client",
    source: connectionsGo,
    consequence: "`enabled` is required, so that nothing begins to run unasked.",
  },
  {
    id: "rudderstack/first-run-full",
    claim: "The first run of a connection sends every row.",
    confidence: "documented",
    source: startStop,
    consequence: "It is said where connections are made; nothing is started along with that.",
  },
  {
    id: "rudderstack/pair-taken",
    claim: "There is one connection for each pair of source and destination; a second one is refused with 409.",
    confidence: "assumed",
    source: `${handlerGo} for the pair; no source for the answer`,
    consequence: "A 409 is `Conflict`, a 400 `InvalidRequest`; should the old one be answered, it is shown as it is.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/deleted-pair-revived",
    claim: "A deleted connection is kept out of sight, and making one for its pair again gives a new id.",
    confidence: "assumed",
    source: `${connectionsGo} for the first; ${handlerGo} says that the old id may come back`,
    consequence: "The id is the one in the answer, whichever it is.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/update-keeps",
    claim: "An update needs `schedule`; what else is absent stays, and an empty list clears.",
    confidence: "seen-in-official-client",
    source: connectionTypesGo,
    consequence: "`schedule` is required, and nothing is sent that was not asked for.",
  },
  {
    id: "rudderstack/fixed-fields",
    claim: "Source, destination, behavior, object, event and cursor column of a connection cannot be changed.",
    confidence: "seen-in-official-client",
    source: `${connectionTypesGo}; ${handlerGo}`,
    consequence: "An update that names one of them is refused before it is sent.",
  },
  {
    id: "rudderstack/sync-behaviors",
    claim: "`syncBehaviour` is upsert, mirror or full, and upsert when absent.",
    confidence: "seen-in-official-client",
    source: `${connectionTypesGo}; the default: ${connectionsGo}`,
    consequence: "Another word is not sent; in answers it is shown as it is.",
    probe: one,
  },
  {
    id: "rudderstack/schedule-bounds",
    claim: "`everyMinutes` is 5 or more.",
    confidence: "seen-in-official-client",
    source: `${terraform}; ${scheduleSettings} offers 5 minutes and more, and an older capture 15 for cron`,
    consequence:
      "Less is refused before it is sent, unless it is what the connection has; a cron expression is not measured.",
  },
  {
    id: "rudderstack/cron-verbatim",
    claim: "A cron expression is kept as it is, without being read.",
    confidence: "seen-in-official-client",
    source: handlerGo,
    consequence:
      "That it has five fields is checked here, and no more. What a connection has is sent back as it is with a change.",
  },
  {
    id: "rudderstack/cron-zone",
    claim: "A cron expression is read in UTC.",
    confidence: "assumed",
    source: `no source; a connection names no zone (${connectionTypesGo})`,
    consequence: "It is shown without a zone, and one with another zone than UTC is refused before it is sent.",
    probe: one,
  },
  {
    id: "rudderstack/no-names",
    claim: "Connections have no names, and the API has none of their destinations.",
    confidence: "seen-in-official-client",
    source: connectionTypesGo,
    consequence: "A name is refused before it is sent; a sync shows the name of its source, where that can be read.",
    probe: one,
  },
  {
    id: "rudderstack/mapper-rules",
    claim:
      "With an event, identifiers go to user_id or anonymous_id and mirror is refused; with an object there is one identifier, no event and no constants.",
    confidence: "seen-in-official-client",
    source: handlerGo,
    consequence: "These rules are checked before a connection is made; what else a destination wants is the vendor's.",
  },
  {
    id: "rudderstack/object-of-events",
    claim: "A connection whose rows become events has no `object`.",
    confidence: "seen-in-official-client",
    source: `${connectionsGo}; ${handlerGo} knows empty ones`,
    consequence: "An empty one means the same as none.",
    hasSwitch: true,
    probe: one,
  },
  {
    id: "rudderstack/empty-lists-absent",
    claim: "`mappings` and `constants` are absent where there are none.",
    confidence: "seen-in-official-client",
    source: handlerGo,
    consequence: "Absent and empty are the same.",
    probe: one,
  },
  {
    id: "rudderstack/connection-pages",
    claim: "Connections are listed by `page`, from 1, and `pageSize`; a page may be empty and not the last.",
    confidence: "seen-in-official-client",
    source: `${connectionsGo}; ${handlerGo}; runs have per_page instead (${syncsGo})`,
    consequence: "The page number is counted up for as long as `paging` says that there is more.",
    probe: `${list}?page=1&pageSize=1`,
  },
]
