/** A connection in core's words. Pure functions that accept every decoded answer. */
import type { Snapshot } from "@openretl/core/driver/Catalog"
import * as Mask from "@openretl/core/driver/Mask"
import * as VendorFields from "@openretl/core/driver/VendorFields"
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
  const maskedSettings = Mask.paths(connection.destinationConfig, "destinationConfig")
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
    ...(maskedSettings.length > 0 && { maskedSettings }),
    ...ScheduleCodec.decode(connection.schedule),
    ...vendorFields(connection),
    native: connection,
  }
}

const fields: VendorFields.Handlings<Connection> = {
  ...{ id: "covered", externalId: "covered", sourceId: "covered", destinationId: "covered", enabled: "covered" },
  ...{ schedule: "covered", syncBehaviour: "covered", identifiers: "covered", mappings: "covered" },
  ...{ createdAt: "covered", updatedAt: "covered" },
  // `filled` shows these.
  ...{ constants: "covered", event: "covered" },
  ...{ object: "shown", cursorColumn: "shown", destinationConfig: "shown", syncSettings: "shown" },
}

const eventFields: VendorFields.Handlings<NonNullable<Connection["event"]>> = {
  ...{ type: "shown", name: "shown", nameColumn: "shown" },
}

/** Returns what else decides which rows go where: the event or the object that a row becomes, constants, and settings. */
const vendorFields = (connection: Connection): VendorFields.Fields => {
  const { event = {}, constants = [], identifiers = [], mappings: entries = [] } = connection
  return VendorFields.all(
    VendorFields.of({ name: "event", payload: event, handlings: eventFields }),
    VendorFields.of({ payload: connection, handlings: fields }),
    {
      vendorFields: [
        ...[...identifiers, ...entries]
          .filter((entry) => !isPlain(entry))
          .map((entry) => VendorFields.filled(entry.to ?? unnamed, entry)),
        ...constants.map((entry) =>
          VendorFields.filled(
            entry.key ?? unnamed,
            entry.unreadKeys === undefined ? `the constant ${JSON.stringify(entry.value)}` : entry,
          ),
        ),
      ],
    },
  )
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

type Entry = NonNullable<Entries>[number]

/** Returns whether an entry is a column and a field, and nothing else, as a transform. */
const isPlain = (entry: Entry): entry is Entry & FieldMapping =>
  entry.from !== undefined && entry.to !== undefined && entry.unreadKeys === undefined

const readableIn = (entries: Entries = []): ReadonlyArray<FieldMapping> =>
  entries.filter(isPlain).map(({ from, to }) => ({ from, to }))

const unreadIn = (entries: Entries = []): ReadonlyArray<string> =>
  entries.filter((entry) => !isPlain(entry)).map(({ to = unnamed }) => to)
