/** The part of a sync that only Zeotap knows, in wire terms: its form, and whether a sync shows it. Pure. */

import * as Reader from "@openretl/core/driver/Reader"
import * as Schemas from "@openretl/core/driver/schema/Reader"
import * as FieldIssue from "@openretl/core/FieldIssue"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as SyncsApi from "../ZeotapSyncsApi.ts"
import { isPlainEntry } from "./syncFromWire.ts"

const { name: _, schedule: __, ...newFields } = SyncsApi.CreateSyncRequest.fields

/** Of a new sync. */
export const newSpec = Schemas.request(Schema.Struct(newFields))
export type NewSpec = Reader.Type<typeof newSpec>

const { name: ___, schedule: ____, status: _____, ...changedFields } = SyncsApi.UpdateSyncRequest.fields

/** Of a change. */
export const changedSpec = Schemas.request(Schema.Struct(changedFields))
export type ChangedSpec = Reader.Type<typeof changedSpec>

export const problems = (form: Reader.Reader<unknown>, spec: unknown): ReadonlyArray<FieldIssue.FieldIssue> =>
  FieldIssue.within(["part", "spec"], Reader.problems(form, spec))

/** Whether a sync is as a part says. What the vendor adds does not matter, nor whether nothing is empty or absent. */
export const isShown = (spec: unknown, sync: unknown): boolean => {
  if (!Predicate.isObject(spec) || !Predicate.isObject(sync)) return false
  return Object.entries(spec).every(([key, wanted]) => {
    const shown = sync[key]
    return key === "field_mapping" ? isMappingShown(wanted, shown) : covers(shown, wanted)
  })
}

const covers = (shown: unknown, wanted: unknown): boolean => {
  if (isNothing(wanted)) return isNothing(shown)
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(shown) &&
      shown.length === wanted.length &&
      wanted.every((value, index) => covers(shown[index], value))
    )
  }
  if (!Predicate.isObject(wanted)) return shown === wanted
  return Predicate.isObject(shown) && Object.entries(wanted).every(([key, value]) => covers(shown[key], value))
}

const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  (typeof value === "object" && Object.keys(value).length === 0)

/** In any order; a cast that is there and not wanted is another mapping, and so is a key that may be a transform. */
const isMappingShown = (wanted: unknown, shown: unknown): boolean => {
  if (wanted === undefined) return true
  if (!Array.isArray(wanted) || !Array.isArray(shown) || wanted.length !== shown.length) return false
  return wanted.every((entry) => shown.some((other) => isSameEntry(entry, other)))
}

const isSameEntry = (one: unknown, other: unknown): boolean =>
  Predicate.isObject(one) &&
  Predicate.isObject(other) &&
  isPlainEntry(other) &&
  ["source_column", "destination_field", "type_cast"].every(
    (key) => one[key] === other[key] || (isNothing(one[key]) && isNothing(other[key])),
  )
