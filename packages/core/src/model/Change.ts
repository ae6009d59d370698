/** Definitions and changes of syncs, and the errors of a change that may have happened or happened in part. */
import * as Schema from "effect/Schema"
import * as Input from "./Input.ts"
import { SyncRef, VendorName } from "./Ref.ts"
import { RetlError } from "./RetlError.ts"
import { Sync } from "./Sync.ts"
import { Schedule } from "./schedule/Schedule.ts"
import * as Shown from "./shown.ts"

/** The vendor's part of a definition or a change. An adapter's `definition` and `change` make it. */
export const VendorPart = /* @__PURE__ */ Schema.Struct({
  /** The vendor whose adapter made the part. */
  vendor: VendorName,
  /** The fields that only this vendor has. Core decodes them with the adapter's schema, before any request. */
  spec: Schema.Unknown,
})
export interface VendorPart extends Schema.Schema.Type<typeof VendorPart> {}

const portable = /* @__PURE__ */ (() => ({
  /** The name of the sync, for vendors whose syncs have one. */
  name: Input.optional(Schema.String),
  /** Whether the sync is switched on. A definition without it creates a disabled sync. */
  enabled: Input.optional(Schema.Boolean),
  /** When the sync fires by itself. A definition without it creates a manual sync. */
  schedule: Input.optional(Schedule),
}))()

/** A sync to create: its portable fields, and the vendor's part. */
export const Definition = /* @__PURE__ */ Schema.Struct({ ...portable, part: VendorPart })
export interface Definition extends Schema.Schema.Type<typeof Definition> {}

/** Changes of a sync. Absent fields stay as they are. */
export const Change = /* @__PURE__ */ Schema.Struct({ ...portable, part: Input.optional(VendorPart) })
export interface Change extends Schema.Schema.Type<typeof Change> {}

/**
 * The answer to a change was lost, and reads did not show what became of it. Read `sync` with `Catalog.get` later or,
 * after a create, the `candidates`. Send the change again only after that.
 */
export class ChangeIndeterminate extends /* @__PURE__ */ Schema.TaggedError<ChangeIndeterminate>()(
  "ChangeIndeterminate",
  {
    /** The kind of change. */
    operation: Schema.Literals(["create", "update", "delete"]),
    /** The sync to change; absent for a create. */
    sync: Schema.optionalKey(SyncRef),
    /** For a create: new syncs, each of which could be the created one. Otherwise empty. */
    candidates: Schema.Array(SyncRef),
    /** The requested change; for a create its definition, for a delete empty. */
    wanted: Change,
    /** The error of the request whose answer was lost. */
    error: RetlError,
  },
) {
  /** What happened, in one line. */
  get summary(): string {
    const what = this.sync === undefined ? "a new sync" : Shown.syncText(this.sync)
    const candidates = this.candidates.length === 0 ? "" : `; it could be ${this.candidates.join(", ")}`
    return `${this.operation} of ${what} may have happened${candidates}: ${this.error.summary}`
  }

  /** The refs of the sync and of the candidates, as text. */
  get refs(): Readonly<Record<string, string | undefined>> {
    const candidates = this.candidates.map(String).join(" ")
    return { sync: this.sync?.toString(), candidates: candidates === "" ? undefined : candidates }
  }

  /** The error of the request whose answer was lost. */
  get details(): Readonly<Record<string, unknown>> {
    return { error: this.error.toJSON() }
  }

  /** The summary, the code and what to do, and the refs: a line each. */
  override get message(): string {
    return Shown.message(this)
  }

  /** Returns what logs show. The class's codec returns what can be decoded. */
  override toJSON(): unknown {
    return Shown.json(this)
  }

  [Shown.inspect](): string {
    return Shown.text(this)
  }

  /** A stable code, safe to alert on. */
  get code(): string {
    return "retl.change-indeterminate"
  }

  /** What to do about it, in one sentence. */
  get guidance(): string {
    return "Read the sync or, after a create, the catalog, before you send the change again."
  }
}

/**
 * A part of the change happened: `sync` is what exists now, and `remaining` is what is missing. Finish it with
 * `update(error.sync.ref, error.remaining)`, or undo a create with `delete(error.sync.ref)`.
 */
export class ChangeIncomplete extends /* @__PURE__ */ Schema.TaggedError<ChangeIncomplete>()("ChangeIncomplete", {
  /** The kind of change. */
  operation: Schema.Literals(["create", "update"]),
  /** The sync as it is now. */
  sync: Sync,
  /** The changes that are still missing. */
  remaining: Change,
  /** Why they are missing; absent where the vendor accepted them and shows something else. */
  error: Schema.optionalKey(RetlError),
}) {
  /** What happened, in one line. */
  get summary(): string {
    const missing = Object.keys(this.remaining).join(", ")
    const why = this.error?.summary ?? "the vendor accepted the change and shows something else"
    return `${this.operation}: ${Shown.syncText(this.sync.ref)} exists, without its ${missing}: ${why}`
  }

  /** The ref of the sync, as text. */
  get refs(): Readonly<Record<string, string | undefined>> {
    return { sync: this.sync.ref.toString() }
  }

  /** What is missing, and why. */
  get details(): Readonly<Record<string, unknown>> {
    return { missing: Object.keys(this.remaining), error: this.error?.toJSON() }
  }

  /** The summary, the code and what to do, and the refs: a line each. */
  override get message(): string {
    return Shown.message(this)
  }

  /** Returns what logs show. The class's codec returns what can be decoded. */
  override toJSON(): unknown {
    return Shown.json(this)
  }

  [Shown.inspect](): string {
    return Shown.text(this)
  }

  /** A stable code, safe to alert on. */
  get code(): string {
    return "retl.change-incomplete"
  }

  /** What to do about it, in one sentence. */
  get guidance(): string {
    return "Finish it with update(error.sync.ref, error.remaining), or undo a create with delete(error.sync.ref)."
  }
}
