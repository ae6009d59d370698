/** What a configuration file may say about a workspace, vendor by vendor, and how it becomes one. */
import type { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import * as CoreOptions from "@openretl/core/driver/Options"
import type * as FieldIssue from "@openretl/core/FieldIssue"
import type { IntentStore } from "@openretl/core/IntentStore"
import type { RetlError } from "@openretl/core/RetlError"
import type { Runs } from "@openretl/core/Runs"
import { fromSchemaError } from "@openretl/core/schema/FieldIssue"
import { WorkspaceName } from "@openretl/core/schema/Ref"
import { Status } from "@openretl/core/schema/Run"
import { Scope as RunScope } from "@openretl/core/schema/Scope"
import type { Workspace } from "@openretl/core/Workspace"
import { RudderStack } from "@openretl/rudderstack"
import { Segment } from "@openretl/segment"
import { Zeotap } from "@openretl/zeotap"
import { Effect, Redacted, Result, Schema, type Scope } from "effect"

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Every vendor's workspace has these; what else it has, the fleet finds by the ref. */
export type AnyWorkspace = Workspace<Runs | CurrentWorkspace>

/** Opens a workspace that keeps its intents in this store. */
export type Open = (intents: IntentStore) => Effect.Effect<AnyWorkspace, RetlError, Scope.Scope>

/** A time span in words. */
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
  defaultScope: RunScope,
  ...common,
})
const ZeotapFields = Schema.Struct({ vendor: Schema.Literal("zeotap"), workspaceId: Schema.String, ...common })

type Read = (name: string, raw: object, token: Redacted.Redacted | undefined) => Result.Result<Open, Issues>
type Issues = ReadonlyArray<FieldIssue.FieldIssue>

const reader = <F extends { readonly tokenEnv: string }>(
  schema: Schema.Codec<F, unknown>,
  open: (options: Omit<F, "tokenEnv"> & CoreOptions.Options & CoreOptions.Connection) => ReturnType<Open>,
): Read => {
  const decode = Schema.decodeUnknownResult(schema, { errors: "all", onExcessProperty: "error" })
  return (name, raw, token) => {
    const fields = decode(raw)
    if (Result.isFailure(fields)) return Result.fail(fromSchemaError(fields.failure))
    const { tokenEnv: _, ...options } = fields.success
    return Result.succeed((intents) => open({ ...options, name, intents, token: token ?? Redacted.make("") }))
  }
}

/** The ids that name a sync at each vendor, and the reader of its workspaces. */
export const vendors = {
  segment: { idNames: ["source", "model", "subscription"], read: reader(SegmentFields, Segment.workspace) },
  rudderstack: { idNames: ["connection"], read: reader(RudderStackFields, RudderStack.workspace) },
  zeotap: { idNames: ["sync"], read: reader(ZeotapFields, Zeotap.workspace) },
} as const satisfies Record<string, { readonly idNames: ReadonlyArray<string>; readonly read: Read }>

export type VendorName = keyof typeof vendors
export const isVendor = (name: unknown): name is VendorName => typeof name === "string" && Object.hasOwn(vendors, name)

const isName = Schema.is(WorkspaceName)

/**
 * One entry of `workspaces`: how to open it, or all that is wrong with it. The variable that holds the token is not named
 * in a message, since what stands there by mistake may be the token itself.
 */
export const readWorkspace = (name: string, raw: unknown, env: Environment): Effect.Effect<Open, Issues> =>
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
      const expected = Object.keys(vendors).map((known) => `"${known}"`)
      return yield* Effect.fail([...issues, { path: ["vendor"], message: `Expected ${expected.join(" | ")}` }])
    }
    const read = vendors[vendor].read(name, raw, secret)
    if (Result.isFailure(read)) {
      const connection = CoreOptions.connectionProblems({
        token: secret ?? Redacted.make("none"),
        ...(typeof baseUrl === "string" && { baseUrl }),
      })
      return yield* Effect.fail([...issues, ...read.failure, ...connection.map(aboutToken)])
    }
    // Opening sends nothing; it is where the adapter checks its options.
    const opened = yield* Effect.result(Effect.scoped(read.success(nowhere)))
    if (Result.isFailure(opened)) {
      const found = issuesOf(opened.failure).filter(({ path }) => path[0] !== "token" || secret !== undefined)
      issues.push(...found.map(aboutToken).filter(({ path }) => path[0] !== "name"))
    }
    return issues.length === 0 ? read.success : yield* Effect.fail(issues)
  })

const nowhere: IntentStore = { put: () => Effect.void, remove: () => Effect.void, all: () => Effect.succeed([]) }

const issuesOf = ({ reason, message }: RetlError): Issues =>
  reason._tag === "InvalidRequest" ? reason.issues : [{ path: [], message }]

/** The file names the variable; the variable holds the token. */
const aboutToken = (issue: FieldIssue.FieldIssue): FieldIssue.FieldIssue =>
  issue.path[0] === "token"
    ? { path: ["tokenEnv"], message: "Expected its variable to hold a token: printable ASCII without spaces" }
    : issue
