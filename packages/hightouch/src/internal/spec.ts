/** The part of a sync that only Hightouch has, in wire terms: its schemas, and whether a sync shows it. Pure. */
import * as Mask from "@openretl/core/driver/Mask"
import * as Schema from "effect/Schema"
import type * as HightouchApi from "../HightouchApi.ts"
import * as SyncsApi from "../HightouchSyncsApi.ts"

const { schedule: _, disabled: __, ...newFields } = SyncsApi.CreateSyncRequest.fields

/** The vendor's part of a new sync. */
export const NewSpec = Schema.Struct(newFields)
export interface NewSpec extends Schema.Schema.Type<typeof NewSpec> {}

const { schedule: ___, disabled: ____, ...changedFields } = SyncsApi.UpdateSyncRequest.fields

/** The vendor's part of a change. */
export const ChangedSpec = Schema.Struct(changedFields)
export interface ChangedSpec extends Schema.Schema.Type<typeof ChangedSpec> {}

/**
 * Returns whether a sync shows this part. Fields that the vendor adds are ignored; empty and absent are the same. Where the
 * vendor has accepted the part, a value that it shows masked counts as shown.
 */
export const isShown = ({ configuration }: ChangedSpec, sync: HightouchApi.Sync, isAccepted: boolean): boolean =>
  configuration === undefined || Mask.covers(sync.configuration, configuration, isAccepted)
