/** The part of a sync that only Zeotap has, in wire terms: its schemas, and whether a sync shows it. Pure. */
import * as Mask from "@openretl/core/driver/Mask"
import * as Schema from "effect/Schema"
import type * as ZeotapApi from "../ZeotapApi.ts"
import * as SyncsApi from "../ZeotapSyncsApi.ts"
import { hasNoTransform } from "./syncFromWire.ts"

const { name: _, schedule: __, ...newFields } = SyncsApi.CreateSyncRequest.fields

/** The vendor's part of a new sync. */
export const NewSpec = Schema.Struct(newFields)
export interface NewSpec extends Schema.Schema.Type<typeof NewSpec> {}

const { name: ___, schedule: ____, status: _____, ...changedFields } = SyncsApi.UpdateSyncRequest.fields

/** The vendor's part of a change. */
export const ChangedSpec = Schema.Struct(changedFields)
export interface ChangedSpec extends Schema.Schema.Type<typeof ChangedSpec> {}

/**
 * Returns whether a sync shows this part. Fields that the vendor adds are ignored; empty and absent are the same. Where the
 * vendor has accepted the part, a value that it shows masked counts as shown.
 */
export const isShown = (
  { field_mapping, ...fields }: ChangedSpec,
  sync: ZeotapApi.Sync,
  isAccepted: boolean,
): boolean =>
  hasFields(sync, fields, isAccepted) &&
  (field_mapping === undefined || isMappingShown(field_mapping, sync.field_mapping))

const hasFields = (shown: object, wanted: object, isAccepted: boolean): boolean =>
  Object.entries(wanted).every(([key, value]) => Mask.covers(Reflect.get(shown, key), value, isAccepted))

type Mapping = NonNullable<ChangedSpec["field_mapping"]>

/** In any order. An entry with another cast is another mapping, and so is one with a key that may be a transform. */
const isMappingShown = (wanted: Mapping, shown: ZeotapApi.Sync["field_mapping"] = []): boolean => {
  const shownEntries = new Set(shown.filter(hasNoTransform).map(textOf))
  return wanted.length === shown.length && wanted.every((entry) => shownEntries.has(textOf(entry)))
}

/** Returns a text that entries share exactly when they are the same. An empty key is none. */
const textOf = (entry: Pick<ZeotapApi.FieldMapping, "source_column" | "destination_field" | "type_cast">): string =>
  JSON.stringify([entry.source_column ?? "", entry.destination_field ?? "", entry.type_cast ?? ""])
