/**
 * The configuration file: workspaces and syncs, each by a name of your choice. The file contains no token, only the names of
 * the environment variables that do. Every problem is reported at once, before any request.
 *
 * `load` reads it for the command line and for programs: the result opens a fleet of its workspaces.
 */
import { readFile } from "node:fs"
import { dirname, resolve } from "node:path"
import * as FieldIssue from "@openretl/core/FieldIssue"
import * as Fleet from "@openretl/core/Fleet"
import * as Freshness from "@openretl/core/Freshness"
import type * as Journal from "@openretl/core/Journal"
import { SyncRef, SyncRefFromText, VendorIds, WorkspaceName } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import { Scope } from "@openretl/core/Scope"
import * as Trigger from "@openretl/core/Trigger"
import * as Wait from "@openretl/core/Wait"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as EffectScope from "effect/Scope"
import * as Struct from "effect/Struct"
import { DurationText } from "./internal/configuration/durationText.ts"
import * as JournalLocation from "./internal/configuration/journalLocation.ts"
import * as JsonText from "./internal/configuration/jsonText.ts"
import * as Token from "./internal/configuration/token.ts"
import { type AnyWorkspace, type Issues, strict, type Vendor } from "./internal/configuration/vendor.ts"
import * as Vendors from "./internal/configuration/vendors.ts"

export type { JournalLocation } from "./internal/configuration/journalLocation.ts"

/** Environment variables by name. */
export type Environment = Token.Environment

/** A sync as the file describes it. */
export interface Sync {
  /** Its name in the file. */
  readonly name: string
  readonly ref: SyncRef
  /** Labels that selectors go by; empty without any. */
  readonly labels: Readonly<Record<string, string>>
  /** A name for where its rows go, which bounds how many syncs write there at once. Absent where the file has none. */
  readonly destination?: string
  /** The options of its triggers; `whenRunning` is absent where the file has none. */
  readonly trigger: Partial<Omit<Trigger.Options, "key" | "again">> & { readonly scope?: Scope }
  /** The options of its waits. */
  readonly wait: Wait.Options
  /** When its data are stale. Absent where the file does not say. */
  readonly freshness?: Freshness.Options
}

/** A fleet whose workspaces are not known at compile time. */
export type AnyFleet = Fleet.Fleet<Readonly<Record<string, AnyWorkspace>>>

/** A decoded configuration file. */
export interface Configuration {
  /** The names of the workspaces, with their vendors. */
  readonly workspaces: Readonly<Record<string, string>>
  /** The syncs, in the order of the file. */
  readonly syncs: ReadonlyArray<Sync>
  /** Where the journal is: by default, a SQLite file beside the configuration. */
  readonly journal: JournalLocation.JournalLocation
  /**
   * Opens one fleet of all workspaces, which share the journal. What it runs in the background ends with the surrounding
   * `Scope`. It sends no request.
   */
  readonly open: (journal: Journal.Service) => Effect.Effect<AnyFleet, RetlError, EffectScope.Scope>
}

/** Every problem of a configuration. Its messages contain no value of the file. */
export class ConfigurationProblems extends Schema.TaggedError<ConfigurationProblems>(
  "@openretl/cli/ConfigurationProblems",
)("ConfigurationProblems", { issues: Schema.Array(FieldIssue.FieldIssue) }) {
  /** All problems, a line each. */
  override get message(): string {
    return this.issues.map((issue) => FieldIssue.toText([issue])).join("\n")
  }
}

/** What a name of a sync is: 1 to 64 characters of `A-Z a-z 0-9 . _ -`. */
export const Name = Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9._-]{1,64}$/, { expected: "a name of 1 to 64 characters of A-Z a-z 0-9 . _ -" }),
)

const Labels = Schema.Record(Schema.String, Schema.String)

