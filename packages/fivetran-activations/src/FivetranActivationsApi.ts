/**
 * The Management API of Fivetran Activations (formerly Census), version 2, on the wire: what running a sync takes, and what all
 * endpoints share.
 *
 * Requests are strict. Answers are lenient: they name the fields that the adapter uses, and other fields are dropped. Ids are
 * numbers, and decode to text. Every answer stands in an envelope, `{ "status": ..., "data": ... }`.
 *
 * @see https://fivetran.com/docs/activations/rest-api/api-reference (read 2026-11)
 */
import * as Input from "@openretl/core/driver/Input"
import * as Wire from "@openretl/core/driver/Wire"
import { VendorId } from "@openretl/core/Ref"
import type * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"

const isIdOnWire = (value: unknown): value is string | number | bigint =>
  typeof value === "string" || typeof value === "bigint" || Number.isSafeInteger(value)

/** An id: a number of any size, or a text. */
export const Id = Schema.declare(isIdOnWire, { expected: "an id" }).pipe(
  Schema.decodeTo(VendorId, { decode: SchemaGetter.transform(String), encode: SchemaGetter.passthrough() }),
)

/** Returns the schema of an answer. */
export const answerOf = <A, E>(data: Schema.Codec<A, E>) => Schema.Struct({ data })

/** The query of a list. */
export const ListQuery = Schema.Struct({
  /** The number of the page, from 1. @default 1 */
  page: Input.optional(Input.wholeNumber(1)),
  /** How many entries to return, from 1 to 100. @default 25 */
  per_page: Input.optional(Input.wholeNumber(1, 100)),
  /** By the time of creation. @default "desc" */
  order: Input.optional(Schema.Literals(["asc", "desc"])),
})
export interface ListQuery extends Schema.Schema.Type<typeof ListQuery> {}

/** Where a page stands in its list. */
export const Pagination = Schema.Struct({
  total_records: Wire.count,
  page: Wire.count,
  per_page: Wire.count,
  /** Null on the last page. */
  next_page: Wire.count,
})
export interface Pagination extends Schema.Schema.Type<typeof Pagination> {}

/** One page of a list. */
export interface Listed<A> {
  readonly data: ReadonlyArray<A>
  /** Absent where the vendor leaves it out. */
  readonly pagination?: Pagination
  /** The vendor's clock at that answer, from its `date` header. */
  readonly date?: DateTime.Utc
}

/** Returns the schema of a list. */
export const listOf = <A, E>(entry: Schema.Codec<A, E>) =>
  Schema.Struct({ data: Wire.entries(entry), pagination: Wire.lenient(Pagination) })

/** The query of `POST /syncs/{sync_id}/trigger`. */
export const TriggerSyncQuery = Schema.Struct({
  /** Whether to send every row again; some syncs, such as those that append, cannot. @default false */
  force_full_sync: Input.optional(Schema.Boolean),
})
export interface TriggerSyncQuery extends Schema.Schema.Type<typeof TriggerSyncQuery> {}

/** The answer of a trigger: the id of the run. */
export const TriggerSyncResponse = answerOf(Schema.Struct({ sync_run_id: Id }))

/** One run of a sync. */
export const Run = Schema.Struct({
  id: Id,
  sync_id: Wire.lenient(Id),
  /** `queued`, `preparing`, `working`, `completed`, `failed`, `skipped`, or a new word. */
  status: Schema.String,
  /** Whether the run was cancelled; the status may then be any word. */
  canceled: Wire.flag,
  /** When the run was created. */
  created_at: Wire.text,
  updated_at: Wire.text,
  /** Only the vendor's own client names it. */
  started_at: Wire.text,
  /** When the run ended. It may be null on a run that failed. */
  completed_at: Wire.text,
  scheduled_execution_time: Wire.text,
  full_sync: Wire.flag,
  /** The rows of the source, and not those of this run. */
  source_record_count: Wire.count,
  /** Rows of the source that were found new or changed. */
  source_record_updates: Wire.count,
  /** Rows that were found to have left the source. */
  source_record_deletes: Wire.count,
  /** Rows of the source that were found invalid. */
  source_record_invalids: Wire.count,
  /** Rows that were sent to the destination. Like all counts, null until it is known. */
  records_processed: Wire.count,
  /** Rows that the destination took. */
  records_updated: Wire.count,
  /** Rows that the destination rejected. */
  records_failed: Wire.count,
  /** Rows that were left out because they were invalid. */
  records_invalid: Wire.count,
  error_code: Wire.text,
  /** It may quote values of rows. */
  error_message: Wire.text,
  error_detail: Wire.text,
  current_step: Wire.text,
  /** What started the run. The detail may name a person. */
  sync_trigger_reason: Wire.object({ ui_tag: Wire.text, ui_detail: Wire.text }),
})
export interface Run extends Schema.Schema.Type<typeof Run> {}

