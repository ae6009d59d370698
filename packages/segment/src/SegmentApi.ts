/**
 * Segment's Public API on the wire, as far as running syncs goes, and what all of it has in common: what is sent (strict)
 * and the fields of the answers that are read (lenient; whatever else an answer holds is dropped). Models, destinations
 * and subscriptions have files of their own.
 *
 * Every success is wrapped in `data`. The keys are spelled as the vendor spells them, `reverseETL` and all.
 *
 * @see https://docs.segmentapis.com/tag/Reverse-ETL (read 2026-11) and the official SDKs 73.2.0 (2026-08)
 */
import { VendorId } from "@openretl/core/Ref"
import * as Wire from "@openretl/core/Wire"
import * as Schema from "effect/Schema"

/** All ids are strings, of 1 to 255 characters; a run's may be as short as `1`. */
export const Id = VendorId

/** `POST /reverse-etl-syncs`. The subscription is the mapping: its id stands after `/mappings/` in the app's address. */
export const CreateManualSyncRequest = Schema.Struct({ sourceId: Id, modelId: Id, subscriptionId: Id })
export type CreateManualSyncRequest = typeof CreateManualSyncRequest.Type

/** A run that was just started; Segment calls it a sync. */
export const ManualSync = Schema.Struct({ syncId: Id, startedAt: Wire.text })
export type ManualSync = typeof ManualSync.Type

export const CreateManualSyncResponse = Schema.Struct({ data: Schema.Struct({ reverseETLManualSync: ManualSync }) })

const phaseFields = { errorCode: Wire.text, startedAt: Wire.text, finishedAt: Wire.text }

const statusFields = {
  modelId: Wire.text,
  sourceId: Wire.text,
  /** `IN_PROGRESS`, `SUCCESS`, `PARTIAL_SUCCESS`, `FAIL`, or a word to come: the vendor lists these as "currently". */
  syncStatus: Schema.String,
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
export const SyncStatus = Schema.Struct({ syncId: Id, ...statusFields })
export type SyncStatus = typeof SyncStatus.Type

/** `GET /reverse-etl-models/{modelId}/syncs/{syncId}`: the id is filled in where it is missing. */
export const GetSyncStatusResponse = Schema.Struct({
  data: Schema.Struct({ reverseETLSyncStatus: Schema.Struct({ syncId: Wire.text, ...statusFields }) }),
})

/** Given back as it came; it is not read. */
export const Cursor = Schema.String.check(
  Schema.isMinLength(1, { expected: "a cursor of 1 to 2048 characters" }),
  Schema.isMaxLength(2_048, { expected: "a cursor of 1 to 2048 characters" }),
  Schema.makeFilter((cursor: string) => cursor.isWellFormed() || "a cursor of well-formed Unicode"),
)

/** The most runs that the vendor gives at once. */
export const maxCount = 100

/** `GET /reverse-etl-models/{modelId}/subscriptionId/{subscriptionId}/syncs`. */
export const ListSyncStatusesQuery = Schema.Struct({
  /** Here it is plain `count`; elsewhere in this API it is part of `pagination`. 10 when absent. */
  count: Schema.optional(
    Schema.Int.check(
      Schema.isBetween(
        { minimum: 1, maximum: maxCount },
        { expected: "a whole number from 1 to 100 (Segment's SDKs 73.2.0)" },
      ),
    ),
  ),
  cursor: Schema.optional(Cursor),
})
export type ListSyncStatusesQuery = typeof ListSyncStatusesQuery.Type

/**
 * Absent where everything fits on one page; `next` is absent or null on the last. A form that nobody knows is an error
 * and not the end: runs would be missing in silence.
 */
export const Pagination = Schema.NullOr(
  Schema.Struct({
    next: Schema.optionalKey(Schema.NullOr(Schema.String)),
    totalEntries: Wire.count,
  }),
)
export type Pagination = typeof Pagination.Type

export const SyncStatuses = Schema.Struct({
  syncStatuses: Schema.Array(SyncStatus),
  pagination: Schema.optionalKey(Pagination),
})
export type SyncStatuses = typeof SyncStatuses.Type

export const ListSyncStatusesResponse = Schema.Struct({ data: SyncStatuses })

/** Why a run is cancelled: 0 wrong model, 1 wrong destination, 2 wrong keys, 3 wrong mapping, 4 another reason. */
export const ReasonForCanceling = Schema.Literals([0, 1, 2, 3, 4])
export type ReasonForCanceling = typeof ReasonForCanceling.Type

/** `POST /reverse-etl-models/{modelId}/syncs/{syncId}/cancel`: the body is required, its field is not. */
export const CancelSyncRequest = Schema.Struct({ reasonForCanceling: Schema.optional(ReasonForCanceling) })
export type CancelSyncRequest = typeof CancelSyncRequest.Type

/** Either `status`, which is `CANCELLING`, or an error, which comes with HTTP 200 all the same. */
export const CanceledSync = Schema.Struct({
  modelId: Wire.text,
  syncId: Wire.text,
  status: Wire.text,
  /** `SyncAlreadyCanceled` or `SyncFinishedCannotCancel`. */
  errorCode: Wire.text,
  errorMessage: Wire.text,
})
export type CanceledSync = typeof CanceledSync.Type

export const CancelSyncResponse = Schema.Struct({ data: CanceledSync })

/** The workspace that a token belongs to: a token opens exactly one. */
export const Workspace = Schema.Struct({ id: Id, name: Wire.text, slug: Wire.text })
export type Workspace = typeof Workspace.Type

/** `GET /`. */
export const GetWorkspaceResponse = Schema.Struct({ data: Schema.Struct({ workspace: Workspace }) })

/** The body of an error. Entries are decoded one by one, so that an odd one does not hide the others. */
export const ErrorBody = Schema.Struct({ errors: Schema.Array(Schema.Unknown) })

export const RequestError = Schema.Struct({
  /** A free string: `bad-request`, `not-found`, `input-validation`, `RequestError`; other spellings are known. */
  type: Wire.text,
  message: Wire.text,
  /** The way to a field, with dots: `warehouse.metadataId`. */
  field: Wire.text,
  /** In a 429: for how many milliseconds it holds. */
  data: Wire.object({ msBeforeNext: Wire.count }),
})
export type RequestError = typeof RequestError.Type
