/**
 * Strict decoding of what callers and stores pass, with every problem at once.
 *
 * Unknown fields are rejected; `undefined` means absent. Values may come from JavaScript without a type checker, or
 * from parsed JSON: decoding any value returns it, or issues. For adapters and core.
 */
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaParser from "effect/SchemaParser"
import * as FieldIssue from "./FieldIssue.ts"
import type * as Json from "./Json.ts"

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

const isPlainObject = (value: unknown): value is Json.JsonObject => {
  if (!Predicate.isObject(value) || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // The prototype of plain objects of another realm has no prototype either.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/**
 * Any JSON value, with `bigint`s for whole numbers that are too large for numbers. Objects of other kinds are rejected: JSON
 * shows a `Map` as `{}`, and a `Date` as a text.
 */
export const AnyJson: Schema.Codec<Json.Json> = /* @__PURE__ */ (() =>
  Schema.Union([
    Schema.Null,
    Schema.Boolean,
    Schema.String,
    Schema.BigInt,
    Schema.Finite,
    Schema.Array(Schema.suspend((): Schema.Codec<Json.Json> => AnyJson)),
    Schema.suspend((): Schema.Codec<Json.JsonObject> => JsonObject),
  ]))()

/** An object of such values. */
export const JsonObject: Schema.Codec<Json.JsonObject> = /* @__PURE__ */ (() =>
  Schema.declare(isPlainObject, { expected: "object" }).pipe(
    Schema.decodeTo(
      Schema.Record(
        Schema.String,
        Schema.suspend((): Schema.Codec<Json.Json> => AnyJson),
      ),
    ),
  ))()

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
