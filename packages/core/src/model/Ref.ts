/**
 * References to a sync and to one of its runs.
 *
 * A ref names the workspace and has every vendor id that finds the sync or the run again, and no secret. Its text form
 * is one versioned line of URL-safe characters (`A-Z a-z 0-9 - _ . ~`). It can be stored in a configuration file or a
 * database column, and another process can go on with it:
 *
 *     retl1.sync.rudderstack.prod-eu.connection.2C8Vk2wj8qkofy00YzJbvJOGeqa
 *     retl1.run.rudderstack.prod-eu.dannc59bjios73e2imjg.mhzq0c3s.connection.2C8Vk2wj8qkofy00YzJbvJOGeqa
 *
 * The JSON form of a ref is an object of its fields. Refs from outside are untrusted: every operation decodes them
 * first.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import * as FieldIssue from "./FieldIssue.ts"
import * as Input from "./Input.ts"
import * as RefText from "./refText.ts"
import * as Shown from "./shown.ts"
import { Time } from "./Time.ts"

/** The name of a workspace, which its user chooses: 1 to 64 characters of `A-Z a-z 0-9 _ -`. */
export const WorkspaceName = /* @__PURE__ */ Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9_-]{1,64}$/, { expected: "a workspace name: 1 to 64 characters of A-Z a-z 0-9 _ -" }),
)

/** The short name of a vendor, as in `segment`: 1 to 32 lower-case letters, digits and `-`, a letter first. */
export const VendorName = /* @__PURE__ */ Schema.String.check(
  Schema.isPattern(/^[a-z][a-z0-9-]{0,31}$/, { expected: "a vendor name: lower-case letters, digits and -" }),
)

/** An opaque id of a vendor: 1 to 255 characters. It is encoded wherever it enters a URL. */
export const VendorId = /* @__PURE__ */ Schema.String.check(
  Schema.isMinLength(1, { expected: "an id of 1 to 255 characters" }),
  Schema.isMaxLength(255, { expected: "an id of 1 to 255 characters" }),
  Schema.makeFilter((id: string) => id.isWellFormed(), { expected: "an id of well-formed Unicode" }),
)

const idName = /^[a-z][a-zA-Z0-9]{0,31}$/

const nameOfId = "the name of an id, as in model"

/** The name of one of a sync's ids, as in `model`. */
export const IdName = /* @__PURE__ */ Schema.String.check(Schema.isPattern(idName, { expected: nameOfId }))

const AtLeastOne = /* @__PURE__ */ Schema.isMinProperties(1, { expected: "at least one id" })

/** Rejects every key that cannot be the name of an id. A record with a schema for its keys would drop such keys. */
const decodeIds = /* @__PURE__ */ SchemaParser.decodeUnknownEffect(
  Schema.Record(Schema.String, VendorId).check(
    AtLeastOne,
    Schema.makeFilter((ids: Readonly<Record<string, string>>) =>
      Object.keys(ids)
        .filter((name) => !idName.test(name))
        .map((name) => ({ path: [name], issue: `Expected ${nameOfId}` })),
    ),
  ),
)

type Ids = Readonly<Record<string, string>>

const unchanged = /* @__PURE__ */ (() => ({
  decode: SchemaGetter.passthrough<Ids>(),
  encode: SchemaGetter.passthrough<Ids>(),
}))()

/**
 * The vendor ids that name a sync, by the adapter's names for them (`connection`; `source`, `model`, ...); at least
 * one.
 */
export const VendorIds = /* @__PURE__ */ Schema.declareConstructor<Ids>()(
  [],
  () => (value, _, options) => decodeIds(value, options),
  {
    toCodecJson: () => Schema.link<Ids>()(Schema.Record(Schema.String, Schema.String), unchanged),
    toCodecArbitrary: () => Schema.link<Ids>()(Schema.Record(IdName, VendorId).check(AtLeastOne), unchanged),
  },
)
export type VendorIds = typeof VendorIds.Type

/** One configured, triggerable pipeline at a vendor. */
export class SyncRef extends /* @__PURE__ */ Schema.Class<SyncRef>("SyncRef")({
  /** The name of the workspace that the sync belongs to. */
  workspace: WorkspaceName,
  vendor: VendorName,
  /** The vendor ids that name the sync, by the adapter's names for them. */
  ids: VendorIds,
}) {
  /** Returns the text form. Refs with different fields have different text forms. */
  override toString(): string {
    return RefText.formatSync(this)
  }
}

