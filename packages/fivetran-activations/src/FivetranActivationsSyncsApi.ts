/**
 * Configuring syncs on the wire: the bodies of requests, with their bounds, and the answers of changes. `FivetranActivationsApi`
 * has the sync itself.
 *
 * @see https://fivetran.com/docs/activations/rest-api/api-reference (read 2026-11)
 */
import * as Input from "@openretl/core/driver/Input"
import * as Wire from "@openretl/core/driver/Wire"
import * as Schema from "effect/Schema"
import { Sync } from "./FivetranActivationsApi.ts"

/**
 * When a sync runs by itself, whole: by a cron expression in UTC, whose ranges are lists, or never. The vendor's other triggers
 * can be read, and not sent.
 */
export const Mode = Schema.Struct({
  type: Schema.Literal("triggered"),
  triggers: Schema.Struct({
    schedule: Schema.Union([
      Schema.Struct({ frequency: Schema.Literal("never") }),
      Schema.Struct({ frequency: Schema.Literal("expression"), cron_expression: Schema.String }),
    ]).annotate({ expected: "a cron expression, or never" }),
  }),
})
export type Mode = typeof Mode.Type

/** The body of `PATCH /syncs/{sync_id}`: the fields to change, at least one. A nested object replaces the whole object. */
export const UpdateSyncRequest = Schema.Struct({
  label: Input.optional(Schema.String.check(Schema.isMinLength(1, { expected: "a text that is not empty" }))),
  paused: Input.optional(Schema.Boolean),
  mode: Input.optional(Mode),
  /** What becomes of rows at the destination. Which operations are possible depends on the destination. */
  operation: Input.optional(Schema.Literals(["append", "insert", "mirror", "update", "upsert"])),
  mirror_strategy: Input.optional(
    Schema.Literals(["sync_updates_and_deletes", "sync_updates_and_nulls", "upload_and_swap"]),
  ),
  high_water_mark_attribute: Input.optional(Schema.String),
  field_behavior: Input.optional(Schema.String),
  field_normalization: Input.optional(Schema.String),
  field_order: Input.optional(Schema.String),
  /** Any JSON object: its form depends on the destination. */
  advanced_configuration: Input.optional(Input.JsonObject),
  /** Whom the vendor tells about failures. */
  alert_attributes: Input.optional(Schema.Array(Input.JsonObject)),
}).check(Schema.makeFilter((request: object) => Object.keys(request).length > 0, { expected: "at least one field" }))
export interface UpdateSyncRequest extends Schema.Schema.Type<typeof UpdateSyncRequest> {}

/** The answer of `PATCH /syncs/{sync_id}`: the sync, or less than that, such as its id. */
export const UpdateSyncResponse = Schema.Struct({ data: Wire.lenient(Sync) })
