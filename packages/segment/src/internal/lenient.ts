/**
 * More fields of an answer that cannot spoil the rest of it, beyond those of core's `schema/Wire`: a value that is not
 * what it should be is left out.
 */
import * as Wire from "@openretl/core/driver/schema/Wire"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  Predicate.isObject(value) && !Array.isArray(value)

/** Any number, fractions included. */
export const number = Wire.lenient(Schema.Number)

/** A JSON object, kept as it came. */
export const record = Wire.lenient(Schema.Record(Schema.String, Schema.Unknown))

/** An array, of whose items those that do not fit are left out. */
const items = <S extends Schema.Constraint>(schema: S, fits: (item: unknown) => item is S["Encoded"]) =>
  Schema.optionalKey(Schema.Unknown).pipe(
    Schema.decodeTo(Schema.optionalKey(Schema.Array(schema)), {
      decode: SchemaGetter.transformOptional(
        Option.flatMap((value: unknown) => (Array.isArray(value) ? Option.some(value.filter(fits)) : Option.none())),
      ),
      encode: SchemaGetter.passthroughSupertype<unknown, unknown>(),
    }),
  )

/** The strings of an array. */
export const texts = items(Schema.String, Predicate.isString)

/** The objects of an array, whose own fields are lenient. */
export const objects = <const Fields extends Schema.Struct.Fields>(fields: Fields) =>
  items(Schema.Struct(fields), (item): item is Schema.Struct<Fields>["Encoded"] => isRecord(item))
