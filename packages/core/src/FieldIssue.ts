/** What is wrong with one field, without the value itself: a value may be a secret or a row of data. */
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"

export const FieldIssue = Schema.Struct({
  /** The way to the field, outermost first; empty for the whole. */
  path: Schema.Array(Schema.String),
  /** What was expected there, or what the vendor says is wrong with it. */
  message: Schema.String,
})
export type FieldIssue = typeof FieldIssue.Type

const format = SchemaIssue.makeFormatterStandardSchemaV1()

/** Every problem that a failed decoding found, a field each. */
export const fromSchemaError = (error: Schema.SchemaError): ReadonlyArray<FieldIssue> =>
  format(error.issue).issues.map((issue) => ({
    path: (issue.path ?? []).map((part) => String(typeof part === "object" ? part.key : part)),
    message: issue.message === "Missing key" ? "Expected a value: it is missing" : issue.message,
  }))

/** `settings.name: Expected string`, one for each issue. */
export const toText = (issues: ReadonlyArray<FieldIssue>): string =>
  issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`)).join("; ")
