/** A connection in core's words. Pure, and total on whatever decodes. */
import type { Snapshot } from "@openretl/core/Catalog"
import type { FieldMapping, Mode, State } from "@openretl/core/Sync"
import { VendorId } from "@openretl/core/schema/Ref"
import * as Schema from "effect/Schema"
import type * as ConnectionsApi from "../RudderStackConnectionsApi.ts"
import type * as SourcesApi from "../RudderStackSourcesApi.ts"
import * as ScheduleCodec from "./schedule.ts"

/** The vendor's words, open at the end. */
const modes: ReadonlyMap<string, Mode> = new Map([
  ["upsert", "upsert"],
  ["mirror", "mirror"],
  ["full", "full"],
])

const states = (enabled: boolean | undefined): { readonly state: State; readonly vendorState: string } => {
  if (enabled === undefined) return { state: "unknown", vendorState: "" }
  return enabled ? { state: "enabled", vendorState: "enabled" } : { state: "paused", vendorState: "disabled" }
}

/** A field that the vendor does not name. */
const unnamed = "unknown"

export const snapshot = (connection: ConnectionsApi.Connection, source: SourcesApi.Source | undefined): Snapshot => {
  const { syncBehaviour } = connection
  const mode = syncBehaviour === undefined ? undefined : (modes.get(syncBehaviour) ?? "unknown")
  const primaryKey = source?.config?.primaryKey
  return {
    ids: { connection: connection.id },
    connection: {
      ...(isId(connection.sourceId) && { source: sourceEnd(connection.sourceId, source) }),
      ...(isId(connection.destinationId) && { destination: { id: connection.destinationId } }),
    },
    ...states(connection.enabled),
    ...(mode !== undefined && { mode }),
    ...(syncBehaviour !== undefined && { vendorMode: syncBehaviour }),
    ...(primaryKey !== undefined && primaryKey !== "" && { primaryKey: [primaryKey] }),
    ...mappings(connection),
    ...ScheduleCodec.decode(connection.schedule),
    native: connection,
  }
}

const isId = Schema.is(VendorId)

const sourceEnd = (id: string, source: SourcesApi.Source | undefined) => ({
  id,
  ...(source?.name !== undefined && { name: source.name }),
  ...(source?.sourceDefinitionName !== undefined && { kind: source.sourceDefinitionName }),
})

type Entries = ConnectionsApi.Connection["mappings"]

/**
 * Identifiers first. Entries that are something else than a column and a field, and constants, are named as unread:
 * nothing that fills a field is left out in silence.
 */
const mappings = ({
  identifiers,
  mappings,
  constants = [],
}: ConnectionsApi.Connection): Pick<Snapshot, "mapping" | "unreadMapping"> => {
  const unread = [...unreadOf(identifiers), ...unreadOf(mappings), ...constants.map(({ key }) => key ?? unnamed)]
  return {
    ...(identifiers !== undefined && {
      mapping: [
        ...readOf(identifiers).map((entry): FieldMapping => ({ ...entry, isIdentifier: true })),
        ...readOf(mappings),
      ],
    }),
    ...(unread.length > 0 && { unreadMapping: unread }),
  }
}

const readOf = (entries: Entries = []): ReadonlyArray<FieldMapping> =>
  entries.flatMap(({ from, to }) => (from === undefined || to === undefined ? [] : [{ from, to }]))

const unreadOf = (entries: Entries = []): ReadonlyArray<string> =>
  entries.flatMap(({ from, to }) => (from === undefined || to === undefined ? [to ?? unnamed] : []))
