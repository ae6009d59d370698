/** One execution of a sync, in words that are the same at every vendor. */
import * as Data from "effect/Data"
import type * as DateTime from "effect/DateTime"
import * as Reader from "./Reader.ts"
import type { RunRef } from "./Ref.ts"

/**
 * `partial` is decided from rows, not from the vendor's word; when every row failed, the run is `failed`.
 * `unknown` is a vendor word nobody listed: neither an end nor a success.
 */
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
export type Status = (typeof statuses)[number]

/** Reads a status by its name. */
export const status = Reader.literals(statuses)

/** Row counts, each absent where the vendor does not tell; never 0 as a filler. */
export interface Rows {
  /** Rows that reached the destination. */
  readonly succeeded?: number
  /** Rows that were refused or given up on. */
  readonly failed?: number
  /** Rows that the vendor counted in, and neither as delivered nor as failed. */
  readonly unaccounted?: number
}

/** What a vendor tells of a run. */
export interface RunFields {
  readonly status: Status
  /** The vendor's own word, always. */
  readonly vendorStatus: string
  readonly queuedAt?: DateTime.Utc
  readonly startedAt?: DateTime.Utc
  /** Only ever set on a run that has ended. */
  readonly finishedAt?: DateTime.Utc
  readonly rows: Rows
  /** The vendor's error text, at most 2,000 characters. It may echo a row of data: keep it out of logs. */
  readonly errorText?: string
  readonly errorCode?: string
  /** The decoded payload of the vendor; each adapter's `nativeOf(run)` gives it its type. */
  readonly native: unknown
}

/** A run, whose `native` is what the vendor said of it. */
export class Run extends Data.Class<RunFields & { readonly ref: RunRef }> {
  /** Its ref, and its status. */
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
