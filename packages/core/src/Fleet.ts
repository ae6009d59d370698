/**
 * Several named workspaces, of any vendors, as one.
 *
 * Operations find their workspace by the ref. `in` and `each` run a program against one workspace, or all, and the type
 * checker knows what each of them can do. Fanning out goes on when one workspace fails, and says which did.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as Administration from "./Administration.ts"
import * as Cancellation from "./Cancellation.ts"
import * as Catalog from "./Catalog.ts"
import * as Creation from "./Creation.ts"
import * as Deletion from "./Deletion.ts"
import type { Change, Definition } from "./model/Change.ts"
import type { Intent } from "./model/Intent.ts"
import type { Finished } from "./model/Outcome.ts"
import { InvalidRequest, type Reason, Unsupported, WrongWorkspace } from "./model/Reason.ts"
import type { RunRef, SyncRef } from "./model/Ref.ts"
import { RetlError } from "./model/RetlError.ts"
import type { Run } from "./model/Run.ts"
import type { Scope } from "./model/Scope.ts"
import type { Sync } from "./model/Sync.ts"
import type { Schedule } from "./model/schedule/Schedule.ts"
import type * as Trigger from "./model/Trigger.ts"
import type * as Wait from "./model/Wait.ts"
import * as Runs from "./Runs.ts"
import * as ScopedTriggers from "./ScopedTriggers.ts"
import type { Workspace } from "./Workspace.ts"

/** Workspaces by their names. */
// biome-ignore lint/suspicious/noExplicitAny: any workspace, whatever its services
export type Workspaces = Readonly<Record<string, Workspace<any>>>

/** The services of one workspace of the fleet. */
export type ServicesOf<W> = W extends Workspace<infer S> ? S : never

/** The services that every workspace of the fleet has. */
export type CommonServices<W extends Workspaces> = Common<W, { [N in keyof W]: ServicesOf<W[N]> }[keyof W]>

type Common<W extends Workspaces, S> = S extends unknown ? (Lacking<W, S> extends never ? S : never) : never

/** The names of the workspaces that lack this service. */
type Lacking<W extends Workspaces, S> = { [N in keyof W]: S extends ServicesOf<W[N]> ? never : N }[keyof W]

/** A scope where the vendor has scopes; for a vendor without, naming one is `Unsupported`, and nothing is sent. */
export interface MaybeScoped {
  readonly scope?: Scope
}

export interface Fleet<W extends Workspaces> {
  readonly workspaces: W
  /** Runs a program against one workspace. */
  readonly in: <N extends keyof W & string>(
    name: N,
  ) => <A, E, R>(program: Effect.Effect<A, E, R>) => Effect.Effect<A, E, Exclude<R, ServicesOf<W[N]>>>
  /** Runs a program against every workspace at once, and yields how it ended at each. */
  readonly each: <A, E, R>(
    program: Effect.Effect<A, E, R>,
  ) => Effect.Effect<{ readonly [N in keyof W]: Exit.Exit<A, E> }, never, Exclude<R, CommonServices<W>>>
  /** Whether the workspace that a ref names has this service. */
  readonly supports: <I, S>(ref: SyncRef | RunRef, service: Context.Key<I, S>) => boolean
  readonly trigger: (
    sync: SyncRef,
    options: Trigger.Options & MaybeScoped,
  ) => Effect.Effect<Trigger.Result, RetlError | Trigger.TriggerIndeterminate>
  readonly run: (
    sync: SyncRef,
    options: Runs.RunOptions & MaybeScoped,
  ) => Effect.Effect<
    Finished,
    RetlError | Trigger.TriggerIndeterminate | Wait.WaitDeadlineExceeded | Wait.OutcomeRejected
  >
  readonly resolve: (intent: Intent) => Effect.Effect<Trigger.Resolution, RetlError>
  readonly get: (run: RunRef) => Effect.Effect<Run, RetlError>
  readonly list: (sync: SyncRef, options?: Runs.ListOptions) => Stream.Stream<Run, RetlError>
  readonly wait: (run: RunRef, options?: Wait.Options) => Effect.Effect<Finished, RetlError | Wait.WaitDeadlineExceeded>
  readonly watch: (
    run: RunRef,
    options?: Pick<Wait.Options, "deadline">,
  ) => Stream.Stream<Run, RetlError | Wait.WaitDeadlineExceeded>
  readonly cancel: (
    run: RunRef,
    options?: Cancellation.Options,
  ) => Effect.Effect<Cancellation.Result, RetlError | Wait.WaitDeadlineExceeded>
  /**
   * The configured syncs of all workspaces, one workspace after the other. Where one cannot be read, its error takes the
   * place of its syncs, and the others follow.
   */
  readonly syncs: Stream.Stream<Result.Result<Sync, RetlError>>
  readonly getSync: (sync: SyncRef) => Effect.Effect<Sync, RetlError>
  readonly createSync: (name: keyof W & string, definition: Definition) => Changed<Sync>
  readonly updateSync: (sync: SyncRef, change: Change) => Changed<Sync>
  readonly pauseSync: (sync: SyncRef) => Changed<Sync>
  readonly resumeSync: (sync: SyncRef) => Changed<Sync>
  readonly setSchedule: (sync: SyncRef, schedule: Schedule) => Changed<Sync>
  readonly deleteSync: (sync: SyncRef) => Changed<void>
}

