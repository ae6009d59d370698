/** Unions whose member the value chooses, so that decoding reports the problems of that member and of no other. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaParser from "effect/SchemaParser"

/** Returns the union, decoded by the schema that `memberOf` returns for the value: a member, or one that decodes nothing. */
export const choice = <A, E>(
  union: Schema.Codec<A, E>,
  memberOf: (value: unknown) => Schema.ConstraintDecoder<unknown>,
): Schema.Codec<A, E> =>
  Schema.toEncoded(Schema.declare((_): _ is E => true)).pipe(
    Schema.decodeTo(Schema.toType(union), {
      decode: SchemaGetter.transformEffect((value: E, options) =>
        // The target, which is the union's type, is checked after this.
        Effect.map(SchemaParser.decodeUnknownEffect(memberOf(value))(value, options), (decoded) => decoded as A),
      ),
      encode: SchemaGetter.transformEffect((value: A, options) =>
        SchemaParser.encodeUnknownEffect(union)(value, options),
      ),
    }),
  )
