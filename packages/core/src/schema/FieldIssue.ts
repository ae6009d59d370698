/** The schema of a `FieldIssue`, and the issues of a decoding that failed. */
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import type * as Plain from "../FieldIssue.ts"

export type FieldIssue = Plain.FieldIssue
export const FieldIssue: Schema.Codec<Plain.FieldIssue> = Schema.Struct({
  path: Schema.Array(Schema.String),
  message: Schema.String,
})

const format = SchemaIssue.makeFormatterStandardSchemaV1()

/** Every problem that a failed decoding found, a field each. */
export const fromSchemaError = ({ issue }: Schema.SchemaError): ReadonlyArray<Plain.FieldIssue> => fromIssue(issue)

/** The same of an issue that no error holds. */
export const fromIssue = (issue: SchemaIssue.Issue): ReadonlyArray<Plain.FieldIssue> =>
  format(issue).issues.map(({ path = [], message }) => ({
    path: path.map((part) => String(typeof part === "object" ? part.key : part)),
    message: message === "Missing key" ? "Expected a value: it is missing" : message,
  }))
