/**
 * The configuration file: workspaces by name, and syncs by the names that jobs know them by. It holds no token, only the
 * names of the environment variables that do. All that is wrong with it is told at once, before any request.
 */
import type * as FieldIssue from "@openretl/core/FieldIssue"
import * as Fleet from "@openretl/core/Fleet"
import type { IntentStore } from "@openretl/core/IntentStore"
import { type RunRef, SyncRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import * as FieldIssues from "@openretl/core/schema/FieldIssue"
import { Policy } from "@openretl/core/schema/Outcome"
import { SyncRefFromText, VendorIds } from "@openretl/core/schema/Ref"
import { Scope as RunScope } from "@openretl/core/schema/Scope"
import type * as Trigger from "@openretl/core/Trigger"
import { type Duration, Effect, Result, Schema, type Scope } from "effect"
import {
  type AnyWorkspace,
  DurationText,
  type Environment,
  isVendor,
  type Open,
  readWorkspace,
  vendors,
} from "./vendors.ts"

/** A sync as the file describes it. */
export interface Sync {
  readonly name: string
  readonly ref: SyncRef
  readonly labels: Readonly<Record<string, string>>
  readonly trigger: Trigger.Options & { readonly scope?: RunScope }
  readonly wait: { readonly policy?: Policy; readonly deadline?: Duration.Duration }
  /** How long after its trigger the run is cancelled; for trying that out, and for runs that may not take longer. */
  readonly cancelAfter?: Duration.Duration
}

export type AnyFleet = Fleet.Fleet<Readonly<Record<string, AnyWorkspace>>>

export interface Config {
  readonly workspaces: ReadonlyArray<string>
  readonly syncs: ReadonlyArray<Sync>
  /** One fleet of all the workspaces, which keep their intents in this store. */
  readonly open: (intents: IntentStore) => Effect.Effect<AnyFleet, RetlError, Scope.Scope>
}

/** All that is wrong with a configuration; its messages hold none of the values. */
export class ConfigProblems extends Schema.TaggedError<ConfigProblems>("@openretl/examples/ConfigProblems")(
  "ConfigProblems",
  { issues: Schema.Array(FieldIssues.FieldIssue) },
) {}

const Name = Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9._-]{1,64}$/, { expected: "a name of 1 to 64 characters of A-Z a-z 0-9 . _ -" }),
)

const SyncFields = Schema.Struct({
  ref: Schema.optionalKey(SyncRefFromText),
  workspace: Schema.optionalKey(Schema.String),
  ids: Schema.optionalKey(VendorIds),
  whenRunning: Schema.Literals(["fail", "adopt", "wait", "skip"]),
  exclusive: Schema.optionalKey(Schema.Boolean),
  scope: Schema.optionalKey(RunScope),
  policy: Schema.optionalKey(Policy),
  deadline: Schema.optionalKey(DurationText),
  cancelAfter: Schema.optionalKey(DurationText),
  labels: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
})

const strict = { errors: "all", onExcessProperty: "error" } as const
const decodeTop = Schema.decodeUnknownResult(
  Schema.Struct({
    workspaces: Schema.Record(Schema.String, Schema.Unknown).check(
      Schema.isMinProperties(1, { expected: "at least one workspace" }),
    ),
    syncs: Schema.Record(Schema.String, Schema.Unknown),
  }),
  strict,
)
const decodeSync = Schema.decodeUnknownResult(SyncFields, strict)
const isName = Schema.is(Name)

/** Reads a document, from wherever it comes; it must know the workspaces of the runs to resume, if there are any. */
export const read = (
  document: unknown,
  env: Environment,
  resume: ReadonlyArray<RunRef> = [],
): Effect.Effect<Config, ConfigProblems> =>
  Effect.gen(function* () {
    const top = decodeTop(document)
    if (Result.isFailure(top)) return yield* new ConfigProblems({ issues: FieldIssues.fromSchemaError(top.failure) })
    const issues: Array<FieldIssue.FieldIssue> = []
    const note =
      (...path: ReadonlyArray<string>) =>
      (found: ReadonlyArray<FieldIssue.FieldIssue>) => {
        issues.push(...found.map((issue) => ({ ...issue, path: [...path, ...issue.path] })))
      }

    const openings: Array<readonly [string, Open]> = []
    for (const [name, raw] of Object.entries(top.success.workspaces)) {
      const opening = yield* Effect.result(readWorkspace(name, raw, env))
      if (Result.isSuccess(opening)) openings.push([name, opening.success])
      else note("workspaces", name)(opening.failure)
    }
    const syncs: Array<Sync> = []
    for (const [name, raw] of Object.entries(top.success.syncs)) {
      const sync = readSync(name, raw, top.success.workspaces)
      if (Result.isSuccess(sync)) syncs.push(sync.success)
      else note("syncs", name)(sync.failure)
    }
    for (const [index, run] of resume.entries()) {
      const known = checked(run.sync, String(index), top.success.workspaces)
      if (Result.isFailure(known)) note("--resume")(known.failure)
    }
    if (issues.length > 0) return yield* new ConfigProblems({ issues })

    return {
      workspaces: openings.map(([name]) => name),
      syncs,
      open: (intents) =>
        Effect.forEach(openings, ([name, open]) => Effect.map(open(intents), (opened) => [name, opened] as const)).pipe(
          Effect.flatMap((opened) => Fleet.make<Readonly<Record<string, AnyWorkspace>>>(Object.fromEntries(opened))),
        ),
    }
  })

