/**
 * RudderStack's Reverse ETL API, version 2, on the wire: what is sent (strict) and the fields of the answers that are
 * read (lenient; whatever else an answer holds is dropped).
 *
 * @see https://www.rudderstack.com/docs/api/retl-connections-api/ (read 2026-11)
 */

import * as Wire from "@openretl/core/Wire"
import type * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"

/** An id, opaque: a run's has 20 characters, a connection's 27, as far as has been seen. */
export const Id = Schema.String.check(
  Schema.isMinLength(1, { expected: "an id of 1 to 255 characters" }),
  Schema.isMaxLength(255, { expected: "an id of 1 to 255 characters" }),
  Schema.makeFilter((id: string) => id.isWellFormed() || "Expected an id of well-formed Unicode"),
)

/** A text of a request that says something. */
export const Text = Schema.String.check(Schema.isMinLength(1, { expected: "a text that is not empty" }))

/** What a run covers: rows that changed since the last one, or all of them. */
export const SyncType = Schema.Literals(["incremental", "full"])
export type SyncType = typeof SyncType.Type

/** The documented statuses of a run. Answers are read as a string, whatever it is: new words may come. */
export const SyncStatus = Schema.Literals(["running", "succeeded", "failed"])
export type SyncStatus = typeof SyncStatus.Type

/** A page's number or size. */
export const WholeFromOne = Schema.Number.check(
  Schema.makeFilter((value: number) => (Number.isSafeInteger(value) && value >= 1) || "Expected a whole number from 1"),
)

/** `POST /v2/retl-connections/{id}/start`. What an absent `syncType` means is disputed: it is required here. */
export const StartSyncRequest = Schema.Struct({ syncType: SyncType })
export type StartSyncRequest = typeof StartSyncRequest.Type

export const StartSyncResponse = Schema.Struct({ syncId: Id })
export type StartSyncResponse = typeof StartSyncResponse.Type

/** RFC 3339 in UTC, to the second: the form that the vendor's own client sends. */
const Instant = Schema.String.check(
  Schema.isPattern(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, { expected: "a time as in 2026-09-20T10:00:00Z" }),
)

/** `GET /v2/retl-connections/{id}/syncs`. */
export const ListSyncsQuery = Schema.Struct({
  status: Schema.optional(SyncStatus),
  started_after: Schema.optional(Instant),
  started_before: Schema.optional(Instant),
  /** The default and the maximum are not documented; the vendor's own client sends 100. */
  per_page: Schema.optional(WholeFromOne),
  /** Counts from 1. */
  page: Schema.optional(WholeFromOne),
})
export type ListSyncsQuery = typeof ListSyncsQuery.Type

const syncFields = {
  /** `running`, `succeeded` (rows may have failed all the same), `failed`, or a word to come. */
  status: Schema.String,
  startedAt: Wire.text,
  /** Without meaning until the run has ended: a zero time, or any other, has been seen on running ones. */
  finishedAt: Wire.text,
  error: Wire.text,
  metrics: Wire.object({
    succeeded: Wire.object({ total: Wire.count }),
    failed: Wire.object({ total: Wire.count }),
    changed: Wire.object({ total: Wire.count }),
    total: Wire.count,
  }),
}

/** One run of a connection; RudderStack calls it a sync. */
export const Sync = Schema.Struct({ id: Id, ...syncFields })
export type Sync = typeof Sync.Type

/** `GET /v2/retl-connections/{id}/syncs/{syncId}`: official clients know answers without an id. */
export const GetSyncResponse = Schema.Struct({ id: Wire.text, ...syncFields })
export type GetSyncResponse = typeof GetSyncResponse.Type

/** `next` only says that there is another page: three sources give it three forms, and none says it can be followed. */
const PagingFields = { total: Wire.count, next: Wire.text }
export const Paging = Wire.object(PagingFields)
export interface Paging extends Schema.Struct.Type<typeof PagingFields> {}

export const ListSyncsResponse = Schema.Struct({ syncs: Schema.NullOr(Schema.Array(Sync)), paging: Paging })
export type ListSyncsResponse = typeof ListSyncsResponse.Type

/** A page of runs, with the vendor's own clock at that answer where its `date` header tells. */
export interface SyncPage extends ListSyncsResponse {
  readonly date?: DateTime.Utc
}

/** When a connection runs by itself. */
export const ScheduleAnswer = Wire.object({
  /** `manual`, `basic` with `everyMinutes`, or `cron` with `cronExpression`. */
  type: Wire.text,
  everyMinutes: Wire.count,
  cronExpression: Wire.text,
})

/** What running needs of a connection; `RudderStackConnectionsApi.Connection` has all of it. */
export const connectionFields = {
  id: Id,
  sourceId: Wire.text,
  destinationId: Wire.text,
  enabled: Wire.flag,
  schedule: ScheduleAnswer,
}

/**
 * A connection, as far as running needs it. Not on the public page: the shape is that of the vendor's own client,
 * `rudder-iac`, `api/client/retl` (2026-08).
 */
export const ConnectionSummary = Schema.Struct(connectionFields)
export type ConnectionSummary = typeof ConnectionSummary.Type

/** `GET /v2/retl-connections`: here the page size is `pageSize`, not `per_page`. */
export const ListConnectionsQuery = Schema.Struct({
  sourceId: Schema.optional(Id),
  destinationId: Schema.optional(Id),
  hasExternalId: Schema.optional(Schema.Boolean),
  page: Schema.optional(WholeFromOne),
  pageSize: Schema.optional(WholeFromOne),
})
export type ListConnectionsQuery = typeof ListConnectionsQuery.Type

export const ListConnectionSummariesResponse = Schema.Struct({
  data: Schema.NullOr(Schema.Array(ConnectionSummary)),
  paging: Paging,
})
export type ListConnectionSummariesResponse = typeof ListConnectionSummariesResponse.Type

/** `PUT .../external-id`, of a connection or a source: the id that it has in a tool of yours. */
export const SetExternalIdRequest = Schema.Struct({ externalId: Text })
export type SetExternalIdRequest = typeof SetExternalIdRequest.Type

/** The body of an error, as the vendor's own client reads it: `rudder-iac`, `api/client/common.go` (2026-08). */
export const ErrorBody = Schema.Struct({
  error: Wire.text,
  message: Wire.text,
  code: Wire.text,
  /** Mostly `{ field: "what is wrong with it" }`; lists, nested objects and single values are known too. */
  details: Schema.optionalKey(Schema.Unknown),
})
export type ErrorBody = typeof ErrorBody.Type
