/** Lenient fields of an answer besides those of core's `Wire`: a value that does not fit is left out. */
import * as Wire from "@openretl/core/driver/Wire"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  Predicate.isObject(value) && !Array.isArray(value)

/** A field with any number, fractions included. */
export const number = Wire.lenient(Schema.Number)

/** A field with a JSON object, kept unchanged. */
export const record = Wire.lenient(Schema.Record(Schema.String, Schema.Unknown))

/** A field with an array, without the items that do not fit. */
const items = <S extends Schema.Constraint>(schema: S, fits: (item: unknown) => item is S["Encoded"]) =>
  Schema.optionalKey(Schema.Unknown).pipe(
    Schema.decodeTo(Schema.optionalKey(Schema.Array(schema)), {
      decode: SchemaGetter.transformOptional(
        Option.flatMap((value: unknown) => (Array.isArray(value) ? Option.some(value.filter(fits)) : Option.none())),
      ),
      encode: SchemaGetter.passthroughSupertype<unknown, unknown>(),
    }),
  )

/** A field with the strings of an array. */
export const texts = items(Schema.String, Predicate.isString)

/** A field with the objects of an array, whose fields are lenient. */
export const objects = <const Fields extends Schema.Struct.Fields>(fields: Fields) =>
  items(Schema.Struct(fields), (item): item is Schema.Struct<Fields>["Encoded"] => isRecord(item))
