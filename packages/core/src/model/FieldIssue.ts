/** What is wrong with one field, without the value itself: a value may be a secret or a row of data. */
export interface FieldIssue {
  /** The way to the field, outermost first; empty for the whole. */
  readonly path: ReadonlyArray<string>
  /** What was expected there, or what the vendor says is wrong with it. */
  readonly message: string
}

/** `settings.name: Expected string`, one for each issue. */
export const toText = (issues: ReadonlyArray<FieldIssue>): string =>
  issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`)).join("; ")

/** The same issues, further in: of a value that is itself a field. */
export const within = (path: ReadonlyArray<string>, issues: ReadonlyArray<FieldIssue>): ReadonlyArray<FieldIssue> =>
  issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] }))
