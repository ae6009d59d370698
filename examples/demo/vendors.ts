/** Decodes the workspaces of a configuration file, vendor by vendor. */
import type { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import * as CoreOptions from "@openretl/core/driver/Options"
import type * as FieldIssue from "@openretl/core/FieldIssue"
import type { IntentStore } from "@openretl/core/IntentStore"
import type { RetlError } from "@openretl/core/RetlError"
import type { Runs } from "@openretl/core/Runs"
import { fromSchemaError } from "@openretl/core/schema/FieldIssue"
import { WorkspaceName } from "@openretl/core/schema/Ref"
import { Status } from "@openretl/core/schema/Run"
import { Scope } from "@openretl/core/schema/Scope"
import type { Workspace } from "@openretl/core/Workspace"
import { RudderStack } from "@openretl/rudderstack"
import { Segment } from "@openretl/segment"
import { Zeotap } from "@openretl/zeotap"
import { Effect, type Scope as EffectScope, Redacted, Result, Schema } from "effect"

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A workspace with the services that every vendor has. The fleet finds further services by the ref. */
export type AnyWorkspace = Workspace<Runs | CurrentWorkspace>

/** Opens a workspace that stores its intents in `intents`. */
export type Open = (intents: IntentStore) => Effect.Effect<AnyWorkspace, RetlError, EffectScope.Scope>

/** A duration as text, as in `90 seconds`. */
export const DurationText = Schema.String.check(
  Schema.makeFilter((text) => /^\d{1,9}(?:\.\d{1,9})? (?:milli|second|minute|hour|day)s?$/.test(text), {
    expected: 'a duration, as in "90 seconds"',
  }),
).pipe(Schema.decodeTo(Schema.DurationFromString))

const common = {
  tokenEnv: Schema.String,
  baseUrl: Schema.optionalKey(Schema.String),
  rateLimitShare: Schema.optionalKey(Schema.Finite),
  resolveWithin: Schema.optionalKey(DurationText),
  runAppearsWithin: Schema.optionalKey(DurationText),
  closeWithin: Schema.optionalKey(DurationText),
  readTimeout: Schema.optionalKey(DurationText),
  writeTimeout: Schema.optionalKey(DurationText),
  statusWords: Schema.optionalKey(Schema.Record(Schema.String, Status)),
}
const Region = Schema.Literals(["us", "eu"])

const SegmentFields = Schema.Struct({ vendor: Schema.Literal("segment"), region: Region, ...common })
const RudderStackFields = Schema.Struct({
  vendor: Schema.Literal("rudderstack"),
  region: Region,
  defaultScope: Scope,
  ...common,
})
const ZeotapFields = Schema.Struct({ vendor: Schema.Literal("zeotap"), workspaceId: Schema.String, ...common })

type Decode = (name: string, raw: object, token: Redacted.Redacted | undefined) => Result.Result<Open, Issues>
type Issues = ReadonlyArray<FieldIssue.FieldIssue>

/** Returns the decoder of one vendor's workspaces. */
const decoderOf = <F extends { readonly tokenEnv: string }>(
  schema: Schema.Codec<F, unknown>,
  open: (options: Omit<F, "tokenEnv"> & CoreOptions.Options & CoreOptions.Connection) => ReturnType<Open>,
): Decode => {
  const decodeFields = Schema.decodeUnknownResult(schema, { errors: "all", onExcessProperty: "error" })
  return (name, raw, token) => {
    const fields = decodeFields(raw)
    if (Result.isFailure(fields)) return Result.fail(fromSchemaError(fields.failure))
    const { tokenEnv: _, ...options } = fields.success
    return Result.succeed((intents) => open({ ...options, name, intents, token: token ?? Redacted.make("") }))
  }
}

/** For each vendor, the names of a sync's ids, and the decoder of its workspaces. */
export const vendors = {
  segment: { idNames: ["source", "model", "subscription"], decode: decoderOf(SegmentFields, Segment.workspace) },
  rudderstack: { idNames: ["connection"], decode: decoderOf(RudderStackFields, RudderStack.workspace) },
  zeotap: { idNames: ["sync"], decode: decoderOf(ZeotapFields, Zeotap.workspace) },
} as const satisfies Record<string, { readonly idNames: ReadonlyArray<string>; readonly decode: Decode }>

export type VendorName = keyof typeof vendors
export const isVendor = (name: unknown): name is VendorName => typeof name === "string" && Object.hasOwn(vendors, name)

const isName = Schema.is(WorkspaceName)

/**
 * Decodes one entry of `workspaces`. Returns how to open it; fails with every problem at once. No message contains the
 * value of `tokenEnv`, since somebody may have put the token itself there.
 */
export const decodeWorkspace = (name: string, raw: unknown, env: Environment): Effect.Effect<Open, Issues> =>
  Effect.gen(function* () {
    const issues: Array<FieldIssue.FieldIssue> = []
    if (!isName(name)) issues.push({ path: [], message: "Expected a name of 1 to 64 characters of A-Z a-z 0-9 _ -" })
    if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
      return yield* Effect.fail([...issues, { path: [], message: "Expected an object" }])
    }
    const fields: { readonly [field: string]: unknown } = { ...raw }
    const { vendor, tokenEnv, baseUrl } = fields
    const token = typeof tokenEnv === "string" && Object.hasOwn(env, tokenEnv) ? env[tokenEnv] : undefined
    if (typeof tokenEnv === "string" && (token === undefined || token === "")) {
      issues.push({ path: ["tokenEnv"], message: "Expected the name of an environment variable that is set" })
    }
    const secret = token === undefined || token === "" ? undefined : Redacted.make(token)
    if (!isVendor(vendor)) {
      const vendorNames = Object.keys(vendors).map((name) => `"${name}"`)
      return yield* Effect.fail([...issues, { path: ["vendor"], message: `Expected ${vendorNames.join(" | ")}` }])
    }
    const open = vendors[vendor].decode(name, raw, secret)
    if (Result.isFailure(open)) {
      const connection = CoreOptions.connectionProblems({
        token: secret ?? Redacted.make("none"),
        ...(typeof baseUrl === "string" && { baseUrl }),
      })
      return yield* Effect.fail([...issues, ...open.failure, ...connection.map(underTokenEnv)])
    }
    // Opening a workspace sends no request. The adapter validates its options then.
    const opened = yield* Effect.result(Effect.scoped(open.success(noIntents)))
    if (Result.isFailure(opened)) {
      const invalid = issuesOf(opened.failure).filter(({ path }) => path[0] !== "token" || secret !== undefined)
      issues.push(...invalid.map(underTokenEnv).filter(({ path }) => path[0] !== "name"))
    }
    return issues.length === 0 ? open.success : yield* Effect.fail(issues)
  })

/** Stores nothing. */
const noIntents: IntentStore = { put: () => Effect.void, remove: () => Effect.void, all: () => Effect.succeed([]) }

const issuesOf = ({ reason, message }: RetlError): Issues =>
  reason._tag === "InvalidRequest" ? reason.issues : [{ path: [], message }]

/** Moves an issue about the token to `tokenEnv`, the field that the file has. */
const underTokenEnv = (issue: FieldIssue.FieldIssue): FieldIssue.FieldIssue =>
  issue.path[0] === "token"
    ? { path: ["tokenEnv"], message: "Expected its variable to contain a token: printable ASCII without spaces" }
    : issue
