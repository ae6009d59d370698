/** Decodes the workspaces of a configuration file, with the schemas of the adapters' options. */
import type { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import * as CoreOptions from "@openretl/core/driver/Options"
import * as FieldIssue from "@openretl/core/FieldIssue"
import type * as Journal from "@openretl/core/Journal"
import { WorkspaceName } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import type { Runs } from "@openretl/core/Runs"
import type { Workspace } from "@openretl/core/Workspace"
import { RudderStack } from "@openretl/rudderstack"
import { Segment } from "@openretl/segment"
import { Zeotap } from "@openretl/zeotap"
import {
  type Effect,
  type Scope as EffectScope,
  Predicate,
  Redacted,
  Result,
  Schema,
  SchemaGetter,
  Struct,
} from "effect"
import { DurationText } from "./durationText.ts"

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A workspace with the services that every vendor has. The fleet finds further services by the ref. */
export type AnyWorkspace = Workspace<Runs | CurrentWorkspace>

/** Opens a workspace with this journal. */
export type Open = (journal: Journal.Service) => Effect.Effect<AnyWorkspace, RetlError, EffectScope.Scope>

type Issues = ReadonlyArray<FieldIssue.FieldIssue>

/** Every problem at once; an unknown field is one. */
export const strict = { errors: "all", onExcessProperty: "error" } as const

/** Options that stand elsewhere: the name is the workspace's key in the file, the token is in the environment. */
const elsewhere = ["name", "token", "journal"] as const

/** A file contains durations as text. */
const durations = {
  resolveWithin: Schema.optionalKey(DurationText),
  runAppearsWithin: Schema.optionalKey(DurationText),
  closeWithin: Schema.optionalKey(DurationText),
  readTimeout: Schema.optionalKey(DurationText),
  writeTimeout: Schema.optionalKey(DurationText),
  storeWithin: Schema.optionalKey(DurationText),
  journalLease: Schema.optionalKey(DurationText),
}

const SegmentFields = Schema.Struct({ ...Struct.omit(Segment.Options.fields, elsewhere), ...durations })
const RudderStackFields = Schema.Struct({ ...Struct.omit(RudderStack.Options.fields, elsewhere), ...durations })
const ZeotapFields = Schema.Struct({ ...Struct.omit(Zeotap.Options.fields, elsewhere), ...durations })

/** The options that stand elsewhere. */
interface Elsewhere {
  readonly name: string
  readonly token: CoreOptions.Connection["token"]
  readonly journal: Journal.Service
}

type OpenWith = (options: Elsewhere) => ReturnType<Open>

/** Returns a function that decodes the fields of one vendor's workspaces. */
const decoderOf = <Fields extends object>(
  schema: Schema.ConstraintDecoder<Fields>,
  open: (options: Fields & Elsewhere) => ReturnType<Open>,
): ((raw: unknown) => Result.Result<OpenWith, Issues>) => {
  const decode = Schema.decodeUnknownResult(schema, strict)
  return (raw) =>
    Result.mapBoth(decode(raw), {
      onSuccess: (fields) => (options: Elsewhere) => open({ ...fields, ...options }),
      onFailure: FieldIssue.fromSchemaError,
    })
}

/** For each vendor, what names its syncs, whether a caller chooses what a run covers, and how to decode a workspace. */
export const vendors = {
  segment: {
    ids: Segment.Ids,
    hasScopes: false,
    decode: decoderOf(SegmentFields, Segment.workspace),
  },
  rudderstack: {
    ids: RudderStack.Ids,
    hasScopes: true,
    decode: decoderOf(RudderStackFields, RudderStack.workspace),
  },
  zeotap: {
    ids: Zeotap.Ids,
    hasScopes: false,
    decode: decoderOf(ZeotapFields, Zeotap.workspace),
  },
} as const

export const VendorName = Schema.Literals(Struct.keys(vendors))
export type VendorName = typeof VendorName.Type

const isVendorName = Schema.is(VendorName)

/** Returns the vendor that an entry of `workspaces` names. */
export const vendorOf = (raw: unknown): VendorName | undefined =>
  Predicate.hasProperty(raw, "vendor") && isVendorName(raw.vendor) ? raw.vendor : undefined

const Token = CoreOptions.connectionFields.token.annotate({
  expected: "the name of an environment variable with a token: printable ASCII without spaces",
})

/** The fields that every workspace has. No message about them contains the name or the value of a variable. */
const CommonFields = (env: Environment) =>
  Schema.Struct({
    vendor: VendorName,
    tokenEnv: Schema.String.pipe(
      Schema.decodeTo(Token, {
        decode: SchemaGetter.transform((name) => Redacted.make((Object.hasOwn(env, name) && env[name]) || "")),
        encode: SchemaGetter.forbidden(() => "A token is not written"),
      }),
    ),
  })

const decodeName = Schema.decodeUnknownResult(WorkspaceName)

/**
 * Decodes one entry of `workspaces`. Returns how to open it; fails with every problem at once. No message contains the
 * value of `tokenEnv`, since somebody may have put the token itself there.
 */
export const decodeWorkspace = (name: string, raw: unknown, env: Environment): Result.Result<Open, Issues> => {
  const vendor = vendorOf(raw)
  const { vendor: _, tokenEnv: __, ...fields }: Readonly<Record<string, unknown>> = Object(raw)
  const [validName, common, open] = [
    decodeName(name),
    Schema.decodeUnknownResult(CommonFields(env), { errors: "all" })(raw),
    vendor === undefined ? undefined : vendors[vendor].decode(fields),
  ]
  if (Result.isSuccess(validName) && Result.isSuccess(common) && open !== undefined && Result.isSuccess(open)) {
    const { tokenEnv: token } = common.success
    return Result.succeed((journal) => open.success({ name: validName.success, token, journal }))
  }
  return Result.fail([
    ...(Result.isFailure(validName) ? FieldIssue.fromSchemaError(validName.failure) : []),
    ...(Result.isFailure(common) ? FieldIssue.fromSchemaError(common.failure) : []),
    ...(open !== undefined && Result.isFailure(open) ? open.failure : []),
  ])
}
