/**
 * One execution of a sync, in the same words for every vendor. `Run` is the class, the type, the decoder and the JSON
 * form: `Schema.encodeEffect(Run)` and `Schema.decodeUnknownEffect(Run)`.
 */
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as Input from "./Input.ts"
import * as Json from "./Json.ts"
import { RunRef } from "./Ref.ts"
import * as Shown from "./shown.ts"
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
  "skipped",
  "unknown",
] as const

/**
 * The status of a run. Rows decide `partial`, not the vendor's word; where every row failed, the run is `failed`.
 * `skipped`: the vendor took the trigger and never began the run. `unknown` is a vendor word that the adapter does not list:
 * neither an end nor a success.
 */
export const Status = /* @__PURE__ */ Schema.Literals(statuses)
export type Status = typeof Status.Type

/** A number of rows. */
const Count = /* @__PURE__ */ Input.wholeNumber(0)

/** Counts of rows. A count that the vendor does not report is absent, never 0. */
export const Rows = /* @__PURE__ */ Schema.Struct({
  /** Rows that reached the destination. */
  succeeded: Schema.optionalKey(Count),
  /** Rows that the destination refused, or that the vendor gave up on. */
  failed: Schema.optionalKey(Count),
  /** Rows that were lost before their delivery: the vendor did not even try it. */
  invalid: Schema.optionalKey(Count),
  /** Rows that the run removed at the destination. */
  deleted: Schema.optionalKey(Count),
  /** Rows that there were to deliver, as the vendor counts them. */
  total: Schema.optionalKey(Count),
  /** Rows of `total` that the vendor counts neither as delivered nor as failed or invalid; core computes it. */
  unaccounted: Schema.optionalKey(Count),
  /**
   * Whether the counts are parts of `total`: `yes` and `no` by what the vendor says, `unknown` where it says neither. Absent
   * where there is no `total`.
   */
  addsUp: Schema.optionalKey(Schema.Literals(["yes", "unknown", "no"])),
})
export interface Rows extends Schema.Schema.Type<typeof Rows> {}

/** A vendor's payload. As JSON, its large whole numbers are numbers, which few parsers read exactly. */
export const Native = /* @__PURE__ */ (() =>
  Schema.Unknown.pipe(
    Schema.decodeTo(Schema.Unknown, {
      decode: SchemaGetter.passthrough<unknown>(),
      encode: SchemaGetter.transform(Json.storable),
    }),
  ))()

/** The fields of what a vendor reports about a run, besides its id. */
export const runFields = /* @__PURE__ */ (() => ({
  status: Status,
  /** The vendor's word for the status. */
  vendorStatus: Schema.String,
  /** When the run was queued; absent where the vendor does not report it. */
  queuedAt: Schema.optionalKey(Time),
  /** When the run started; absent where the vendor does not report it, or the run has not started. */
  startedAt: Schema.optionalKey(Time),
  /** What started the run; absent where the vendor does not tell. */
  startedBy: Schema.optionalKey(Schema.Literals(["schedule", "api", "person", "dependency"])),
  /** When the run ended; absent on a run that has not ended. */
  finishedAt: Schema.optionalKey(Time),
  /** The counts of rows that the vendor reports. */
  rows: Rows,
  /** The vendor's error text, at most 2,000 characters. It may echo a row of data: keep it out of logs. */
  errorText: Schema.optionalKey(Schema.String),
  /** The vendor's error code. */
  errorCode: Schema.optionalKey(Schema.String),
  /** The vendor's payload, decoded. Each adapter's `nativeOf(run)` returns it typed. */
  native: Native,
}))()

/** What a vendor reports about a run, besides its id. */
export interface RunFields extends Schema.Struct.Type<typeof runFields> {}

const fields = /* @__PURE__ */ (() => ({ ref: RunRef, ...runFields }))()

/** A run as its vendor reports it now. */
export class Run extends /* @__PURE__ */ Schema.Class<Run>("Run")(fields) {
  // @effect-diagnostics-next-line overriddenSchemaConstructor:off - it takes what the class takes, and decodes alike.
  constructor(props: Schema.Struct.MakeIn<typeof fields>, options?: Schema.MakeOptions) {
    super(props, options)
    Shown.hide(this, "native", "errorText")
  }

  /** Returns the ref and the status. */
  override toString(): string {
    return `${this.ref} ${this.status}`
  }

  /**
   * Returns what logs show: everything but the vendor's payload and error text, which may hold a row.
   * `Schema.encodeEffect(Run)` returns what can be decoded.
   */
  toJSON(): unknown {
    const { native: _, errorText: __, ref, errorCode, ...shown } = this
    return { ref: ref.toString(), ...shown, ...(errorCode !== undefined && { errorCode: Shown.masked(errorCode) }) }
  }

  [Shown.inspect](_depth: number, _options: unknown, inspect: (value: unknown) => string): string {
    return `Run ${inspect(this.toJSON())}`
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
  skipped: true,
  unknown: false,
} as const satisfies Record<Status, boolean>

/** Returns whether a run with this status has ended. */
export const isTerminal = (status: Status): boolean => terminal[status]

/**
 * Returns the status that the rows decide: a success with failed or invalid rows is `partial`, and `failed` where no row was
 * delivered. Other statuses stay as they are.
 */
export const decideByRows = (status: Status, rows: Rows): Status => {
  if ((status !== "succeeded" && status !== "partial") || !(lostRows(rows) > 0)) return status
  return rows.succeeded === 0 ? "failed" : "partial"
}

/** The names of the counts of rows. */
export const counts = ["succeeded", "failed", "invalid", "deleted", "total", "unaccounted"] as const

/** Returns whether two reads of a run count the same rows. */
export const isSameCounts = (one: Rows, other: Rows): boolean => counts.every((name) => one[name] === other[name])

/** Returns how many rows the vendor says are lost: those that failed, and those that were invalid. */
export const lostRows = ({ failed = 0, invalid = 0 }: Rows): number => failed + invalid

/**
 * Returns the rows of a run that has ended with those that are unaccounted for, where the vendor tells enough.
 * `areDeletedApart`: whether deleted rows are no part of `succeeded`.
 */
export const account = (rows: Rows, areDeletedApart = false): Rows => {
  const { succeeded, failed, total, deleted = 0 } = rows
  if (total === undefined || succeeded === undefined || failed === undefined) return rows
  const unaccounted = total - succeeded - lostRows(rows) - (areDeletedApart ? deleted : 0)
  return unaccounted > 0 ? { ...rows, unaccounted } : rows
}
