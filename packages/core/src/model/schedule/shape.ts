/** Decodes schedules of callers that have no type checker, such as JavaScript and stored JSON. */
import * as DateTime from "effect/DateTime"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { FieldIssue } from "../FieldIssue.ts"
import { fromSchemaIssue } from "../FieldIssue.ts"
import { Schedule } from "./union.ts"

type Issues = ReadonlyArray<FieldIssue>

/** A value with more problems keeps this many of them. */
export const maxIssues = 100

/** Decoding visits every entry of a list or record. A list or record with more entries is rejected unread. */
const maxEntries = 1000

/** The checks of the schema are off: `problems` says what they say, in better words and all at once. */
const decodeType = /* @__PURE__ */ Schema.decodeUnknownResult(/* @__PURE__ */ Schema.toType(Schedule), {
  errors: "all",
  onExcessProperty: "error",
  disableChecks: true,
})

/**
 * Returns a copy that has the fields of a schedule and no others, or every problem of its shape. The values of the
 * fields may still be wrong: `problems` checks them.
 */
export const decode = (schedule: unknown): Result.Result<Schedule, Issues> => {
  try {
    const issues = oversizedFields(schedule)
    return issues.length > 0
      ? Result.fail(issues.slice(0, maxIssues))
      : Result.mapError(decodeType(schedule), ({ issue }) => fromSchemaIssue(issue).slice(0, maxIssues))
  } catch {
    // A getter or a proxy of the caller failed.
    return Result.fail([{ path: [], message: "Expected a schedule, found a value whose fields cannot be read" }])
  }
}

const oversizedFields = (schedule: unknown): Issues => {
  if (typeof schedule !== "object" || schedule === null || Array.isArray(schedule)) return []
  const message = `Expected at most ${maxEntries} entries`
  return isOversized(schedule)
    ? [{ path: [], message }]
    : Object.entries(schedule).flatMap(([field, value]) => (isOversized(value) ? [{ path: [field], message }] : []))
}

const isOversized = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.length > maxEntries
  return typeof value === "object" && value !== null && Object.keys(value).length > maxEntries
}

/**
 * Returns a field of a caller's options; `undefined` where there are none, and NaN, which no option accepts, where the
 * field cannot be read.
 */
export const option = <A extends object, K extends keyof A>(
  options: A | undefined,
  name: K,
): A[K] | undefined | number => {
  try {
    return options?.[name]
  } catch {
    return Number.NaN
  }
}

/** Returns whether a value is an instant with a time. Accepts any value. */
export const isInstant = (value: unknown): value is DateTime.DateTime => {
  try {
    return DateTime.isDateTime(value) && Number.isFinite(value.epochMilliseconds)
  } catch {
    return false
  }
}
