/** What `occurrences` and `translate` return, as schemas: results can be stored. */
import * as Schema from "effect/Schema"
import { Schedule } from "./union.ts"

/** The instants at which a schedule fires: all of them, or the first `limit`. */
export const Known = /* @__PURE__ */ Schema.TaggedStruct("Known", {
  /** Ascending, each instant once. */
  at: /* @__PURE__ */ Schema.Array(Schema.DateTimeUtcFromString),
  /** Present where the schedule fires more often than `limit` allows to list. */
  isCut: /* @__PURE__ */ Schema.optionalKey(/* @__PURE__ */ Schema.Literal(true)),
  /**
   * The IANA name of the zone that stood in for the missing one. Absent where the schedule names its zone or needs
   * none.
   */
  assumedTimeZone: /* @__PURE__ */ Schema.optionalKey(Schema.String),
})

/** The instants cannot be computed. */
export const Unknown = /* @__PURE__ */ Schema.TaggedStruct("Unknown", {
  /** The reason, for people. */
  why: Schema.String,
})

/** When a schedule fires within a window, or why that cannot be computed. */
export const Occurrences = /* @__PURE__ */ Schema.Union([Known, Unknown])
export type Occurrences = typeof Occurrences.Type

/** The vendor fires at the same times. Where neither schedule names a time zone, the zone is unknown but the same. */
export const Exact = /* @__PURE__ */ Schema.TaggedStruct("Exact", {
  /** The schedule that the vendor can express. */
  schedule: Schedule,
})

/** The vendor can express something close. */
export const Approximate = /* @__PURE__ */ Schema.TaggedStruct("Approximate", {
  /** The schedule that the vendor can express. */
  schedule: Schedule,
  /** The differences, at least one: a sentence for each. */
  lost: /* @__PURE__ */ Schema.Array(Schema.String),
})

/** The vendor can express nothing close. */
export const Impossible = /* @__PURE__ */ Schema.TaggedStruct("Impossible", {
  /** The reason, for people. */
  why: Schema.String,
})

/** What a schedule becomes at a vendor. */
export const Translation = /* @__PURE__ */ Schema.Union([Exact, Approximate, Impossible])
export type Translation = typeof Translation.Type
