/**
 * The wire forms of Segment's Public API that run syncs, and what all its endpoints share: strict requests, and the
 * fields of answers that are decoded, leniently. Models, destinations and subscriptions have files of their own.
 *
 * Every success is wrapped in `data`. The keys are spelled as the vendor spells them, `reverseETL` and all.
 *
 * @see https://docs.segmentapis.com/tag/Reverse-ETL (read 2026-11) and the official SDKs 73.2.0 (2026-08)
 */
import * as Input from "@openretl/core/driver/Input"
import * as Wire from "@openretl/core/driver/Wire"
import { VendorId } from "@openretl/core/Ref"
import * as Schema from "effect/Schema"

/**
 * `POST /reverse-etl-syncs`. The subscription is the mapping: its id stands after `/mappings/` in the app's address.
 */
export const CreateManualSyncRequest = Schema.Struct({
  sourceId: VendorId,
  modelId: VendorId,
  subscriptionId: VendorId,
})
export interface CreateManualSyncRequest extends Schema.Schema.Type<typeof CreateManualSyncRequest> {}

/** A run that was just started; Segment calls it a sync. */
export const ManualSync = Schema.Struct({ syncId: VendorId, startedAt: Wire.text })
export interface ManualSync extends Schema.Schema.Type<typeof ManualSync> {}

/** The answer to a start. */
export const CreateManualSyncResponse = Schema.Struct({ data: Schema.Struct({ reverseETLManualSync: ManualSync }) })

const phaseFields = { errorCode: Wire.text, startedAt: Wire.text, finishedAt: Wire.text }

const statusFields = {
  modelId: Wire.text,
  sourceId: Wire.text,
  /** `IN_PROGRESS`, `SUCCESS`, `PARTIAL_SUCCESS`, `FAIL`, or a new word: the vendor lists these as "currently". */
  syncStatus: Schema.String,
  /** Its unit is not documented. */
  duration: Wire.text,
  startedAt: Wire.text,
  finishedAt: Wire.text,
  /** Reading the source. Counts are strings on the wire; an empty string is not a count. */
  extractPhase: Wire.object({
    addedCount: Wire.count,
    updatedCount: Wire.count,
    deletedCount: Wire.count,
    extractCount: Wire.count,
    ...phaseFields,
  }),
  /** Delivering. `deliverFailureCount` counts rows that were refused for good and rows that ran out of tries. */
  loadPhase: Wire.object({ deliverSuccessCount: Wire.count, deliverFailureCount: Wire.count, ...phaseFields }),
  error: Wire.text,
  /** The code of a fatal error; the vendor publishes no list of codes. */
  errorCode: Wire.text,
}

/** The state of one run. It names its model and its source, and no subscription. */
export const SyncStatus = Schema.Struct({
  /** As short as `1`. */
  syncId: VendorId,
  ...statusFields,
})
export interface SyncStatus extends Schema.Schema.Type<typeof SyncStatus> {}

/** `GET /reverse-etl-models/{modelId}/syncs/{syncId}`. The run's id may be missing. */
export const GetSyncStatusResponse = Schema.Struct({
  data: Schema.Struct({ reverseETLSyncStatus: Schema.Struct({ syncId: Wire.text, ...statusFields }) }),
})

const maxCursorLength = 2_048

/** Where the next page starts. It is opaque, and is sent back unchanged. */
export const Cursor = Schema.String.check(
  Schema.isMinLength(1, { expected: `a cursor of 1 to ${maxCursorLength} characters` }),
  Schema.isMaxLength(maxCursorLength, { expected: `a cursor of 1 to ${maxCursorLength} characters` }),
  Schema.makeFilter((text: string) => text.isWellFormed(), { expected: "a cursor of well-formed Unicode" }),
)

/** The size of the largest page of runs. */
export const maxCount = 100

