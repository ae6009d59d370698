/** What a sync is to be or how it is to change, and how such a change ends when it does not end well. */
import * as Schema from "effect/Schema"
import * as Input from "./Input.ts"
import { SyncRef, VendorName } from "./Ref.ts"
import { RetlError } from "./RetlError.ts"
import { Sync } from "./Sync.ts"
import { Schedule } from "./schedule/Schedule.ts"

/** The vendor's part of a sync, in its words: made by its adapter's `definition` and `change`. */
export const VendorPart = /* @__PURE__ */ Schema.Struct({
  vendor: VendorName,
  /** Decoded by core with the adapter's schema, before any request. */
  spec: Schema.Unknown,
})
export interface VendorPart extends Schema.Schema.Type<typeof VendorPart> {}

const portable = /* @__PURE__ */ (() => ({
  name: Input.optional(Schema.String),
  /** Whether the sync is switched on. */
  enabled: Input.optional(Schema.Boolean),
  /** When the sync fires by itself. */
  schedule: Input.optional(Schedule),
}))()

/** A sync to create: its portable fields, and the part that an adapter makes. Disabled and manual unless it says otherwise. */
export const Definition = /* @__PURE__ */ Schema.Struct({ ...portable, part: VendorPart })
export interface Definition extends Schema.Schema.Type<typeof Definition> {}

/** What is to change; what is absent stays as it is. */
export const Change = /* @__PURE__ */ Schema.Struct({ ...portable, part: Input.optional(VendorPart) })
export interface Change extends Schema.Schema.Type<typeof Change> {}

/**
 * The answer to a change was lost, and no look could tell what became of it. Look again later: with `Catalog.get` at
 * `sync`, or, for a create, at `candidates`. Do not send it again before that.
 */
export class ChangeIndeterminate extends /* @__PURE__ */ Schema.TaggedError<ChangeIndeterminate>()(
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
export class ChangeIncomplete extends /* @__PURE__ */ Schema.TaggedError<ChangeIncomplete>()("ChangeIncomplete", {
  operation: Schema.Literals(["create", "update"]),
  /** The sync as it is now. */
  sync: Sync,
  /** What is still to be done to it. */
  remaining: Change,
  /** Why the rest did not happen; absent where the vendor accepted it and shows something else all the same. */
  error: Schema.optionalKey(RetlError),
}) {
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
