/** The rules between the fields of a new connection: those of the vendor that its fields alone cannot say. */
import * as Wire from "@openretl/core/driver/Wire"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"

/** The fields that the rules check. Other fields may be invalid. */
const Outline = Schema.Struct({
  syncBehaviour: Wire.text,
  identifiers: Wire.lenient(Schema.Array(Schema.Struct({ to: Wire.text }))),
  event: Schema.optionalKey(Schema.Unknown),
  constants: Schema.optionalKey(Schema.Unknown),
  cursorColumn: Schema.optionalKey(Schema.Unknown),
  object: Schema.optionalKey(Schema.Unknown),
})
interface Outline extends Schema.Schema.Type<typeof Outline> {}

interface BrokenRule {
  readonly path: ReadonlyArray<PropertyKey>
  readonly issue: string
}

const decodeOutline = Wire.orUndefined(Outline)

/**
 * Returns the shape with the rules. All problems are found at once: a schema by itself looks at a rule only once every
 * field is right.
 */
export const withRules = <A extends object, E>(fields: Schema.Codec<A, E>): Schema.Codec<A, E> => {
  const decodeFields = SchemaParser.decodeUnknownEffect(fields)
  const decode = (value: E, options: Parameters<typeof decodeFields>[1]) =>
    Effect.mapError(decodeFields(value, options), (issue) => {
      const broken = options?.errors === "all" ? brokenRules(decodeOutline(value)).map(toIssue) : []
      return broken.length === 0 ? issue : new SchemaIssue.Composite(fields.ast, [issue, ...broken])
    })
  return Schema.toEncoded(Schema.declare((_): _ is E => true)).pipe(
    Schema.decodeTo(Schema.toType(fields).check(Schema.makeFilter((value) => brokenRules(decodeOutline(value)))), {
      decode: SchemaGetter.transformEffect(decode),
      encode: SchemaGetter.transformEffect((value: A, options) =>
        SchemaParser.encodeUnknownEffect(fields)(value, options),
      ),
    }),
  )
}

const toIssue = ({ path, issue }: BrokenRule) =>
  new SchemaIssue.Pointer(path, new SchemaIssue.InvalidValue({ message: issue }))

const brokenRules = (request: Outline | undefined): ReadonlyArray<BrokenRule> => {
  if (request === undefined) return []
  const { event, object, constants, cursorColumn, syncBehaviour = "upsert" } = request
  return [
    ...(event === undefined ? [] : brokenByEvent(request)),
    ...(object === undefined ? [] : brokenByObject(request)),
    ...(constants !== undefined && event === undefined
      ? [{ path: ["constants"], issue: "Expected no constants without an event" }]
      : []),
    ...(cursorColumn !== undefined && syncBehaviour !== "upsert"
      ? [{ path: ["cursorColumn"], issue: "Expected no cursorColumn unless syncBehaviour is upsert" }]
      : []),
  ]
}

/** The rules of what the vendor calls the JSON mapper. */
const brokenByEvent = ({ identifiers = [], syncBehaviour }: Outline): ReadonlyArray<BrokenRule> => [
  ...identifiers.flatMap(({ to }, index) =>
    to === undefined || to === "user_id" || to === "anonymous_id"
      ? []
      : [{ path: ["identifiers", index, "to"], issue: "Expected user_id or anonymous_id, for events" }],
  ),
  ...(syncBehaviour === "mirror" ? [{ path: ["syncBehaviour"], issue: "Expected upsert or full, for events" }] : []),
]

/** The rules of what the vendor calls object mapping. */
const brokenByObject = ({ identifiers = [], event }: Outline): ReadonlyArray<BrokenRule> => [
  ...(identifiers.length <= 1 ? [] : [{ path: ["identifiers"], issue: "Expected one identifier, for an object" }]),
  ...(event === undefined ? [] : [{ path: ["event"], issue: "Expected an event or an object, found both" }]),
]
