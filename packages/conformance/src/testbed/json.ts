/** Surgery on a vendor's JSON, whatever its shape. */
import type * as Transport from "@openretl/core/Transport"
import * as Wire from "./wire.ts"

export type Json = null | boolean | number | string | ReadonlyArray<Json> | { readonly [name: string]: Json }

/** Replaces every value, innermost first; `path` is the way to it. */
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

/** The same answer with its JSON changed; an answer that is not JSON is left alone. */
export const inResponse = (response: Transport.Response, change: (json: Json) => Json): Transport.Response => {
  const json = parse(Wire.text(response))
  return json === undefined ? response : { ...response, body: Wire.response(200, JSON.stringify(change(json))).body }
}

export const parse = (text: string): Json | undefined => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Without the fields of these names, wherever they are. */
export const without = (json: Json, names: RegExp): Json =>
  transform(json, (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).filter(([name]) => !names.test(name)))
      : value,
  )

/** How many values there are in it, itself among them. */
export const size = (json: Json): number => {
  let count = 0
  transform(json, (value) => {
    count++
    return value
  })
  return count
}

/** Replaces the nth value, counted as `transform` meets them. */
export const replaceNth = (json: Json, nth: number, replace: (value: Json) => Json): Json => {
  let index = 0
  return transform(json, (value) => (index++ === nth ? replace(value) : value))
}
