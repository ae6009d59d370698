/**
 * Workspaces and fleets in promises, for programs without Effect: `await RudderStack.open(options)` of an adapter, and
 * `openFleet` here.
 *
 * What an open workspace can do comes from its services, member by member: an effect is a function that returns a promise,
 * a stream one that returns an async iterable. Promises reject with the errors that the services document.
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import * as EffectScope from "effect/Scope"
import * as Stream from "effect/Stream"
import type * as Adapter from "./Adapter.ts"
import { Administration } from "./Administration.ts"
import { Cancellation } from "./Cancellation.ts"
import { Catalog } from "./Catalog.ts"
import { Creation } from "./Creation.ts"
import { CurrentWorkspace } from "./CurrentWorkspace.ts"
import { Deletion } from "./Deletion.ts"
import * as Fleet from "./Fleet.ts"
import * as Opening from "./fleet/opening.ts"
import * as FieldIssue from "./model/FieldIssue.ts"
import * as Input from "./model/Input.ts"
import { InvalidRequest, type Reason } from "./model/Reason.ts"
import * as Ref from "./model/Ref.ts"
import { RetlError } from "./model/RetlError.ts"
import type { Sync } from "./model/Sync.ts"
import * as Calls from "./open/calls.ts"
import * as Frame from "./open/frame.ts"
import * as OpenOptions from "./open/options.ts"
import { Runs } from "./Runs.ts"
import { type Scoped, ScopedTriggers } from "./ScopedTriggers.ts"
import type { Workspace } from "./Workspace.ts"

export type { Abort, LogLevel, Promised, PromisedService } from "./open/calls.ts"
export type { JournalOption, Options, TokenOption, TransportOption } from "./open/options.ts"

/** What every open workspace and fleet has. */
export interface Closable extends AsyncDisposable {
  /**
   * Closes it, once: stops its waits, settles its triggers and changes as `closeWithin` says, and closes its journal. Later
   * calls are refused with the reason `Stopped`. `await using` closes it, too.
   */
  readonly close: () => Promise<void>
}

/** Decodes the text form of a sync's ref. Throws `InvalidRef`, which says what was expected. */
export const parseSync = (text: string): Ref.SyncRef => Frame.thrown(parseSync, Ref.parseSync(text))

/** Decodes the text form of a run's ref. Throws `InvalidRef`, which says what was expected. */
export const parseRun = (text: string): Ref.RunRef => Frame.thrown(parseRun, Ref.parseRun(text))

/** What this service adds to a workspace that has it. */
type Where<I, S, Members> = [I] extends [S] ? Members : unknown

/** An operation that takes a scope, or leaves it to the workspace's `defaultScope`. */
type MaybeScoped<Operation> = Operation extends (
  sync: infer Sync,
  options: infer Options extends Scoped,
) => infer Result
  ? (sync: Sync, options: Omit<Options, "scope"> & Partial<Scoped>) => Result
  : Operation

/** `Runs`, with a scope where the vendor has scopes. */
type RunsOf<S> = [ScopedTriggers] extends [S]
  ? {
      readonly [Name in keyof Runs["Service"]]: Name extends keyof ScopedTriggers["Service"]
        ? MaybeScoped<ScopedTriggers["Service"][Name]>
        : Runs["Service"][Name]
    }
  : Runs["Service"]

/** The operations on runs: those of `Runs`, with a scope and a cancel where the vendor has them. */
export type OpenRuns<S> = Calls.PromisedService<RunsOf<S>> &
  Where<Cancellation, S, Calls.PromisedService<Cancellation["Service"]>>

/** The operations on configured syncs. */
export type OpenSyncs<S> = Calls.PromisedService<Catalog["Service"]> &
  Where<Administration, S, Calls.PromisedService<Administration["Service"]>> &
  Where<Creation, S, Calls.PromisedService<Creation["Service"]>> &
  Where<Deletion, S, Calls.PromisedService<Deletion["Service"]>>

/** A workspace in promises: exactly what its vendor can do. */
export type OpenWorkspace<S, Ids> = OpenRuns<S> &
  Closable & {
    /** Its name, its vendor, what it can do, and a check of the token. */
    readonly workspace: Calls.PromisedService<CurrentWorkspace["Service"]>
    /** Creates the ref of a sync. Throws `RetlError` (`InvalidRequest`), with an issue for each field that is invalid. */
    readonly syncRef: (ids: Ids) => Ref.SyncRef
  } & Where<Catalog, S, { readonly syncs: OpenSyncs<S> }>

