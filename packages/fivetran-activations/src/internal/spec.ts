/** The part of a sync that only Fivetran Activations has, in wire terms: its schema, and whether a sync shows it. Pure. */
import * as Mask from "@openretl/core/driver/Mask"
import * as Schema from "effect/Schema"
import type * as FivetranActivationsApi from "../FivetranActivationsApi.ts"
import * as SyncsApi from "../FivetranActivationsSyncsApi.ts"

const { label: _, paused: __, mode: ___, ...fields } = SyncsApi.UpdateSyncRequest.fields

/** The vendor's part of a change. */
export const ChangedSpec = Schema.Struct(fields)
export interface ChangedSpec extends Schema.Schema.Type<typeof ChangedSpec> {}

/**
 * Returns whether a sync shows this part. Fields that the vendor adds are ignored; empty and absent are the same. Where the
 * vendor has accepted the part, a value that it shows masked counts as shown.
 */
export const isShown = (spec: ChangedSpec, sync: FivetranActivationsApi.Sync, isAccepted: boolean): boolean =>
  Object.entries(spec).every(([name, value]) => Mask.covers(Reflect.get(sync, name), value, isAccepted))
