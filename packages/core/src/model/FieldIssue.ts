/** A problem with one field of an input or of an answer. */
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"

/** A problem with one field. It never holds the value itself: a value may be a secret or a row of data. */
export const FieldIssue = /* @__PURE__ */ Schema.Struct({
  /** The path of the field, outermost name first; empty for the whole value. */
  path: Schema.Array(Schema.String),
  /** What was expected there, or what the vendor says is wrong with it. */
  message: Schema.String,
})
export interface FieldIssue extends Schema.Schema.Type<typeof FieldIssue> {}

/** Returns one line for all issues, as in `settings.name: Expected string; region: Expected "us" | "eu"`. */
export const toText = (issues: ReadonlyArray<FieldIssue>): string =>
  issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`)).join("; ")

/** Returns the same issues with `path` in front: those of a value that is itself a field. */
export const within = (path: ReadonlyArray<string>, issues: ReadonlyArray<FieldIssue>): ReadonlyArray<FieldIssue> =>
  issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] }))

const format = /* @__PURE__ */ SchemaIssue.makeFormatterStandardSchemaV1()

/** Returns the issues of a failed decoding, one for each field. */
export const fromSchemaIssue = (issue: SchemaIssue.Issue): ReadonlyArray<FieldIssue> =>
  format(issue).issues.map(({ path = [], message }) => ({
    path: path.map((part) => String(typeof part === "object" ? part.key : part)),
    message: messages.get(message) ?? message,
  }))

/** Messages of `effect/Schema`, in words of this library. */
const messages: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ["Missing key", "Expected a value: it is missing"],
  ["Expected no excess property", "Expected no field of this name"],
])

/** Returns the issues of a `SchemaError`, one for each field. */
export const fromSchemaError = ({ issue }: Schema.SchemaError): ReadonlyArray<FieldIssue> => fromSchemaIssue(issue)
