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
 * Refs that come from outside are untrusted input: decode them with the codecs below.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import * as RefText from "./internal/refText.ts"

/** A workspace's name: chosen by you, 1 to 64 characters of `A-Z a-z 0-9 _ -`. */
export const WorkspaceName = Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9_-]{1,64}$/, { expected: "a workspace name: 1 to 64 characters of A-Z a-z 0-9 _ -" }),
)

/** A vendor's short name, as in `segment`. */
export const VendorName = Schema.String.check(
  Schema.isPattern(/^[a-z][a-z0-9-]{0,31}$/, { expected: "a vendor name: lower-case letters, digits and -" }),
)

/** An id as a vendor gave it: opaque, 1 to 255 characters. It is encoded wherever it enters a URL. */
export const VendorId = Schema.String.check(
  Schema.isMinLength(1, { expected: "an id of 1 to 255 characters" }),
  Schema.isMaxLength(255, { expected: "an id of 1 to 255 characters" }),
  Schema.makeFilter((id: string) => id.isWellFormed() || "an id of well-formed Unicode"),
)

/** The vendor ids that make up a sync, by the adapter's names for them (`connection`; `source`, `model`, ...). */
export const VendorIds = Schema.Record(
  Schema.String.check(Schema.isPattern(/^[a-z][a-zA-Z0-9]{0,31}$/, { expected: "the name of an id, as in model" })),
  VendorId,
).check(Schema.isMinProperties(1, { expected: "at least one id" }))
export type VendorIds = typeof VendorIds.Type

/** One configured, triggerable pipeline at a vendor. */
export class SyncRef extends Schema.Class<SyncRef>("@openretl/core/SyncRef")({
  workspace: WorkspaceName,
  vendor: VendorName,
  ids: VendorIds,
}) {
  /** The text form; two refs are the same sync exactly when their texts are equal. */
  override toString(): string {
    return RefText.formatSync(this)
  }
}

/** One execution of a sync. */
export class RunRef extends Schema.Class<RunRef>("@openretl/core/RunRef")({
  sync: SyncRef,
  /** The vendor's id of the run. */
  run: VendorId,
  /**
   * When this process, or the one that made the ref, knew the run to be accepted. It tells a later reader "not visible
   * yet" from "not there", and waits measure their deadline from it. Absent on runs that were merely listed.
   */
  acceptedAt: Schema.optionalKey(Schema.DateTimeUtcFromString),
}) {
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

const invalid = (expected: string) => Effect.fail(new SchemaIssue.InvalidValue({ expected }))

/** The codec between a `SyncRef` and its text form. */
export const SyncRefFromText = Schema.String.pipe(
  Schema.decodeTo(SyncRef, {
    decode: SchemaGetter.transformEffect((text: string) => {
      const parsed = RefText.parse(text, "sync")
      return typeof parsed === "string"
        ? invalid(parsed)
        : Effect.succeed({ workspace: parsed.workspace, vendor: parsed.vendor, ids: parsed.ids })
    }),
    encode: SchemaGetter.transform((ref: typeof SyncRef.Encoded) => RefText.formatSync(ref)),
  }),
)

/** The codec between a `RunRef` and its text form. */
export const RunRefFromText = Schema.String.pipe(
  Schema.decodeTo(RunRef, {
    decode: SchemaGetter.transformEffect((text: string) => {
      const parsed = RefText.parse(text, "run")
      if (typeof parsed === "string") return invalid(parsed)
      const at = parsed.acceptedAt === undefined ? Option.none() : DateTime.make(parsed.acceptedAt)
      return Effect.succeed({
        sync: { workspace: parsed.workspace, vendor: parsed.vendor, ids: parsed.ids },
        run: parsed.run,
        ...(Option.isSome(at) && { acceptedAt: DateTime.formatIso(at.value) }),
      })
    }),
    encode: SchemaGetter.transform((ref: typeof RunRef.Encoded) =>
      RefText.formatRun({
        sync: ref.sync,
        run: ref.run,
        ...(ref.acceptedAt !== undefined && {
          acceptedAt: DateTime.toEpochMillis(DateTime.makeUnsafe(ref.acceptedAt)),
        }),
      }),
    ),
  }),
)

/** Reads a sync's text form; fails with a `SchemaError` that says what was expected. */
export const parseSync = Schema.decodeUnknownEffect(SyncRefFromText)

/** Reads a run's text form; fails with a `SchemaError` that says what was expected. */
export const parseRun = Schema.decodeUnknownEffect(RunRefFromText)
