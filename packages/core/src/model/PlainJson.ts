/**
 * A copy of a caller's value as plain JSON, with everything in it that is none.
 *
 * Each part is read once: what was checked is what is sent, also where a proxy changes its answers. Objects of a class,
 * getters and functions are refused, since JSON shows a `Map` as `{}` and a `Date` as a text.
 */
import type * as FieldIssue from "./FieldIssue.ts"
import { type Json, NumberText } from "./Json.ts"

/** The most issues of one value. */
const maxIssues = 100

/** The most levels of one value: the stack of a runtime ends at a few thousand. */
const maxLevels = 100

/** The most values in one value. One that stands in several places counts in each. */
const maxValues = 250_000

/** The most characters of all texts and names in one value: larger than the answers that are read. */
const maxCharacters = 8 * 1024 * 1024

/** Paths are cut to so many names, and names to so many characters. */
const longest = { path: 10, name: 100 }

/** A value as JSON. */
export interface Read {
  /** The copy, with null in place of everything that is not JSON. */
  readonly json: Json
  /** Everything that is not JSON, at most 100 issues. A path has at most 10 names. */
  readonly issues: ReadonlyArray<FieldIssue.FieldIssue>
  /** Whether all of the value was read: it is not too large. */
  readonly isWhole: boolean
}

/** Stands for a value whose read throws. */
export class Unreadable {}

/** Reads a value. `textProblem` returns what else is wrong with a text or a name; `undefined` for nothing. */
export const read = (value: unknown, textProblem: (text: string) => string | undefined = () => undefined): Read => {
  const issues: Array<FieldIssue.FieldIssue> = []
  const path: Array<string> = []
  const ancestors = new Set<unknown>()
  let [values, characters] = [0, 0]

  const isWhole = () => values <= maxValues && characters <= maxCharacters

  const refuse = (message: string): null => {
    if (issues.length < maxIssues) {
      issues.push({
        path: path.slice(0, longest.path).map((name) => name.slice(0, longest.name).toWellFormed()),
        message,
      })
    }
    return null
  }

  const readAt = (name: string, part: unknown): Json => {
    path.push(name)
    const json = readPart(part)
    path.pop()
    return json
  }

  const problemOf = (text: string) => (text.isWellFormed() ? textProblem(text) : halfCharacter)

  const readText = (text: string): Json => {
    characters += text.length
    const message = problemOf(text)
    return message === undefined ? text : refuse(message)
  }

  /** Reads what a property has: refuses a getter, which may have another value each time. */
  const readProperty = (name: string, property: PropertyDescriptor | undefined): Json => {
    if (property !== undefined && "value" in property) return readAt(name, property.value)
    path.push(name)
    refuse(property === undefined ? "Expected a value: the list has a gap" : "Expected a value, found a getter")
    path.pop()
    return null
  }

  const readList = (list: object): Json => {
    const length: unknown = Object.getOwnPropertyDescriptor(list, "length")?.value
    if (typeof length !== "number" || !(length >= 0)) return refuse(unreadable)
    if (values + length > maxValues) {
      values += length
      return null
    }
    const items: Array<Json> = []
    for (let index = 0; index < length && isWhole(); index++) {
      items.push(readProperty(String(index), Object.getOwnPropertyDescriptor(list, index)))
    }
    if (Object.keys(list).length > items.length) refuse("Expected a list, found one with other fields")
    return items
  }

  const readRecord = (record: object): Json => {
    const copy: Record<string, Json> = {}
    for (const key of Reflect.ownKeys(record)) {
      const property = Object.getOwnPropertyDescriptor(record, key)
      if (!isWhole()) break
      if (typeof key === "symbol") {
        refuse("Expected no symbol as the name of a field")
        continue
      }
      if (property?.enumerable !== true || ("value" in property && property.value === undefined)) continue
      const message = problemOf(key)
      if (key === "__proto__") refuse("Expected no field named __proto__")
      else if (message !== undefined) refuse(`The name of a field: ${message}`)
      else {
        characters += key.length
        copy[key] = readProperty(key, property)
      }
    }
    return copy
  }

  const readObject = (object: object): Json => {
    if (ancestors.has(object)) return refuse("Expected no value that contains itself")
    if (path.length >= maxLevels) return refuse(`Expected at most ${maxLevels} levels`)
    ancestors.add(object)
    try {
      if (Array.isArray(object)) return readList(object)
      const kind = kindOf(object)
      return kind === undefined ? readRecord(object) : refuse(kind)
    } catch {
      // A proxy throws.
      return refuse(unreadable)
    } finally {
      ancestors.delete(object)
    }
  }

  const readPart = (part: unknown): Json => {
    values++
    if (!isWhole()) return null
    switch (typeof part) {
      case "string":
        return readText(part)
      case "number":
        return Number.isFinite(part) ? part : refuse("Expected a finite number")
      case "boolean":
      case "bigint":
        return part
      case "object":
        return part === null ? null : readObject(part)
      default:
        return refuse(`Expected JSON, found ${part === undefined ? "undefined" : `a ${typeof part}`}`)
    }
  }

  const json = readPart(value)
  return isWhole() ? { json, issues, isWhole: true } : { json, issues: [tooLarge, ...issues], isWhole: false }
}

const unreadable = "Expected a value that can be read"

const halfCharacter = "Expected text, found half of a character: a surrogate without the other"

const tooLarge: FieldIssue.FieldIssue = {
  path: [],
  message: `Expected at most ${maxValues} values and ${maxCharacters} characters in all`,
}

/** Returns why an object is no plain one; `undefined` for a plain one, also of another realm. */
const kindOf = (object: object): string | undefined => {
  if (object instanceof Unreadable) return unreadable
  if (object instanceof NumberText) return "Expected a number that can be written as it was read"
  const prototype: unknown = Object.getPrototypeOf(object)
  if (prototype === null || isRoot(prototype)) return undefined
  const tag = Object.prototype.toString.call(object).slice("[object ".length, -1).slice(0, 30)
  return `Expected JSON, found an object of ${tag === "Object" ? "a class" : `the kind ${tag}`}`
}

/** Returns whether a prototype is the one of plain objects, also of another realm. */
const isRoot = (prototype: unknown): boolean =>
  Object.getPrototypeOf(prototype) === null && Object.hasOwn(Object(prototype), "isPrototypeOf")
