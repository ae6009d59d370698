/** The fields of a configured sync. */
export interface SyncFields extends Schema.Struct.Type<typeof fields> {}

/** A configured sync as its vendor reports it now: what it moves, how and when, and whether it is switched on. */
import * as Schema from "effect/Schema"
import { Connection } from "./Connection.ts"
import { RunRef, SyncRef } from "./Ref.ts"
import { Native } from "./Run.ts"
import { Schedule } from "./schedule/Schedule.ts"
import * as Shown from "./shown.ts"
import { Time } from "./Time.ts"

/**
 * The state of a sync:
 * - `enabled`: it can be triggered, and its schedule fires.
 * - `paused`: it is switched off.
 * - `draft`: its configuration is not finished.
 * - `error`: the vendor has halted it.
 * - `unknown`: the vendor reports no state, or uses a word that the adapter does not list.
 *
 * The schedule of a paused sync, of a draft and of a halted sync does not fire.
 */
export const State = Schema.Literals(["enabled", "paused", "draft", "error", "unknown"])
export type State = typeof State.Type

/**
 * What a sync does with rows at the destination: `upsert` creates and updates, `insert` only creates, `update` only
 * updates, `mirror` also deletes rows that the source has no more, `full` sends every row each time, `events` sends
 * changes as events.
 */
export const Mode = Schema.Literals(["upsert", "insert", "update", "mirror", "full", "events", "unknown"])
export type Mode = typeof Mode.Type

/** A column of the source, and the field of the destination that it fills. */
export const FieldMapping = Schema.Struct({
  /** The column. */
  from: Schema.String,
  /** The field. */
  to: Schema.String,
  /** The vendor's word for the type that the value is converted to. */
  cast: Schema.optionalKey(Schema.String),
  /** Whether this field identifies the row at the destination. */
  isIdentifier: Schema.optionalKey(Schema.Boolean),
})
export type FieldMapping = typeof FieldMapping.Type

/** A field of the vendor's that decides what a sync does, and that core has no word for. */
export const VendorField = Schema.Struct({
  /** Its path in the vendor's words, as in `trigger` or `config.audience`; `mapping.<field>` for what fills a field. */
  field: Schema.String,
  /** Its value: a text as it is, anything else as one line of JSON. It may be cut, and then ends in `…`. */
  value: Schema.String,
})
export type VendorField = typeof VendorField.Type

/** What the vendor reports about the last run. */
export const LastRun = Schema.Struct({
  /** The last run; absent where the vendor does not name it. */
  ref: Schema.optionalKey(RunRef),
  /** When the last successful run ended. */
  succeededAt: Schema.optionalKey(Time),
})
export type LastRun = typeof LastRun.Type

const fields = /* @__PURE__ */ (() => ({
  ref: SyncRef,
  /** Absent where the vendor's syncs have no names. */
  name: Schema.optionalKey(Schema.String),
  connection: Connection,
  state: State,
  /** The vendor's word for the state. */
  vendorState: Schema.String,
  /**
   * The sync's switch, where the vendor reports it apart from the state: a sync can be switched on while its model is
   * off, and runs once the model is on again.
   */
  isSwitchedOn: Schema.optionalKey(Schema.Boolean),
  /** Why the sync is in that state: the vendor's text, or the part that is switched off. */
  stateText: Schema.optionalKey(Schema.String),
  /** What the sync does with rows; absent where the vendor does not report it. */
  mode: Schema.optionalKey(Mode),
  /** The vendor's word for the mode. */
  vendorMode: Schema.optionalKey(Schema.String),
  /** The columns that identify a row at the source. */
  primaryKey: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Columns and their fields; absent where the vendor reports none that the adapter can read. */
  mapping: Schema.optionalKey(Schema.Array(FieldMapping)),
  /** Fields of the destination that not one column alone fills: a person has to look at them. */
  unreadMapping: Schema.optionalKey(Schema.Array(Schema.String)),
  /** The paths of settings whose values the vendor masks: no program can copy them. */
  maskedSettings: Schema.optionalKey(Schema.Array(Schema.String)),
  /**
   * When the sync fires by itself; absent where the vendor does not report it, or not in a form that the adapter can
   * read.
   */
  schedule: Schema.optionalKey(Schedule),
  /** The vendor's schedule where the adapter cannot read it: one line of JSON, at most 200 characters. */
  unreadSchedule: Schema.optionalKey(Schema.String),
  /**
   * What else decides which rows go where, as a filter of rows; absent where the adapter does not list it. It may hold what
   * a vendor's configuration holds: prints and logs leave it out.
   */
  vendorFields: Schema.optionalKey(Schema.Array(VendorField)),
  /** The names of the vendor's fields that the adapter does not read, as new ones: a person has to look at them. */
  unreadFields: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Absent where the vendor reports nothing about the last run. */
  lastRun: Schema.optionalKey(LastRun),
  /** The vendor's payload, decoded. Each adapter's `nativeOf(sync)` returns it typed. */
  native: Native,
}))()

/** The fields of a configured sync. */
export interface SyncFields extends Schema.Struct.Type<typeof fields> {}

/** A configured sync as its vendor reports it now. It encodes to JSON: that is its export. */
export class Sync extends /* @__PURE__ */ Schema.Class<Sync>("Sync")(fields) {
  // @effect-diagnostics-next-line overriddenSchemaConstructor:off - it takes what the class takes, and decodes alike.
  constructor(props: Schema.Struct.MakeIn<typeof fields>, options?: Schema.MakeOptions) {
    super(props, options)
    Shown.hide(this, "native", "vendorFields", "unreadFields")
  }

  /** Returns the ref and the state. */
  override toString(): string {
    return `${this.ref} ${this.state}`
  }

  /** Returns what logs show: everything but the vendor's payload and fields. `Schema.encodeEffect(Sync)` returns what can be decoded. */
  toJSON(): unknown {
    const { native: _, vendorFields: __, unreadFields: ___, ref, ...shown } = this
    return { ref: ref.toString(), ...shown }
  }

  [Shown.inspect](_depth: number, _options: unknown, inspect: (value: unknown) => string): string {
    return `Sync ${inspect(this.toJSON())}`
  }
}
