/** A configured sync in core's words. Pure functions that accept every decoded answer. */
import type { Snapshot as CoreSnapshot } from "@openretl/core/driver/Catalog"
import * as Mask from "@openretl/core/driver/Mask"
import * as VendorFields from "@openretl/core/driver/VendorFields"
import type { State } from "@openretl/core/Sync"
import type * as HightouchApi from "../HightouchApi.ts"
import type { Ids } from "./ids.ts"
import * as Schedules from "./schedule.ts"
import { syncStatuses } from "./statusWords.ts"

/** A sync of Hightouch's as core takes it. */
export type Snapshot = CoreSnapshot<Ids, HightouchApi.Sync>

/**
 * Returns a sync in core's words. It has no name: `native.slug` is the word for it. Mode and mapping stand in the
 * configuration, of which the vendor says that nothing should be assumed about it.
 */
export const snapshot = (sync: HightouchApi.Sync): Snapshot => {
  const { modelId, destinationId, primaryKey = "" } = sync
  const maskedSettings = Mask.paths(sync.configuration, "configuration")
  return {
    ids: { sync: sync.id },
    connection: {
      ...(modelId !== undefined && { source: { id: modelId } }),
      ...(destinationId !== undefined && { destination: { id: destinationId } }),
    },
    state: stateOf(sync),
    vendorState: sync.status ?? "",
    ...(primaryKey !== "" && { primaryKey: [primaryKey] }),
    ...Schedules.decode(sync.schedule),
    ...(maskedSettings.length > 0 && { maskedSettings }),
    ...VendorFields.of({ payload: sync, handlings: fields }),
    native: sync,
  }
}

/** `disabled` decides, where the status is a documented word: a new one may say that the sync is in another state. */
const stateOf = ({ status, disabled }: HightouchApi.Sync): State => {
  if (status === undefined || disabled === undefined) return "unknown"
  if (disabled) return "paused"
  return syncStatuses.includes(status) ? "enabled" : "unknown"
}

const fields: VendorFields.Handlings<HightouchApi.Sync> = {
  ...{ id: "covered", slug: "covered", workspaceId: "covered", modelId: "covered", destinationId: "covered" },
  ...{ schedule: "covered", status: "covered", disabled: "covered", lastRunAt: "covered", primaryKey: "covered" },
  ...{ createdAt: "covered", updatedAt: "covered", referencedColumns: "covered", tags: "covered" },
  ...{ configuration: "shown", externalSegment: "shown" },
}
