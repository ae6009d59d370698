/** The JSON Schema of the configuration file, for editors: the package contains it as `openretl.schema.json`. */
import * as Outcome from "@openretl/core/Outcome"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { SyncFields } from "./Configuration.ts"
import * as JournalLocation from "./internal/configuration/journalLocation.ts"
import * as Vendors from "./internal/configuration/vendors.ts"

type Json = Readonly<Record<string, unknown>>

/** What each field of the file is for. */
const descriptions: Readonly<Record<string, string>> = {
  baseUrl: "Where the API is, if not at the region's address.",
  deadline: 'When a wait gives up, as in "2 hours". Default: 24 hours.',
  destination: "A name for where the rows go: --per-destination bounds how many syncs write there at once.",
  exclusive:
    "Whether only this configuration's journal starts runs of the sync, and it has no schedule. Default: false.",
  freshness: "When the data are stale.",
  ids: "The vendor's ids that name the sync.",
  journal: "Where the journal is. Default: the SQLite file openretl.journal.db beside the configuration.",
  labels: "Labels that selectors go by, as in -l team=finance.",
  policy: "Which outcomes are accepted.",
  ref: "The ref of the sync, as openretl syncs prints it. It stands in place of workspace and ids.",
  scope: "What a run covers, where the vendor has scopes.",
  syncs: "The syncs, each by a name of your choice.",
  token: "Where the token is: the name of an environment variable. A token itself is refused.",
  whenRunning: "What a trigger does while a run of the sync is under way. It has no default.",
  workspace: "The name of a workspace in this file.",
  workspaces: "The vendors' workspaces, each by a name of your choice.",
}

/** A value that only programs can pass, or that stands for an absent field, has no place in a file. */
const isOnlyOfPrograms = (part: unknown): boolean => {
  if (!Predicate.isObject(part)) return false
  const { type, enum: values } = part as { readonly type?: unknown; readonly enum?: unknown }
  return type === "null" || (Array.isArray(values) && values.includes("Infinity"))
}

/** Returns a schema for files: no other fields, no null, no infinity, and with descriptions. */
const forFiles = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(forFiles)
  if (!Predicate.isObject(schema)) return schema
  const entries = Object.entries(schema).map(([name, value]) => [name, forFiles(value)] as const)
  const { anyOf, ...fields }: Json = Object.fromEntries(entries)
  if (fields["$ref"] === "#/$defs/SyncRefEncoded") return { type: "string", pattern: "^retl1\\.sync\\." }
  if (Array.isArray(anyOf)) {
    const kept = anyOf.filter((part) => !isOnlyOfPrograms(part))
    return kept.length === 1 ? { ...fields, ...kept[0] } : { ...fields, anyOf: kept }
  }
  return fields["properties"] === undefined ? fields : { ...fields, additionalProperties: false }
}

const described = (properties: Json): Json =>
  Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name,
      descriptions[name] !== undefined && Predicate.isObject(schema)
        ? { description: descriptions[name], ...schema }
        : schema,
    ]),
  )

const schemaOf = (
  schema: Schema.Constraint,
): { readonly properties: Json; readonly required: ReadonlyArray<string> } => {
  const { properties, required } = forFiles(Schema.toJsonSchemaDocument(schema).schema) as {
    readonly properties: Json
    readonly required?: ReadonlyArray<string>
  }
  return { properties: described(properties), required: required ?? [] }
}

const object = (properties: Json, required: ReadonlyArray<string>): Json => ({
  type: "object",
  properties: described(properties),
  required,
  additionalProperties: false,
})

const variable: Json = object({ env: { type: "string" } }, ["env"])

/** Returns the JSON Schema (draft 2020-12) of the configuration file, with the options of every vendor. */
export const make: Effect.Effect<Json> = Effect.gen(function* () {
  const workspaces = yield* Effect.forEach(Vendors.VendorName.literals, (name) =>
    Effect.map(Vendors.load(name), ({ fields }) => {
      const { properties, required } = schemaOf(fields)
      return object({ vendor: { const: name }, token: variable, ...properties }, ["vendor", "token", ...required])
    }),
  )
  const sync = schemaOf(SyncFields)
  const policy = schemaOf(Schema.toType(Outcome.Policy))
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "The configuration of OpenRETL's command line",
    ...object(
      {
        $schema: { type: "string" },
        journal: forFiles(Schema.toJsonSchemaDocument(JournalLocation.Field).schema),
        workspaces: { type: "object", additionalProperties: { anyOf: workspaces }, minProperties: 1 },
        syncs: {
          type: "object",
          additionalProperties: {
            ...object({ ...sync.properties, policy: object(policy.properties, []) }, []),
            anyOf: [{ required: ["ref"] }, { required: ["workspace", "ids"] }],
          },
        },
      },
      ["workspaces", "syncs"],
    ),
  }
})
