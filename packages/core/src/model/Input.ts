/**
 * Strict decoding of what callers and stores pass, with every problem at once.
 *
 * Unknown fields are rejected; `undefined` means absent. Values may come from JavaScript without a type checker, or
 * from parsed JSON: decoding any value returns it, or issues. For adapters and core.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import * as FieldIssue from "./FieldIssue.ts"
import type * as Json from "./Json.ts"
import * as PlainJson from "./PlainJson.ts"

/** The most issues that decoding one value returns. */
export const maxIssues = 100

/** For a value with more parts than this, decoding returns only the first issue. */
const maxParts = 10_000

/** Returns a field that may be absent. A caller may also pass `undefined` for it. */
export const optional = <S extends Schema.Constraint>(schema: S) =>
  Schema.optional(schema).pipe(
    Schema.decodeTo(Schema.optionalKey(Schema.toType(schema)), {
      decode: SchemaGetter.transformOptional(Option.filter((value) => value !== undefined)),
      encode: SchemaGetter.passthroughSubtype(),
    }),
  )

/** Returns a field that may be absent. A store may also return `null` for it, as databases do. */
export const nullable = <S extends Schema.Constraint>(schema: S) =>
  Schema.optional(Schema.NullOr(schema)).pipe(
    Schema.decodeTo(Schema.optionalKey(Schema.toType(schema)), {
      decode: SchemaGetter.transformOptional(Option.filter((value) => value !== undefined && value !== null)),
      encode: SchemaGetter.passthroughSubtype(),
    }),
  )

/** Returns a schema that rejects unknown fields wherever it is decoded. */
export const strict = <A, E>(schema: Schema.Codec<A, E>): Schema.Codec<A, E> => {
  const decode = SchemaParser.decodeUnknownEffect(schema)
  return Schema.toEncoded(Schema.declare((_): _ is E => true)).pipe(
    Schema.decodeTo(Schema.toType(schema), {
      decode: SchemaGetter.transformEffect((value: E, options) =>
        decode(value, { ...options, onExcessProperty: "error" }),
      ),
      encode: SchemaGetter.transformEffect((value: A, options) =>
        SchemaParser.encodeUnknownEffect(schema)(value, options),
      ),
    }),
  )
}

/** Returns the schema of whole numbers from `minimum` to `maximum`, both inclusive. */
export const wholeNumber = (minimum: number, maximum = Number.MAX_SAFE_INTEGER) =>
  Schema.Number.check(
    Schema.makeFilter((value: number) => Number.isSafeInteger(value) && value >= minimum && value <= maximum, {
      expected:
        maximum === Number.MAX_SAFE_INTEGER
          ? `a whole number from ${minimum}`
          : `a whole number from ${minimum} to ${maximum}`,
    }),
  )

/** Returns a field of any value; `undefined` where the value has no such field, or the field cannot be read. */
export const field = (value: unknown, name: string): unknown => {
  try {
    return Reflect.get(Object(value), name)
  } catch {
    return undefined
  }
}

/**
 * Takes a property off an object: returns its value, and the object without it, with all that it inherits. What cannot be
 * read stays as it is: decoding refuses it.
 */
export const take = <O>(object: O, name: string): readonly [taken: unknown, others: O] => {
  try {
    if (!Predicate.hasProperty(object, name)) return [undefined, object]
    const { [name]: _, ...others } = Object.getOwnPropertyDescriptors(object)
    return [object[name], Object.create(Object.getPrototypeOf(object), others)]
  } catch {
    return [undefined, object]
  }
}

/** Returns a schema whose decoder first copies the value, and names everything in it that is not JSON. */
const copied = <A extends Json.Json>(schema: Schema.Codec<A>, isObject: boolean): Schema.Codec<A> =>
  Schema.declare((_): _ is A => true).pipe(
    Schema.decodeTo(schema, {
      decode: SchemaGetter.transformEffect((value: A) => {
        const { json, issues } = PlainJson.read(value)
        const [first, ...others] = issues.map(
          ({ path, message }) => new SchemaIssue.Pointer(path, new SchemaIssue.InvalidValue({ message })),
        )
        // What is wrong in a list is of no interest where no list may be.
        return first === undefined || (isObject && Array.isArray(json))
          ? Effect.succeed(json as A)
          : Effect.fail(new SchemaIssue.Composite(Schema.Unknown.ast, [first, ...others]))
      }),
      encode: SchemaGetter.passthrough(),
    }),
  )

