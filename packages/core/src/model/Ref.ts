/**
 * References to a sync and to one of its runs.
 *
 * A ref names the workspace and carries every vendor id that is needed to find the thing again, and no secret. Its text
 * form is one line of URL-safe characters (`A-Z a-z 0-9 - _ . ~`), versioned, so that it can live in a configuration
 * file, a database column or a command line and be resumed in another process:
 *
 *     retl1.sync.rudderstack.prod-eu.connection.2C8Vk2wj8qkofy00YzJbvJOGeqa
 *     retl1.run.rudderstack.prod-eu.dannc59bjios73e2imjg.mhzq0c3s.connection.2C8Vk2wj8qkofy00YzJbvJOGeqa
 *
 * Refs that come from outside are untrusted input: read them with the functions below, or with the schemas of
 * `@openretl/core/schema/Ref`.
 */
import * as Data from "effect/Data"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as FieldIssue from "./FieldIssue.ts"
import * as Reader from "./Reader.ts"
import * as Form from "./refFields.ts"
import * as RefText from "./refText.ts"

/** A workspace's name: chosen by you, 1 to 64 characters of `A-Z a-z 0-9 _ -`. */
export const workspaceName = Reader.pattern(Form.workspaceName.pattern, Form.workspaceName.expected)

/** A vendor's short name, as in `segment`. */
export const vendorName = Reader.pattern(Form.vendorName.pattern, Form.vendorName.expected)

/** An id as a vendor gave it: opaque, 1 to 255 characters. It is encoded wherever it enters a URL. */
export const vendorId = Reader.where(
  Reader.where(Reader.string, ({ length }) => length > 0 && length <= Form.id.maxLength, Form.id.expected),
  (id) => id.isWellFormed(),
  Form.id.wellFormed,
)

/** The vendor ids that make up a sync, by the adapter's names for them (`connection`; `source`, `model`, ...). */
export type VendorIds = Readonly<Record<string, string>>

const named = Reader.record(vendorId)

export const vendorIds: Reader.Reader<VendorIds> = (value, issues) => {
  const ids = named(value, issues)
  const names = Object.keys(ids)
  for (const name of names) {
    if (!Form.idName.pattern.test(name)) Reader.missed(issues, Form.idName.expected, [name])
  }
  if (names.length === 0) Reader.missed(issues, Form.ids.expected)
  return ids
}

/** One configured, triggerable pipeline at a vendor. */
export class SyncRef extends Data.Class<{
  readonly workspace: string
  readonly vendor: string
  readonly ids: VendorIds
}> {
  constructor(fields: Pick<SyncRef, "workspace" | "vendor" | "ids">) {
    super({ ...fields, ids: { ...fields.ids } })
  }

  /** The text form; two refs are the same sync exactly when their texts are equal. */
  override toString(): string {
    return RefText.formatSync(this)
  }
}

/** One execution of a sync. */
export class RunRef extends Data.Class<{
  readonly sync: SyncRef
  /** The vendor's id of the run. */
  readonly run: string
  /**
   * When this process, or the one that made the ref, knew the run to be accepted. It tells a later reader "not visible
   * yet" from "not there", and waits measure their deadline from it. Absent on runs that were merely listed.
   */
  readonly acceptedAt?: DateTime.Utc
}> {
  get workspace(): string {
    return this.sync.workspace
  }

  get vendor(): string {
    return this.sync.vendor
  }

  /** Two refs are the same run exactly when their keys are equal, whenever each was accepted. */
  get key(): string {
    return RefText.formatRun({ sync: this.sync, run: this.run })
  }

  /** The same run, known to be accepted then. */
  accepted(at: DateTime.Utc): RunRef {
    return new RunRef({ sync: this.sync, run: this.run, acceptedAt: at })
  }

  override toString(): string {
    return RefText.formatRun({
      sync: this.sync,
      run: this.run,
      ...(this.acceptedAt && { acceptedAt: DateTime.toEpochMillis(this.acceptedAt) }),
    })
  }
}

/** A text that is no ref, or a ref of a thing that cannot be. */
export class InvalidRef extends Data.TaggedError("InvalidRef")<{
  readonly issues: ReadonlyArray<FieldIssue.FieldIssue>
}> {
  override get message(): string {
    return FieldIssue.toText(this.issues)
  }

  get code(): string {
    return "retl.invalid-ref"
  }

  get guidance(): string {
    return "Take the ref as it was printed, whole and unchanged; one made by hand has to name every id of its vendor."
  }
}

const sync = Reader.struct({ workspace: workspaceName, vendor: vendorName, ids: vendorIds })

/** A `SyncRef`, also out of an object of its fields, such as parsed JSON. */
export const syncRef: Reader.Reader<SyncRef> = (value, issues) => {
  const read = sync(value, issues)
  return value instanceof SyncRef ? value : new SyncRef(read)
}

const execution = Reader.struct({ sync: syncRef, run: vendorId, acceptedAt: Reader.optional(Reader.dateTime) })

/** A `RunRef`, also out of an object of its fields, such as parsed JSON. */
export const runRef: Reader.Reader<RunRef> = (value, issues) => {
  const read = execution(value, issues)
  const isRead = value instanceof RunRef && value.sync === read.sync && value.acceptedAt === read.acceptedAt
  return isRead ? value : new RunRef(read)
}

/** Reads a sync's text form. */
export const readSync = (text: string): Result.Result<SyncRef, InvalidRef> => {
  const parsed = RefText.parse(text, "sync")
  return typeof parsed === "string" ? refused(parsed) : checked(syncRef, parsed)
}

/** Reads a run's text form. */
export const readRun = (text: string): Result.Result<RunRef, InvalidRef> => {
  const parsed = RefText.parse(text, "run")
  if (typeof parsed === "string") return refused(parsed)
  const { run, acceptedAt } = parsed
  // A time that is none is left out.
  const at = acceptedAt === undefined ? undefined : Option.getOrUndefined(DateTime.make(acceptedAt))
  return checked(runRef, { sync: parsed, run, acceptedAt: at })
}

/** Reads a sync's text form; fails with what was expected. */
export const parseSync = (text: string): Effect.Effect<SyncRef, InvalidRef> =>
  Effect.suspend(() => Effect.fromResult(readSync(text)))

/** Reads a run's text form; fails with what was expected. */
export const parseRun = (text: string): Effect.Effect<RunRef, InvalidRef> =>
  Effect.suspend(() => Effect.fromResult(readRun(text)))

const refused = (expected: string) =>
  Result.fail(new InvalidRef({ issues: [{ path: [], message: `Expected ${expected}` }] }))

const checked = <A>(reader: Reader.Reader<A>, parsed: unknown): Result.Result<A, InvalidRef> =>
  Result.mapError(Reader.read(reader, parsed), (issues) => new InvalidRef({ issues }))
