/** The schemas of refs: as an object of their fields, and as their text form. */
import * as Effect from "effect/Effect"
import type * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import { ofClass } from "../ofClass.ts"
import * as Ref from "../Ref.ts"
import * as Form from "../refFields.ts"

/** A workspace's name: chosen by you, 1 to 64 characters of `A-Z a-z 0-9 _ -`. */
export const WorkspaceName = Schema.String.check(
  Schema.isPattern(Form.workspaceName.pattern, { expected: Form.workspaceName.expected }),
)

/** A vendor's short name, as in `segment`. */
export const VendorName = Schema.String.check(
  Schema.isPattern(Form.vendorName.pattern, { expected: Form.vendorName.expected }),
)

/** An id as a vendor gave it: opaque, 1 to 255 characters. */
export const VendorId = Schema.String.check(
  Schema.isMinLength(1, { expected: Form.id.expected }),
  Schema.isMaxLength(Form.id.maxLength, { expected: Form.id.expected }),
  Schema.makeFilter((id: string) => id.isWellFormed() || `Expected ${Form.id.wellFormed}`),
)

/** The vendor ids that make up a sync, by the adapter's names for them. */
export type VendorIds = Ref.VendorIds
export const VendorIds = Schema.Record(
  Schema.String.check(Schema.isPattern(Form.idName.pattern, { expected: Form.idName.expected })),
  VendorId,
).check(Schema.isMinProperties(1, { expected: Form.ids.expected }))

const syncRef = ofClass("SyncRef", Ref.SyncRef, { workspace: WorkspaceName, vendor: VendorName, ids: VendorIds })

export type SyncRef = Ref.SyncRef
export interface SyncRefEncoded extends Schema.Codec.Encoded<typeof syncRef> {}
export const SyncRef: Schema.Codec<SyncRef, SyncRefEncoded> = syncRef

const runRef = ofClass("RunRef", Ref.RunRef, {
  sync: SyncRef,
  run: VendorId,
  acceptedAt: Schema.optionalKey(Schema.DateTimeUtcFromString),
})

export type RunRef = Ref.RunRef
export interface RunRefEncoded extends Schema.Codec.Encoded<typeof runRef> {}
export const RunRef: Schema.Codec<RunRef, RunRefEncoded> = runRef

const fromText = <A>(read: (text: string) => Result.Result<A, Ref.InvalidRef>) =>
  SchemaGetter.transformEffect((text: string) =>
    Effect.mapError(Effect.fromResult(read(text)), ({ message }) => new SchemaIssue.InvalidValue({ message })),
  )

/** The codec between a `SyncRef` and its text form. */
export const SyncRefFromText = Schema.String.pipe(
  Schema.decodeTo(Schema.toType(SyncRef), { decode: fromText(Ref.readSync), encode: SchemaGetter.String() }),
)

/** The codec between a `RunRef` and its text form. */
export const RunRefFromText = Schema.String.pipe(
  Schema.decodeTo(Schema.toType(RunRef), { decode: fromText(Ref.readRun), encode: SchemaGetter.String() }),
)
