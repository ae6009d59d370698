/** A configured sync in core's words. Pure functions that accept every decoded answer. */
import type { End } from "@openretl/core/Connection"
import type { Snapshot as CoreSnapshot } from "@openretl/core/driver/Catalog"
import * as Mask from "@openretl/core/driver/Mask"
import * as VendorFields from "@openretl/core/driver/VendorFields"
import * as Wire from "@openretl/core/driver/Wire"
import { VendorId } from "@openretl/core/Ref"
import type { FieldMapping, Mode } from "@openretl/core/Sync"
import type * as ZeotapApi from "../ZeotapApi.ts"
import type { Ids } from "./ids.ts"
import * as Schedules from "./schedule.ts"
import { syncStates } from "./statusWords.ts"

/** A sync of Zeotap's as core takes it. */
export type Snapshot = CoreSnapshot<Ids, ZeotapApi.Sync>

/** The name and the kind of a model or a destination. */
export type Label = Omit<End, "id">

/** The vendor's words for a mode, open at the end. */
const modes: ReadonlyMap<string, Mode> = new Map([
  ["upsert", "upsert"],
  ["insert", "insert"],
  ["update", "update"],
  ["mirror", "mirror"],
])

/** Returns a sync in core's words. `labelOf` finds the label of a model or a destination by its id. */
export const snapshot = (
  sync: ZeotapApi.Sync,
  labelOf: (id: string) => Label | undefined = () => undefined,
): Snapshot => {
  const { name, primary_key: key, status = "", sync_mode: vendorMode } = sync
  const stateText = Wire.errorText(sync.status_error)
  const last = lastRun(sync)
  const maskedSettings = Mask.paths(sync.config, "config")
  return {
    ids: { sync: sync.id },
    ...(hasText(name) && { name }),
    connection: {
      ...(isId(sync.model_id) && { source: { id: sync.model_id, ...labelOf(sync.model_id) } }),
      ...(isId(sync.destination_id) && { destination: { id: sync.destination_id, ...labelOf(sync.destination_id) } }),
    },
    state: syncStates.get(status) ?? "unknown",
    vendorState: status,
    ...(stateText !== undefined && { stateText }),
    ...(hasText(vendorMode) && { mode: modes.get(vendorMode) ?? "unknown", vendorMode }),
    ...(hasText(key) && { primaryKey: [key] }),
    ...mapping(sync.field_mapping),
    ...Schedules.decode(sync.schedule),
    ...(maskedSettings.length > 0 && { maskedSettings }),
    ...(last !== undefined && { lastRun: last }),
    ...VendorFields.all(VendorFields.of({ payload: sync, handlings: fields }), {
      vendorFields: (sync.field_mapping ?? [])
        .filter((entry) => !isPlain(entry))
        .map((entry) => VendorFields.filled(fieldName(entry), entry)),
    }),
    native: sync,
  }
}

const fields: VendorFields.Handlings<ZeotapApi.Sync> = {
  ...{ id: "covered", workspace_id: "covered", model_id: "covered", destination_id: "covered" },
  ...{ name: "covered", description: "covered", field_mapping: "covered", sync_mode: "covered" },
  ...{ primary_key: "covered", schedule: "covered", status: "covered", status_error: "covered" },
  ...{ created_by: "covered", created_at: "covered", updated_at: "covered" },
  ...{ last_synced_at: "covered", last_run_id: "covered" },
  config: "shown",
}

/** Returns whether an entry of a mapping has no key that may be a field transform. Empty keys are none. */
export const hasNoTransform = (entry: ZeotapApi.FieldMapping): boolean =>
  Object.entries(entry).every(([key, value]) => documentedKeys.includes(key) || isEmpty(value))

const documentedKeys = ["source_column", "destination_field", "type_cast"]

const isEmpty = (value: unknown): boolean =>
  value === null || value === "" || value === false || (typeof value === "object" && Object.keys(value).length === 0)

const hasText = (text: string | undefined): text is string => text !== undefined && text !== ""

const decodeId = Wire.orUndefined(VendorId)

const isId = (id: string | undefined): id is string => decodeId(id) !== undefined

const lastRun = ({ last_run_id: run, last_synced_at }: ZeotapApi.Sync): Snapshot["lastRun"] => {
  const succeededAt = Wire.time(last_synced_at)
  if (!isId(run) && succeededAt === undefined) return undefined
  return { ...(isId(run) && { run }), ...(succeededAt !== undefined && { succeededAt }) }
}

const mapping = (entries: ZeotapApi.Sync["field_mapping"]): Pick<Snapshot, "mapping" | "unreadMapping"> => {
  if (entries === undefined) return {}
  const unread = entries.filter((entry) => !isPlain(entry)).map(fieldName)
  return {
    mapping: entries.filter(isPlain).map(toFieldMapping),
    ...(unread.length > 0 && { unreadMapping: unread }),
  }
}

/** Returns whether an entry is one column that goes to one field. */
const isPlain = (entry: ZeotapApi.FieldMapping): boolean =>
  hasText(entry.source_column) && hasText(entry.destination_field) && hasNoTransform(entry)

const toFieldMapping = ({
  source_column = "",
  destination_field = "",
  type_cast,
}: ZeotapApi.FieldMapping): FieldMapping => ({
  from: source_column,
  to: destination_field,
  ...(hasText(type_cast) && { cast: type_cast }),
})

const fieldName = ({ source_column, destination_field }: ZeotapApi.FieldMapping): string =>
  [destination_field, source_column].find(hasText) ?? "unknown"
