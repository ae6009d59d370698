/** The part of a sync that only Hightouch has, in wire terms: its schemas, and whether a sync shows it. Pure. */
import * as Json from "@openretl/core/driver/Json"
import * as Mask from "@openretl/core/driver/Mask"
import * as Wire from "@openretl/core/driver/Wire"
import * as Predicate from "effect/Predicate"
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
  configuration === undefined || covers(sync.configuration, configuration, isAccepted)

const covers = (shown: unknown, wanted: unknown, isAccepted: boolean): boolean => {
  if (isAccepted && Mask.isMask(shown)) return true
  if (Wire.isEmpty(wanted)) return Wire.isEmpty(shown)
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(shown) &&
      shown.length === wanted.length &&
      wanted.every((value, index) => covers(shown[index], value, isAccepted))
    )
  }
  if (Predicate.isObject(wanted)) {
    return (
      Predicate.isObject(shown) &&
      Object.entries(wanted).every(([key, value]) => covers(Reflect.get(shown, key), value, isAccepted))
    )
  }
  return shown === wanted || Json.isSameNumber(shown, wanted)
}
