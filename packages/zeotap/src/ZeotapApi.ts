/**
 * Zeotap's Composable CDP API, version 1, on the wire: what is sent (strict) and the fields of the answers that are read
 * (lenient; whatever else an answer holds is dropped). Here is what running a sync takes, and what all families share.
 *
 * What the vendor's documents now call "Reverse ETL" is `/syncs`; what they call "Syncs" is `/audience-syncs` and is not
 * here.
 *
 * @see https://composable-docs.zeotap.com/api-reference/syncs/ (read 2026-11)
 */
import * as Wire from "@openretl/core/Wire"
import type * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"

/** An id, opaque: called a UUID, but two ids in the vendor's own samples are a digit short of one. */
export const Id = Schema.String.check(
  Schema.isMinLength(1, { expected: "an id of 1 to 255 characters" }),
  Schema.isMaxLength(255, { expected: "an id of 1 to 255 characters" }),
  Schema.makeFilter((id: string) => id.isWellFormed() || "an id of well-formed Unicode"),
)

/** Pages count from 1. A page has 20 entries unless told, and 100 at the most. */
export const ListQuery = Schema.Struct({
  page: Schema.optional(Schema.Int.check(Schema.isGreaterThanOrEqualTo(1, { expected: "a whole number from 1" }))),
  page_size: Schema.optional(
    Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100 }, { expected: "a whole number from 1 to 100" })),
  ),
})
export type ListQuery = typeof ListQuery.Type

export const Pagination = Wire.object({ page: Wire.count, page_size: Wire.count, total: Wire.count })

/**
 * A list in either of its documented forms: the bare array of every sample, or the envelope of the overview page. Null
 * stands for an empty list, as some servers write one.
 */
export const listOf = <S extends Schema.Constraint>(entry: S) => {
  const entries = Schema.NullOr(Schema.Array(entry))
  return Schema.Union([entries, Schema.Struct({ data: entries, pagination: Pagination })])
}

/** A list, whichever form it came in. */
export interface Listed<A> {
  readonly data: ReadonlyArray<A>
  /** Absent where the vendor answered with a bare array. */
  readonly pagination?: NonNullable<(typeof Pagination)["Type"]>
  /** The vendor's own clock at that answer, where its `date` header tells. */
  readonly date?: DateTime.Utc
}

const runFields = {
  sync_id: Wire.text,
  workspace_id: Wire.text,
  /** There on a pending run too, before it has started. */
  started_at: Wire.text,
  completed_at: Wire.text,
  /** 0 until there is something to count. */
  rows_synced: Wire.count,
  /** May be above 0 on a `completed` run. */
  rows_failed: Wire.count,
  error_message: Wire.text,
  triggered_by: Wire.text,
  created_at: Wire.text,
}

/** One run of a sync. */
export const Run = Schema.Struct({
  id: Id,
  /** `pending`, `running`, `completed`, `failed`, `cancelled`, or a word to come. */
  status: Schema.String,
  ...runFields,
})
export type Run = typeof Run.Type

/** `POST .../trigger`: the run that was created. Its id is precious, so nothing else of it is insisted upon. */
export const TriggerResponse = Schema.Struct({ id: Id, status: Wire.text, ...runFields })
export type TriggerResponse = typeof TriggerResponse.Type

/** `GET .../runs`. */
export const ListRunsResponse = listOf(Run)

/** A column and the field that it goes to. What else an entry holds is kept: a field transform's form is undocumented. */
export const FieldMapping = Schema.StructWithRest(
  Schema.Struct({ source_column: Wire.text, destination_field: Wire.text, type_cast: Wire.text }),
  [Schema.Record(Schema.String, Schema.Unknown)],
)
export type FieldMapping = typeof FieldMapping.Type

/** One sync. */
export const Sync = Schema.Struct({
  id: Id,
  workspace_id: Wire.text,
  model_id: Wire.text,
  destination_id: Wire.text,
  name: Wire.text,
  description: Wire.text,
  field_mapping: Wire.lenient(Schema.Array(FieldMapping)),
  /** `upsert`, `insert`, `update` or `mirror`. */
  sync_mode: Wire.text,
  primary_key: Wire.text,
  /** A cron expression; null, empty or absent for none. What an interval looks like is not documented. */
  schedule: Schema.optionalKey(Schema.Unknown),
  /** As it is: the vendor does not document what it holds. */
  config: Wire.lenient(Schema.Record(Schema.String, Schema.Unknown)),
  /** `draft`, `active`, `paused` or `error`. */
  status: Wire.text,
  /** Empty where there is none. */
  status_error: Wire.text,
  created_by: Wire.text,
  created_at: Wire.text,
  updated_at: Wire.text,
  /** When a run last succeeded. */
  last_synced_at: Wire.text,
  last_run_id: Wire.text,
})
export type Sync = typeof Sync.Type

/**
 * `GET /workspaces/{id}`.
 *
 * @see https://composable-docs.zeotap.com/api-reference/workspaces/ (read 2026-11)
 */
export const Workspace = Schema.Struct({
  id: Id,
  name: Wire.text,
  slug: Wire.text,
  default_role: Wire.text,
  organization_id: Wire.text,
  member_count: Wire.count,
  created_at: Wire.text,
  updated_at: Wire.text,
})
export type Workspace = typeof Workspace.Type

/** The body of an error: one text, no code and no details. */
export const ErrorBody = Schema.Struct({ error: Wire.text })
export type ErrorBody = typeof ErrorBody.Type
