/** The fields of a destination that a subscription's settings fill, and settings that are masked. Pure. */
import * as Mask from "@openretl/core/driver/Mask"
import * as VendorFields from "@openretl/core/driver/VendorFields"
import type { FieldMapping, VendorField } from "@openretl/core/Sync"
import * as Predicate from "effect/Predicate"

/** The fields of a destination that a subscription's settings fill. */
export interface Mapping {
  /** Fields that one column fills. */
  readonly mapping: ReadonlyArray<FieldMapping>
  /** Fields that something else fills. */
  readonly unreadMapping: ReadonlyArray<string>
  /** What fills those, in Segment's words. */
  readonly vendorFields: ReadonlyArray<VendorField>
}

/** Settings are nested; deeper levels than this are not read. */
const maxDepth = 8

type Settings = Readonly<Record<string, unknown>>

/**
 * Returns the fields that settings fill. A column is a property of the event. Dots separate the names of nested fields.
 */
export const fromSettings = (settings: Settings): Mapping => {
  const mapping: Array<FieldMapping> = []
  const unreadMapping: Array<string> = []
  const vendorFields: Array<VendorField> = []
  const walk = (group: Settings, parent: ReadonlyArray<string>): void => {
    for (const [key, value] of Object.entries(group)) {
      const path = [...parent, key]
      const column = columnOf(value)
      if (column !== undefined) mapping.push({ from: column, to: path.join(".") })
      else if (isGroup(value) && path.length < maxDepth) walk(value, path)
      else {
        unreadMapping.push(path.join("."))
        vendorFields.push(VendorFields.filled(path.join("."), value))
      }
    }
  }
  walk(settings, [])
  return { mapping, unreadMapping, vendorFields }
}

/** How a directive names a column. */
const directives: ReadonlyArray<readonly [key: string, pattern: RegExp]> = [
  ["@path", /^\$\.properties\.([^.[\]]+)$/],
  ["@template", /^\{\{\s*properties\.([^.{}\s]+)\s*\}\}$/],
]

const columnOf = (value: unknown): string | undefined => {
  if (!isObject(value) || Object.keys(value).length !== 1) return undefined
  for (const [key, pattern] of directives) {
    const text = value[key]
    const [, column] = (typeof text === "string" ? pattern.exec(text) : undefined) ?? []
    if (column !== undefined) return column
  }
  return undefined
}

const isObject = (value: unknown): value is Settings => Predicate.isObject(value) && !Array.isArray(value)

/** Returns whether a value is an object of fields: the keys of a directive begin with `@`. */
const isGroup = (value: unknown): value is Settings => {
  const keys = isObject(value) ? Object.keys(value) : []
  return keys.length > 0 && keys.every((key) => !key.startsWith("@"))
}

/** Returns whether a value is shown masked. Segment masks with bullets, of which the last characters may be real. */
export const isMasked = (value: unknown): boolean =>
  (typeof value === "string" && value.includes("•")) || Mask.isMask(value)
