/** Opens the workspaces of a fleet, and collects the problems of all of them. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as EffectScope from "effect/Scope"
import * as FieldIssue from "../model/FieldIssue.ts"
import { InvalidRequest } from "../model/Reason.ts"
import { RetlError } from "../model/RetlError.ts"
import type { Workspace } from "../Workspace.ts"

type Issues = ReadonlyArray<FieldIssue.FieldIssue>

/** Workspaces by their names. */
// biome-ignore lint/suspicious/noExplicitAny: any workspace, whatever its services
export type Workspaces = Readonly<Record<string, Workspace<any>>>

/** Workspaces that are opened, by their names. */
// biome-ignore lint/suspicious/noExplicitAny: any workspace, whatever its services and what opening it needs
export type Opening = Readonly<Record<string, Effect.Effect<Workspace<any>, RetlError, any>>>

/** Opens all workspaces, each whatever becomes of the others. Fails with all problems of all of them. */
export const open = Effect.fnUntraced(function* (
  opening: Opening,
): Effect.fn.Return<Workspaces, RetlError, EffectScope.Scope> {
  const exits = yield* Effect.forEach(Object.entries(opening), ([name, workspace]) =>
    Effect.map(Effect.exit(workspace), (exit) => [name, exit] as const),
  )
  const failures = exits.flatMap(([name, exit]) => (Exit.isFailure(exit) ? [[name, exit.cause] as const] : []))
  const workspaces = Object.fromEntries(
    exits.flatMap(([name, exit]) => (Exit.isSuccess(exit) ? [[name, exit.value] as const] : [])),
  )
  if (failures.length === 0) return workspaces
  return yield* Effect.failCause(together(failures, misnamed(workspaces)))
})

/** Returns the problems of several workspaces as one error, each below its name; an error of another kind goes first. */
const together = (
  failures: ReadonlyArray<readonly [name: string, cause: Cause.Cause<RetlError>]>,
  others: Issues,
): Cause.Cause<RetlError> => {
  const issues = [...others]
  for (const [name, cause] of failures) {
    const error = Cause.squash(cause)
    if (!isInvalid(error)) return cause
    issues.push(...FieldIssue.within([name], error.reason.issues))
  }
  return Cause.fail(invalid("open", issues))
}

/** Returns an issue for each workspace under another name than its own. */
export const misnamed = (workspaces: Workspaces): Issues =>
  Object.entries(workspaces)
    .filter(([key, { name }]) => key !== name)
    .map(([key, { name }]) => ({ path: [key], message: `Expected the workspace's name, "${name}"` }))

type Invalid = RetlError & { readonly reason: InvalidRequest }

/** Returns whether an error names what is wrong with options. */
export const isInvalid = (error: unknown): error is Invalid =>
  error instanceof RetlError && error.reason._tag === "InvalidRequest"

/** Returns the error of a fleet for these problems. */
export const invalid = (operation: string, issues: Issues): RetlError =>
  RetlError.notSent({ workspace: "", vendor: "fleet", operation, reason: new InvalidRequest({ issues }) })
