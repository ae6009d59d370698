/** Checks the fields of a request's body and collects their problems. */
import * as Predicate from "effect/Predicate"

export type Body = Readonly<Record<string, unknown>>

export const isRecord = (value: unknown): value is Body => Predicate.isObject(value) && !Array.isArray(value)

/** One body under check. Each reader returns the field's value, or adds a problem and returns `undefined`. */
export interface BodyCheck {
  /** Problems by field: the first that was added about each. */
  readonly details: Readonly<Record<string, string>>
  readonly add: (field: string, message: string) => void
  /** Adds a problem for every field that is not in the list. */
  readonly allowOnly: (allowed: ReadonlyArray<string>) => void
  /** Reads a text that is not empty. */
  readonly text: (field: string, options?: { readonly optional?: boolean }) => string | undefined
  /** Reads an optional boolean. */
  readonly boolean: (field: string) => boolean | undefined
  /** Reads an optional word out of several. */
  readonly oneOf: (field: string, words: ReadonlyArray<string>) => string | undefined
  /** Reads an optional object. */
  readonly object: (field: string) => Body | undefined
  /** Reads an optional list of objects with exactly these two texts. */
  readonly pairs: (
    field: string,
    names: readonly [string, string],
  ) => ReadonlyArray<Readonly<Record<string, string>>> | undefined
}

/** Begins the check of `body`. Its problems go to `details`, under the field's name with `prefix` before it. */
export const checkBody = (body: Body, prefix = "", details: Record<string, string> = {}): BodyCheck => {
  const add = (field: string, message: string) => {
    details[`${prefix}${field}`] ??= message
  }
  return {
    details,
    add,
    allowOnly: (allowed) => {
      for (const name of Object.keys(body)) if (!allowed.includes(name)) add(name, "Unrecognized key")
    },
    text: (field, { optional = false } = {}) => {
      const value = body[field]
      if (value === undefined) {
        if (!optional) add(field, "Required")
        return undefined
      }
      if (typeof value === "string" && value !== "") return value
      add(field, typeof value === "string" ? "String must contain at least 1 character(s)" : "Expected string")
      return undefined
    },
    boolean: (field) => {
      const value = body[field]
      if (value !== undefined && typeof value !== "boolean") add(field, "Expected boolean")
      return typeof value === "boolean" ? value : undefined
    },
    oneOf: (field, words) => {
      const value = body[field]
      const word = words.find((candidate) => candidate === value)
      if (value !== undefined && word === undefined) add(field, `Expected ${words.join(" | ")}`)
      return word
    },
    object: (field) => {
      const value = body[field]
      if (value === undefined || isRecord(value)) return value
      add(field, "Expected object")
      return undefined
    },
    pairs: (field, [firstName, secondName]) => {
      const value = body[field]
      if (value === undefined) return undefined
      if (!Array.isArray(value)) {
        add(field, "Expected array")
        return undefined
      }
      return value.flatMap((entry: unknown, index) => {
        const check = checkBody(isRecord(entry) ? entry : {}, `${prefix}${field}.${index}.`, details)
        check.allowOnly([firstName, secondName])
        const [first, second] = [check.text(firstName), check.text(secondName)]
        return first === undefined || second === undefined ? [] : [{ [firstName]: first, [secondName]: second }]
      })
    },
  }
}

/** Adds the problems of the object in `field` to those of the body that contains it. Returns whether there are any. */
export const addNested = (check: BodyCheck, field: string, nested: BodyCheck): boolean => {
  const problems = Object.entries(nested.details)
  for (const [name, message] of problems) check.add(`${field}.${name}`, message)
  return problems.length > 0
}

export const hasProblems = ({ details }: BodyCheck): boolean => Object.keys(details).length > 0
