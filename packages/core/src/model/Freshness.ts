/** How fresh the data of a sync are: the options of `Runs.freshness`, and its results. */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { DurationInput } from "./DurationInput.ts"
import type { FieldIssue } from "./FieldIssue.ts"
import * as Input from "./Input.ts"
import { Policy } from "./Outcome.ts"
import { Run } from "./Run.ts"

const longestAge = /* @__PURE__ */ Duration.days(3_650)

const expected = 'a duration above 0 and of at most 10 years, as in "2 hours"'

/** The age of data: above 0, and at most 10 years. */
export const Age = /* @__PURE__ */ DurationInput.check(
  Schema.makeFilter(
    (input: Duration.Input) => {
      const age = Duration.fromInputUnsafe(input)
      return Duration.toMillis(age) > 0 && Duration.isLessThanOrEqualTo(age, longestAge)
    },
    { expected },
  ),
)

/** The options of `Runs.freshness`. */
export const Options = /* @__PURE__ */ Schema.Struct({
  /** The age from which data are stale: `Fresh` ends there. Required; at most 10 years. */
  warnAfter: Age.annotateKey({ messageMissingKey: `Expected ${expected}` }),
  /** The age from which stale data have the level `error`, not below `warnAfter`. @default none: the level is `warn` */
  errorAfter: Input.optional(Age),
  /** Which runs count. @default any failed row makes a run `partial`, which does not count */
  policy: Input.optional(Policy),
})
export interface Options extends Schema.Schema.Type<typeof Options> {}

const isAge = /* @__PURE__ */ Schema.is(Age)

const optionIssues = /* @__PURE__ */ Input.issues(Options)

/** Returns all problems of options, which may be any value. */
export const problems = (options: unknown): ReadonlyArray<FieldIssue> => {
  const [warnAfter, errorAfter] = [Input.field(options, "warnAfter"), Input.field(options, "errorAfter")]
  const isBelow =
    isAge(warnAfter) &&
    isAge(errorAfter) &&
    Duration.isLessThan(Duration.fromInputUnsafe(errorAfter), Duration.fromInputUnsafe(warnAfter))
  const message = "Expected a duration that is not below warnAfter"
  return [...optionIssues(options), ...(isBelow ? [{ path: ["errorAfter"], message }] : [])]
}

/** A run that the policy accepts began less than `warnAfter` ago. */
export const Fresh = /* @__PURE__ */ (() =>
  Schema.TaggedStruct("Fresh", {
    /** That run. One that only the journal shows has its ref, its status (also as `vendorStatus`) and its rows. */
    run: Run,
    /**
     * How long ago the run began, or a little longer: where only the time of its request or its place in the queue is known,
     * the age counts from that. JSON form: milliseconds.
     */
    age: Schema.DurationFromMillis,
  }))()
export interface Fresh extends Schema.Schema.Type<typeof Fresh> {}

/** Every run that the policy accepts began longer ago than `warnAfter`. */
export const Stale = /* @__PURE__ */ (() =>
  Schema.TaggedStruct("Stale", {
    /** The newest of them, as in `Fresh`. */
    run: Run,
    /** Its age, as in `Fresh`; where only its end is known, how long ago that was. JSON form: milliseconds. */
    age: Schema.DurationFromMillis,
    /** `error` from `errorAfter` on, else `warn`. */
    level: Schema.Literals(["warn", "error"]),
  }))()
export interface Stale extends Schema.Schema.Type<typeof Stale> {}

/** The sync has never had a run that the policy accepts. */
export const Never = /* @__PURE__ */ (() => Schema.TaggedStruct("Never", {}))()
export interface Never extends Schema.Schema.Type<typeof Never> {}

/** What the vendor and the journal show proves none of the others. */
export const Unverified = /* @__PURE__ */ (() =>
  Schema.TaggedStruct("Unverified", {
    /** What is missing, in one sentence. */
    why: Schema.String,
    /** The newest run that the policy accepts, where there is one. */
    run: Schema.optionalKey(Run),
  }))()
export interface Unverified extends Schema.Schema.Type<typeof Unverified> {}

/** How fresh the data of a sync are. */
export const Freshness = /* @__PURE__ */ (() => Schema.Union([Fresh, Stale, Never, Unverified]))()
export type Freshness = typeof Freshness.Type
