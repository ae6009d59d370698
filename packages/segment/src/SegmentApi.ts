/**
 * Segment's Public API on the wire, as far as running syncs goes, and what all of it has in common: what is sent (strict)
 * and the fields of the answers that are read (lenient; whatever else an answer holds is dropped). Models, destinations
 * and subscriptions have files of their own.
 *
 * Every success is wrapped in `data`. The keys are spelled as the vendor spells them, `reverseETL` and all.
 *
 * @see https://docs.segmentapis.com/tag/Reverse-ETL (read 2026-11) and the official SDKs 73.2.0 (2026-08)
 */
import * as Reader from "@openretl/core/driver/Reader"
import * as Wire from "@openretl/core/driver/Wire"
import { vendorId } from "@openretl/core/Ref"

/** All ids are strings, of 1 to 255 characters; a run's may be as short as `1`. */
export const id = vendorId

/** `POST /reverse-etl-syncs`. The subscription is the mapping: its id stands after `/mappings/` in the app's address. */
export const createManualSyncRequest = Reader.exact({ sourceId: id, modelId: id, subscriptionId: id })
export interface CreateManualSyncRequest extends Reader.Type<typeof createManualSyncRequest> {}

/** A run that was just started; Segment calls it a sync. */
export const manualSync = Reader.struct({ syncId: id, startedAt: Wire.text })
export interface ManualSync extends Reader.Type<typeof manualSync> {}

export const createManualSyncResponse = Reader.struct({ data: Reader.struct({ reverseETLManualSync: manualSync }) })

const phaseFields = { errorCode: Wire.text, startedAt: Wire.text, finishedAt: Wire.text }

const statusFields = {
  modelId: Wire.text,
  sourceId: Wire.text,
  /** `IN_PROGRESS`, `SUCCESS`, `PARTIAL_SUCCESS`, `FAIL`, or a word to come: the vendor lists these as "currently". */
  syncStatus: Reader.string,
  /** Its unit is not documented. */
  duration: Wire.text,
  startedAt: Wire.text,
  finishedAt: Wire.text,
  /** Reading the source. Counts are strings on the wire, and empty strings stand for nothing. */
  extractPhase: Wire.object({
    addedCount: Wire.count,
    updatedCount: Wire.count,
    deletedCount: Wire.count,
    extractCount: Wire.count,
    ...phaseFields,
  }),
  /** Delivering. `deliverFailureCount` counts what was refused for good and what ran out of tries. */
  loadPhase: Wire.object({ deliverSuccessCount: Wire.count, deliverFailureCount: Wire.count, ...phaseFields }),
  error: Wire.text,
  /** A fatal error's code; no list of them is published. */
  errorCode: Wire.text,
}

/** The state of one run. It names its model and source, and no subscription. */
export interface SyncStatus extends Reader.Struct<typeof statusFields> {
  readonly syncId: string
}

export const syncStatus: Reader.Reader<SyncStatus> = Reader.struct({ syncId: id, ...statusFields })

/** `GET /reverse-etl-models/{modelId}/syncs/{syncId}`: the id is filled in where it is missing. */
export const getSyncStatusResponse = Reader.struct({
  data: Reader.struct({ reverseETLSyncStatus: Reader.struct({ syncId: Wire.text, ...statusFields }) }),
})

/** Given back as it came; it is not read. */
export const cursor = Reader.where(
  Reader.where(Reader.string, ({ length }) => length > 0 && length <= 2_048, "a cursor of 1 to 2048 characters"),
  (text) => text.isWellFormed(),
  "a cursor of well-formed Unicode",
)

/** The most runs that the vendor gives at once. */
export const maxCount = 100

/** `GET /reverse-etl-models/{modelId}/subscriptionId/{subscriptionId}/syncs`. */
export const listSyncStatusesQuery = Reader.exact({
  /** Here it is plain `count`; elsewhere in this API it is part of `pagination`. 10 when absent. */
  count: Reader.asked(Reader.integer(1, maxCount, "a whole number from 1 to 100 (Segment's SDKs 73.2.0)")),
  cursor: Reader.asked(cursor),
})
export interface ListSyncStatusesQuery extends Reader.Type<typeof listSyncStatusesQuery> {}

/**
 * Absent where everything fits on one page; `next` is absent or null on the last. A form that nobody knows is an error
 * and not the end: runs would be missing in silence.
 */
export const pagination = Reader.nullable(
  Reader.struct({
    next: Reader.optional(Reader.nullable(Reader.string)),
    totalEntries: Wire.count,
  }),
)
export type Pagination = Reader.Type<typeof pagination>

export const syncStatuses = Reader.struct({
  syncStatuses: Reader.array(syncStatus),
  pagination: Reader.optional(pagination),
})
export interface SyncStatuses extends Reader.Type<typeof syncStatuses> {}

export const listSyncStatusesResponse = Reader.struct({ data: syncStatuses })

/** Why a run is cancelled: 0 wrong model, 1 wrong destination, 2 wrong keys, 3 wrong mapping, 4 another reason. */
export const reasonForCanceling = Reader.literals([0, 1, 2, 3, 4])
export type ReasonForCanceling = Reader.Type<typeof reasonForCanceling>

/** `POST /reverse-etl-models/{modelId}/syncs/{syncId}/cancel`: the body is required, its field is not. */
export const cancelSyncRequest = Reader.exact({
  reasonForCanceling: Reader.asked(reasonForCanceling),
})
export interface CancelSyncRequest extends Reader.Type<typeof cancelSyncRequest> {}

/** Either `status`, which is `CANCELLING`, or an error, which comes with HTTP 200 all the same. */
export const canceledSync = Reader.struct({
  modelId: Wire.text,
  syncId: Wire.text,
  status: Wire.text,
  /** `SyncAlreadyCanceled` or `SyncFinishedCannotCancel`. */
  errorCode: Wire.text,
  errorMessage: Wire.text,
})
export interface CanceledSync extends Reader.Type<typeof canceledSync> {}

export const cancelSyncResponse = Reader.struct({ data: canceledSync })

/** The workspace that a token belongs to: a token opens exactly one. */
export const workspace = Reader.struct({ id, name: Wire.text, slug: Wire.text })
export interface Workspace extends Reader.Type<typeof workspace> {}

/** `GET /`. */
export const getWorkspaceResponse = Reader.struct({ data: Reader.struct({ workspace }) })

/** The body of an error. Entries are decoded one by one, so that an odd one does not hide the others. */
export const errorBody = Reader.struct({ errors: Reader.array(Reader.unknown) })

export const requestError = Reader.struct({
  /** A free string: `bad-request`, `not-found`, `input-validation`, `RequestError`; other spellings are known. */
  type: Wire.text,
  message: Wire.text,
  /** The way to a field, with dots: `warehouse.metadataId`. */
  field: Wire.text,
  /** In a 429: for how many milliseconds it holds. */
  data: Wire.object({ msBeforeNext: Wire.count }),
})
export interface RequestError extends Reader.Type<typeof requestError> {}