/** One execution of a sync. */
export class RunRef extends /* @__PURE__ */ Schema.Class<RunRef>("RunRef")({
  sync: SyncRef,
  /** The vendor's id of the run. */
  run: VendorId,
  /**
   * When the process that triggered the run learned that the vendor had accepted it. A reader can then distinguish "not
   * visible yet" from "does not exist", and waits measure their deadline from it. Absent on the refs of listed runs.
   */
  acceptedAt: Input.nullable(Time),
}) {
  /** The workspace's name. */
  get workspace(): string {
    return this.sync.workspace
  }

  /** The vendor's short name. */
  get vendor(): string {
    return this.sync.vendor
  }

  /** The text form without the time of acceptance: refs with the same fields and different times have the same key. */
  get key(): string {
    return RefText.formatRun({ sync: this.sync, run: this.run })
  }

  /** Returns a ref of the same run with `at` as its time of acceptance. */
  accepted(at: DateTime.Utc): RunRef {
    return new RunRef({ sync: this.sync, run: this.run, acceptedAt: at })
  }

  /** Returns the text form, with the time of acceptance. */
  override toString(): string {
    return RefText.formatRun({
      sync: this.sync,
      run: this.run,
      ...(this.acceptedAt && { acceptedAt: DateTime.toEpochMillis(this.acceptedAt) }),
    })
  }
}

/** The text is not the text form of a ref. */
export class InvalidRef extends /* @__PURE__ */ Schema.TaggedError<InvalidRef>()("InvalidRef", {
  /** One issue for each field that is wrong, or one for the whole text. */
  issues: Schema.Array(FieldIssue.FieldIssue),
}) {
  /** What is wrong, in one line. */
  get summary(): string {
    return FieldIssue.toText(this.issues)
  }

  /** It has none: the text is not one. */
  get refs(): Readonly<Record<string, string | undefined>> {
    return {}
  }

  /** The summary, the code and what to do: a line each. */
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
    return "retl.invalid-ref"
  }

  /** What to do about it, in one sentence. */
  get guidance(): string {
    return "Copy the ref whole and unchanged, as it was printed; a ref written by hand needs every id of its vendor."
  }
}

const decodeSyncFields = /* @__PURE__ */ Input.decoder(SyncRef)

const decodeRunFields = /* @__PURE__ */ Input.decoder(RunRef)

const parseSyncResult = (text: string): Result.Result<SyncRef, InvalidRef> => {
  const parsed = RefText.parse(text, "sync")
  return typeof parsed === "string" ? invalid(parsed) : orInvalid(decodeSyncFields(syncFields(parsed)))
}

const parseRunResult = (text: string): Result.Result<RunRef, InvalidRef> => {
  const parsed = RefText.parse(text, "run")
  if (typeof parsed === "string") return invalid(parsed)
  const { run, acceptedAt } = parsed
  // A time that no date can represent is dropped.
  const time = acceptedAt === undefined ? undefined : Option.getOrUndefined(DateTime.make(acceptedAt))
  return orInvalid(decodeRunFields({ sync: syncFields(parsed), run, ...(time && { acceptedAt: time }) }))
}

const syncFields = ({ workspace, vendor, ids }: RefText.Parsed) => ({ workspace, vendor, ids })

const invalid = (expected: string) =>
  Result.fail(new InvalidRef({ issues: [{ path: [], message: `Expected ${expected}` }] }))

const orInvalid = <A>(decoded: Result.Result<A, ReadonlyArray<FieldIssue.FieldIssue>>): Result.Result<A, InvalidRef> =>
  Result.mapError(decoded, (issues) => new InvalidRef({ issues }))

/** Decodes the text form of a sync's ref. Fails with `InvalidRef`, which says what was expected. */
export const parseSync = (text: string): Effect.Effect<SyncRef, InvalidRef> =>
  Effect.suspend(() => Effect.fromResult(parseSyncResult(text)))

/** Decodes the text form of a run's ref. Fails with `InvalidRef`, which says what was expected. */
export const parseRun = (text: string): Effect.Effect<RunRef, InvalidRef> =>
  Effect.suspend(() => Effect.fromResult(parseRunResult(text)))

const fromText = <A>(parse: (text: string) => Result.Result<A, InvalidRef>) =>
  SchemaGetter.transformEffect((text: string) =>
    Effect.mapError(
      Effect.suspend(() => Effect.fromResult(parse(text))),
      ({ summary }) => new SchemaIssue.InvalidValue({ message: summary }),
    ),
  )

/** The codec between a `SyncRef` and its text form. */
export const SyncRefFromText = /* @__PURE__ */ (() =>
  Schema.String.pipe(
    Schema.decodeTo(Schema.toType(SyncRef), { decode: fromText(parseSyncResult), encode: SchemaGetter.String() }),
  ))()

/** The codec between a `RunRef` and its text form. */
export const RunRefFromText = /* @__PURE__ */ (() =>
  Schema.String.pipe(
    Schema.decodeTo(Schema.toType(RunRef), { decode: fromText(parseRunResult), encode: SchemaGetter.String() }),
  ))()
