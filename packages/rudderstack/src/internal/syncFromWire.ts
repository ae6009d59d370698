/** A connection in core's words. Pure functions that accept every decoded answer. */
import type { Snapshot } from "@openretl/core/driver/Catalog"
import { VendorId } from "@openretl/core/Ref"
import type { FieldMapping } from "@openretl/core/Sync"
import * as Schema from "effect/Schema"
import type { Connection } from "../RudderStackConnectionsApi.ts"
import type { Source } from "../RudderStackSourcesApi.ts"
import type { Ids } from "./ids.ts"
import * as ScheduleCodec from "./schedule.ts"
import { modeOf, statesOf } from "./stateWords.ts"

/** Returns a connection as core knows it, with what its source adds, where that could be read. */
export const snapshot = (connection: Connection, source: Source | undefined): Snapshot<Ids, Connection> => {
  const { syncBehaviour } = connection
  const primaryKey = source?.config?.primaryKey
  return {
    ids: { connection: connection.id },
    connection: {
      ...(isId(connection.sourceId) && { source: sourceEnd(connection.sourceId, source) }),
      ...(isId(connection.destinationId) && { destination: { id: connection.destinationId } }),
    },
    ...statesOf(connection.enabled),
    ...(syncBehaviour !== undefined && { mode: modeOf(syncBehaviour), vendorMode: syncBehaviour }),
    ...(primaryKey !== undefined && primaryKey !== "" && { primaryKey: [primaryKey] }),
    ...mappings(connection),
    ...ScheduleCodec.decode(connection.schedule),
    native: connection,
  }
}

const isId = Schema.is(VendorId)

const sourceEnd = (id: string, source: Source | undefined) => ({
  id,
  ...(source?.name !== undefined && { name: source.name }),
  ...(source?.sourceDefinitionName !== undefined && { kind: source.sourceDefinitionName }),
})

type Entries = Connection["mappings"]

/** Stands for a field that the vendor does not name. */
const unnamed = "unknown"

/**
 * Returns the mapping of a connection, identifiers first. Entries that are something else than a column and a field, and
 * constants, are named as unread: everything that fills a field is shown.
 */
const mappings = ({
  identifiers,
  mappings,
  constants = [],
}: Connection): Pick<Snapshot, "mapping" | "unreadMapping"> => {
  const unread = [...unreadIn(identifiers), ...unreadIn(mappings), ...constants.map(({ key }) => key ?? unnamed)]
  return {
    ...(identifiers !== undefined && {
      mapping: [
        ...readableIn(identifiers).map((entry): FieldMapping => ({ ...entry, isIdentifier: true })),
        ...readableIn(mappings),
      ],
    }),
    ...(unread.length > 0 && { unreadMapping: unread }),
  }
}

const readableIn = (entries: Entries = []): ReadonlyArray<FieldMapping> =>
  entries.flatMap(({ from, to }) => (from === undefined || to === undefined ? [] : [{ from, to }]))

const unreadIn = (entries: Entries = []): ReadonlyArray<string> =>
  entries.flatMap(({ from, to }) => (from === undefined || to === undefined ? [to ?? unnamed] : []))