/** The fields of a sync in the file. */
export const SyncFields = Schema.Struct({
  ref: Schema.optionalKey(SyncRefFromText),
  workspace: Schema.optionalKey(WorkspaceName),
  ids: Schema.optionalKey(VendorIds),
  // A key names one occasion, not a sync, and belongs on the command line.
  ...Struct.omit(Trigger.Options.fields, ["key", "again", "whenRunning"]),
  whenRunning: Schema.optionalKey(Trigger.WhenRunning),
  turnWithin: Schema.optionalKey(DurationText),
  scope: Schema.optionalKey(Scope),
  policy: Wait.Options.fields.policy,
  deadline: Schema.optionalKey(DurationText),
  patience: Schema.optionalKey(DurationText),
  unknownWithin: Schema.optionalKey(DurationText),
  startWithin: Schema.optionalKey(DurationText),
  freshness: Schema.optionalKey(
    Schema.Struct({ warnAfter: DurationText, errorAfter: Schema.optionalKey(DurationText) }),
  ),
  destination: Schema.optionalKey(Schema.NonEmptyString),
  labels: Schema.optionalKey(Labels),
})

const decodeTop = Schema.decodeUnknownResult(
  Schema.Struct({
    $schema: Schema.optionalKey(Schema.String),
    journal: Schema.optionalKey(Schema.Unknown),
    workspaces: Schema.Record(Schema.String, Schema.Unknown).check(
      Schema.isMinProperties(1, { expected: "at least one workspace" }),
    ),
    syncs: Schema.Record(Schema.String, Schema.Unknown),
  }),
  strict,
)
const decodeFields = Schema.decodeUnknownResult(SyncFields, strict)
const decodeWorkspaceName = Schema.decodeUnknownResult(WorkspaceName)
const isName = Schema.is(Name)

/** Where `decode` finds what the document does not contain. */
export interface DecodeOptions {
  /** The environment with the tokens. */
  readonly env: Environment
  /** The folder of the file: a relative name of a journal's file begins there. @default the working directory */
  readonly folder?: string
}

/** Decodes a configuration document. Fails with every problem at once, and sends no request. */
export const decode = Effect.fnUntraced(function* (
  document: unknown,
  { env, folder = "." }: DecodeOptions,
): Effect.fn.Return<Configuration, ConfigurationProblems> {
  const top = decodeTop(document)
  if (Result.isFailure(top)) {
    return yield* new ConfigurationProblems({ issues: FieldIssue.fromSchemaError(top.failure) })
  }
  const { workspaces, syncs } = top.success
  const issues: Array<FieldIssue.FieldIssue> = []
  const take = <A>(path: ReadonlyArray<string>, decoded: Result.Result<A, Issues>): ReadonlyArray<A> => {
    if (Result.isSuccess(decoded)) return [decoded.success]
    issues.push(...FieldIssue.within(path, decoded.failure))
    return []
  }
  const journal = take(["journal"], JournalLocation.decode(top.success.journal, { env, folder }))
  const listed = yield* loadVendors(workspaces)
  const openings = Object.entries(workspaces).flatMap(([name, raw]) =>
    take(["workspaces", name], decodeWorkspace(name, raw, listed.get(name), env)).map((open) => [name, open] as const),
  )
  const decodedSyncs = Object.entries(syncs).flatMap(([name, raw]) =>
    take(["syncs", name], decodeSync(name, raw, listed)),
  )
  const [location] = journal
  if (issues.length > 0 || location === undefined) return yield* new ConfigurationProblems({ issues })
  return {
    workspaces: Object.fromEntries(Array.from(listed, ([name, { vendor }]) => [name, vendor])),
    syncs: decodedSyncs,
    journal: location,
    open: (service) =>
      Effect.forEach(openings, ([name, open]) =>
        Effect.map(open(service), (workspace) => [name, workspace] as const),
      ).pipe(
        Effect.flatMap((entries) => Fleet.make<Readonly<Record<string, AnyWorkspace>>>(Object.fromEntries(entries))),
      ),
  }
})