type Issues = ReadonlyArray<FieldIssue.FieldIssue>

const readSync = (
  name: string,
  raw: unknown,
  workspaces: Readonly<Record<string, unknown>>,
): Result.Result<Sync, Issues> => {
  const decoded = decodeSync(raw)
  const issues: Array<FieldIssue.FieldIssue> = []
  if (!isName(name)) issues.push({ path: [], message: "Expected a name of 1 to 64 characters of A-Z a-z 0-9 . _ -" })
  if (Result.isFailure(decoded)) return Result.fail([...issues, ...FieldIssues.fromSchemaError(decoded.failure)])
  const { ref, workspace, ids, policy, deadline, cancelAfter, labels = {}, ...trigger } = decoded.success
  const made = refOf({ ref, workspace, ids }, workspaces)
  if (Result.isFailure(made)) return Result.fail([...issues, ...made.failure])
  const { vendor } = made.success
  if (trigger.scope !== undefined && vendor !== "rudderstack") {
    issues.push({ path: ["scope"], message: `Expected none: ${vendor} lets nobody choose what a run covers` })
  }
  if (issues.length > 0) return Result.fail(issues)
  return Result.succeed({
    name,
    ref: made.success,
    labels,
    trigger,
    wait: { ...(policy && { policy }), ...(deadline && { deadline }) },
    ...(cancelAfter && { cancelAfter }),
  })
}

interface Named {
  readonly ref: SyncRef | undefined
  readonly workspace: string | undefined
  readonly ids: VendorIds | undefined
}

/** A sync is named by its ref, or by its workspace and ids; either way the file must know the workspace. */
const refOf = (
  { ref, workspace, ids }: Named,
  workspaces: Readonly<Record<string, unknown>>,
): Result.Result<SyncRef, Issues> => {
  const fail = (path: string, message: string) => Result.fail([{ path: path === "" ? [] : [path], message }])
  if (ref !== undefined && (workspace !== undefined || ids !== undefined)) {
    return fail("", "Expected either ref, or workspace and ids")
  }
  if (ref !== undefined) return checked(ref, "ref", workspaces)
  if (workspace === undefined || ids === undefined) return fail("", "Expected ref, or workspace and ids")
  const vendor = vendorOf(workspace, workspaces)
  if (vendor === undefined) return fail("workspace", "Expected the name of a workspace in this file")
  return checked(new SyncRef({ workspace, vendor, ids }), "ids", workspaces)
}

/** The ref, if its workspace is in the file under the same vendor, and its ids are that vendor's. */
const checked = (
  ref: SyncRef,
  field: string,
  workspaces: Readonly<Record<string, unknown>>,
): Result.Result<SyncRef, Issues> => {
  const vendor = vendorOf(ref.workspace, workspaces)
  if (vendor === undefined || vendor !== ref.vendor) {
    const message = `Expected a ref of a workspace in this file, not of ${ref.vendor} (${ref.workspace})`
    return Result.fail([{ path: [field], message }])
  }
  const names: ReadonlyArray<string> = isVendor(vendor) ? vendors[vendor].idNames : []
  const given = Object.keys(ref.ids)
  return given.length === names.length && names.every((name) => given.includes(name))
    ? Result.succeed(ref)
    : Result.fail([{ path: [field], message: `Expected the ids ${names.join(", ")}, and no others` }])
}

const vendorOf = (name: string, workspaces: Readonly<Record<string, unknown>>): string | undefined => {
  const workspace = Object.hasOwn(workspaces, name) ? workspaces[name] : undefined
  if (typeof workspace !== "object" || workspace === null || !("vendor" in workspace)) return undefined
  return isVendor(workspace.vendor) ? workspace.vendor : undefined
}
