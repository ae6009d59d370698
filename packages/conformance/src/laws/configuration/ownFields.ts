/** The fields of one configured sync in the vendor's JSON, whatever its shape. */
import * as CoreJson from "@openretl/core/driver/Json"
import type { TruthSync } from "@openretl/emulator/Emulator"
import * as Json from "../../testbed/json.ts"

/**
 * Changes the fields, other than ids, of every object that has an id of this sync alone. `change` receives the index
 * of the field, in the order of visits, and its name.
 */
export const mapFieldsOf = (
  { ids, parts }: TruthSync,
  json: Json.Json,
  change: (value: Json.Json, index: number, name: string) => Json.Json,
): Json.Json => {
  const partIds = Object.values(parts)
  const allIds = [...Object.values(ids), ...partIds]
  const syncIds = Object.values(ids).filter((id) => !partIds.includes(id))
  // A vendor may write its ids as numbers.
  const isAmong = (value: Json.Json, candidates: ReadonlyArray<string>) =>
    ["string", "number", "bigint"].includes(typeof value) && candidates.includes(String(value))
  let index = 0
  return Json.transform(json, (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value
    const fields: ReadonlyArray<readonly [string, Json.Json]> = Object.entries(value)
    if (!fields.some(([, field]) => isAmong(field, syncIds))) return value
    return Object.fromEntries(
      fields.map(([name, field]) => [name, isAmong(field, allIds) ? field : change(field, index++, name)] as const),
    )
  })
}

/** Counts the fields that `mapFieldsOf` changes. */
export const countFieldsOf = (sync: TruthSync, json: Json.Json): number => {
  let count = 0
  mapFieldsOf(sync, json, (field) => {
    count++
    return field
  })
  return count
}

/** Returns the fields of a sync in several answers: the values of each name, as JSON. */
export const fieldsOf = (sync: TruthSync, bodies: ReadonlyArray<string>): ReadonlyMap<string, ReadonlySet<string>> => {
  const fields = new Map<string, Set<string>>()
  for (const json of bodies.map(Json.parse)) {
    if (json === undefined) continue
    mapFieldsOf(sync, json, (field, _, name) => {
      fields.set(name, (fields.get(name) ?? new Set()).add(CoreJson.stringify(field) ?? ""))
      return field
    })
  }
  return fields
}
