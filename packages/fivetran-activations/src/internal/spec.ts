/** The part of a sync that only Fivetran Activations has, in wire terms: its schemas, and whether a sync shows it. Pure. */
import * as Mask from "@openretl/core/driver/Mask"
import * as Schema from "effect/Schema"
import type * as FivetranActivationsApi from "../FivetranActivationsApi.ts"
import * as SyncsApi from "../FivetranActivationsSyncsApi.ts"

const { label: _, paused: __, mode: ___, ...newFields } = SyncsApi.CreateSyncRequest.fields

/** The vendor's part of a new sync. */
export const NewSpec = Schema.Struct(newFields)
export interface NewSpec extends Schema.Schema.Type<typeof NewSpec> {}

const { label: ____, paused: _____, mode: ______, ...changedFields } = SyncsApi.UpdateSyncRequest.fields

/** The vendor's part of a change. */
export const ChangedSpec = Schema.Struct(changedFields)
export interface ChangedSpec extends Schema.Schema.Type<typeof ChangedSpec> {}

/**
 * Returns whether a sync shows this part. Fields that the vendor adds are ignored; empty and absent are the same. Where the
 * vendor has accepted the part, a value that it shows masked counts as shown.
 */
export const isShown = (
  { mappings, ...settings }: ChangedSpec,
  sync: FivetranActivationsApi.Sync,
  isAccepted: boolean,
): boolean =>
  Object.entries(settings).every(([name, value]) => Mask.covers(Reflect.get(sync, name), value, isAccepted)) &&
  (mappings === undefined || areMappingsShown(mappings, sync.mappings, isAccepted))

/** The vendor lists entries in any order, and adds some of its own. */
const areMappingsShown = (
  wanted: ReadonlyArray<SyncsApi.NewMapping>,
  shown: ReadonlyArray<FivetranActivationsApi.Mapping> = [],
  isAccepted: boolean,
): boolean => {
  const left = shown.filter(({ from }) => from?.type !== "compound_key")
  if (left.length !== wanted.length) return false
  return wanted.every((entry) => {
    const index = left.findIndex((candidate) => Mask.covers(candidate, withoutDefaults(entry), isAccepted))
    return index !== -1 && left.splice(index, 1).length === 1
  })
}

/** Flags that are off may be left out of an answer. */
const withoutDefaults = (entry: SyncsApi.NewMapping): object =>
  Object.fromEntries(Object.entries(entry).filter(([name, value]) => value !== false || name === "sync_null_values"))
