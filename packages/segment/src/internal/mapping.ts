/** What a subscription's settings fill the fields of a destination with. Pure. */
import type { FieldMapping } from "@openretl/core/Sync"
import * as Predicate from "effect/Predicate"

export interface Mapping {
  readonly mapping: ReadonlyArray<FieldMapping>
  /** Fields that are filled by something else than one column. */
  readonly unreadMapping: ReadonlyArray<string>
}

/** Settings are nested; what is deeper than this is not looked into. */
const maxDepth = 8

type Settings = Readonly<Record<string, unknown>>

/** A column comes as a property of the event. Fields within others are named with dots. */
export const read = (settings: Settings): Mapping => {
  const mapping: Array<FieldMapping> = []
  const unreadMapping: Array<string> = []
  const walk = (part: Settings, above: ReadonlyArray<string>): void => {
    for (const [key, value] of Object.entries(part)) {
      const path = [...above, key]
      const column = columnOf(value)
      if (column !== undefined) mapping.push({ from: column, to: path.join(".") })
      else if (isGroup(value) && path.length < maxDepth) walk(value, path)
      else unreadMapping.push(path.join("."))
    }
  }
  walk(settings, [])
  return { mapping, unreadMapping }
}

const forms: ReadonlyArray<readonly [key: string, form: RegExp]> = [
  ["@path", /^\$\.properties\.([^.[\]]+)$/],
  ["@template", /^\{\{\s*properties\.([^.{}\s]+)\s*\}\}$/],
]

const columnOf = (value: unknown): string | undefined => {
  if (!isObject(value) || Object.keys(value).length !== 1) return undefined
  for (const [key, form] of forms) {
    const text = value[key]
    const [, column] = (typeof text === "string" ? form.exec(text) : undefined) ?? []
    if (column !== undefined) return column
  }
  return undefined
}

const isObject = (value: unknown): value is Settings => Predicate.isObject(value) && !Array.isArray(value)

/** An object of fields, and not a directive, whose keys begin with `@`. */
const isGroup = (value: unknown): value is Settings => {
  const keys = isObject(value) ? Object.keys(value) : []
  return keys.length > 0 && keys.every((key) => !key.startsWith("@"))
}

/** The paths of a destination's settings that are shown masked. */
export const masked = (settings: Settings): ReadonlyArray<string> =>
  where(settings, isMasked).map((path) => path.join("."))

/** The paths of settings that are a mask, and would take the place of a secret. A bullet within a text is none. */
export const masks = (settings: Settings): ReadonlyArray<ReadonlyArray<string>> =>
  where(settings, (value) => typeof value === "string" && value.startsWith("••••"))

const where = (settings: Settings, fits: (value: unknown) => boolean): ReadonlyArray<ReadonlyArray<string>> => {
  const found: Array<ReadonlyArray<string>> = []
  const walk = (part: Settings, above: ReadonlyArray<string>): void => {
    for (const [key, value] of Object.entries(part)) {
      const path = [...above, key]
      if (fits(value)) found.push(path)
      else if (typeof value === "object" && value !== null && path.length < maxDepth) walk(value as Settings, path)
    }
  }
  walk(settings, ["settings"])
  return found
}

/** A secret is shown as bullets, of which the last characters may be real. */
export const isMasked = (value: unknown): boolean => typeof value === "string" && value.includes("•")
