/** A configured sync in core's words. Pure functions that accept every decoded answer. */
import type { Snapshot as CoreSnapshot } from "@openretl/core/driver/Catalog"
import * as Mask from "@openretl/core/driver/Mask"
import * as VendorFields from "@openretl/core/driver/VendorFields"
import * as Wire from "@openretl/core/driver/Wire"
import type { State } from "@openretl/core/Sync"
import * as Schema from "effect/Schema"
import type * as PolytomicApi from "../PolytomicApi.ts"
import type { Ids } from "./ids.ts"
import * as Schedules from "./schedule.ts"

/** A sync of Polytomic's as core takes it. */
export type Snapshot = CoreSnapshot<Ids, PolytomicApi.Sync>

/** Returns a sync in core's words. */
export const snapshot = (sync: PolytomicApi.Sync): Snapshot => {
  const { name = "", model_ids: [model] = [], mode = "" } = sync
  const destination = targetConnectionOf(sync)
  const mapping = mappingOf(sync.fields)
  const maskedSettings = [
    ...Mask.paths(sync.target, "target"),
    ...Mask.paths(sync.encryption_passphrase, "encryption_passphrase"),
  ]
  return {
    ids: { sync: sync.id },
    ...(name !== "" && { name }),
    connection: {
      ...(model !== undefined && model !== "" && { source: { id: model } }),
      ...(destination !== "" && { destination: { id: destination } }),
    },
    state: stateOf(sync),
    vendorState: sync.active === undefined ? "" : sync.active ? "active" : "inactive",
    ...(mode !== "" && { mode: modes.get(mode) ?? "unknown", vendorMode: mode }),
    ...mapping,
    ...Schedules.decode(sync.schedule),
    ...(maskedSettings.length > 0 && { maskedSettings }),
    ...VendorFields.of({ payload: sync, handlings: fields }),
    native: sync,
  }
}

/** Returns the id of the connection that a sync writes to; empty where it has none. */
export const targetConnectionOf = ({ target }: PolytomicApi.Sync): string => {
  const id = target?.["connection_id"]
  return typeof id === "string" ? id : ""
}

const modes: ReadonlyMap<string, NonNullable<Snapshot["mode"]>> = new Map([
  ["create", "insert"],
  ["append", "insert"],
  ["update", "update"],
  ["updateOrCreate", "upsert"],
  ["replace", "full"],
])

const decodeFields = Wire.orUndefined(
  Schema.Array(
    Schema.Struct({ target: Schema.String, source: Wire.object({ field: Schema.String }), override_value: Wire.text }),
  ),
)

/** Returns the mapping: fields that a column fills, and the others. */
const mappingOf = (fields: unknown): Pick<Snapshot, "mapping" | "unreadMapping"> => {
  const decoded = decodeFields(fields)
  if (decoded === undefined) return {}
  const mapping = decoded.flatMap(({ target, source, override_value = "" }) =>
    source === undefined || override_value !== "" ? [] : [{ from: source.field, to: target }],
  )
  const others = decoded.filter(({ target }) => !mapping.some(({ to }) => to === target)).map(({ target }) => target)
  return { mapping, ...(others.length > 0 && { unreadMapping: others }) }
}

const stateOf = ({ active }: PolytomicApi.Sync): State =>
  active === undefined ? "unknown" : active ? "enabled" : "paused"

const fields: VendorFields.Handlings<PolytomicApi.Sync> = {
  ...{ id: "covered", name: "covered", active: "covered", schedule: "covered", model_ids: "covered" },
  ...{ organization_id: "covered", created_at: "covered", updated_at: "covered", created_by: "covered" },
  ...{ updated_by: "covered", target: "shown", mode: "covered", fields: "shown", override_fields: "shown" },
  ...{ overrides: "shown", filters: "shown", filter_logic: "shown", identity: "shown", policies: "shown" },
  ...{ encryption_passphrase: "covered", only_enrich_updates: "shown", skip_initial_backfill: "shown" },
  ...{ sync_all_records: "shown" },
}
