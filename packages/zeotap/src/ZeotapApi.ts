/**
 * Zeotap's Composable CDP API, version 1, on the wire: what running a sync takes, and what all families of endpoints share.
 *
 * Requests are strict. Answers are lenient: they name the fields that the adapter uses, and other fields are dropped.
 *
 * What the vendor's documents now call "Reverse ETL" is `/syncs`. What they call "Syncs" is `/audience-syncs`, which this
 * package does not cover.
 *
 * @see https://composable-docs.zeotap.com/api-reference/syncs/ (read 2026-11)
 */
import * as Input from "@openretl/core/driver/Input"
import * as Wire from "@openretl/core/driver/Wire"
import { VendorId } from "@openretl/core/Ref"
import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaParser from "effect/SchemaParser"

/** The query of every list. */
export const ListQuery = Schema.Struct({
  /** The page, from 1. @default 1 */
  page: Input.optional(Input.wholeNumber(1)),
  /** How many entries a page has, from 1 to 100. @default 20 */
  page_size: Input.optional(Input.wholeNumber(1, 100)),
})
export interface ListQuery extends Schema.Schema.Type<typeof ListQuery> {}

const pagination = { page: Wire.count, page_size: Wire.count, total: Wire.count }

/** Where in a list a page stands. */
export const Pagination = Schema.Struct(pagination)
export interface Pagination extends Schema.Schema.Type<typeof Pagination> {}

/** A list as the overview page documents it. */
export interface Envelope<A> {
  /** Null stands for an empty list, as some servers write one. */
  readonly data: ReadonlyArray<A> | null
  /** Absent where the vendor leaves it out, or answers with a bare array. */
  readonly pagination?: Pagination
}

/**
 * The most entries of a list. An answer may be the whole list, whatever page was requested: a sync that runs every ten
 * minutes has 50,000 runs after a year.
 */
const maxEntries = 100_000

/**
 * Returns the schema of a list in either of its documented forms: the bare array of every sample, or the envelope of the
 * overview page. Both decode to the envelope. Null in place of a list decodes to an empty one.
 */
export const listOf = <A, E>(entry: Schema.Codec<A, E>): Schema.ConstraintDecoder<Envelope<A>> => {
  const entries = Schema.NullOr(Wire.entries(entry, maxEntries))
  const decodeEntries = SchemaParser.decodeUnknownEffect(entries)
  const decodeEnvelope = SchemaParser.decodeUnknownEffect(
    Schema.Struct({ data: entries, pagination: Wire.object(pagination) }),
  )
  return Schema.Unknown.pipe(
    Schema.decodeTo(
      Schema.declare((_): _ is Envelope<A> => true),
      {
        decode: SchemaGetter.transformEffect((value: unknown, options) =>
          value === null || Array.isArray(value)
            ? Effect.map(decodeEntries(value, options), (data) => ({ data }))
            : decodeEnvelope(value, options),
        ),
        encode: SchemaGetter.forbidden(() => "Expected to decode a list, not to encode one"),
      },
    ),
  )
}

/** One page of a list, in whichever form it came. */
export interface Listed<A> {
  readonly data: ReadonlyArray<A>
  /** Absent where the vendor answered with a bare array. */
  readonly pagination?: Pagination
  /** The vendor's clock at that answer, from its `date` header. */
  readonly date?: DateTime.Utc
}

const runFields = {
  sync_id: Wire.text,
  workspace_id: Wire.text,
  /** Present on a pending run too, before it has started. */
  started_at: Wire.text,
  completed_at: Wire.text,
  /** 0 until the first row is counted. */
  rows_synced: Wire.count,
  /** May be above 0 on a `completed` run. */
  rows_failed: Wire.count,
  error_message: Wire.text,
  triggered_by: Wire.text,
  created_at: Wire.text,
}

/** One run of a sync. */
export const Run = Schema.Struct({
  /** Opaque: called a UUID, but two ids in the vendor's samples are a digit short of one. */
  id: VendorId,
  /** `pending`, `running`, `completed`, `failed`, `cancelled`, or a word that is not documented. */
  status: Schema.String,
  ...runFields,
})
export interface Run extends Schema.Schema.Type<typeof Run> {}

/** The answer of `POST .../trigger`: the run that was created. Only its id is required. */
export const TriggerResponse = Schema.Struct({ id: VendorId, status: Wire.text, ...runFields })
export interface TriggerResponse extends Schema.Schema.Type<typeof TriggerResponse> {}

/** The answer of `GET .../runs`. */
export const ListRunsResponse = listOf(Run)

/** A column and the field that it goes to. Other keys are kept: the form of a field transform is not documented. */
export const FieldMapping = Schema.StructWithRest(
  Schema.Struct({ source_column: Wire.text, destination_field: Wire.text, type_cast: Wire.text }),
  [Schema.Record(Schema.String, Schema.Unknown)],
)
export type FieldMapping = typeof FieldMapping.Type

/** The fields that a sync has besides its id. */
export const syncFields = {
  workspace_id: Wire.text,
  model_id: Wire.text,
  destination_id: Wire.text,
  name: Wire.text,
  description: Wire.text,
  field_mapping: Wire.lenient(Wire.entries(FieldMapping)),
  /** `upsert`, `insert`, `update` or `mirror`. */
  sync_mode: Wire.text,
  primary_key: Wire.text,
  /** A cron expression; null, empty or absent for none. The form of an interval is not documented. */
  schedule: Schema.optionalKey(Schema.Unknown),
  /** Unchanged: its form is not documented. */
  config: Wire.lenient(Schema.Record(Schema.String, Schema.Unknown)),
  /** `draft`, `active`, `paused` or `error`. */
  status: Wire.text,
  /** Empty for none. */
  status_error: Wire.text,
  created_by: Wire.text,
  created_at: Wire.text,
  updated_at: Wire.text,
  /** When a run last succeeded. */
  last_synced_at: Wire.text,
  last_run_id: Wire.text,
}

/** One sync. */
export const Sync = Wire.withUnread(Schema.Struct({ id: VendorId, ...syncFields }))
export interface Sync extends Schema.Schema.Type<typeof Sync> {}

/**
 * The answer of `GET /workspaces/{id}`.
 *
 * @see https://composable-docs.zeotap.com/api-reference/workspaces/ (read 2026-11)
 */
export const Workspace = Schema.Struct({
  id: VendorId,
  name: Wire.text,
  slug: Wire.text,
  default_role: Wire.text,
  organization_id: Wire.text,
  member_count: Wire.count,
  created_at: Wire.text,
  updated_at: Wire.text,
})
export interface Workspace extends Schema.Schema.Type<typeof Workspace> {}

/** The body of an error: one text, no code and no details. */
export const ErrorBody = Schema.Struct({ error: Wire.text })
export interface ErrorBody extends Schema.Schema.Type<typeof ErrorBody> {}
