/**
 * Configuring syncs on the wire: the bodies of requests, with their bounds, and the answers of writes. `FivetranActivationsApi`
 * has the sync itself.
 *
 * @see https://fivetran.com/docs/activations/rest-api/api-reference (read 2026-11)
 */
import * as Input from "@openretl/core/driver/Input"
import * as Wire from "@openretl/core/driver/Wire"
import * as Schema from "effect/Schema"
import { answerOf, Id, Sync } from "./FivetranActivationsApi.ts"

/** What becomes of rows at the destination. Which operations are possible depends on the destination. */
export const SyncOperation = Schema.Literals(["append", "insert", "mirror", "update", "upsert"])
export type SyncOperation = typeof SyncOperation.Type

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

const NotEmpty = Schema.String.check(Schema.isMinLength(1, { expected: "a text that is not empty" }))

/** What fills a field of the destination. */
export const NewMapping = Schema.Struct({
  from: Schema.Struct({
    type: Schema.Literals(["column", "constant_value", "sync_metadata", "segment_membership", "liquid_template"]),
    /** The name of a column, for the type `column`; other types have other forms. */
    data: Schema.Json,
  }),
  to: NotEmpty,
  /** Whether this field identifies a record at the destination. @default false */
  is_primary_identifier: Input.optional(Schema.Boolean),
  lookup_object: Input.optional(Schema.String),
  lookup_field: Input.optional(Schema.String),
  /** Whether values that the destination has stay. @default false */
  preserve_values: Input.optional(Schema.Boolean),
  /** Whether the vendor makes the field at the destination. @default false */
  generate_field: Input.optional(Schema.Boolean),
  /** Whether nulls are sent. @default true */
  sync_null_values: Input.optional(Schema.Boolean),
  array_field: Input.optional(Schema.Boolean),
  field_type: Input.optional(Schema.String),
  follow_source_type: Input.optional(Schema.Boolean),
})
export type NewMapping = typeof NewMapping.Type

const settings = {
  mirror_strategy: Input.optional(
    Schema.Literals(["sync_updates_and_deletes", "sync_updates_and_nulls", "upload_and_swap"]),
  ),
  high_water_mark_attribute: Input.optional(Schema.String),
  field_behavior: Input.optional(Schema.String),
  field_normalization: Input.optional(Schema.String),
  field_order: Input.optional(Schema.String),
  /** Any JSON object: its form depends on the destination. */
  advanced_configuration: Input.optional(Input.JsonObject),
  /** Whom the vendor tells about failures. A new sync without it has the vendor's default alerts; an empty list is none. */
  alert_attributes: Input.optional(Schema.Array(Input.JsonObject)),
}

const hasId = Schema.makeFilter(
  (end: object) => ["connection_id", "activation_id"].some((name) => Reflect.get(end, name) !== undefined),
  { expected: "an object with connection_id or activation_id" },
)

/** The body of `POST /syncs`. */
export const CreateSyncRequest = Schema.Struct({
  label: Input.optional(NotEmpty),
  operation: SyncOperation,
  /** Where rows come from: the id of the connection, and its object. Any JSON object: its form depends on the source. */
  source_attributes: Input.JsonObject.check(hasId),
  /** Where rows go to: the id of the connection or the activation, and its object. */
  destination_attributes: Input.JsonObject.check(hasId),
  mappings: Schema.Array(NewMapping).check(Schema.isMinLength(1, { expected: "at least one mapping" })),
  paused: Schema.Boolean,
  mode: Mode,
  /** What becomes of the rows that exist when the sync is created. */
  historical_sync_operation: Input.optional(Schema.Literals(["skip_current_records", "backfill_all_records"])),
  ...settings,
})
export interface CreateSyncRequest extends Schema.Schema.Type<typeof CreateSyncRequest> {}

/** The body of `PATCH /syncs/{sync_id}`: the fields to change, at least one. A nested object replaces the whole object. */
export const UpdateSyncRequest = Schema.Struct({
  label: Input.optional(NotEmpty),
  operation: Input.optional(SyncOperation),
  mappings: Input.optional(Schema.Array(NewMapping).check(Schema.isMinLength(1, { expected: "at least one mapping" }))),
  paused: Input.optional(Schema.Boolean),
  mode: Input.optional(Mode),
  ...settings,
}).check(Schema.makeFilter((request: object) => Object.keys(request).length > 0, { expected: "at least one field" }))
export interface UpdateSyncRequest extends Schema.Schema.Type<typeof UpdateSyncRequest> {}

/** What a write answers: the id of the sync, or the whole sync. */
export const WriteSyncResponse = answerOf(
  Schema.Struct({ sync_id: Wire.lenient(Id), id: Wire.lenient(Id) }).pipe((ids) => Schema.Union([Sync, ids])),
)
/** What a write has shown. */
export type WrittenSync = (typeof WriteSyncResponse.Type)["data"]
