/** Normalizes what a vendor stores. */
import * as Json from "@openretl/core/driver/Json"
import * as Predicate from "effect/Predicate"
import type { Normalization } from "../Normalization.ts"

/** Returns a name as the vendor stores it. */
export const normalizeName = <A extends string | undefined>(kinds: ReadonlyArray<Normalization>, name: A): A =>
  (kinds.includes("names") ? name?.trim().replace(/\s+/g, " ") : name) as A

/** Returns settings and mappings as the vendor stores them. `names` are the fields that are names or descriptions. */
export const normalizeFields = <A extends object>(
  kinds: ReadonlyArray<Normalization>,
  fields: A,
  names: ReadonlyArray<string> = [],
): A =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => isStored(kinds, value))
      .map(([name, value]) => [
        name,
        names.includes(name) && typeof value === "string"
          ? normalizeName(kinds, value)
          : normalizeValue(kinds, value, name),
      ]),
  ) as A

const isStored = (kinds: ReadonlyArray<Normalization>, value: unknown) => value !== null || !kinds.includes("nulls")

const normalizeValue = (kinds: ReadonlyArray<Normalization>, value: unknown, name: string): unknown => {
  if (Array.isArray(value)) {
    const entries = value.map((entry) => normalizeValue(kinds, entry, name))
    return kinds.includes("order") ? entries.sort((one, other) => (textOf(one) < textOf(other) ? -1 : 1)) : entries
  }
  if (typeof value === "number" || typeof value === "bigint" || value instanceof Json.NumberText) {
    return kinds.includes("texts") ? String(value) : value
  }
  if (Predicate.isObject(value)) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, field]) => isStored(kinds, field))
        .map(([key, field]) => [key, normalizeValue(kinds, field, key)]),
    )
  }
  if (typeof value !== "string" || !/(?:^|_|[a-z])(?:id|Id|ID)$/.test(name)) return value
  if (kinds.includes("upper-ids")) return value.toUpperCase()
  return kinds.includes("lower-ids") ? value.toLowerCase() : value
}

const textOf = (value: unknown): string => Json.stringify(value) ?? ""