/**
 * Reads a configuration from its file. Fails with every problem at once; where the file is no JSON, with the line and the
 * column of the first mistake; where an object has a name twice, with the places.
 */
export const load = (
  path: string,
  options: Omit<DecodeOptions, "folder">,
): Effect.Effect<Configuration, ConfigurationProblems> =>
  Effect.gen(function* () {
    const document = yield* read(path)
    return yield* Effect.mapError(
      decode(document, { ...options, folder: dirname(resolve(path)) }),
      // What is wrong with the whole document is wrong with the file.
      ({ issues }) =>
        new ConfigurationProblems({
          issues: issues.map((issue) => (issue.path.length === 0 ? { ...issue, path: [path] } : issue)),
        }),
    )
  })

/** Reads the document of a file, without decoding it. Fails as `load` does. */
export const read = (path: string): Effect.Effect<unknown, ConfigurationProblems> =>
  Effect.gen(function* () {
    const problem = (...messages: ReadonlyArray<string>) =>
      new ConfigurationProblems({ issues: messages.map((message) => ({ path: [path], message })) })
    const text = yield* Effect.callback<string, ConfigurationProblems>((resume) =>
      readFile(path, "utf8", (error, text) =>
        resume(
          error === null
            ? Effect.succeed(text)
            : Effect.fail(problem(`Expected a file that can be read: ${codeOf(error)}`)),
        ),
      ),
    )
    // The marks of UTF-16, as UTF-8 shows them.
    if (text.startsWith("\uFFFD\uFFFD")) return yield* problem("Expected a file in UTF-8, not in UTF-16")
    const parsed = JsonText.parse(text.replace(/^\uFEFF/, ""))
    return Result.isSuccess(parsed) ? parsed.success : yield* problem(...parsed.failure)
  })

const codeOf = (error: unknown): string => (Predicate.hasProperty(error, "code") ? String(error.code) : "unknown error")

/** A workspace of the file, with what the file needs of its vendor. */
interface Listed {
  readonly vendor: Vendors.VendorName
  readonly adapter: Vendor
}

/** Loads the adapters of the vendors that the document names. */
const loadVendors = (workspaces: Readonly<Record<string, unknown>>): Effect.Effect<ReadonlyMap<string, Listed>> =>
  Effect.map(
    Effect.forEach(Object.entries(workspaces), ([name, raw]) => {
      const vendor = Vendors.nameOf(raw)
      return vendor === undefined
        ? Effect.succeed([])
        : Effect.map(Vendors.load(vendor), (adapter) => [[name, { vendor, adapter }] as const])
    }),
    (listed) => new Map(listed.flat()),
  )

/** Returns how to open one workspace of the document. */
const decodeWorkspace = (
  name: string,
  raw: unknown,
  listed: Listed | undefined,
  env: Environment,
): Result.Result<(journal: Journal.Service) => Effect.Effect<AnyWorkspace, RetlError, EffectScope.Scope>, Issues> => {
  if (!Predicate.isObject(raw)) return Result.fail([{ path: [], message: "Expected object" }])
  const { vendor: _, token: rawToken, ...fields }: Readonly<Record<string, unknown>> = { ...raw }
  const validName = decodeWorkspaceName(name)
  const token = Token.decode(rawToken, env)
  const open = listed?.adapter.decode(fields)
  const vendorIssues =
    listed === undefined
      ? [{ path: ["vendor"], message: `Expected ${Vendors.VendorName.literals.map((v) => `"${v}"`).join(" | ")}` }]
      : []
  if (Result.isSuccess(validName) && Result.isSuccess(token) && open !== undefined && Result.isSuccess(open)) {
    return Result.succeed((journal) => open.success({ name: validName.success, token: token.success, journal }))
  }
  return Result.fail([
    ...(Result.isFailure(validName) ? FieldIssue.fromSchemaError(validName.failure) : []),
    ...vendorIssues,
    ...(Result.isFailure(token) ? [token.failure] : []),
    ...(open !== undefined && Result.isFailure(open) ? open.failure : []),
  ])
}

