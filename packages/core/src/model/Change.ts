/** What a sync is to be, or how it is to be different, and what can come of asking for that. */
import * as Schema from "effect/Schema"
import { Sync } from "./Sync.ts"
import { Schedule } from "./schedule/Schedule.ts"
import { SyncRef, VendorName } from "./schema/Ref.ts"
import { RetlError } from "./schema/RetlError.ts"

/** What only this vendor knows of a sync, in its own words: made by its adapter's `definition` and `change`. */
export const VendorPart = Schema.Struct({ vendor: VendorName, spec: Schema.Unknown })
export type VendorPart = typeof VendorPart.Type

/** A sync that is to be: what is portable, and the part that an adapter makes. */
export const Definition = Schema.Struct({
  name: Schema.optionalKey(Schema.String),
  /** Whether it is switched on at once. @default false */
  enabled: Schema.optionalKey(Schema.Boolean),
  /** When it fires by itself. @default manual */
  schedule: Schema.optionalKey(Schedule),
  part: VendorPart,
})
export type Definition = typeof Definition.Type

/** What is to be different; whatever is absent stays as it is. */
export const Change = Schema.Struct({
  name: Schema.optionalKey(Schema.String),
  enabled: Schema.optionalKey(Schema.Boolean),
  schedule: Schema.optionalKey(Schedule),
  part: Schema.optionalKey(VendorPart),
})
export type Change = typeof Change.Type

/**
 * The answer to a change was lost, and no look could tell what became of it. Look again later: with `Catalog.get` at
 * `sync`, or, for a create, at `candidates`. Do not send it again before that.
 */
export class ChangeIndeterminate extends Schema.TaggedError<ChangeIndeterminate>("@openretl/core/ChangeIndeterminate")(
  "ChangeIndeterminate",
  {
    operation: Schema.Literals(["create", "update", "delete"]),
    /** The sync that was to be changed; absent for a create. */
    sync: Schema.optionalKey(SyncRef),
    /** Of a create: syncs that were not there before and could be the one. */
    candidates: Schema.Array(SyncRef),
    /** What was to become of it. */
    wanted: Change,
    error: RetlError,
  },
) {
  override get message(): string {
    const what = this.sync === undefined ? "a new sync" : this.sync.toString()
    const found = this.candidates.length === 0 ? "" : `; it could be ${this.candidates.join(", ")}`
    return `${this.operation} of ${what} may have happened${found}: ${this.error.message}`
  }

  get code(): string {
    return "retl.change-indeterminate"
  }

  get guidance(): string {
    return "Look at the sync, or for a new one at the catalog, before you change anything; do not send it again blindly."
  }
}

/**
 * A part of it happened and the rest did not: what exists now, and what is missing. To finish,
 * `update(error.sync.ref, error.remaining)`; to undo a create, `delete(error.sync.ref)`.
 */
export class ChangeIncomplete extends Schema.TaggedError<ChangeIncomplete>("@openretl/core/ChangeIncomplete")(
  "ChangeIncomplete",
  {
    operation: Schema.Literals(["create", "update"]),
    /** The sync as it is now. */
    sync: Sync,
    /** What is still to be done to it. */
    remaining: Change,
    /** Why the rest did not happen; absent where the vendor accepted it and shows something else all the same. */
    error: Schema.optionalKey(RetlError),
  },
) {
  override get message(): string {
    const missing = Object.keys(this.remaining).join(", ")
    const why = this.error?.message ?? "the vendor accepted the change and shows something else"
    return `${this.operation}: ${this.sync.ref.toString()} exists, without its ${missing}: ${why}`
  }

  get code(): string {
    return "retl.change-incomplete"
  }

  get guidance(): string {
    return "Finish it with update(error.sync.ref, error.remaining), or undo a create with delete(error.sync.ref)."
  }
}
