/**
 * RudderStack's Reverse ETL API, version 2, on the wire: what is sent (strict) and the fields of the answers that are
 * read (lenient; whatever else an answer holds is dropped).
 *
 * @see https://www.rudderstack.com/docs/api/retl-connections-api/ (read 2026-11)
 */
import * as Reader from "@openretl/core/driver/Reader"
import * as Wire from "@openretl/core/driver/Wire"
import { vendorId } from "@openretl/core/Ref"
import type * as DateTime from "effect/DateTime"

/** An id, opaque: a run's has 20 characters, a connection's 27, as far as has been seen. */
export const id = vendorId

/** What a run covers: rows that changed since the last one, or all of them. */
export const syncType = Reader.literals(["incremental", "full"])
export type SyncType = Reader.Type<typeof syncType>

/** The documented statuses of a run. Answers are read as a string, whatever it is: new words may come. */
export const syncStatus = Reader.literals(["running", "succeeded", "failed"])
export type SyncStatus = Reader.Type<typeof syncStatus>

/** A page's number or size. */
export const wholeFromOne = Reader.integer(1)

/** `POST /v2/retl-connections/{id}/start`. What an absent `syncType` means is disputed: it is required here. */
export const startSyncRequest = Reader.exact({ syncType })
export interface StartSyncRequest extends Reader.Type<typeof startSyncRequest> {}

export const startSyncResponse = Reader.struct({ syncId: id })
export interface StartSyncResponse extends Reader.Type<typeof startSyncResponse> {}

/** RFC 3339 in UTC, to the second: the form that the vendor's own client sends. */
const instant = Reader.pattern(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, "a time as in 2026-09-20T10:00:00Z")

/** `GET /v2/retl-connections/{id}/syncs`. */
export const listSyncsQuery = Reader.exact({
  status: Reader.asked(syncStatus),
  started_after: Reader.asked(instant),
  started_before: Reader.asked(instant),
  /** The default and the maximum are not documented; the vendor's own client sends 100. */
  per_page: Reader.asked(wholeFromOne),
  /** Counts from 1. */
  page: Reader.asked(wholeFromOne),
})
export interface ListSyncsQuery extends Reader.Type<typeof listSyncsQuery> {}

const syncFields = {
  /** `running`, `succeeded` (rows may have failed all the same), `failed`, or a word to come. */
  status: Reader.string,
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
export interface Sync extends Reader.Struct<typeof syncFields> {
  readonly id: string
}

export const sync: Reader.Reader<Sync> = Reader.struct({ id, ...syncFields })

/** `GET /v2/retl-connections/{id}/syncs/{syncId}`: official clients know answers without an id. */
export interface GetSyncResponse extends Reader.Struct<typeof syncFields> {
  readonly id?: string
}

export const getSyncResponse: Reader.Reader<GetSyncResponse> = Reader.struct({ id: Wire.text, ...syncFields })

/** `next` only says that there is another page: three sources give it three forms, and none says it can be followed. */
export const paging = Reader.struct({ total: Wire.count, next: Wire.text })
export interface Paging extends Reader.Type<typeof paging> {}

export const listSyncsResponse = Reader.struct({
  syncs: Reader.nullable(Reader.array(sync)),
  paging: Reader.lenient(paging),
})
export interface ListSyncsResponse extends Reader.Type<typeof listSyncsResponse> {}

/** A page of runs, with the vendor's own clock at that answer where its `date` header tells. */
export interface SyncPage extends ListSyncsResponse {
  readonly date?: DateTime.Utc
}

/**
 * A connection, as far as running needs it; `RudderStackConnectionsApi.Connection` has all of it. Not on the public
 * page: the shape is that of the vendor's own client, `rudder-iac`, `api/client/retl` (2026-08).
 */
export const connectionSummary = Reader.struct({
  id,
  sourceId: Wire.text,
  destinationId: Wire.text,
  enabled: Wire.flag,
  /** When it runs by itself. */
  schedule: Wire.object({
    /** `manual`, `basic` with `everyMinutes`, or `cron` with `cronExpression`. */
    type: Wire.text,
    everyMinutes: Wire.count,
    cronExpression: Wire.text,
  }),
})
export interface ConnectionSummary extends Reader.Type<typeof connectionSummary> {}

/** `GET /v2/retl-connections`: here the page size is `pageSize`, not `per_page`. */
export const listConnectionsQuery = Reader.exact({
  sourceId: Reader.asked(id),
  destinationId: Reader.asked(id),
  hasExternalId: Reader.asked(Reader.boolean),
  page: Reader.asked(wholeFromOne),
  pageSize: Reader.asked(wholeFromOne),
})
export interface ListConnectionsQuery extends Reader.Type<typeof listConnectionsQuery> {}

export const listConnectionSummariesResponse = Reader.struct({
  data: Reader.nullable(Reader.array(connectionSummary)),
  paging: Reader.lenient(paging),
})
export interface ListConnectionSummariesResponse extends Reader.Type<typeof listConnectionSummariesResponse> {}

/** The body of an error, as the vendor's own client reads it: `rudder-iac`, `api/client/common.go` (2026-08). */
export const errorBody = Reader.struct({
  error: Wire.text,
  message: Wire.text,
  code: Wire.text,
  /** Mostly `{ field: "what is wrong with it" }`; lists, nested objects and single values are known too. */
  details: Reader.optional(Reader.unknown),
})
export interface ErrorBody extends Reader.Type<typeof errorBody> {}