const decodeSync = (name: string, raw: unknown, listed: ReadonlyMap<string, Listed>): Result.Result<Sync, Issues> => {
  const nameIssues = isName(name)
    ? []
    : [{ path: [], message: "Expected a name of 1 to 64 characters of A-Z a-z 0-9 . _ -" }]
  const decoded = decodeFields(raw)
  if (Result.isFailure(decoded)) return Result.fail([...nameIssues, ...FieldIssue.fromSchemaError(decoded.failure)])
  const { ref, workspace, ids, labels = {}, destination, freshness, ...options } = decoded.success
  const { policy, deadline, patience, unknownWithin, startWithin, ...trigger } = options
  const sync = requireRef({ ref, workspace, ids }, listed)
  const vendor = Result.isSuccess(sync) ? listed.get(sync.success.workspace) : undefined
  const freshOptions = freshness && { ...freshness, ...(policy && { policy }) }
  const issues: Issues = [
    ...nameIssues,
    ...(Result.isFailure(sync) ? sync.failure : []),
    ...(vendor !== undefined && trigger.scope !== undefined && !vendor.adapter.hasScopes
      ? [
          {
            path: ["scope"],
            message: `Expected no scope: ${vendor.vendor} does not let a caller choose what a run covers`,
          },
        ]
      : []),
    ...(freshOptions ? FieldIssue.within(["freshness"], Freshness.problems(freshOptions)) : []),
  ]
  if (Result.isFailure(sync) || issues.length > 0) return Result.fail(issues)
  return Result.succeed({
    name,
    ref: sync.success,
    labels,
    ...(destination !== undefined && { destination }),
    trigger,
    wait: {
      ...(policy && { policy }),
      ...(deadline && { deadline }),
      ...(patience && { patience }),
      ...(unknownWithin && { unknownWithin }),
      ...(startWithin && { startWithin }),
    },
    ...(freshOptions && { freshness: freshOptions }),
  })
}

interface SyncName {
  readonly ref: SyncRef | undefined
  readonly workspace: string | undefined
  readonly ids: VendorIds | undefined
}

/** Returns the ref of a sync, from its text or from its workspace and ids. Fails when the file lacks the workspace. */
const requireRef = (
  { ref, workspace, ids }: SyncName,
  listed: ReadonlyMap<string, Listed>,
): Result.Result<SyncRef, Issues> => {
  const fail = (path: ReadonlyArray<string>, message: string) => Result.fail([{ path, message }])
  if (ref !== undefined && (workspace !== undefined || ids !== undefined)) {
    return fail([], "Expected either ref, or workspace and ids")
  }
  if (ref !== undefined) return requireListed(ref, ["ref"], listed)
  if (workspace === undefined || ids === undefined) return fail([], "Expected ref, or workspace and ids")
  const vendor = listed.get(workspace)?.vendor
  if (vendor === undefined) return fail(["workspace"], "Expected the name of a workspace in this file")
  return requireListed(new SyncRef({ workspace, vendor, ids }), ["ids"], listed)
}

/** Returns the ref. Fails unless the file lists its workspace with its vendor, and its ids are that vendor's. */
const requireListed = (
  ref: SyncRef,
  path: ReadonlyArray<string>,
  listed: ReadonlyMap<string, Listed>,
): Result.Result<SyncRef, Issues> => {
  const workspace = listed.get(ref.workspace)
  if (workspace === undefined || workspace.vendor !== ref.vendor) {
    const message = `Expected a ref of a workspace in this file, not of ${ref.vendor} (${ref.workspace})`
    return Result.fail([{ path, message }])
  }
  const ids = Schema.decodeUnknownResult(workspace.adapter.ids, strict)(ref.ids)
  return Result.mapBoth(ids, {
    onSuccess: () => ref,
    onFailure: (error) => FieldIssue.within(path, FieldIssue.fromSchemaError(error)),
  })
}
