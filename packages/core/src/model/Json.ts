/**
 * JSON whose numbers are kept exactly: whole numbers that JavaScript's numbers cannot hold are `bigint`s. Other numbers that
 * they cannot hold, as a decimal of 20 digits or `1e400`, are kept as their text, and are never written.
 */

/** A JSON value. */
export type Json = null | boolean | number | bigint | string | ReadonlyArray<Json> | JsonObject

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json
}

/** A number that neither `number` nor `bigint` holds exactly, as its text. It is text wherever it is shown or stored. */
export class NumberText {
  /** The text of the number, as the vendor wrote it. */
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  /** Returns the text of the number. */
  toString(): string {
    return this.text
  }

  /** Returns the text of the number: as JSON it is a string. */
  toJSON(): string {
    return this.text
  }
}

/**
 * Returns whether a text may have such a number: a long one has eight digits in a row on one side of its dot, others have an
 * exponent. Texts within strings are found too: no harm done. The first pattern is the fast one: engines skip ahead by it.
 */
const maybeOdd = (text: string): boolean =>
  (/\d\d\d\d\d\d\d\d/.test(text) && /\d[\d.]{15}/.test(text)) || /\d[eE][+-]?\d/.test(text)

/** Parses JSON. Throws a `SyntaxError` for any other text. */
export const parse = (text: string): unknown =>
  maybeOdd(text)
    ? JSON.parse(text, (_, value: unknown, context?: { readonly source?: string }) => exact(value, context?.source))
    : JSON.parse(text)

const exact = (value: unknown, source: string | undefined): unknown => {
  if (typeof value !== "number" || source === undefined) return value
  if (/^-?\d+$/.test(source)) return Number.isSafeInteger(value) ? value : BigInt(source)
  return isExact(value, source) ? value : new NumberText(source)
}

/** Returns whether a number prints as the same decimal as its text. */
const isExact = (value: number, source: string): boolean =>
  Number.isFinite(value) && decimalOf(String(value)) === decimalOf(source)

/** Returns a number's text in one form: sign, digits without zeros at either end, and the power of ten behind them. */
const decimalOf = (text: string): string => {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? []
  const digits = `${whole}${fraction}`.replace(/^0+/, "")
  const significant = digits.replace(/0+$/, "")
  if (significant === "") return "0"
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`
}

/** `JSON.rawJSON`, which TypeScript's library does not list yet. */
const rawJson: unknown = Reflect.get(JSON, "rawJSON")

const numberOf = (value: bigint): unknown => (typeof rawJson === "function" ? rawJson(String(value)) : Number(value))

/**
 * Returns a value as JSON text, with `bigint`s as numbers, also where a program has given them a `toJSON`; `undefined` for a
 * value that JSON cannot show.
 */
export const stringify = (value: unknown): string | undefined =>
  JSON.stringify(value, function (this: JsonObject, key, shown: unknown) {
    const part: unknown = this[key]
    return typeof part === "bigint" ? numberOf(part) : shown
  })

/** Returns the path of a number that is kept as text only; `undefined` where there is none. */
export const pathOfNumberText = (value: unknown): ReadonlyArray<string> | undefined => {
  if (value instanceof NumberText) return []
  if (typeof value !== "object" || value === null) return undefined
  for (const [key, part] of Object.entries(value)) {
    const path = pathOfNumberText(part)
    if (path !== undefined) return [key, ...path]
  }
  return undefined
}

/** Returns whether a value is an object of JSON: one that no class has made. */
export const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype

/** Returns a value that `JSON.stringify` and stores take: `bigint`s and numbers as text are raw JSON and text there. */
export const storable = (value: unknown): unknown => {
  if (typeof value === "bigint") return numberOf(value)
  if (value instanceof NumberText) return value.text
  if (Array.isArray(value)) return value.map(storable)
  if (!isPlain(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, storable(part)]))
}

/** Returns whether two values are the same whole number, which may be a `bigint` on one side only. */
export const isSameNumber = (one: unknown, other: unknown): boolean =>
  (typeof one === "bigint" &&
    (typeof other === "bigint" || typeof other === "number") &&
    String(one) === String(other)) ||
  (typeof other === "bigint" && typeof one === "number" && String(one) === String(other))