/** Returns the schema of a page's size: a whole number from 1, at most `maximum`. */
export const countUpTo = (maximum: number) =>
  Schema.Number.check(
    Schema.makeFilter((count: number) => Number.isSafeInteger(count) && count >= 1 && count <= maximum, {
      expected: `a whole number from 1 to ${maximum} (Segment's SDKs 73.2.0)`,
    }),
  )

/** `GET /reverse-etl-models/{modelId}/subscriptionId/{subscriptionId}/syncs`. */
export const ListSyncStatusesQuery = Schema.Struct({
  /** The most runs in the page, 1 to 100. Other lists of this API have it in `pagination`. @default 10 */
  count: Input.optional(countUpTo(maxCount)),
  /** `pagination.next` of the previous page. */
  cursor: Input.optional(Cursor),
})
export interface ListSyncStatusesQuery extends Schema.Schema.Type<typeof ListSyncStatusesQuery> {}

/**
 * What a page says of the next. Absent where everything fits on one page; `next` is absent or null on the last.
 * Decoding fails for any other form: runs would be missing in silence.
 */
export const Pagination = Schema.NullOr(
  Schema.Struct({
    next: Schema.optionalKey(Schema.NullOr(Schema.String)),
    totalEntries: Wire.count,
  }),
)
export type Pagination = typeof Pagination.Type

/** A page of runs. */
export const SyncStatuses = Schema.Struct({
  syncStatuses: Wire.entries(SyncStatus),
  pagination: Schema.optionalKey(Pagination),
})
export interface SyncStatuses extends Schema.Schema.Type<typeof SyncStatuses> {}

/** The answer to a listing of runs. */
export const ListSyncStatusesResponse = Schema.Struct({ data: SyncStatuses })

/** Why a run is cancelled: 0 wrong model, 1 wrong destination, 2 wrong keys, 3 wrong mapping, 4 another reason. */
export const ReasonForCanceling = Schema.Literals([0, 1, 2, 3, 4])
export type ReasonForCanceling = typeof ReasonForCanceling.Type

/** `POST /reverse-etl-models/{modelId}/syncs/{syncId}/cancel`: the body is required, its field is not. */
export const CancelSyncRequest = Schema.Struct({ reasonForCanceling: Input.optional(ReasonForCanceling) })
export interface CancelSyncRequest extends Schema.Schema.Type<typeof CancelSyncRequest> {}

/**
 * The answer to a cancel: either `status`, which is `CANCELLING`, or an error, which comes with HTTP 200 all the same.
 */
export const CanceledSync = Schema.Struct({
  modelId: Wire.text,
  syncId: Wire.text,
  status: Wire.text,
  /** `SyncAlreadyCanceled` or `SyncFinishedCannotCancel`. */
  errorCode: Wire.text,
  errorMessage: Wire.text,
})
export interface CanceledSync extends Schema.Schema.Type<typeof CanceledSync> {}

/** The answer to a cancel. */
export const CancelSyncResponse = Schema.Struct({ data: CanceledSync })

/** The workspace that a token belongs to: a token opens exactly one. */
export const Workspace = Schema.Struct({ id: VendorId, name: Wire.text, slug: Wire.text })
export interface Workspace extends Schema.Schema.Type<typeof Workspace> {}

/** `GET /`. */
export const GetWorkspaceResponse = Schema.Struct({ data: Schema.Struct({ workspace: Workspace }) })

/** The body of an error. Its entries are decoded one by one, so that an odd one does not hide the others. */
export const ErrorBody = Schema.Struct({ errors: Schema.Array(Schema.Unknown) })

/** One entry of an error's body. */
export const RequestError = Schema.Struct({
  /** A free string: `bad-request`, `not-found`, `input-validation`, `RequestError`; other spellings occur. */
  type: Wire.text,
  message: Wire.text,
  /** The path of a field, with dots: `warehouse.metadataId`. */
  field: Wire.text,
  /** Of a 429: how many milliseconds the limit still holds. */
  data: Wire.object({ msBeforeNext: Wire.count }),
})
export interface RequestError extends Schema.Schema.Type<typeof RequestError> {}
