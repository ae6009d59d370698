/** The schemas of classes whose constructors take their fields. */
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"

type Type<Fields extends Schema.Struct.Fields> = Schema.Struct<Fields>["Type"]

/** Of a class, under its name; values for property tests are made of its fields. */
export const ofClass = <const Fields extends Schema.Struct.Fields, A extends Type<Fields>>(
  identifier: string,
  make: new (fields: Type<Fields>) => A,
  fields: Fields,
) => {
  const struct = Schema.Struct(fields)
  const both = {
    decode: SchemaGetter.transform((read: Type<Fields>) => new make(read)),
    encode: SchemaGetter.transform((one: A): Type<Fields> => one),
  }
  const toCodecArbitrary = () => Schema.link<A>()(Schema.toType(struct), both)
  return struct.pipe(Schema.decodeTo(Schema.instanceOf(make, { identifier, toCodecArbitrary }), both))
}

type Tagged<Tag extends string, Fields extends Schema.Struct.Fields> = Schema.TaggedStruct<Tag, Fields>["Type"]

/** Of an error under its tag, which its constructor does not take. */
export const ofTagged = <
  const Tag extends string,
  const Fields extends Schema.Struct.Fields,
  A extends Tagged<Tag, Fields>,
>(
  tag: Tag,
  make: new (fields: Omit<Tagged<Tag, Fields>, "_tag">) => A,
  fields: Fields,
) => {
  const struct = Schema.TaggedStruct(tag, fields)
  const both = {
    decode: SchemaGetter.transform((read: Tagged<Tag, Fields>) => new make(untagged(read))),
    encode: SchemaGetter.transform((one: A): Tagged<Tag, Fields> => one),
  }
  const toCodecArbitrary = () => Schema.link<A>()(Schema.toType(struct), both)
  return struct.pipe(Schema.decodeTo(Schema.instanceOf(make, { identifier: tag, toCodecArbitrary }), both))
}

interface Bare<Tag> {
  readonly _tag: Tag
}

/** Of an error that is its tag and nothing more. */
export const ofTag = <const Tag extends string, A extends Bare<Tag>>(tag: Tag, make: new () => A) => {
  const struct = Schema.Struct({ _tag: Schema.tag(tag) })
  const both = {
    decode: SchemaGetter.transform((_: Bare<Tag>) => new make()),
    encode: SchemaGetter.transform(({ _tag }: A): Bare<Tag> => ({ _tag })),
  }
  const toCodecArbitrary = () => Schema.link<A>()(Schema.toType(struct), both)
  return struct.pipe(Schema.decodeTo(Schema.instanceOf(make, { identifier: tag, toCodecArbitrary }), both))
}

const untagged = <Fields extends object>(tagged: Fields): Omit<Fields, "_tag"> => {
  const { _tag, ...fields } = tagged as Fields & { readonly _tag: unknown }
  return fields
}
