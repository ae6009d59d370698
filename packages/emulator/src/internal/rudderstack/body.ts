/** Looks through a body as the vendor does: what is wrong with it, a message by field. */
import * as Predicate from "effect/Predicate"

export type Body = Readonly<Record<string, unknown>>

export const isRecord = (value: unknown): value is Body => Predicate.isObject(value) && !Array.isArray(value)

/** Messages by field; the first about a field stays. */
export interface Findings {
  readonly details: Readonly<Record<string, string>>
  readonly add: (field: string, message: string) => void
  /** Fields that are not in the list are refused. */
  readonly only: (allowed: ReadonlyArray<string>) => void
  readonly text: (field: string, options?: { readonly optional?: boolean }) => string | undefined
  readonly flag: (field: string) => boolean | undefined
  readonly oneOf: (field: string, words: ReadonlyArray<string>) => string | undefined
  readonly object: (field: string) => Body | undefined
  /** A list of objects with exactly these texts. */
  readonly pairs: (
    field: string,
    names: readonly [string, string],
  ) => ReadonlyArray<Readonly<Record<string, string>>> | undefined
}

/** Looks through `body`, whose fields are named with `prefix` in front. */
export const look = (body: Body, prefix = "", details: Record<string, string> = {}): Findings => {
  const add = (field: string, message: string) => {
    details[`${prefix}${field}`] ??= message
  }
  const missing = (field: string, isOptional: boolean) => {
    if (body[field] !== undefined) return false
    if (!isOptional) add(field, "Required")
    return true
  }
  return {
    details,
    add,
    only: (allowed) => {
      for (const name of Object.keys(body)) if (!allowed.includes(name)) add(name, "Unrecognized key")
    },
    text: (field, { optional = false } = {}) => {
      const value = body[field]
      if (missing(field, optional)) return undefined
      if (typeof value === "string" && value !== "") return value
      add(field, typeof value === "string" ? "String must contain at least 1 character(s)" : "Expected string")
      return undefined
    },
    flag: (field) => {
      const value = body[field]
      if (value !== undefined && typeof value !== "boolean") add(field, "Expected boolean")
      return typeof value === "boolean" ? value : undefined
    },
    oneOf: (field, words) => {
      const value = body[field]
      const found = words.find((word) => word === value)
      if (value !== undefined && found === undefined) add(field, `Expected ${words.join(" | ")}`)
      return found
    },
    object: (field) => {
      const value = body[field]
      if (value === undefined || isRecord(value)) return value
      add(field, "Expected object")
      return undefined
    },
    pairs: (field, [first, second]) => {
      const value = body[field]
      if (value === undefined) return undefined
      if (!Array.isArray(value)) {
        add(field, "Expected array")
        return undefined
      }
      return value.flatMap((entry: unknown, index) => {
        const own = look(isRecord(entry) ? entry : {}, `${prefix}${field}.${index}.`, details)
        own.only([first, second])
        const [one, other] = [own.text(first), own.text(second)]
        return one === undefined || other === undefined ? [] : [{ [first]: one, [second]: other }]
      })
    },
  }
}