/** Any open workspace. */
type AnyOpenWorkspace = Closable & { readonly workspace: Calls.PromisedService<CurrentWorkspace["Service"]> }

/** The part of an adapter that `open` needs. */
export type Openable<O, S, Ids> = Pick<Adapter.Adapter<never, never, Ids, never, never, S>, "vendor" | "syncRef"> & {
  /** Creates the workspace. */
  readonly workspace: (options: O) => Effect.Effect<Workspace<S>, RetlError, EffectScope.Scope>
  /** Returns all problems of options, unknown names included. */
  readonly issues: (options: unknown) => ReadonlyArray<FieldIssue.FieldIssue>
}

/** The services of open workspaces, for fleets of them. */
const opened = new WeakMap<object, Workspace<never>>()

/**
 * Returns the `open` of an adapter. It rejects with `InvalidRequest`, with all problems of the options at once, unknown ones
 * included, and with `JournalFailed` where the journal cannot be opened. It sends no request.
 */
export const opener = <O, S, Ids>({ vendor, workspace, issues, syncRef }: Openable<O, S, Ids>) =>
  async function open(options: OpenOptions.Options<O>): Promise<OpenWorkspace<S, Ids>> {
    const frame = Frame.above(open)
    const { adapter, journal, withTransport, logLevel, allIssues } = OpenOptions.read(options)
    const given = Input.field(adapter, "name")
    const name = typeof given === "string" ? given : ""
    const failed = (reason: Reason) => RetlError.notSent({ workspace: name, vendor, operation: "open", reason })
    const found = allIssues(issues(adapter))
    if (found.length > 0) throw Frame.add(failed(new InvalidRequest({ issues: found })), frame)

    const scope = EffectScope.makeUnsafe()
    const calls = Calls.make({ workspace: name, vendor }, logLevel)
    const exit = await Effect.mapError(journal, failed).pipe(
      Effect.flatMap((value) => workspace(Object.create(adapter, { journal: { value } }))),
      withTransport,
      EffectScope.provide(scope),
      calls.run,
    )
    const close = (exit: Exit.Exit<unknown, unknown>) => Effect.runPromise(EffectScope.close(scope, exit))
    if (Exit.isFailure(exit)) {
      await close(exit)
      throw Frame.add(Cause.squash(exit.cause), frame)
    }
    const result = {
      ...operationsOf(exit.value.services, calls),
      ...closable(calls, () => close(Exit.void)),
      syncRef: function syncRefOf(ids: Ids) {
        return Frame.thrown(syncRefOf, syncRef(name, ids))
      },
    }
    opened.set(result, exit.value)
    return result as never
  }

/** Returns what the services of a workspace can do, in promises. */
const operationsOf = (services: Context.Context<never>, { promised }: Calls.Calls) => {
  const find = <I, A extends object>(key: Context.Key<I, A>): Partial<A> | undefined =>
    Context.getOrUndefined(services, key)
  const runs = find(Runs)
  const syncs = { ...find(Catalog), ...find(Administration), ...find(Creation), ...find(Deletion) }
  return {
    ...promised({ ...runs, ...byScope(runs, find(ScopedTriggers)), ...find(Cancellation) }),
    workspace: promised({ ...find(CurrentWorkspace) }),
    ...(Object.keys(syncs).length > 0 && { syncs: promised(syncs) }),
  }
}

type Operation = (sync: Ref.SyncRef, options: unknown) => unknown

/** Returns the operations that take a scope: with one, those of the vendors with scopes; without, the usual ones. */
const byScope = (runs: object = {}, scoped: object = {}): object =>
  Object.fromEntries(
    Object.entries(scoped).map(([name, withScope]) => [
      name,
      (sync: Ref.SyncRef, options: unknown) => {
        const [scope, others] = Input.take(options, "scope")
        const usual: Operation = Reflect.get(runs, name)
        return scope === undefined ? usual(sync, others) : withScope(sync, options)
      },
    ]),
  )