type Changed<A> = Administration.Changed<A>

/** A fleet of these workspaces. Each must stand under its own name, since refs carry that name. */
export const make = <const W extends Workspaces>(workspaces: W): Effect.Effect<Fleet<W>, RetlError> => {
  const issues = Object.entries(workspaces)
    .filter(([key, { name }]) => key !== name)
    .map(([key, { name }]) => ({ path: [key], message: `Expected the workspace's own name, "${name}"` }))
  if (issues.length === 0) return Effect.succeed(assemble(workspaces))
  const reason = new InvalidRequest({ issues })
  return Effect.fail(RetlError.notSent({ workspace: "", vendor: "fleet", operation: "configure", reason }))
}

const assemble = <W extends Workspaces>(workspaces: W): Fleet<W> => {
  const named = (name: string): Workspace<never> | undefined =>
    Object.hasOwn(workspaces, name) ? workspaces[name] : undefined

  const service = <I, S>(
    of: Partial<Pick<SyncRef, "workspace" | "vendor">> | null | undefined,
    operation: string,
    key: Context.Key<I, S>,
    capability: string,
  ): Effect.Effect<S, RetlError> => {
    // Callers in JavaScript may hand over anything.
    const [name, vendor] = [String(of?.workspace ?? ""), String(of?.vendor ?? "")]
    const refuse = (reason: Reason) => Effect.fail(RetlError.notSent({ workspace: name, vendor, operation, reason }))
    const workspace = named(name)
    if (workspace === undefined || workspace.vendor !== vendor) {
      return refuse(new WrongWorkspace({ named: `${vendor} (${name}), which is not in this fleet` }))
    }
    return Option.match(Context.getOption(workspace.services, key), {
      onNone: () => refuse(new Unsupported({ capability })),
      onSome: Effect.succeed,
    })
  }
  const runs = (sync: SyncRef | undefined, operation: string) => service(sync, operation, Runs.Runs, "runs")
  const scoped = (sync: SyncRef) => service(sync, "start", ScopedTriggers.ScopedTriggers, "scopes")

  const catalog = (of: Pick<SyncRef, "workspace" | "vendor">, operation: string) =>
    service(of, operation, Catalog.Catalog, "catalog")
  const administration = (of: Pick<SyncRef, "workspace" | "vendor">, operation: string) =>
    service(of, operation, Administration.Administration, "administration")

  const names = Object.keys(workspaces) as ReadonlyArray<keyof W & string>
  /** The services under a name, as the caller's types know them. */
  const contextOf = <S>(name: keyof W): Context.Context<S> => {
    const services: Context.Context<S> | undefined = workspaces[name]?.services
    return services ?? (Context.empty() as Context.Context<S>)
  }

  const each: Fleet<W>["each"] = <A, E, R>(program: Effect.Effect<A, E, R>) => {
    const exits = {} as { [N in keyof W]: Exit.Exit<A, E> }
    return Effect.forEach(
      names,
      (name) =>
        program.pipe(
          Effect.provideContext(contextOf<CommonServices<W>>(name)),
          Effect.exit,
          Effect.tap((exit) =>
            Effect.sync(() => {
              exits[name] = exit
            }),
          ),
        ),
      { concurrency: "unbounded", discard: true },
    ).pipe(Effect.as(exits))
  }

  return {
    workspaces,
    in: (name) => (program) => Effect.provideContext(program, contextOf<ServicesOf<W[typeof name]>>(name)),
    each,
    supports: (ref, key) => {
      const sync = Predicate.hasProperty(ref, "sync") ? syncOf(ref) : ref
      return Option.isSome(Context.getOption(named(String(sync?.workspace))?.services ?? Context.empty(), key))
    },
    trigger: (sync, triggerOptions) => {
      const { scope, ...options } = { ...triggerOptions }
      return scope === undefined
        ? Effect.flatMap(runs(sync, "start"), ({ trigger }) => trigger(sync, options))
        : Effect.flatMap(scoped(sync), ({ trigger }) => trigger(sync, { ...options, scope }))
    },
    run: (sync, runOptions) => {
      const { scope, ...options } = { ...runOptions }
      return scope === undefined
        ? Effect.flatMap(runs(sync, "start"), ({ run }) => run(sync, options))
        : Effect.flatMap(scoped(sync), ({ run }) => run(sync, { ...options, scope }))
    },
    resolve: (intent) => Effect.flatMap(runs(syncOf(intent), "resolve"), ({ resolve }) => resolve(intent)),
    get: (run) => Effect.flatMap(runs(syncOf(run), "get"), ({ get }) => get(run)),
    list: (sync, options) => Stream.unwrap(Effect.map(runs(sync, "list"), ({ list }) => list(sync, options))),
    wait: (run, options) => Effect.flatMap(runs(syncOf(run), "wait"), ({ wait }) => wait(run, options)),
    watch: (run, options) => Stream.unwrap(Effect.map(runs(syncOf(run), "wait"), ({ watch }) => watch(run, options))),
    cancel: (run, options) =>
      Effect.flatMap(service(syncOf(run), "cancel", Cancellation.Cancellation, "cancelling"), ({ cancel }) =>
        cancel(run, options),
      ),
    syncs: Stream.fromIterable(names).pipe(
      Stream.flatMap((name) =>
        Stream.unwrap(
          Effect.map(catalog({ workspace: name, vendor: named(name)?.vendor ?? "" }, "listSyncs"), ({ list }) => list),
        ).pipe(
          Stream.map((sync) => Result.succeed(sync)),
          Stream.catch((error) => Stream.succeed(Result.fail(error))),
        ),
      ),
    ),
    getSync: (sync) => Effect.flatMap(catalog(sync, "getSync"), ({ get }) => get(sync)),
    createSync: (name, definition) => {
      const at = { workspace: name, vendor: named(name)?.vendor ?? "unknown vendor" }
      return Effect.flatMap(service(at, "createSync", Creation.Creation, "creation"), ({ create }) =>
        create(definition),
      )
    },
    updateSync: (sync, change) =>
      Effect.flatMap(administration(sync, "updateSync"), ({ update }) => update(sync, change)),
    pauseSync: (sync) => Effect.flatMap(administration(sync, "pauseSync"), ({ pause }) => pause(sync)),
    resumeSync: (sync) => Effect.flatMap(administration(sync, "resumeSync"), ({ resume }) => resume(sync)),
    setSchedule: (sync, schedule) =>
      Effect.flatMap(administration(sync, "setSchedule"), (service) => service.setSchedule(sync, schedule)),
    deleteSync: (sync) =>
      Effect.flatMap(service(sync, "deleteSync", Deletion.Deletion, "deletion"), (deletion) => deletion.delete(sync)),
  }
}

/** The sync of a ref or an intent. Callers without a type checker may hand over anything: it belongs to no workspace then. */
const syncOf = (holder: { readonly sync: SyncRef } | null | undefined): SyncRef | undefined => holder?.sync
