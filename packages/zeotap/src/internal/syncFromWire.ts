/** A configured sync in core's words. Pure, and total on whatever decodes. */
import type { Snapshot } from "@openretl/core/Catalog"
import type { End } from "@openretl/core/Connection"
import * as Reader from "@openretl/core/driver/Reader"
import * as Wire from "@openretl/core/driver/Wire"
import { vendorId } from "@openretl/core/Ref"
import type { FieldMapping, Mode, State } from "@openretl/core/Sync"
import type * as ZeotapApi from "../ZeotapApi.ts"
import * as Schedules from "./schedule.ts"

/** What is known of a model or a destination besides its id. */
export type Named = Omit<End, "id">

/** The vendor's words, open at the end. */
const states: ReadonlyMap<string, State> = new Map([
  ["draft", "draft"],
  ["active", "enabled"],
  ["paused", "paused"],
  ["error", "error"],
])

const modes: ReadonlyMap<string, Mode> = new Map([
  ["upsert", "upsert"],
  ["insert", "insert"],
  ["update", "update"],
  ["mirror", "mirror"],
])

export const snapshot = (
  sync: ZeotapApi.Sync,
  named: (id: string) => Named | undefined = () => undefined,
): Snapshot => {
  const { name, primary_key: key, status = "", sync_mode: vendorMode } = sync
  const stateText = Wire.errorText(sync.status_error)
  const last = lastRun(sync)
  return {
    ids: { sync: sync.id },
    ...(isSaid(name) && { name }),
    connection: {
      ...(isId(sync.model_id) && { source: { id: sync.model_id, ...named(sync.model_id) } }),
      ...(isId(sync.destination_id) && { destination: { id: sync.destination_id, ...named(sync.destination_id) } }),
    },
    state: states.get(status) ?? "unknown",
    vendorState: status,
    ...(stateText !== undefined && { stateText }),
    ...(isSaid(vendorMode) && { mode: modes.get(vendorMode) ?? "unknown", vendorMode }),
    ...(isSaid(key) && { primaryKey: [key] }),
    ...mapping(sync.field_mapping),
    ...Schedules.decode(sync.schedule),
    ...(last !== undefined && { lastRun: last }),
    native: sync,
  }
}

const isSaid = (text: string | undefined): text is string => text !== undefined && text !== ""

const isId = (id: string | undefined): id is string => Reader.orUndefined(vendorId, id) !== undefined

const lastRun = (sync: ZeotapApi.Sync): Snapshot["lastRun"] => {
  const { last_run_id: run, last_synced_at } = sync
  const succeededAt = Wire.time(last_synced_at)
  if (!isId(run) && succeededAt === undefined) return undefined
  return { ...(isId(run) && { run }), ...(succeededAt !== undefined && { succeededAt }) }
}

const mapping = (entries: ZeotapApi.Sync["field_mapping"]): Pick<Snapshot, "mapping" | "unreadMapping"> => {
  if (entries === undefined) return {}
  const unread = entries.filter((entry) => !isPlain(entry)).map(fieldOf)
  return {
    mapping: entries.filter(isPlain).map(plain),
    ...(unread.length > 0 && { unreadMapping: unread }),
  }
}

const documented = ["source_column", "destination_field", "type_cast"]

const isNothing = (value: unknown): boolean =>
  value === null || value === "" || value === false || (typeof value === "object" && Object.keys(value).length === 0)

/** Keys that nobody documents may be a transform, unless there is nothing in them. */
export const isPlainEntry = (entry: object): boolean =>
  Object.entries(entry).every(([key, value]) => documented.includes(key) || isNothing(value))

/** One column to one field. */
const isPlain = (entry: ZeotapApi.FieldMapping): boolean =>
  isSaid(entry.source_column) && isSaid(entry.destination_field) && isPlainEntry(entry)

const plain = ({ source_column = "", destination_field = "", type_cast }: ZeotapApi.FieldMapping): FieldMapping => ({
  from: source_column,
  to: destination_field,
  ...(isSaid(type_cast) && { cast: type_cast }),
})

const fieldOf = ({ source_column, destination_field }: ZeotapApi.FieldMapping): string =>
  [destination_field, source_column].find(isSaid) ?? "unknown"