/** Returns what every open workspace and fleet has. */
const closable = (calls: Calls.Calls, release: () => Promise<unknown>): Closable => {
  let closing: Promise<unknown> | undefined
  const close = async () => {
    closing ??= calls.stop().then(release)
    await closing
  }
  return { close, [Symbol.asyncDispose]: close }
}

/** The configured syncs of a fleet. */
interface FleetSyncs {
  /**
   * The configured syncs of all workspaces, one workspace after the other. Where core cannot read all syncs of a workspace,
   * its `error` follows the syncs that it could read; the syncs of the next workspace come after that.
   */
  readonly syncs: Stream.Stream<{ readonly sync: Sync } | { readonly error: RetlError }>
}

/** Open workspaces of a fleet, by their names, or the promises of them. */
type OpeningFleet = Readonly<Record<string, AnyOpenWorkspace | Promise<AnyOpenWorkspace>>>

/** A fleet in promises: an operation finds its workspace by the ref. */
export type OpenFleet<O extends OpeningFleet> = Calls.PromisedService<
  Omit<Fleet.Fleet<Fleet.Workspaces>, "workspaces" | "in" | "each" | "supports" | "syncs"> & FleetSyncs
> &
  Closable & {
    /** The workspaces, by their names. */
    readonly workspaces: { readonly [Name in keyof O]: Awaited<O[Name]> }
  }

/**
 * Makes several open workspaces one: pass what the adapters' `open` returns, each by the name of its workspace. It rejects
 * with all problems of all workspaces at once, and then closes those that are open. Closing the fleet closes them all.
 *
 *     const fleet = await openFleet({ crm: RudderStack.open({ name: "crm", ... }), ads: Segment.open({ name: "ads", ... }) })
 */
export const openFleet = async <const O extends OpeningFleet>(
  opening: O,
  { logLevel = "Warn" }: { readonly logLevel?: Calls.LogLevel } = {},
): Promise<OpenFleet<O>> => {
  const frame = Frame.above(openFleet)
  const settled = await Promise.allSettled(
    Object.entries(opening).map(async ([name, workspace]) => [name, await workspace] as const),
  )
  const workspaces = Object.fromEntries(settled.flatMap((it) => (it.status === "fulfilled" ? [it.value] : [])))
  const closeAll = () => Promise.all(Object.values(workspaces).map((workspace) => workspace?.close?.()))
  try {
    const names = Object.keys(opening)
    const failures = settled.flatMap((it, at) =>
      it.status === "rejected" ? [[String(names[at]), it.reason] as const] : [],
    )
    if (failures.length > 0) throw together(failures)
    const { workspaces: _, in: __, each: ___, supports: ____, ...operations } = Effect.runSync(fleetOf(workspaces))
    const calls = Calls.make(fleetOwner, logLevel)
    const syncs = Stream.map(operations.syncs, (result) =>
      Result.isSuccess(result) ? { sync: result.success } : { error: result.failure },
    )
    return { ...calls.promised({ ...operations, syncs }), ...closable(calls, closeAll), workspaces } as never
  } catch (error) {
    await closeAll()
    throw Frame.add(error, frame)
  }
}

const fleetOwner = { workspace: "", vendor: "fleet" }

const fleetOf = (workspaces: Readonly<Record<string, AnyOpenWorkspace>>) => {
  const found = Object.entries(workspaces).map(([name, workspace]) => [name, opened.get(workspace)] as const)
  const issues = found.flatMap(([name, workspace]) =>
    workspace === undefined ? [{ path: [name], message: expected }] : [],
  )
  return issues.length > 0
    ? Effect.fail(Opening.invalid("open", issues))
    : Fleet.make(Object.fromEntries(found) as Fleet.Workspaces)
}

const expected = "Expected what the open of an adapter returns"

/** Returns the problems of several workspaces as one error; an error of another kind goes first. */
const together = (failures: ReadonlyArray<readonly [name: string, error: unknown]>): unknown => {
  const other = failures.find(([, error]) => !Opening.isInvalid(error))
  if (other !== undefined) return other[1]
  return Opening.invalid(
    "open",
    failures.flatMap(([name, error]) =>
      Opening.isInvalid(error) ? FieldIssue.within([name], error.reason.issues) : [],
    ),
  )
}
