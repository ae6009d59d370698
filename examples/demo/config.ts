/**
 * Decodes the configuration file: workspaces and syncs, each by a name of your choice. The file contains no token, only
 * the names of the environment variables that do. Every problem is reported at once, before any request.
 */
import * as FieldIssue from "@openretl/core/FieldIssue"
import * as Fleet from "@openretl/core/Fleet"
import type * as Journal from "@openretl/core/Journal"
import { type RunRef, SyncRef, SyncRefFromText, VendorIds, WorkspaceName } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import { Scope } from "@openretl/core/Scope"
import * as Trigger from "@openretl/core/Trigger"
import * as Wait from "@openretl/core/Wait"
import { type Duration, Effect, type Scope as EffectScope, Result, Schema, Struct } from "effect"
import { DurationText } from "./durationText.ts"
import {
  type AnyWorkspace,
  decodeWorkspace,
  type Environment,
  type Open,
  strict,
  type VendorName,
  vendorOf,
  vendors,
} from "./vendors.ts"

/** A sync as the file describes it. */
export interface Sync {
  readonly name: string
  readonly ref: SyncRef
  readonly labels: Readonly<Record<string, string>>
  readonly trigger: Omit<Trigger.Options, "key" | "again"> & { readonly scope?: Scope }
  readonly wait: Wait.Options
  /** How long after its trigger the run is cancelled. Absent where it is not cancelled. */
  readonly cancelAfter?: Duration.Duration
}

/** A fleet whose workspaces are not known at compile time. */
export type AnyFleet = Fleet.Fleet<Readonly<Record<string, AnyWorkspace>>>

/** A decoded configuration file. */
export interface Config {
  /** The names of the workspaces. */
  readonly workspaces: ReadonlyArray<string>
  readonly syncs: ReadonlyArray<Sync>
  /** Opens one fleet of all workspaces, which share the journal. */
  readonly open: (journal: Journal.Service) => Effect.Effect<AnyFleet, RetlError, EffectScope.Scope>
}

/** Every problem of a configuration. Its messages contain no value of the file. */
export class ConfigProblems extends Schema.TaggedError<ConfigProblems>("@openretl/examples/ConfigProblems")(
  "ConfigProblems",
  { issues: Schema.Array(FieldIssue.FieldIssue) },
) {}

const Name = Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9._-]{1,64}$/, { expected: "a name of 1 to 64 characters of A-Z a-z 0-9 . _ -" }),
)

const SyncFields = Schema.Struct({
  ref: Schema.optionalKey(SyncRefFromText),
  workspace: Schema.optionalKey(WorkspaceName),
  ids: Schema.optionalKey(VendorIds),
  // A key names one occasion, not a sync, and belongs on the command line.
  ...Struct.omit(Trigger.Options.fields, ["key", "again"]),
  turnWithin: Schema.optionalKey(DurationText),
  scope: Schema.optionalKey(Scope),
  ...Wait.Options.fields,
  deadline: Schema.optionalKey(DurationText),
  cancelAfter: Schema.optionalKey(DurationText),
  labels: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
})

const decodeTop = Schema.decodeUnknownResult(
  Schema.Struct({
    workspaces: Schema.Record(Schema.String, Schema.Unknown).check(
      Schema.isMinProperties(1, { expected: "at least one workspace" }),
    ),
    syncs: Schema.Record(Schema.String, Schema.Unknown),
  }),
  strict,
)
const decodeFields = Schema.decodeUnknownResult(SyncFields, strict)
const isName = Schema.is(Name)

/**
 * Decodes a configuration document. Fails with every problem at once; a run to resume whose workspace is not in the
 * document is one.
 */
export const decode = (
  document: unknown,
  env: Environment,
  resume: ReadonlyArray<RunRef> = [],
): Effect.Effect<Config, ConfigProblems> =>
  Effect.gen(function* () {
    const top = decodeTop(document)
    if (Result.isFailure(top)) return yield* new ConfigProblems({ issues: FieldIssue.fromSchemaError(top.failure) })
    const issues: Array<FieldIssue.FieldIssue> = []
    const addIssues = (path: ReadonlyArray<string>, added: Issues) => issues.push(...FieldIssue.within(path, added))

    const openings: Array<readonly [string, Open]> = []
    for (const [name, raw] of Object.entries(top.success.workspaces)) {
      const opening = decodeWorkspace(name, raw, env)
      if (Result.isSuccess(opening)) openings.push([name, opening.success])
      else addIssues(["workspaces", name], opening.failure)
    }
    const syncs: Array<Sync> = []
    for (const [name, raw] of Object.entries(top.success.syncs)) {
      const sync = decodeSync(name, raw, top.success.workspaces)
      if (Result.isSuccess(sync)) syncs.push(sync.success)
      else addIssues(["syncs", name], sync.failure)
    }
    for (const [index, run] of resume.entries()) {
      const sync = requireListed(run.sync, String(index), top.success.workspaces)
      if (Result.isFailure(sync)) addIssues(["--resume"], sync.failure)
    }
    if (issues.length > 0) return yield* new ConfigProblems({ issues })

    return {
      workspaces: openings.map(([name]) => name),
      syncs,
      open: (journal) =>
        Effect.forEach(openings, ([name, open]) =>
          Effect.map(open(journal), (workspace) => [name, workspace] as const),
        ).pipe(
          Effect.flatMap((entries) => Fleet.make<Readonly<Record<string, AnyWorkspace>>>(Object.fromEntries(entries))),
        ),
    }
  })

