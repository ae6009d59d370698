/** Changes a vendor's JSON, whatever its shape. */
import * as CoreJson from "@openretl/core/driver/Json"
import type * as Transport from "@openretl/core/Transport"
import * as Wire from "./wire.ts"

/** A JSON value. Whole numbers that no number can hold are bigints. */
export type Json = null | boolean | number | bigint | string | ReadonlyArray<Json> | { readonly [name: string]: Json }

/** Replaces every value, innermost first; `path` leads to the value. */
export const transform = (
  json: Json,
  change: (value: Json, path: ReadonlyArray<string>) => Json,
  path: ReadonlyArray<string> = [],
): Json => {
  if (Array.isArray(json)) {
    return change(
      json.map((value: Json, index) => transform(value, change, [...path, String(index)])),
      path,
    )
  }
  if (typeof json === "object" && json !== null) {
    const entries = Object.entries(json).map(([name, value]) => [name, transform(value, change, [...path, name])])
    return change(Object.fromEntries(entries), path)
  }
  return change(json, path)
}

/** Changes the JSON of a response. Returns a response that is not JSON as it is. */
export const mapResponse = (response: Transport.Response, change: (json: Json) => Json): Transport.Response => {
  const json = parse(Wire.bodyText(response))
  return json === undefined
    ? response
    : { ...response, body: Wire.response(200, CoreJson.stringify(change(json)) ?? "").body }
}

/** Returns the JSON of a text; `undefined` where it is none. */
export const parse = (text: string): Json | undefined => {
  try {
    return CoreJson.parse(text) as Json
  } catch {
    return undefined
  }
}

/** Removes the fields of these names at every depth. */
export const withoutFields = (json: Json, names: RegExp): Json =>
  transform(json, (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).filter(([name]) => !names.test(name)))
      : value,
  )

/** Adds fields that no adapter reads to every object, at every depth. */
export const withUnknownFields = (json: Json): Json =>
  transform(json, (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value, ...unknownFields } : value,
  )

const unknownFields = { surprise: { deep: [1, null, "x"] }, anotherOne: null }

/** Counts the values in the JSON, the JSON itself included. */
export const countValues = (json: Json): number => {
  let count = 0
  transform(json, (value) => {
    count++
    return value
  })
  return count
}

/** Replaces the nth value, in the order in which `transform` visits them. */
export const replaceNth = (json: Json, nth: number, replace: (value: Json) => Json): Json => {
  let index = 0
  return transform(json, (value) => (index++ === nth ? replace(value) : value))
}
