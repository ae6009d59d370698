/** Definitions and changes of syncs, and the errors of a change that may have happened or happened in part. */
import * as Schema from "effect/Schema"
import * as Input from "./Input.ts"
import { EntryId, Key } from "./JournalEntry.ts"
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
  /** Texts of the spec that look like the mask of a secret and are meant as they are. @default none */
  literal: Input.optional(Schema.Array(Schema.String)),
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

/** A sync that could be the result of a create, and in which fields it differs from what was requested. */
export const Candidate = /* @__PURE__ */ Schema.Struct({
  candidate: SyncRef,
  /** `name`, `enabled`, `schedule`, or `part`: what only the vendor has. */
  differs: Schema.Array(Schema.String),
})
export interface Candidate extends Schema.Schema.Type<typeof Candidate> {}

/** How a create uses the journal, and what it may take for its own. */
export const CreateOptions = /* @__PURE__ */ Schema.Struct({
  /**
   * Names the one sync that this definition makes, as in `crm-contacts`: however often and in however many processes that
   * share the journal the create is called, it makes one. A later call returns the sync that the first one made.
   *
   * @default none: each call is a new intention
   */
  key: Input.optional(Key),
  /**
   * Your word that nothing else creates syncs of these ends meanwhile. After a lost answer, core takes a new sync for its own
   * only with it. It never enables or changes a sync that it found so.
   *
   * @default false
   */
  exclusive: Input.optional(Schema.Boolean),
  /**
   * What the create does where an earlier one of the same ends may have happened and reads do not settle it:
   * - `fail`: it fails with `ChangeIndeterminate`, with the earlier one's entry and candidates, and sends nothing.
   * - `supersede`: it gives the earlier one up and goes on.
   *
   * @default "fail"
   */
  whenOpen: Input.optional(Schema.Literals(["fail", "supersede"])),
})
export interface CreateOptions extends Schema.Schema.Type<typeof CreateOptions> {}

/** What a person knows of an open entry of a change: the sync that a create made, that it happened or not, or that it cannot be known. */
export const ChangeSettlement = /* @__PURE__ */ Schema.Union([
  Schema.Struct({ created: SyncRef }),
  Schema.Literals(["done", "not-done", "abandoned"]),
])
export type ChangeSettlement = typeof ChangeSettlement.Type

/** What became of the entry of a change, with the observation that justifies it in one sentence. */
export const ChangeResolution = /* @__PURE__ */ Schema.Union([
  /** The change happened; `sync` is what it created or changed. */
  Schema.TaggedStruct("Done", { sync: Schema.optionalKey(SyncRef), evidence: Schema.String }),
  /** The change did not happen. */
  Schema.TaggedStruct("NotDone", { evidence: Schema.String }),
  /** Reads cannot settle it. A person has to judge, and concludes the entry with `settle`. */
  Schema.TaggedStruct("Ambiguous", { candidates: Schema.Array(SyncRef), why: Schema.String }),
])
export type ChangeResolution = typeof ChangeResolution.Type

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
    /** For a create: the new syncs of its ends, each of which could be the created one. Otherwise empty. */
    candidates: Schema.Array(SyncRef),
    /** The candidates that differ from what was requested, and in what. @default none */
    differences: Input.optional(Schema.Array(Candidate)),
    /** The id of the entry in the journal, for `resolve` and `settle`; absent where it has none. */
    entry: Schema.optionalKey(EntryId),
    /** The requested change; for a create its definition, for a delete empty. */
    wanted: Change,
    /** The error of the request whose answer was lost. */
    error: RetlError,
  },
) {
  /** What happened, in one line. */
  get summary(): string {
    const what = this.sync === undefined ? "a new sync" : Shown.syncText(this.sync)
    const text = (ref: SyncRef) => {
      const differs = this.differences?.find(({ candidate }) => String(candidate) === String(ref))?.differs ?? []
      return differs.length === 0 ? `${ref}` : `${ref} (another ${differs.join(", ")})`
    }
    const candidates = this.candidates.length === 0 ? "" : `; it could be ${this.candidates.map(text).join(", ")}`
    return `${this.operation} of ${what} may have happened${candidates}: ${this.error.summary}`
  }

  /** The refs of the sync and of the candidates, as text. */
  get refs(): Readonly<Record<string, string | undefined>> {
    const candidates = this.candidates.map(String).join(" ")
    return { sync: this.sync?.toString(), candidates: candidates === "" ? undefined : candidates }
  }

  /** The error of the request whose answer was lost. */
  get details(): Readonly<Record<string, unknown>> {
    return { error: this.error.toJSON(), ...(this.entry !== undefined && { entry: this.entry }) }
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
    return this.operation === "create"
      ? "Look at the candidates, then settle the entry with the created sync, or with not-done, before you create it again."
      : "Read the sync before you send the change again."
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

/** A field of a sync that changed although no change of this call names it. */
export const ForeignChange = /* @__PURE__ */ Schema.Struct({
  /** `name`, `enabled`, `schedule`, or a field that only the vendor has. */
  field: Schema.String,
  /** Its value right before the change was sent, in the vendor's form. */
  before: Schema.Unknown,
  /** Its value afterwards; absent where the vendor shows none. */
  after: Schema.optionalKey(Schema.Unknown),
})
export interface ForeignChange extends Schema.Schema.Type<typeof ForeignChange> {}

/**
 * The change was made, and fields that it does not name are not as core read them right before: somebody else changed them
 * meanwhile, or the vendor did. Of vendors alone whose updates replace a sync, which may undo what somebody else has changed.
 */
export class ChangeConflict extends /* @__PURE__ */ Schema.TaggedError<ChangeConflict>()("ChangeConflict", {
  /** The sync as it is now. It shows the change. */
  sync: Sync,
  /** The other fields, with what they were and what reads show now. */
  fields: Schema.Array(ForeignChange),
}) {
  /** What happened, in one line. */
  get summary(): string {
    const fields = this.fields.map(({ field }) => field).join(", ")
    return `update: ${Shown.syncText(this.sync.ref)} was changed, and so was its ${fields} meanwhile, by another hand`
  }

  /** The ref of the sync, as text. */
  get refs(): Readonly<Record<string, string | undefined>> {
    return { sync: this.sync.ref.toString() }
  }

  /** The names of the other fields. Their values may hold what no log should show. */
  get details(): Readonly<Record<string, unknown>> {
    return { fields: this.fields.map(({ field }) => field) }
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
    return "retl.change-conflict"
  }

  /** What to do about it, in one sentence. */
  get guidance(): string {
    return "Read the sync, compare error.fields with what is meant, and change those again that were undone."
  }
}

/** How a change of a configured sync fails. */
export type ChangeFailure = RetlError | ChangeIndeterminate | ChangeIncomplete | ChangeConflict