/** The query of `GET /syncs`. */
export const ListSyncsQuery = Schema.Struct({
  ...ListQuery.fields,
  /** Only syncs of this Fivetran group. */
  group_id: Input.optional(Schema.String),
})
export interface ListSyncsQuery extends Schema.Schema.Type<typeof ListSyncsQuery> {}

/** What fills a field of the destination. */
export const Mapping = Wire.withUnread(
  Schema.Struct({
    from: Wire.object({
      /** `column`, `constant_value`, `sync_metadata`, `segment_membership`, `liquid_template`, `compound_key`, or a new word. */
      type: Wire.text,
      /** The name of a column, for the type `column`; other types have other forms. */
      data: Schema.optionalKey(Schema.Unknown),
    }),
    /** The field of the destination. */
    to: Wire.text,
    is_primary_identifier: Wire.flag,
    /** The place of the entry: the vendor lists them in any order. */
    position: Wire.count,
    lookup_object: Wire.text,
    lookup_field: Wire.text,
    preserve_values: Wire.flag,
    generate_field: Wire.flag,
    sync_null_values: Wire.flag,
    array_field: Wire.flag,
    field_type: Wire.text,
    follow_source_type: Wire.flag,
  }),
)
export interface Mapping extends Schema.Schema.Type<typeof Mapping> {}

const anyFields = Wire.lenient(Schema.Record(Schema.String, Schema.Unknown))

/** One sync. */
export const Sync = Wire.withUnread(
  Schema.Struct({
    id: Id,
    label: Wire.text,
    /** `ready`, `up to date` or `failing`: what became of the last run. */
    status: Wire.text,
    paused: Wire.flag,
    /** `append`, `insert`, `mirror`, `update` or `upsert`. */
    operation: Wire.text,
    /** Where rows come from: `connection_id`, and `object`, whose form depends on the kind of source. */
    source_attributes: anyFields,
    /** Where rows go to: the id of the connection, or of the activation, and `object`. */
    destination_attributes: anyFields,
    mappings: Wire.lenient(Wire.entries(Mapping)),
    /** Everything that may start a run: `type` and `triggers`. */
    mode: Schema.optionalKey(Schema.Unknown),
    /** The schedule once more, in fields of the sync itself. */
    schedule_frequency: Wire.text,
    schedule_day: Schema.optionalKey(Schema.Unknown),
    schedule_hour: Wire.count,
    schedule_minute: Wire.count,
    cron_expression: Wire.text,
    group_id: Wire.text,
    workspace_id: Wire.lenient(Id),
    mirror_strategy: Wire.text,
    historical_sync_operation: Wire.text,
    high_water_mark_attribute: Wire.text,
    field_behavior: Wire.text,
    field_normalization: Wire.text,
    field_order: Wire.text,
    sync_behavior_family: Wire.text,
    advanced_configuration: anyFields,
    alert_attributes: Wire.lenient(Wire.entries(Schema.Unknown)),
    match_rate_details: Schema.optionalKey(Schema.Unknown),
    validate_only: Wire.flag,
    last_run_id: Wire.lenient(Id),
    last_run_at: Wire.text,
    next_run_at: Wire.text,
    created_at: Wire.text,
    updated_at: Wire.text,
  }),
)
export interface Sync extends Schema.Schema.Type<typeof Sync> {}

/** The body of a refusal. `status` is a number there, and a word in a success. */
export const ErrorBody = Schema.Struct({
  status: Schema.optionalKey(Schema.Unknown),
  message: Wire.text,
  error: Wire.text,
})
export interface ErrorBody extends Schema.Schema.Type<typeof ErrorBody> {}

/** The body of a webhook's event: a hint that a run has changed, and no outcome. */
export const Event = Schema.Struct({
  sync_id: Id,
  sync_run_id: Wire.lenient(Id),
  /** `sync.triggered`, `sync.started`, `sync.completed` (failures too), `sync.success`, `sync.failed`, or another word. */
  event: Schema.String,
  status: Wire.text,
})
export interface Event extends Schema.Schema.Type<typeof Event> {}

/** Returns the event of a body that has been parsed; `undefined` for one that is none. Verify its signature first. */
export const decodeEvent: (body: unknown) => Event | undefined = /* @__PURE__ */ Wire.orUndefined(Event)
