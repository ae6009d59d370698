/** The options of `Runs.ensure`: what is fresh, and those of its trigger and its wait. */
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import type { FieldIssue } from "./FieldIssue.ts"
import { Age } from "./Freshness.ts"
import * as Input from "./Input.ts"
import { RunOptions } from "./RunOptions.ts"
import * as Trigger from "./Trigger.ts"
import * as Wait from "./Wait.ts"

const isPoint = (value: unknown): value is DateTime.DateTime | Date =>
  DateTime.isDateTime(value) || (value instanceof Date && !Number.isNaN(value.getTime()))

const Point = /* @__PURE__ */ Schema.declare(isPoint, { expected: "a point in time: a Date or a DateTime" })

const { exclusive, whenOpen, whenUnseen, turnWithin } = Trigger.Options.fields

/**
 * The options of `Runs.ensure`. One of `freshSince` and `maxAge` is required, and not both. The trigger's options mean what
 * they mean for `Runs.trigger`, and those of the wait what they mean for `Runs.wait`, but for `deadline`.
 */
export const EnsureOptions = /* @__PURE__ */ Schema.Struct({
  ...Wait.Options.fields,
  ...{ exclusive, whenOpen, whenUnseen, turnWithin },
  whenPaused: RunOptions.fields.whenPaused,
  /** The point in time from which on a run is fresh that began then or later. Not in the future. */
  freshSince: Input.optional(Point),
  /** The greatest age of a run that is fresh, counted back from the call; at most 10 years. */
  maxAge: Input.optional(Age),
  /**
   * When the call gives up: a point in time, or a duration after the call began. Waiting for others counts. The call sends no
   * trigger after it; a request that is under way ends first.
   * @default 24 hours
   */
  deadline: Wait.Options.fields.deadline,
})
export interface EnsureOptions extends Schema.Schema.Type<typeof EnsureOptions> {}

const optionIssues = /* @__PURE__ */ Input.issues(EnsureOptions)

/** Returns the epoch milliseconds of a point in time. */
export const pointMillis = (point: DateTime.DateTime | Date): number =>
  point instanceof Date ? point.getTime() : DateTime.toEpochMillis(point)

/** Returns all problems of options, which may be any value, at this time in epoch milliseconds. */
export const problems = (options: unknown, now: number): ReadonlyArray<FieldIssue> => {
  const [freshSince, maxAge] = [Input.field(options, "freshSince"), Input.field(options, "maxAge")]
  const issues = [...optionIssues(options)]
  const add = (message: string) => issues.push({ path: ["freshSince"], message })
  if ((freshSince === undefined) === (maxAge === undefined)) add("Expected freshSince or maxAge, and not both")
  if (isPoint(freshSince) && pointMillis(freshSince) > now) add("Expected a point in time that is not in the future")
  return issues
}
