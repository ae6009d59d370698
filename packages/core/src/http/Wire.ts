/**
 * Lenient decoding of vendors' answers: fields, lists, times, texts, and the wait of a 429. For adapters.
 *
 * The schema of an answer names the fields that the adapter uses. Decoding drops other fields, and drops an optional
 * field whose value does not fit.
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import * as FieldIssue from "../model/FieldIssue.ts"
import * as Json from "../model/Json.ts"

/** Returns a field of this schema that is absent where the value does not fit. */
export const lenient = <S extends Schema.Constraint>(schema: S) =>
  Schema.optionalKey(Schema.catchDecoding<S>(() => Effect.succeed(Option.none()))(schema))

/** A lenient field with a string, which may be empty. */
export const text = /* @__PURE__ */ lenient(Schema.String)

/** A lenient field with a boolean. */
export const flag = /* @__PURE__ */ lenient(Schema.Boolean)

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

const isCount = (value: unknown): value is number =>
  isWhole(value) || (typeof value === "string" && /^\d{1,15}$/.test(value))

/** A count: a whole number from 0, or a string of 1 to 15 digits. */
export const Count = /* @__PURE__ */ Schema.declare(isCount, { expected: "a count" }).pipe(
  Schema.decodeTo(Schema.Number, { decode: SchemaGetter.transform(Number), encode: SchemaGetter.passthrough() }),
)

/** A lenient field with a count. */
export const count = /* @__PURE__ */ lenient(Count)

/** Returns a lenient field with an object of these fields. */
export const object = <const Fields extends Schema.Struct.Fields>(fields: Fields) => lenient(Schema.Struct(fields))

/** The most names of unread fields that an object keeps, and the most characters of each. */
const maxUnread = 100

/** Returns whether a value is none: absent, null, or an empty text, list or object. */
export const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  (typeof value === "object" && Object.keys(value).length === 0)

/** What an answer has besides what was read of it. */
export interface Unread {
  /** The names of its other fields that are not empty, at most 100. Absent where there are none. */
  readonly unreadKeys?: ReadonlyArray<string>
}

/**
 * Returns a lenient schema that keeps the names of what it drops: fields that it does not list, and values that do not fit. A
 * field that the vendor adds or changes then does not pass in silence.
 */
export const withUnread = <A extends object, E>(schema: Schema.Codec<A, E>): Schema.Codec<A & Unread, unknown> => {
  const decode = SchemaParser.decodeUnknownEffect(schema)
  return Schema.Unknown.pipe(
    Schema.decodeTo(
      Schema.declare((value): value is A & Unread => Predicate.isObject(value)),
      {
        decode: SchemaGetter.transformEffect((value: unknown, options) =>
          Effect.map(decode(value, options), (read): A & Unread => {
            const unreadKeys = unreadIn(Object(value), read)
            return unreadKeys.length === 0 ? read : { ...read, unreadKeys }
          }),
        ),
        encode: SchemaGetter.transformEffect((value: A & Unread, options) =>
          SchemaParser.encodeUnknownEffect(schema)(value, options),
        ),
      },
    ),
  )
}

/** A payload that is decoded again has the names already. */
const unreadIn = (value: object & Unread, read: object): ReadonlyArray<string> =>
  Array.isArray(value.unreadKeys)
    ? value.unreadKeys.filter(Predicate.isString)
    : Object.entries(value)
        .filter(([name, field]) => !Object.hasOwn(read, name) && !isEmpty(field))
        .slice(0, maxUnread)
        .map(([name]) => name.slice(0, maxUnread).toWellFormed())

/** The most entries of a list in an answer, unless its adapter says otherwise. Pages of vendors have at most a thousand. */
export const maxEntries = 10_000

/** The most issues that decoding one answer returns. */
const maxIssues = 20

/**
 * Returns the schema of a list, decoded entry by entry. Fails where entries do not fit, with the first issue of each,
 * at most 20, and where there are more than `maximum` entries, by default 10,000.
 */
export const entries = <A, E>(
  entry: Schema.Codec<A, E>,
  maximum = maxEntries,
): Schema.Codec<ReadonlyArray<A>, ReadonlyArray<E>> => {
  const decode = SchemaParser.decodeUnknownResult(entry)
  return Schema.declare((value): value is ReadonlyArray<E> => Array.isArray(value), { expected: "array" }).pipe(
    Schema.decodeTo(
      Schema.declare((value): value is ReadonlyArray<A> => Array.isArray(value)),
      {
        decode: SchemaGetter.transformEffect((values: ReadonlyArray<E>) => {
          if (values.length > maximum) {
            return Effect.fail(new SchemaIssue.InvalidValue({ message: `Expected at most ${maximum} entries` }))
          }
          const decoded: Array<A> = []
          const issues: Array<SchemaIssue.Issue> = []
          for (let index = 0; index < values.length && issues.length < maxIssues; index++) {
            const result = decode(values[index])
            if (Result.isSuccess(result)) decoded.push(result.success)
            else issues.push(new SchemaIssue.Pointer([index], result.failure))
          }
          const [first, ...others] = issues
          return first === undefined
            ? Effect.succeed(decoded)
            : Effect.fail(new SchemaIssue.Composite(Schema.Unknown.ast, [first, ...others]))
        }),
        encode: SchemaGetter.transformEffect((values: ReadonlyArray<A>, options) =>
          Effect.forEach(values, (value) => SchemaParser.encodeUnknownEffect(entry)(value, options)),
        ),
      },
    ),
  )
}

