/** The fields of a destination that a subscription's settings fill, and settings that are masked. Pure. */
import type { FieldMapping } from "@openretl/core/Sync"
import * as Predicate from "effect/Predicate"

/** The fields of a destination that a subscription's settings fill. */
export interface Mapping {
  /** Fields that one column fills. */
  readonly mapping: ReadonlyArray<FieldMapping>
  /** Fields that something else fills. */
  readonly unreadMapping: ReadonlyArray<string>
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
  const walk = (group: Settings, parent: ReadonlyArray<string>): void => {
    for (const [key, value] of Object.entries(group)) {
      const path = [...parent, key]
      const column = columnOf(value)
      if (column !== undefined) mapping.push({ from: column, to: path.join(".") })
      else if (isGroup(value) && path.length < maxDepth) walk(value, path)
      else unreadMapping.push(path.join("."))
    }
  }
  walk(settings, [])
  return { mapping, unreadMapping }
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

/** Returns the paths of a destination's settings that are shown masked, as in `settings.apiKey`. */
export const maskedPaths = (settings: Settings): ReadonlyArray<string> =>
  pathsWhere(settings, isMasked).map((path) => path.join("."))

/**
 * Returns the paths of settings whose value is a mask: sent back, it would replace the secret. A bullet within a text
 * is not a mask.
 */
export const maskPaths = (settings: Settings): ReadonlyArray<ReadonlyArray<string>> =>
  pathsWhere(settings, (value) => typeof value === "string" && value.startsWith("••••"))

const pathsWhere = (settings: Settings, fits: (value: unknown) => boolean): ReadonlyArray<ReadonlyArray<string>> => {
  const paths: Array<ReadonlyArray<string>> = []
  const walk = (group: object, parent: ReadonlyArray<string>): void => {
    for (const [key, value] of Object.entries(group)) {
      const path = [...parent, key]
      if (fits(value)) paths.push(path)
      else if (typeof value === "object" && value !== null && path.length < maxDepth) walk(value, path)
    }
  }
  walk(settings, ["settings"])
  return paths
}

/** Returns whether a value is shown masked: as bullets, of which the last characters may be real. */
export const isMasked = (value: unknown): boolean => typeof value === "string" && value.includes("•")
