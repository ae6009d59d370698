/** The schemas of classes whose constructors take their fields. */
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"

export const ofClass = <const Fields extends Schema.Struct.Fields, A extends Schema.Struct<Fields>["Type"]>(
  made: new (fields: Schema.Struct<Fields>["Type"]) => A,
  fields: Fields,
) =>
  Schema.Struct(fields).pipe(
    Schema.decodeTo(Schema.instanceOf(made), {
      decode: SchemaGetter.transform((read: Schema.Struct<Fields>["Type"]) => new made(read)),
      encode: SchemaGetter.transform((one: A): Schema.Struct<Fields>["Type"] => one),
    }),
  )

/** Of an error that is its tag and nothing more. */
export const ofTag = <const Tag extends string, A extends { readonly _tag: Tag }>(made: new () => A, tag: Tag) =>
  Schema.Struct({ _tag: Schema.tag(tag) }).pipe(
    Schema.decodeTo(Schema.instanceOf(made), {
      decode: SchemaGetter.transform(() => new made()),
      encode: SchemaGetter.transform(({ _tag }: A) => ({ _tag })),
    }),
  )

type Tagged<Tag extends string, Fields extends Schema.Struct.Fields> = Schema.TaggedStruct<Tag, Fields>["Type"]

/** Of an error whose constructor takes its fields without the tag. */
export const ofTagged = <
  const Tag extends string,
  const Fields extends Schema.Struct.Fields,
  A extends Tagged<Tag, Fields>,
>(
  made: new (fields: Omit<Tagged<Tag, Fields>, "_tag">) => A,
  tag: Tag,
  fields: Fields,
) =>
  Schema.TaggedStruct(tag, fields).pipe(
    Schema.decodeTo(Schema.instanceOf(made), {
      decode: SchemaGetter.transform((read: Tagged<Tag, Fields>) => new made(untagged(read))),
      encode: SchemaGetter.transform((one: A): Tagged<Tag, Fields> => one),
    }),
  )

const untagged = <Fields extends object>(tagged: Fields): Omit<Fields, "_tag"> => {
  const { _tag, ...fields } = tagged as Fields & { readonly _tag: unknown }
  return fields
}
