/** The `details` of an error, as issues. */
import type { FieldIssue } from "@openretl/core/FieldIssue"

const maxDepth = 4
const maxIssues = 50

/**
 * Returns one issue for each field of `details`, at most 50. The common shape is flat, `{ name: "Required" }`; lists, nested
 * objects and single values occur as well, and null stands for nothing.
 */
export const toIssues = (details: unknown): ReadonlyArray<FieldIssue> => {
  const issues: Array<FieldIssue> = []
  collect(details, [], issues)
  return issues
}

const collect = (value: unknown, path: ReadonlyArray<string>, issues: Array<FieldIssue>): void => {
  if (issues.length >= maxIssues || value === undefined) return
  if (value === null || typeof value !== "object") {
    // A null that is the whole of `details` says nothing; a null that is the value of a field names that field.
    if (value === null && path.length === 0) return
    issues.push({ path, message: value === null || value === "" ? "Refused" : bounded(String(value), 300) })
  } else if (path.length === maxDepth) {
    issues.push({ path, message: "Refused, for reasons nested too deep to show" })
  } else if (Array.isArray(value)) {
    // The entries of a list are several messages about the same field.
    value.slice(0, maxIssues).forEach((entry, index) => {
      collect(entry, typeof entry === "object" ? [...path, String(index)] : path, issues)
    })
  } else {
    for (const [name, entry] of Object.entries(value).slice(0, maxIssues)) {
      collect(entry, [...path, bounded(name, 100)], issues)
    }
  }
}

const bounded = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`
