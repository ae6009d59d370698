/** The issues of a schema, a field each. Loads no schema itself. */
import * as SchemaIssue from "effect/SchemaIssue"
import type { FieldIssue } from "./FieldIssue.ts"

const format = /* @__PURE__ */ SchemaIssue.makeFormatterStandardSchemaV1()

export const fromIssue = (issue: SchemaIssue.Issue): ReadonlyArray<FieldIssue> =>
  format(issue).issues.map(({ path = [], message }) => ({
    path: path.map((part) => String(typeof part === "object" ? part.key : part)),
    message: message === "Missing key" ? "Expected a value: it is missing" : message,
  }))
