/** The schema of a `FieldIssue`, and the issues of a decoding that failed. */
import * as Schema from "effect/Schema"
import type * as Plain from "../FieldIssue.ts"
import { fromIssue } from "../schemaIssues.ts"

export type FieldIssue = Plain.FieldIssue
export const FieldIssue: Schema.Codec<FieldIssue> = Schema.Struct({
  path: Schema.Array(Schema.String),
  message: Schema.String,
})

/** Every problem that a failed decoding found, a field each. */
export const fromSchemaError = ({ issue }: Schema.SchemaError): ReadonlyArray<FieldIssue> => fromIssue(issue)
