/** A configured sync as its vendor tells it now: what it moves, how, when, and whether it is on. */
import * as Schema from "effect/Schema"
import { Connection } from "./Connection.ts"
import { RunRef, SyncRef } from "./Ref.ts"
import { Schedule } from "./schedule/Schedule.ts"
import { Time } from "./Time.ts"

/**
 * - `enabled`: it can be triggered, and its own schedule fires.
 * - `paused`: switched off; `draft`: not finished; `error`: the vendor has halted it. None of these fires by itself.
 * - `unknown`: the vendor does not say, or in a word that nobody listed.
 */
export const State = Schema.Literals(["enabled", "paused", "draft", "error", "unknown"])
export type State = typeof State.Type

/**
 * What becomes of rows at the destination: `upsert` creates and updates, `insert` only creates, `update` only updates,
 * `mirror` also deletes what is gone, `full` sends everything each time, `events` sends changes as events.
 */
export const Mode = Schema.Literals(["upsert", "insert", "update", "mirror", "full", "events", "unknown"])
export type Mode = typeof Mode.Type

/** One column and the field it goes to. */
export const FieldMapping = Schema.Struct({
  from: Schema.String,
  to: Schema.String,
  /** The type it is turned into, in the vendor's word. */
  cast: Schema.optionalKey(Schema.String),
  /** Whether this field identifies the row at the destination. */
  isIdentifier: Schema.optionalKey(Schema.Boolean),
})
export type FieldMapping = typeof FieldMapping.Type

/** What the vendor tells of the last run. */
export const LastRun = Schema.Struct({
  ref: Schema.optionalKey(RunRef),
  /** When the last run that went well ended. */
  succeededAt: Schema.optionalKey(Time),
})
export type LastRun = typeof LastRun.Type

/** A configured sync. */
export class Sync extends /* @__PURE__ */ Schema.Class<Sync>("Sync")({
  ref: SyncRef,
  name: Schema.optionalKey(Schema.String),
  connection: Connection,
  state: State,
  /** The vendor's own word for its state, always. */
  vendorState: Schema.String,
  /**
   * Its own switch, where that is not the same as its state: a sync can be switched on while its model is off, and it
   * runs once that is on again.
   */
  isSwitchedOn: Schema.optionalKey(Schema.Boolean),
  /** Why it is in that state, where there is something to say: the vendor's text, or which part is switched off. */
  stateText: Schema.optionalKey(Schema.String),
  mode: Schema.optionalKey(Mode),
  /** The vendor's own word for its mode. */
  vendorMode: Schema.optionalKey(Schema.String),
  /** The columns that identify a row at the source. */
  primaryKey: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Absent where the vendor does not tell it in a form that can be read. */
  mapping: Schema.optionalKey(Schema.Array(FieldMapping)),
  /** Fields of the destination that are filled by something else than one column each: for a person to look at. */
  unreadMapping: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Settings, by their path, that the vendor shows masked: nothing that reads it can carry them over. */
  maskedSettings: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Absent where the vendor does not say. */
  schedule: Schema.optionalKey(Schedule),
  /** What the vendor says of its schedule where that cannot be read: one line of JSON, bounded. */
  unreadSchedule: Schema.optionalKey(Schema.String),
  lastRun: Schema.optionalKey(LastRun),
  /** The vendor's payload, decoded; an adapter's typed accessor opens it. */
  native: Schema.Unknown,
}) {}
