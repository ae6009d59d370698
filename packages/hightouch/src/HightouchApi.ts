/**
 * Hightouch's API, version 1, on the wire: what running a sync takes, and what all endpoints share.
 *
 * Requests are strict. Answers are lenient: they name the fields that the adapter uses, and other fields are dropped. Ids are
 * numbers in objects and texts in the answer of a trigger; both decode to text.
 *
 * @see https://hightouch.com/docs/developer-tools/api-guide, and the vendor's OpenAPI document 1.0.0 (read 2026-11)
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

/** The fields of a query that say which entries of a list are wanted. */
export const pageFields = {
  /** How many entries to skip. @default 0 */
  offset: Input.optional(Input.wholeNumber(0)),
  /** How many entries to return, from 1 to 100. @default 100 */
  limit: Input.optional(Input.wholeNumber(1, 100)),
}

/** One page of a list. */
export interface Listed<A> {
  readonly data: ReadonlyArray<A>
  /** Whether there are entries after it; absent where the vendor leaves it out. */
  readonly hasMore?: boolean
  /** The vendor's clock at that answer, from its `date` header. */
  readonly date?: DateTime.Utc
}

/** Returns the schema of a list. */
export const listOf = <A, E>(entry: Schema.Codec<A, E>) =>
  Schema.Struct({ data: Wire.entries(entry), hasMore: Wire.flag })

/** The body of `POST /syncs/{syncId}/trigger`: which reset the run makes. @default none: only changed rows */
export const TriggerSyncRequest = Schema.Struct({
  /** Sync every row again, whatever was synced before. @default false */
  fullResync: Input.optional(Schema.Boolean),
  /** Take note of every row without changing anything at the destination. @default false */
  resetCDC: Input.optional(Schema.Boolean),
  /** Clear the audience at the destination, then send every row. @default false */
  clearAndFill: Input.optional(Schema.Boolean),
})
export interface TriggerSyncRequest extends Schema.Schema.Type<typeof TriggerSyncRequest> {}

/** The answer of a trigger: the id of the run. */
export const TriggerSyncResponse = Schema.Struct({ id: Id })
export interface TriggerSyncResponse extends Schema.Schema.Type<typeof TriggerSyncResponse> {}

const rowCounts = { addedCount: Wire.count, changedCount: Wire.count, removedCount: Wire.count }

/** How many rows of each kind. */
export const RowCounts = Schema.Struct(rowCounts)
export interface RowCounts extends Schema.Schema.Type<typeof RowCounts> {}

/** One run of a sync. */
export const Run = Schema.Struct({
  id: Id,
  /** When the run was created: before its start, where it waited for another run. */
  createdAt: Wire.text,
  startedAt: Wire.text,
  finishedAt: Wire.text,
  /** `queued`, `querying`, `processing`, `reporting`, `success`, `warning`, `failed`, `cancelled`, `interrupted`, or a new word. */
  status: Schema.String,
  /** How many rows the query returned. */
  querySize: Wire.count,
  /** From 0 to 1. */
  completionRatio: Wire.lenient(Schema.Number),
  /** The rows that the run was to sync. */
  plannedRows: Wire.object(rowCounts),
  successfulRows: Wire.object(rowCounts),
  /** The rows that the destination rejected. */
  failedRows: Wire.object(rowCounts),
  error: Wire.text,
})
export interface Run extends Schema.Schema.Type<typeof Run> {}

/** The query of `GET /syncs/{syncId}/runs`. */
export const ListRunsQuery = Schema.Struct({
  ...pageFields,
  /** Only runs that started after this time, in RFC 3339. */
  after: Input.optional(Schema.String),
  /** Only runs that started before this time. */
  before: Input.optional(Schema.String),
})
export interface ListRunsQuery extends Schema.Schema.Type<typeof ListRunsQuery> {}

/** The answer of `GET /syncs/{syncId}/runs`. */
export const ListRunsResponse = listOf(Run)

/** The query of `GET /syncs`. */
export const ListSyncsQuery = Schema.Struct({
  ...pageFields,
  /** Only the sync with this slug. */
  slug: Input.optional(Schema.String),
  /** Only syncs of this model. */
  modelId: Input.optional(VendorId),
})
export interface ListSyncsQuery extends Schema.Schema.Type<typeof ListSyncsQuery> {}

/** One sync. It has no name. */
export const Sync = Wire.withUnread(
  Schema.Struct({
    id: Id,
    /** The word for the sync in addresses and in tools. */
    slug: Wire.text,
    workspaceId: Wire.lenient(Id),
    modelId: Wire.lenient(Id),
    destinationId: Wire.lenient(Id),
    /** Unchanged: its form depends on the destination, and may change. */
    configuration: Wire.lenient(Schema.Record(Schema.String, Schema.Unknown)),
    /** `type` and `schedule`, whose form goes with the type; null for none. */
    schedule: Schema.optionalKey(Schema.Unknown),
    /** The status of the last run, `pending` or `disabled`. */
    status: Wire.text,
    disabled: Wire.flag,
    lastRunAt: Wire.text,
    referencedColumns: Wire.lenient(Wire.entries(Schema.String)),
    /** The column that identifies a row. */
    primaryKey: Wire.text,
    /** The list or the audience that the sync has made at its destination. */
    externalSegment: Wire.lenient(Schema.Record(Schema.String, Schema.Unknown)),
    tags: Wire.lenient(Schema.Record(Schema.String, Schema.Unknown)),
    createdAt: Wire.text,
    updatedAt: Wire.text,
  }),
)
export interface Sync extends Schema.Schema.Type<typeof Sync> {}

/** The answer of `GET /syncs`. */
export const ListSyncsResponse = listOf(Sync)

/** The body of a refusal: `message` with `details`, which are a text or an object, or `error`. */
export const ErrorBody = Schema.Struct({
  message: Wire.text,
  details: Schema.optionalKey(Schema.Unknown),
  error: Wire.text,
})
export interface ErrorBody extends Schema.Schema.Type<typeof ErrorBody> {}