type Issues = ReadonlyArray<FieldIssue.FieldIssue>

const decodeSync = (
  name: string,
  raw: unknown,
  workspaces: Readonly<Record<string, unknown>>,
): Result.Result<Sync, Issues> => {
  const decoded = decodeFields(raw)
  const issues: Array<FieldIssue.FieldIssue> = []
  if (!isName(name)) issues.push({ path: [], message: "Expected a name of 1 to 64 characters of A-Z a-z 0-9 . _ -" })
  if (Result.isFailure(decoded)) return Result.fail([...issues, ...FieldIssue.fromSchemaError(decoded.failure)])
  const { ref, workspace, ids, policy, deadline, cancelAfter, labels = {}, ...trigger } = decoded.success
  const sync = requireRef({ ref, workspace, ids }, workspaces)
  if (Result.isFailure(sync)) return Result.fail([...issues, ...sync.failure])
  const { ref: listedRef, vendor } = sync.success
  if (trigger.scope !== undefined && !vendors[vendor].hasScopes) {
    issues.push({
      path: ["scope"],
      message: `Expected no scope: ${vendor} does not let a caller choose what a run covers`,
    })
  }
  if (issues.length > 0) return Result.fail(issues)
  return Result.succeed({
    name,
    ref: listedRef,
    labels,
    trigger,
    wait: { ...(policy && { policy }), ...(deadline && { deadline }) },
    ...(cancelAfter && { cancelAfter }),
  })
}

interface SyncName {
  readonly ref: SyncRef | undefined
  readonly workspace: string | undefined
  readonly ids: VendorIds | undefined
}

/** A ref of a workspace in the file. */
interface Listed {
  readonly ref: SyncRef
  readonly vendor: VendorName
}

/** Returns the ref of a sync, from its text or from its workspace and ids. Fails when the file lacks the workspace. */
const requireRef = (
  { ref, workspace, ids }: SyncName,
  workspaces: Readonly<Record<string, unknown>>,
): Result.Result<Listed, Issues> => {
  const fail = (path: ReadonlyArray<string>, message: string) => Result.fail([{ path, message }])
  if (ref !== undefined && (workspace !== undefined || ids !== undefined)) {
    return fail([], "Expected either ref, or workspace and ids")
  }
  if (ref !== undefined) return requireListed(ref, "ref", workspaces)
  if (workspace === undefined || ids === undefined) return fail([], "Expected ref, or workspace and ids")
  const vendor = vendorIn(workspaces, workspace)
  if (vendor === undefined) return fail(["workspace"], "Expected the name of a workspace in this file")
  return requireListed(new SyncRef({ workspace, vendor, ids }), "ids", workspaces)
}

/** Returns the ref. Fails unless the file lists its workspace with its vendor, and its ids are that vendor's. */
const requireListed = (
  ref: SyncRef,
  field: string,
  workspaces: Readonly<Record<string, unknown>>,
): Result.Result<Listed, Issues> => {
  const vendor = vendorIn(workspaces, ref.workspace)
  if (vendor === undefined || vendor !== ref.vendor) {
    const message = `Expected a ref of a workspace in this file, not of ${ref.vendor} (${ref.workspace})`
    return Result.fail([{ path: [field], message }])
  }
  const ids = Schema.decodeUnknownResult<Schema.ConstraintDecoder<unknown>>(vendors[vendor].ids, strict)(ref.ids)
  return Result.mapBoth(ids, {
    onSuccess: () => ({ ref, vendor }),
    onFailure: (error) => FieldIssue.within([field], FieldIssue.fromSchemaError(error)),
  })
}

const vendorIn = (workspaces: Readonly<Record<string, unknown>>, name: string): VendorName | undefined =>
  Object.hasOwn(workspaces, name) ? vendorOf(workspaces[name]) : undefined
