/** One execution of a sync, in words that are the same at every vendor. */
import * as Schema from "effect/Schema"
import { RunRef } from "./Ref.ts"

/**
 * `partial` is decided from rows, not from the vendor's word; when every row failed, the run is `failed`.
 * `unknown` is a vendor word nobody listed: neither an end nor a success.
 */
export const Status = Schema.Literals([
  "queued",
  "running",
  "cancelling",
  "succeeded",
  "partial",
  "failed",
  "cancelled",
  "unknown",
])
export type Status = typeof Status.Type

/** Row counts, each absent where the vendor does not tell; never 0 as a filler. */
export const Rows = Schema.Struct({
  /** Rows that reached the destination. */
  succeeded: Schema.optionalKey(Schema.Finite),
  /** Rows that were refused or given up on. */
  failed: Schema.optionalKey(Schema.Finite),
  /** Rows that the vendor counted in, and neither as delivered nor as failed. */
  unaccounted: Schema.optionalKey(Schema.Finite),
})
export type Rows = typeof Rows.Type

export class Run extends Schema.Class<Run>("@openretl/core/Run")({
  ref: RunRef,
  status: Status,
  /** The vendor's own word, always. */
  vendorStatus: Schema.String,
  queuedAt: Schema.optionalKey(Schema.DateTimeUtcFromString),
  startedAt: Schema.optionalKey(Schema.DateTimeUtcFromString),
  /** Only ever set on a run that has ended. */
  finishedAt: Schema.optionalKey(Schema.DateTimeUtcFromString),
  rows: Rows,
  /** The vendor's error text, at most 2,000 characters. It may echo a row of data: keep it out of logs. */
  errorText: Schema.optionalKey(Schema.String),
  errorCode: Schema.optionalKey(Schema.String),
  /** The decoded payload of the vendor; each adapter's `nativeOf(run)` gives it its type. */
  native: Schema.Unknown,
}) {}

const terminal = {
  queued: false,
  running: false,
  cancelling: false,
  succeeded: true,
  partial: true,
  failed: true,
  cancelled: true,
  unknown: false,
} as const satisfies Record<Status, boolean>

/** Whether a run with this status has ended for good. */
export const isTerminal = (status: Status): boolean => terminal[status]

/**
 * The status that rows leave of a vendor's word: a success with failed rows is `partial`, and `failed` when not one row
 * got through.
 */
export const decideByRows = (status: Status, rows: Rows): Status => {
  if ((status !== "succeeded" && status !== "partial") || rows.failed === undefined || rows.failed <= 0) return status
  return rows.succeeded === 0 ? "failed" : "partial"
}
