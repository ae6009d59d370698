/**
 * RudderStack's Reverse ETL API, version 2, on the wire: the requests (strict), and the fields of answers that the adapter
 * reads (lenient; other fields are dropped).
 *
 * @see https://www.rudderstack.com/docs/api/retl-connections-api/ (read 2026-11)
 */
import * as Input from "@openretl/core/driver/Input"
import * as Wire from "@openretl/core/driver/Wire"
import { VendorId } from "@openretl/core/Ref"
import type * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { WholeFromOne } from "./internal/fields.ts"

/** What a run covers: rows that changed since the previous run, or all rows. */
export const SyncType = Schema.Literals(["incremental", "full"])
export type SyncType = typeof SyncType.Type

/** The documented statuses of a run. Answers may hold any other word: new ones may come. */
export const SyncStatus = Schema.Literals(["running", "succeeded", "failed"])
export type SyncStatus = typeof SyncStatus.Type

/**
 * The body of `POST /v2/retl-connections/{id}/start`. `syncType` is required: the documents disagree on what its absence
 * means.
 */
export const StartSyncRequest = Schema.Struct({ syncType: SyncType })
export interface StartSyncRequest extends Schema.Schema.Type<typeof StartSyncRequest> {}

/** The answer of `POST /v2/retl-connections/{id}/start`. */
export const StartSyncResponse = Schema.Struct({ syncId: VendorId })
export interface StartSyncResponse extends Schema.Schema.Type<typeof StartSyncResponse> {}

/** RFC 3339 in UTC, to the second: the form that the vendor's own client sends. */
const Instant = Schema.String.check(
  Schema.isPattern(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, { expected: "a time as in 2026-09-20T10:00:00Z" }),
)

/** The query of `GET /v2/retl-connections/{id}/syncs`. */
export const ListSyncsQuery = Schema.Struct({
  status: Input.optional(SyncStatus),
  /** As in `2026-09-20T10:00:00Z`. */
  started_after: Input.optional(Instant),
  /** As in `2026-09-20T10:00:00Z`. */
  started_before: Input.optional(Instant),
  /** The size of a page. The default and the maximum are not documented; the vendor's own client sends 100. */
  per_page: Input.optional(WholeFromOne),
  /** The number of the page, from 1. */
  page: Input.optional(WholeFromOne),
})
export interface ListSyncsQuery extends Schema.Schema.Type<typeof ListSyncsQuery> {}

const syncFields = {
  /** `running`, `succeeded` (although rows may have failed), `failed`, or a new word. */
  status: Schema.String,
  startedAt: Wire.text,
  /** Means nothing until the run has ended: running ones carry a zero time, or any other. */
  finishedAt: Wire.text,
  error: Wire.text,
  /** Numbers of rows. */
  metrics: Wire.object({
    succeeded: Wire.object({ total: Wire.count }),
    failed: Wire.object({ total: Wire.count }),
    changed: Wire.object({ total: Wire.count }),
    total: Wire.count,
  }),
}

/** One run of a connection; RudderStack calls it a sync. */
export const Sync = Schema.Struct({ id: VendorId, ...syncFields })
export interface Sync extends Schema.Schema.Type<typeof Sync> {}

/** The answer of `GET /v2/retl-connections/{id}/syncs/{syncId}`. Official clients accept answers without an id. */
export const GetSyncResponse = Schema.Struct({ id: Wire.text, ...syncFields })
export interface GetSyncResponse extends Schema.Schema.Type<typeof GetSyncResponse> {}

/** What a list says of its pages. `next` only says that another page follows: sources show three forms of it. */
export const Paging = Schema.Struct({ total: Wire.count, next: Wire.text })
export interface Paging extends Schema.Schema.Type<typeof Paging> {}

/** The answer of `GET /v2/retl-connections/{id}/syncs`. */
export const ListSyncsResponse = Schema.Struct({
  syncs: Schema.NullOr(Wire.entries(Sync)),
  paging: Wire.lenient(Paging),
})
export interface ListSyncsResponse extends Schema.Schema.Type<typeof ListSyncsResponse> {}

/** A page of runs. */
export interface SyncPage extends ListSyncsResponse {
  /** The vendor's clock at this answer: its `date` header, where there is one. */
  readonly date?: DateTime.Utc
}

/**
 * The fields of a connection that running needs; `RudderStackConnectionsApi.Connection` has all of them. Not on the public
 * page: the shape is that of the vendor's own client, `rudder-iac`, `api/client/retl` (2026-08).
 */
export const ConnectionSummary = Schema.Struct({
  id: VendorId,
  sourceId: Wire.text,
  destinationId: Wire.text,
  enabled: Wire.flag,
  /** When the connection runs by itself. */
  schedule: Wire.object({
    /** `manual`, `basic` with `everyMinutes`, or `cron` with `cronExpression`. */
    type: Wire.text,
    everyMinutes: Wire.count,
    cronExpression: Wire.text,
  }),
})
export interface ConnectionSummary extends Schema.Schema.Type<typeof ConnectionSummary> {}

/** The query of `GET /v2/retl-connections`. Here the size of a page is `pageSize`, not `per_page`. */
export const ListConnectionsQuery = Schema.Struct({
  sourceId: Input.optional(VendorId),
  destinationId: Input.optional(VendorId),
  hasExternalId: Input.optional(Schema.Boolean),
  /** The number of the page, from 1. */
  page: Input.optional(WholeFromOne),
  /** The size of a page. The default and the maximum are not documented; the vendor's own client sends 100. */
  pageSize: Input.optional(WholeFromOne),
})
export interface ListConnectionsQuery extends Schema.Schema.Type<typeof ListConnectionsQuery> {}

/** The answer of `GET /v2/retl-connections`, with the fields that running needs. */
export const ListConnectionSummariesResponse = Schema.Struct({
  data: Schema.NullOr(Wire.entries(ConnectionSummary)),
  paging: Wire.lenient(Paging),
})
export interface ListConnectionSummariesResponse extends Schema.Schema.Type<typeof ListConnectionSummariesResponse> {}

/** The body of an error, as the vendor's own client reads it: `rudder-iac`, `api/client/common.go` (2026-08). */
export const ErrorBody = Schema.Struct({
  error: Wire.text,
  message: Wire.text,
  code: Wire.text,
  /** Mostly `{ field: "what is wrong with it" }`; lists, nested objects and single values occur as well. */
  details: Schema.optionalKey(Schema.Unknown),
})
export interface ErrorBody extends Schema.Schema.Type<typeof ErrorBody> {}