/** Returns a function that decodes an answer: to the schema's type, or to what does not fit. */
export const decoder = <A>(
  schema: Schema.ConstraintDecoder<A>,
): ((json: unknown) => Result.Result<A, ReadonlyArray<FieldIssue.FieldIssue>>) => {
  const decode = SchemaParser.decodeUnknownResult(schema)
  return (json) => {
    try {
      const decoded = decode(json)
      return Result.isSuccess(decoded)
        ? Result.succeed(decoded.success as A)
        : Result.fail(FieldIssue.fromSchemaIssue(decoded.failure).slice(0, maxIssues))
    } catch {
      return Result.fail([{ path: [], message: "Expected a value that can be read" }])
    }
  }
}

/** Returns a function that decodes what `schema` accepts, and returns `undefined` for everything else. */
export const orUndefined = <A>(schema: Schema.ConstraintDecoder<A>): ((json: unknown) => A | undefined) => {
  const decode = decoder(schema)
  return (json) => Option.getOrUndefined(Result.getSuccess(decode(json)))
}

/** The form in which JavaScript writes times, and which it reads. */
const plainTimeForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/

const timeForm = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d{1,3})?\d* ?(?:(Z|UTC)|([+-]\d\d):?(\d\d)?)$/i

/**
 * Returns the time of a text in RFC 3339, or in a form that databases and Python write: with a space in place of the `T`,
 * with `UTC`, with an offset without its colon or its minutes. Returns `undefined` for a text that is not a time or has no
 * offset, and for the times that vendors write for "none": Go's zero time and the start of the epoch.
 */
export const time = (text: string | undefined): DateTime.Utc | undefined => {
  if (typeof text !== "string") return undefined
  const plain = plainTimeForm.test(text) ? text : plainTime(text.trim())
  if (plain === undefined) return undefined
  const millis = Date.parse(plain)
  return millis > 0 ? DateTime.makeUnsafe(millis) : undefined
}

const plainTime = (text: string): string | undefined => {
  const [, day, clock, fraction = "", utc, hours, minutes = "00"] = timeForm.exec(text) ?? []
  if (day === undefined) return undefined
  return `${day}T${clock}${fraction}${utc === undefined ? `${hours}:${minutes}` : "Z"}`
}

/** Returns the time at which a run ended; `undefined` where it lies before the start. */
export const endTime = (text: string | undefined, startedAt: DateTime.Utc | undefined): DateTime.Utc | undefined => {
  const end = time(text)
  return end !== undefined && startedAt !== undefined && DateTime.isLessThan(end, startedAt) ? undefined : end
}

const maxErrorText = 2_000

/** Returns a run's error text, cut to 2,000 characters; `undefined` where it is blank. */
export const errorText = (text: string | undefined): string | undefined =>
  text === undefined || text.trim() === "" ? undefined : cut(text)

/** Returns a text of at most 2,000 characters; a longer one is cut, and ends in `…`. */
export const cut = (text: string, maximum = maxErrorText): string =>
  text.length <= maximum ? text : `${text.slice(0, maximum - 1).toWellFormed()}…`

/**
 * Returns a body that is one plain line of at most 200 characters; an empty string for others, such as a gateway's
 * page.
 */
export const plainLine = (raw: string): string => {
  const line = raw.trim()
  return line.length <= 200 && !/[<>{}[\]\n]/.test(line) ? line : ""
}

const maxLine = 200

/** Returns any value as one line of JSON, cut to 200 characters; `otherwise` for a value that is nested too deep. */
export const oneLine = (value: unknown, otherwise: unknown = "nested too deep"): string => {
  let text: string
  try {
    text = Json.stringify(value) ?? ""
  } catch {
    text = JSON.stringify(otherwise)
  }
  return cut(text, maxLine)
}

const httpDateForm = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/

/**
 * Returns the wait of a `retry-after` header, which is a number of seconds or a date. A date counts from the answer's
 * `date` header, since an adapter reads no clock. Returns `undefined` without a wait, and for a date without that
 * header.
 */
export const retryAfter = (headers: Readonly<Record<string, string>>): Duration.Duration | undefined => {
  const header = headers["retry-after"]?.trim() ?? ""
  if (/^\d{1,9}$/.test(header)) return Duration.seconds(Number(header))
  const [until, now] = [httpDate(header), httpDate(headers["date"])]
  if (until === undefined || now === undefined) return undefined
  return Duration.millis(Math.max(0, DateTime.toEpochMillis(until) - DateTime.toEpochMillis(now)))
}

let latestDate: readonly [text: string, date: DateTime.Utc | undefined] = ["", undefined]

/** Returns the time of a header such as `date`, as in `Fri, 02 Jan 2026 03:04:05 GMT`; `undefined` for another text. */
export const httpDate = (text: string | undefined): DateTime.Utc | undefined => {
  const date = text?.trim() ?? ""
  // The answers of one second have the same.
  if (date !== latestDate[0]) {
    const millis = httpDateForm.test(date) ? Date.parse(date) : Number.NaN
    latestDate = [date, Number.isNaN(millis) ? undefined : DateTime.makeUnsafe(millis)]
  }
  return latestDate[1]
}
