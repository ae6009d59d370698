/**
 * Fields of an answer that cannot spoil the rest of it, in a schema: the readers of `Wire` with their types. For adapters
 * that describe a vendor's answers with `effect/Schema`.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as Wire from "../../http/Wire.ts"
import type { Optional } from "../Reader.ts"

/** What `read` makes of the value, or nothing; `schema` decodes the rest of the way. */
const field = <S extends Schema.Constraint>(schema: S, { optional }: Optional<S["Encoded"]>) =>
  Schema.optionalKey(Schema.Unknown).pipe(
    Schema.decodeTo(Schema.optionalKey(schema), {
      decode: SchemaGetter.transformOptional(
        Option.flatMap((value: unknown) => Option.fromUndefinedOr(optional(value, []))),
      ),
      encode: SchemaGetter.passthroughSupertype<unknown, unknown>(),
    }),
  )

/** A string, empty ones included. */
export const text = field(Schema.String, Wire.text)

export const flag = field(Schema.Boolean, Wire.flag)

/** A count: a whole number from 0, also one that is written as a string. */
export const count = field(Schema.Number, Wire.count)

/** An object whose own fields are lenient. */
export const object = <const Fields extends Schema.Struct.Fields>(fields: Fields) =>
  field(Schema.Struct(fields), {
    optional: (value) =>
      Predicate.isObject(value) && !Array.isArray(value) ? (value as Schema.Struct<Fields>["Encoded"]) : undefined,
  })

/** Any schema: absent where the value does not fit, so that it cannot spoil the rest. */
export const lenient = <S extends Schema.Constraint>(schema: S) =>
  Schema.optionalKey(Schema.catchDecoding<S>(() => Effect.succeed(Option.none()))(schema))
