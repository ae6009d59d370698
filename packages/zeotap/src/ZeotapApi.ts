/**
 * Zeotap's Composable CDP API, version 1, on the wire: what is sent (strict) and the fields of the answers that are read
 * (lenient; whatever else an answer holds is dropped). Here is what running a sync takes, and what all families share.
 *
 * What the vendor's documents now call "Reverse ETL" is `/syncs`; what they call "Syncs" is `/audience-syncs` and is not
 * here.
 *
 * @see https://composable-docs.zeotap.com/api-reference/syncs/ (read 2026-11)
 */
import * as Reader from "@openretl/core/driver/Reader"
import * as Wire from "@openretl/core/driver/Wire"
import * as Ref from "@openretl/core/Ref"
import type * as DateTime from "effect/DateTime"

/** An id, opaque: called a UUID, but two ids in the vendor's own samples are a digit short of one. */
export const id = Ref.vendorId

/** Pages count from 1. A page has 20 entries unless told, and 100 at the most. */
export const listQuery = Reader.exact({
  page: Reader.asked(Reader.integer(1)),
  page_size: Reader.asked(Reader.integer(1, 100, "a whole number from 1 to 100")),
})
export interface ListQuery extends Reader.Type<typeof listQuery> {}

export const pagination = Wire.object({ page: Wire.count, page_size: Wire.count, total: Wire.count })
export type Pagination = Reader.Type<typeof pagination>

/** The form of a list that the overview page documents. */
export interface Envelope<A> {
  readonly data: ReadonlyArray<A> | null
  readonly pagination?: Pagination
}

/**
 * A list in either of its documented forms: the bare array of every sample, or the envelope of the overview page. Null
 * stands for an empty list, as some servers write one.
 */
export type List<A> = ReadonlyArray<A> | null | Envelope<A>

export const listOf = <A>(entry: Reader.Reader<A>): Reader.Reader<List<A>> => {
  const entries = Reader.nullable(Reader.array(entry))
  const envelope: Reader.Reader<Envelope<A>> = Reader.struct({ data: entries, pagination })
  return (value, issues) => (value === null || Array.isArray(value) ? entries(value, issues) : envelope(value, issues))
}

/** A list, whichever form it came in. */
export interface Listed<A> {
  readonly data: ReadonlyArray<A>
  /** Absent where the vendor answered with a bare array. */
  readonly pagination?: Pagination
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
export interface Run extends Reader.Struct<typeof runFields> {
  readonly id: string
  /** `pending`, `running`, `completed`, `failed`, `cancelled`, or a word to come. */
  readonly status: string
}

export const run: Reader.Reader<Run> = Reader.struct({ id, status: Reader.string, ...runFields })

/** `POST .../trigger`: the run that was created. Its id is precious, so nothing else of it is insisted upon. */
export interface TriggerResponse extends Reader.Struct<typeof runFields> {
  readonly id: string
  readonly status?: string
}

export const triggerResponse: Reader.Reader<TriggerResponse> = Reader.struct({ id, status: Wire.text, ...runFields })

/** `GET .../runs`. */
export const listRunsResponse = listOf(run)

const unknowns = Reader.record(Reader.unknown)

const mapped = Reader.struct({ source_column: Wire.text, destination_field: Wire.text, type_cast: Wire.text })

/** A column and the field that it goes to. What else an entry holds is kept: a field transform's form is undocumented. */
export type FieldMapping = Reader.Type<typeof mapped> & Readonly<Record<string, unknown>>

export const fieldMapping: Reader.Reader<FieldMapping> = (value, issues) => {
  const { source_column, destination_field, type_cast, ...rest } = unknowns(value, issues)
  return { ...rest, ...mapped({ source_column, destination_field, type_cast }, issues) }
}

/** What a sync has besides its id. */
export const syncFields = {
  workspace_id: Wire.text,
  model_id: Wire.text,
  destination_id: Wire.text,
  name: Wire.text,
  description: Wire.text,
  field_mapping: Reader.lenient(Reader.array(fieldMapping)),
  /** `upsert`, `insert`, `update` or `mirror`. */
  sync_mode: Wire.text,
  primary_key: Wire.text,
  /** A cron expression; null, empty or absent for none. What an interval looks like is not documented. */
  schedule: Reader.optional(Reader.unknown),
  /** As it is: the vendor does not document what it holds. */
  config: Reader.lenient(unknowns),
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
}

/** One sync. */
export interface Sync extends Reader.Struct<typeof syncFields> {
  readonly id: string
}

export const sync: Reader.Reader<Sync> = Reader.struct({ id, ...syncFields })

/**
 * `GET /workspaces/{id}`.
 *
 * @see https://composable-docs.zeotap.com/api-reference/workspaces/ (read 2026-11)
 */
export const workspace = Reader.struct({
  id,
  name: Wire.text,
  slug: Wire.text,
  default_role: Wire.text,
  organization_id: Wire.text,
  member_count: Wire.count,
  created_at: Wire.text,
  updated_at: Wire.text,
})
export interface Workspace extends Reader.Type<typeof workspace> {}

/** The body of an error: one text, no code and no details. */
export const errorBody = Reader.struct({ error: Wire.text })
export interface ErrorBody extends Reader.Type<typeof errorBody> {}
