/** One execution of a sync, in words that are the same at every vendor. */
import * as Schema from "effect/Schema"
import * as Input from "./Input.ts"
import { RunRef } from "./Ref.ts"
import { Time } from "./Time.ts"

/** Every status, in the order of a run's course. */
export const statuses = [
  "queued",
  "running",
  "cancelling",
  "succeeded",
  "partial",
  "failed",
  "cancelled",
  "unknown",
] as const

/**
 * The status of a run. `partial` is decided from rows, not from the vendor's word; when every row failed, the run is
 * `failed`. `unknown` is a vendor word that the adapter does not list: neither an end nor a success.
 */
export const Status = /* @__PURE__ */ Schema.Literals(statuses)
export type Status = typeof Status.Type

/** A number of rows. */
const Count = /* @__PURE__ */ Input.wholeNumber(0)

/** Row counts. Each is absent where the vendor does not report it; never 0 as a filler. */
export const Rows = /* @__PURE__ */ Schema.Struct({
  /** Rows that reached the destination. */
  succeeded: Schema.optionalKey(Count),
  /** Rows that the destination refused or the vendor gave up on. */
  failed: Schema.optionalKey(Count),
  /** Rows that the vendor counted in, and neither as delivered nor as failed. */
  unaccounted: Schema.optionalKey(Count),
})
export interface Rows extends Schema.Schema.Type<typeof Rows> {}

/** What a vendor reports of a run, besides its id. */
export const runFields = /* @__PURE__ */ (() => ({
  status: Status,
  /** The vendor's word for the status, always. */
  vendorStatus: Schema.String,
  queuedAt: Schema.optionalKey(Time),
  startedAt: Schema.optionalKey(Time),
  /** Only set on a run that has ended. */
  finishedAt: Schema.optionalKey(Time),
  rows: Rows,
  /** The vendor's error text, at most 2,000 characters. It may echo a row of data: keep it out of logs. */
  errorText: Schema.optionalKey(Schema.String),
  /** The vendor's error code. */
  errorCode: Schema.optionalKey(Schema.String),
  /** The decoded payload of the vendor; each adapter's `nativeOf(run)` gives it its type. */
  native: Schema.Unknown,
}))()

/** What a vendor reports of a run, besides its id. */
export interface RunFields extends Schema.Struct.Type<typeof runFields> {}

/** A run as its vendor reports it now. */
export class Run extends /* @__PURE__ */ Schema.Class<Run>("Run")({ ref: RunRef, ...runFields }) {
  /** Returns its ref and its status. */
  override toString(): string {
    return `${this.ref} ${this.status}`
  }
}

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

/** Returns whether a run with this status has ended for good. */
export const isTerminal = (status: Status): boolean => terminal[status]

/**
 * Returns the status after the rows have been weighed in: a success with failed rows is `partial`, and `failed` when no
 * row was delivered.
 */
export const decideByRows = (status: Status, rows: Rows): Status => {
  if ((status !== "succeeded" && status !== "partial") || rows.failed === undefined || rows.failed <= 0) return status
  return rows.succeeded === 0 ? "failed" : "partial"
}
