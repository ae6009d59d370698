/**
 * The rules between the fields of a connection: those of the vendor that its fields alone cannot say. The vendor's own
 * client has them too, `rudder-iac`, `retl/rules/connection` at `06660e0` (2026-09).
 */

import * as Wire from "@openretl/core/driver/Wire"
import type { FieldIssue } from "@openretl/core/FieldIssue"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"

/** The fields that the rules check. Other fields may be invalid. */
const Outline = Schema.Struct({
  syncBehaviour: Wire.text,
  identifiers: Wire.lenient(Schema.Array(Schema.Struct({ to: Wire.text }))),
  mappings: Wire.lenient(Schema.Array(Schema.Struct({ to: Wire.text }))),
  event: Schema.optionalKey(Schema.Unknown),
  constants: Schema.optionalKey(Schema.Unknown),
  cursorColumn: Schema.optionalKey(Schema.Unknown),
  object: Schema.optionalKey(Schema.Unknown),
})
interface Outline extends Schema.Schema.Type<typeof Outline> {}

/** The lists of a connection, of which a change may hold some. */
type Lists = Pick<Outline, "identifiers" | "mappings" | "constants">

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
  const { event, object, constants, cursorColumn, mappings, syncBehaviour = "upsert" } = request
  return [
    ...(event === undefined ? [] : brokenByEvent(request)),
    ...(event === undefined || mappings !== undefined ? [] : [noMappings]),
    ...(event !== undefined && syncBehaviour === "mirror"
      ? [{ path: ["syncBehaviour"], issue: "Expected upsert or full, for events" }]
      : []),
    ...(object === undefined ? [] : brokenByObject(request)),
    ...(object !== undefined && event === undefined ? brokenConstants(request) : []),
    ...(object !== undefined && event !== undefined
      ? [{ path: ["event"], issue: "Expected an event or an object, found both" }]
      : []),
    ...(constants !== undefined && event === undefined && object === undefined
      ? [{ path: ["constants"], issue: "Expected no constants without an event" }]
      : []),
    ...(cursorColumn !== undefined && syncBehaviour !== "upsert"
      ? [{ path: ["cursorColumn"], issue: "Expected no cursorColumn unless syncBehaviour is upsert" }]
      : []),
  ]
}

/** Whether the rows of a connection become events or records of an object. An empty object is none. */
interface Kind {
  readonly event?: unknown
  readonly object?: unknown
}

/**
 * Returns the rules that a change of a connection breaks. Only the connection, as it was read, says whether its rows become
 * events or records of an object.
 */
export const changeIssues = ({ event, object }: Kind, change: Lists): ReadonlyArray<FieldIssue> =>
  [
    ...(event === undefined ? [] : brokenByEvent(change)),
    ...(object === undefined || object === "" ? [] : [...brokenByObject(change), ...brokenConstants(change)]),
  ].map(({ path, issue }) => ({ path: path.map(String), message: issue }))

/** The target of a mapping that RudderStack keeps for identifiers, whatever rows become. */
export const reservedTarget = "user_id"

const isReserved = (target: string): string =>
  `Expected another target than ${target}: RudderStack reserves it for identifiers (its own client, rudder-iac)`

/** A check of the target of a mapping, for every request. */
export const notReserved = Schema.makeFilter((to: string) => to !== reservedTarget, {
  expected: `another target than ${reservedTarget}: RudderStack reserves it for identifiers (its own client, rudder-iac)`,
})

const brokenTargets = ({ mappings = [] }: Lists, reserved: string): ReadonlyArray<BrokenRule> =>
  mappings.flatMap(({ to }, index) =>
    to === reserved ? [{ path: ["mappings", index, "to"], issue: isReserved(reserved) }] : [],
  )

const noMappings: BrokenRule = {
  path: ["mappings"],
  issue: "Expected at least one mapping, for events (RudderStack's own client, rudder-iac)",
}

/** The rules of what the vendor calls the JSON mapper, about its lists. */
const brokenByEvent = (lists: Lists): ReadonlyArray<BrokenRule> => [
  ...(lists.identifiers ?? []).flatMap(({ to }, index) =>
    to === undefined || to === "user_id" || to === "anonymous_id"
      ? []
      : [{ path: ["identifiers", index, "to"], issue: "Expected user_id or anonymous_id, for events" }],
  ),
  ...brokenTargets(lists, "anonymous_id"),
  ...(lists.mappings?.length === 0 ? [noMappings] : []),
]

/** The rules of what the vendor calls object mapping, about its lists. */
const brokenByObject = (lists: Lists): ReadonlyArray<BrokenRule> => [
  ...((lists.identifiers ?? []).length <= 1
    ? []
    : [{ path: ["identifiers"], issue: "Expected one identifier, for an object" }]),
  ...brokenTargets(lists, "context.externalId[0].id"),
]

const brokenConstants = ({ constants }: Lists): ReadonlyArray<BrokenRule> =>
  constants === undefined
    ? []
    : [
        {
          path: ["constants"],
          issue: "Expected no constants for an object, not even an empty list (RudderStack's own client, rudder-iac)",
        },
      ]
