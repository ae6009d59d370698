/**
 * Reading what vendors write: optional fields of an answer that cannot spoil the rest of it, times, texts, and the wait
 * of a 429. For adapters.
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Reader from "../model/Reader.ts"

/** A string, empty ones included. */
export const text = Reader.lenient(Reader.string)

export const flag = Reader.lenient(Reader.boolean)

const whole = Reader.integer(0)

/** A count: a whole number from 0, also one that is written as a string. */
export const count: Reader.Optional<number> = {
  optional: (value) =>
    Reader.orUndefined(whole, typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value),
}

/** An object whose own fields are lenient. */
export const object = <const F extends Reader.Fields>(fields: F): Reader.Optional<Reader.Struct<F>> =>
  Reader.lenient(Reader.struct(fields))

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i

/** A time in RFC 3339. Go's zero time, the epoch's start, the empty string and what is no time at all are none. */
export const time = (text: string | undefined): DateTime.Utc | undefined => {
  if (text === undefined || !rfc3339.test(text)) return undefined
  const found = Option.getOrUndefined(DateTime.make(text))
  return found !== undefined && DateTime.toEpochMillis(found) > 0 ? DateTime.toUtc(found) : undefined
}

/** The end of a run that has ended: none where it lies before the start. */
export const endTime = (text: string | undefined, startedAt: DateTime.Utc | undefined): DateTime.Utc | undefined => {
  const end = time(text)
  return end !== undefined && startedAt !== undefined && DateTime.isLessThan(end, startedAt) ? undefined : end
}

const maxErrorText = 2_000

/** A run's error text: bounded, and none where it is blank. */
export const errorText = (text: string | undefined): string | undefined => {
  if (text === undefined || text.trim() === "") return undefined
  return text.length <= maxErrorText ? text : `${text.slice(0, maxErrorText - 1).toWellFormed()}…`
}

/** Of a body that is not JSON only a plain line says something; a page of a gateway does not. */
export const plainLine = (raw: string): string => {
  const line = raw.trim()
  return line.length <= 200 && !/[<>{}[\]\n]/.test(line) ? line : ""
}

const maxLine = 200

/** Anything as one line of JSON, of at most 200 characters; `otherwise` where it is nested too deep to be written. */
export const oneLine = (value: unknown, otherwise: unknown = "nested too deep"): string => {
  let text: string
  try {
    text = JSON.stringify(value) ?? ""
  } catch {
    text = JSON.stringify(otherwise)
  }
  return text.length <= maxLine ? text : `${text.slice(0, maxLine - 1).toWellFormed()}…`
}

const httpDateForm = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/

/**
 * The wait of a `retry-after` header: seconds, or a date. A date is measured from the answer's own `date`, since an
 * adapter reads no clock; without one it tells nothing.
 */
export const retryAfter = (headers: Readonly<Record<string, string>>): Duration.Duration | undefined => {
  const asked = headers["retry-after"]?.trim() ?? ""
  if (/^\d{1,9}$/.test(asked)) return Duration.seconds(Number(asked))
  const [until, now] = [httpDate(asked), httpDate(headers["date"])]
  if (until === undefined || now === undefined) return undefined
  return Duration.millis(Math.max(0, DateTime.toEpochMillis(until) - DateTime.toEpochMillis(now)))
}

/** The time of a header such as `date`: `Fri, 02 Jan 2026 03:04:05 GMT`. */
export const httpDate = (text: string | undefined): DateTime.Utc | undefined => {
  const date = text?.trim() ?? ""
  const millis = httpDateForm.test(date) ? Date.parse(date) : Number.NaN
  return Number.isNaN(millis) ? undefined : DateTime.makeUnsafe(millis)
}