/** What `PlainJson` takes, as a schema: for the types, and for what is made from them. */
const Parts = /* @__PURE__ */ (() => {
  const Text = Schema.String.check(Schema.makeFilter((text: string) => text.isWellFormed()))
  const Name = Text.check(Schema.makeFilter((name: string) => name !== "__proto__"))
  const Any: Schema.Codec<Json.Json> = Schema.suspend(() =>
    Schema.Union([Schema.Null, Schema.Boolean, Text, Schema.BigInt, Schema.Finite, Schema.Array(Any), Record]),
  )
  const Record: Schema.Codec<Json.JsonObject> = Schema.Record(Name, Any)
  return { Any, Record }
})()

/**
 * Any JSON value, with `bigint`s for whole numbers that are too large for numbers. Objects of other kinds are rejected: JSON
 * shows a `Map` as `{}`, and a `Date` as a text. The value is read once, and copied.
 */
export const AnyJson: Schema.Codec<Json.Json> = /* @__PURE__ */ (() => copied(Parts.Any, false))()

/** An object of such values. */
export const JsonObject: Schema.Codec<Json.JsonObject> = /* @__PURE__ */ (() => copied(Parts.Record, true))()

/**
 * Returns the fields of an object, each read once. A field whose read throws has a value that no schema takes; a value that is
 * not an object, or throws, has no fields. For what callers pass to functions that do not fail.
 */
export const fields = <A extends object>(object: A): A => {
  const copy: Record<string, unknown> = {}
  for (const name of tried(() => Object.keys(object), [])) {
    if (name !== "__proto__") copy[name] = tried(() => Reflect.get(object, name), new PlainJson.Unreadable())
  }
  return copy as A
}

/** Returns a list with its items changed, and every other value as it is. For such functions, too. */
export const items = <A, B>(list: ReadonlyArray<A>, change: (item: A) => B): ReadonlyArray<B> | ReadonlyArray<A> =>
  tried(() => (Array.isArray(list) ? list.map(change) : list), [])

const tried = <A, B>(read: () => A, otherwise: B): A | B => {
  try {
    return read()
  } catch {
    return otherwise
  }
}

/** How a decoder treats unknown fields. */
export interface DecoderOptions {
  /** `error`: an unknown field is an issue. `ignore`: it is dropped. @default "error" */
  readonly excess?: "error" | "ignore"
}

/**
 * Returns a function that decodes any value: to the schema's type, or to everything that is wrong, at most 100 issues.
 */
export const decoder = <A>(
  schema: Schema.ConstraintDecoder<A>,
  { excess = "error" }: DecoderOptions = {},
): ((value: unknown) => Result.Result<A, ReadonlyArray<FieldIssue.FieldIssue>>) => {
  const decodeFirst = SchemaParser.decodeUnknownResult(schema, { onExcessProperty: excess })
  const decodeAll = SchemaParser.decodeUnknownResult(schema, { errors: "all", onExcessProperty: excess })
  return (value) => {
    try {
      const decoded = decodeFirst(value)
      if (Result.isSuccess(decoded)) return Result.succeed(decoded.success as A)
      const all = hasFewParts(value) ? decodeAll(value) : decoded
      const issue = Result.isFailure(all) ? all.failure : decoded.failure
      return Result.fail(FieldIssue.fromSchemaIssue(issue).slice(0, maxIssues))
    } catch {
      // A getter or a proxy throws, or the value is nested too deep.
      return Result.fail([{ path: [], message: "Expected a value that can be read" }])
    }
  }
}

/** Returns a function that lists everything that is wrong with a value, at most 100 issues. */
export const issues = (
  schema: Schema.ConstraintDecoder<unknown>,
  options: DecoderOptions = {},
): ((value: unknown) => ReadonlyArray<FieldIssue.FieldIssue>) => {
  const decode = decoder(schema, options)
  return (value) => {
    const decoded = decode(value)
    return Result.isSuccess(decoded) ? [] : decoded.failure
  }
}

const hasFewParts = (value: unknown): boolean => {
  let parts = 0
  const pending: Array<unknown> = [value]
  while (pending.length > 0) {
    const part = pending.pop()
    if (typeof part !== "object" || part === null) continue
    const values = Array.isArray(part) ? part : Object.values(part)
    parts += values.length
    if (parts > maxParts) return false
    for (const nested of values) pending.push(nested)
  }
  return true
}
