/**
 * Configuring syncs on the wire: the bodies of requests, with their bounds. `HightouchApi` has the sync itself.
 *
 * @see https://hightouch.com/docs/developer-tools/api-guide, and the vendor's OpenAPI document 1.0.0 (read 2026-11)
 */
import * as Input from "@openretl/core/driver/Input"
import * as Schema from "effect/Schema"

/** The units of an interval. */
export const IntervalUnit = Schema.Literals(["minute", "hour", "day", "week"])
export type IntervalUnit = typeof IntervalUnit.Type

/** A schedule that a request sets; null removes it. Visual schedules and jobs of dbt can be read, and not sent. */
export const Schedule = Schema.Union([
  Schema.Null,
  Schema.Struct({
    type: Schema.Literal("interval"),
    schedule: Schema.Struct({
      interval: Schema.Struct({ unit: IntervalUnit, quantity: Input.wholeNumber(1) }),
    }),
  }),
  Schema.Struct({ type: Schema.Literal("cron"), schedule: Schema.Struct({ expression: Schema.String }) }),
]).annotate({ expected: "null, an interval or a cron expression, with `type` and `schedule`" })
export type Schedule = typeof Schedule.Type

/** An id that a request sends as a number. */
export const NumericId = Schema.String.check(
  Schema.isPattern(/^(?:0|[1-9]\d{0,18})$/, { expected: "an id of decimal digits" }),
)

const slug = Schema.String.check(Schema.isMinLength(1, { expected: "a slug that is not empty" }))

/** The body of `POST /syncs`. All fields are required. */
export const CreateSyncRequest = Schema.Struct({
  slug,
  /** Sent as a number. */
  modelId: NumericId,
  /** Sent as a number. */
  destinationId: NumericId,
  /** Any JSON object: its form depends on the destination and is not documented. */
  configuration: Input.JsonObject,
  schedule: Schedule,
  disabled: Schema.Boolean,
})
export interface CreateSyncRequest extends Schema.Schema.Type<typeof CreateSyncRequest> {}

/** The body of `PATCH /syncs/{syncId}`: the fields to change, at least one. */
export const UpdateSyncRequest = Schema.Struct({
  /** Replaces the whole configuration, as the samples suggest. */
  configuration: Input.optional(Input.JsonObject),
  schedule: Input.optional(Schedule),
  disabled: Input.optional(Schema.Boolean),
}).check(Schema.makeFilter((request: object) => Object.keys(request).length > 0, { expected: "at least one field" }))
export interface UpdateSyncRequest extends Schema.Schema.Type<typeof UpdateSyncRequest> {}
