/** A configured sync in core's words. Pure functions that accept every decoded answer. */
import type { Snapshot as CoreSnapshot } from "@openretl/core/driver/Catalog"
import * as Mask from "@openretl/core/driver/Mask"
import * as VendorFields from "@openretl/core/driver/VendorFields"
import * as Wire from "@openretl/core/driver/Wire"
import type { FieldMapping, Mode, State } from "@openretl/core/Sync"
import * as Schema from "effect/Schema"
import * as FivetranActivationsApi from "../FivetranActivationsApi.ts"
import type { Ids } from "./ids.ts"
import * as Schedules from "./schedule.ts"
import { syncStatuses } from "./statusWords.ts"

/** A sync of Fivetran Activations as core takes it. */
export type Snapshot = CoreSnapshot<Ids, FivetranActivationsApi.Sync>

/** The vendor's words for a mode, open at the end. `append` sends rows and changes none. */
const modes: ReadonlyMap<string, Mode> = new Map([
  ["append", "insert"],
  ["insert", "insert"],
  ["update", "update"],
  ["upsert", "upsert"],
  ["mirror", "mirror"],
])

const Id = Wire.lenient(FivetranActivationsApi.Id)
const decodeEnd = Wire.orUndefined(Schema.Struct({ connection_id: Id, activation_id: Id, id: Id }))

/** Returns the id of where rows come from, or go to; the second version of the API calls a destination an activation. */
const endOf = (attributes: unknown): string | undefined => {
  const { activation_id, connection_id, id } = decodeEnd(attributes) ?? {}
  return activation_id ?? connection_id ?? id
}

/** Returns a sync in core's words. */
export const snapshot = (sync: FivetranActivationsApi.Sync): Snapshot => {
  const { label = "", operation = "", last_run_id: lastRun } = sync
  const [source, destination] = [endOf(sync.source_attributes), endOf(sync.destination_attributes)]
  const maskedSettings = ["source_attributes", "destination_attributes", "advanced_configuration"].flatMap((field) =>
    Mask.paths(Reflect.get(sync, field), field),
  )
  return {
    ids: { sync: sync.id },
    ...(label !== "" && { name: label }),
    connection: {
      ...(source !== undefined && { source: { id: source } }),
      ...(destination !== undefined && { destination: { id: destination } }),
    },
    state: stateOf(sync),
    vendorState: sync.status ?? "",
    ...(operation !== "" && { mode: modes.get(operation) ?? "unknown", vendorMode: operation }),
    ...mappingOf(sync.mappings),
    ...Schedules.decode(sync),
    ...(maskedSettings.length > 0 && { maskedSettings }),
    ...(lastRun !== undefined && { lastRun: { run: lastRun } }),
    ...VendorFields.all(VendorFields.of({ payload: sync, handlings: fields }), {
      vendorFields: (sync.mappings ?? [])
        .filter((entry) => !isPlain(entry))
        .map((entry) => VendorFields.filled(fieldName(entry), entry)),
    }),
    native: sync,
  }
}

/** `paused` decides, where the status is a documented word: a new one may say that the sync is in another state. */
const stateOf = ({ status, paused }: FivetranActivationsApi.Sync): State => {
  if (paused === undefined || status === undefined) return "unknown"
  if (paused) return "paused"
  return syncStatuses.includes(status.toLowerCase()) ? "enabled" : "unknown"
}

const mappingOf = (entries: FivetranActivationsApi.Sync["mappings"]): Partial<Snapshot> => {
  if (entries === undefined) return {}
  const sorted = entries.toSorted((one, other) => (one.position ?? 0) - (other.position ?? 0))
  const unread = sorted.filter((entry) => !isPlain(entry)).map(fieldName)
  const mapping = sorted.filter(isPlain).map(toFieldMapping)
  return { mapping, ...(unread.length > 0 && { unreadMapping: unread }) }
}

/** The fields of an entry that one column alone fills. The others change what the field gets. */
const plainFields = ["from", "to", "is_primary_identifier", "position", "field_type", "sync_null_values"]

/** Returns whether an entry is one column that goes to one field. */
const isPlain = (entry: FivetranActivationsApi.Mapping): boolean =>
  entry.from?.type === "column" &&
  typeof entry.from.data === "string" &&
  entry.from.data !== "" &&
  (entry.to ?? "") !== "" &&
  Object.entries(entry).every(([key, value]) => plainFields.includes(key) || value === false || Wire.isEmpty(value))

const toFieldMapping = ({ from, to = "", is_primary_identifier }: FivetranActivationsApi.Mapping): FieldMapping => ({
  from: String(from?.data),
  to,
  ...(is_primary_identifier === true && { isIdentifier: true }),
})

const fieldName = ({ to = "", from }: FivetranActivationsApi.Mapping): string => to || from?.type || "unknown"

const fields: VendorFields.Handlings<FivetranActivationsApi.Sync> = {
  ...{ id: "covered", label: "covered", status: "covered", paused: "covered", operation: "covered" },
  ...{ mappings: "covered", mode: "covered", schedule_frequency: "covered", schedule_day: "covered" },
  ...{ schedule_hour: "covered", schedule_minute: "covered", cron_expression: "covered", group_id: "covered" },
  ...{ workspace_id: "covered", alert_attributes: "covered", match_rate_details: "covered", validate_only: "covered" },
  ...{ last_run_id: "covered", last_run_at: "covered", next_run_at: "covered", created_at: "covered" },
  ...{ updated_at: "covered", source_attributes: "shown", destination_attributes: "shown", mirror_strategy: "shown" },
  ...{ historical_sync_operation: "shown", high_water_mark_attribute: "shown", field_behavior: "shown" },
  ...{ field_normalization: "shown", field_order: "shown", sync_behavior_family: "shown" },
  advanced_configuration: "shown",
}
