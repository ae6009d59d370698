/** Trouble with the store of a journal. A trigger whose mark fails is not sent. */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import * as FieldIssue from "./FieldIssue.ts"
import * as Shown from "./shown.ts"

/** The store cannot be reached or opened, or it answered with an error. */
export class StoreUnavailable extends /* @__PURE__ */ Schema.TaggedError<StoreUnavailable>()("StoreUnavailable", {
  /** A short machine word, as in `ECONNREFUSED`, `SQLITE_IOERR` or `57P01`. Never a URL, never a value. */
  code: Schema.String,
}) {}

/** The store did not answer, or another process had its lock for longer than `storeWithin`. */
export class StoreBusy extends /* @__PURE__ */ Schema.TaggedError<StoreBusy>()("StoreBusy", {
  /** How long the call waited at most. JSON form: milliseconds. */
  after: Schema.DurationFromMillis,
}) {}

/** The store refuses to be written: it is read-only, or its disk is full. */
export class StoreNotWritable extends /* @__PURE__ */ Schema.TaggedError<StoreNotWritable>()("StoreNotWritable", {
  /** A short machine word, as in `SQLITE_FULL`. */
  code: Schema.String,
}) {}

/** The store refuses these credentials, or the role lacks a permission. */
export class StoreAccessDenied extends /* @__PURE__ */ Schema.TaggedError<StoreAccessDenied>()("StoreAccessDenied", {
  /** A short machine word, as in `28P01`. */
  code: Schema.String,
}) {}

/** A newer version of OpenRETL made this store. Nothing was changed. */
export class NewerSchema extends /* @__PURE__ */ Schema.TaggedError<NewerSchema>()("NewerSchema", {
  /** The number of the store's schema. */
  schema: Schema.Int,
  /** The highest number that this version can use. */
  supported: Schema.Int,
}) {}

/** There is something else than a journal at this place. Nothing was changed. */
export class NotAJournal extends /* @__PURE__ */ Schema.TaggedError<NotAJournal>()("NotAJournal", {
  /** What is there, as in `a file that is no SQLite database`. */
  instead: Schema.String,
}) {}

/** SQLite cannot keep a write-ahead log here, as on some network disks, and a power loss could lose entries without one. */
export class WalRefused extends /* @__PURE__ */ Schema.TaggedError<WalRefused>()("WalRefused", {
  /** The mode that SQLite uses instead, as in `delete`. */
  mode: Schema.String,
}) {}

/** A live lease in this store belongs to another host, and one host at a time can use the store. */
export class OtherHost extends /* @__PURE__ */ Schema.TaggedError<OtherHost>()("OtherHost", {
  host: Schema.String,
}) {}

/** The store has a record of this sync that this version cannot decode. It stops the triggers of its sync only. */
export class UnreadableRecord extends /* @__PURE__ */ Schema.TaggedError<UnreadableRecord>()("UnreadableRecord", {
  /** The id of the record. */
  id: Schema.String,
  /** Why it cannot be decoded, in one sentence without values. */
  why: Schema.String,
}) {}

/** The store cannot keep what the call passed: one issue for every field that is wrong. */
export class InvalidEntry extends /* @__PURE__ */ Schema.TaggedError<InvalidEntry>()("InvalidEntry", {
  issues: Schema.Array(FieldIssue.FieldIssue),
}) {}

/** Why a call to a journal failed. */
export const JournalReason = /* @__PURE__ */ Schema.Union([
  StoreUnavailable,
  StoreBusy,
  StoreNotWritable,
  StoreAccessDenied,
  NewerSchema,
  NotAJournal,
  WalRefused,
  OtherHost,
  UnreadableRecord,
  InvalidEntry,
])
export type JournalReason = typeof JournalReason.Type

/**
 * A call to a journal failed. What it was to write may have been written where the reason is `StoreUnavailable` or
 * `StoreBusy`, and was not where it is another one.
 */
export class JournalError extends /* @__PURE__ */ Schema.TaggedError<JournalError>()("JournalError", {
  /** The store, as in `SQLite` or `PostgreSQL`. */
  store: Schema.String,
  /** The operation that failed, as in `open` or `mark`. */
  operation: Schema.String,
  /** Why it failed: narrow it with `Effect.catchReason("JournalError", "StoreBusy", ...)`. */
  reason: JournalReason,
}) {
  /** What happened, in one line. */
  get summary(): string {
    return `journal (${this.store}) ${this.operation}: ${this.reason._tag}: ${detail(this.reason)}`
  }

  /** It is about no ref. */
  get refs(): Readonly<Record<string, string | undefined>> {
    return {}
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

  /** A stable code, safe to alert on: `retl.journal.store-busy`. */
  get code(): string {
    return `retl.journal.${this.reason._tag.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}`
  }

  /** What to do about it, in one sentence. */
  get guidance(): string {
    const { reason } = this
    if (reason._tag !== "StoreUnavailable") return guidance[reason._tag]
    if (/^SQLITE_CORRUPT/.test(reason.code)) return damaged
    return /^SQLITE_(?:CANTOPEN|PERM)/.test(reason.code) ? notOpened : guidance.StoreUnavailable
  }
}

const detail = (reason: JournalReason): string => {
  switch (reason._tag) {
    case "StoreUnavailable":
    case "StoreNotWritable":
    case "StoreAccessDenied":
      return reason.code
    case "StoreBusy":
      return `no answer within ${Duration.format(reason.after)}`
    case "NewerSchema":
      return `its schema has number ${reason.schema}, this version supports ${reason.supported}`
    case "NotAJournal":
      return `there is ${reason.instead}`
    case "WalRefused":
      return `SQLite uses the journal mode "${reason.mode}"`
    case "OtherHost":
      return `the host ${reason.host} uses it`
    case "UnreadableRecord":
      return `record ${reason.id}: ${reason.why}`
    case "InvalidEntry":
      return FieldIssue.toText(reason.issues)
  }
}

const notOpened =
  "Name a file in a folder that exists, and that this process may write to; it is created where there is none."

const damaged =
  "Restore the file, or move it away and look at the vendor for runs under way: their entries are gone with it."

const guidance = {
  StoreUnavailable: "Check that the database is up and can be reached; calls succeed again once it is.",
  StoreBusy: "Look for a process that holds the store's lock for long, or raise storeWithin.",
  StoreNotWritable: "Make room on the disk, or give the process the right to write the file and its folder.",
  StoreAccessDenied: "Check user and password, and that the role may create and use the schema.",
  NewerSchema: "Update this program: a newer version of OpenRETL uses the same store.",
  NotAJournal: "Give the journal a file or a schema that nothing else uses.",
  WalRefused: "Put the file on a local disk, or use PostgreSQL.",
  OtherHost: "Use PostgreSQL where several hosts share a journal: a SQLite file serves one host at a time.",
  UnreadableRecord: "Update this program, or settle the record with the version that wrote it.",
  InvalidEntry: "Mend the fields that are named; the same call will fail the same way.",
} as const satisfies Record<JournalReason["_tag"], string>
