/**
 * A vendor's answer to a read, and what it shows, for facts that an answer can settle. The functions take any JSON. They return
 * `undefined` where the answer shows neither that something holds nor that it does not.
 */
import * as Predicate from "effect/Predicate"

/** A vendor's answer to a GET request. */
export interface Answer {
  /** The path of the request, without its query. */
  readonly path: string
  /** The query of the request. */
  readonly query: URLSearchParams
  readonly status: number
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The body as JSON; `undefined` where it is none. */
  readonly body: unknown
}

/** A JSON object. */
export type Entry = Readonly<Record<string, unknown>>

/** Returns the objects of the list that is at this path of field names in a body; none where there is no list. */
export const entriesAt = (body: unknown, ...names: ReadonlyArray<string>): ReadonlyArray<Entry> => {
  const list = names.reduce<unknown>(
    (value, name) => (Predicate.hasProperty(value, name) ? value[name] : undefined),
    body,
  )
  return Array.isArray(list) ? list.filter((entry): entry is Entry => Predicate.isObject(entry)) : []
}

/** Returns whether all values pass a test; `undefined` where there is no value. */
export const every = <A>(values: ReadonlyArray<A>, test: (value: A) => boolean): boolean | undefined =>
  values.length === 0 ? undefined : values.every(test)

/** Returns the texts among the values of these fields, in the order of the entries. */
export const texts = (entries: ReadonlyArray<Entry>, ...names: ReadonlyArray<string>): ReadonlyArray<string> =>
  entries.flatMap((entry) => names.map((name) => entry[name])).filter((value) => typeof value === "string")

/** Returns whether the entries have falling times in this field; `undefined` where fewer than two times differ. */
export const isNewestFirst = (entries: ReadonlyArray<Entry>, name: string): boolean | undefined => {
  const times = texts(entries, name)
    .map((text) => Date.parse(text))
    .filter((time) => !Number.isNaN(time))
  return new Set(times).size < 2
    ? undefined
    : times.every((time, index) => index === 0 || time <= (times[index - 1] ?? time))
}
