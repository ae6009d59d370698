/**
 * Several named workspaces, of any vendors, as one.
 *
 * An operation finds its workspace by the ref. `in` and `each` run a program against one workspace or all of them, and
 * the type checker knows what each can do. Where one workspace fails, the others go on, and the result says which
 * failed.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type * as EffectScope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as Administration from "./Administration.ts"
import * as Cancellation from "./Cancellation.ts"
import * as Catalog from "./Catalog.ts"
import * as Creation from "./Creation.ts"
import * as Deletion from "./Deletion.ts"
import * as Switching from "./engine/configuration/switching.ts"
import * as Opened from "./fleet/opening.ts"
import * as RunAll from "./fleet/runAll.ts"
import type { Change, CreateOptions, Definition } from "./model/Change.ts"
import * as Input from "./model/Input.ts"
import type { Finished } from "./model/Outcome.ts"
import { type Reason, Unsupported, WrongWorkspace } from "./model/Reason.ts"
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
export type Workspaces = Opened.Workspaces

/** The services of one workspace of the fleet. */
export type ServicesOf<W> = W extends Workspace<infer S> ? S : never

/** The services that every workspace of the fleet has. */
export type CommonServices<W extends Workspaces> = Common<W, { [N in keyof W]: ServicesOf<W[N]> }[keyof W]>

type Common<W extends Workspaces, S> = S extends unknown ? (Lacking<W, S> extends never ? S : never) : never

/** The names of the workspaces that lack this service. */
type Lacking<W extends Workspaces, S> = { [N in keyof W]: S extends ServicesOf<W[N]> ? never : N }[keyof W]

/** The scope of a run, where its vendor has scopes. */
export interface MaybeScoped {
  /**
   * What the run covers. With a scope, a call to a vendor without scopes fails with `Unsupported`, before any request.
   * @default the workspace's `defaultScope`, where its vendor has scopes
   */
  readonly scope?: Scope
}

/**
 * Several workspaces as one. Every operation fails with `WrongWorkspace` for a ref of no workspace of the fleet, and
 * with `Unsupported` where the workspace lacks the service, before any request.
 */
export interface Fleet<W extends Workspaces> {
  /** The workspaces, by their names. */
  readonly workspaces: W
  /** Runs a program against one workspace. */
  readonly in: <N extends keyof W & string>(
    name: N,
  ) => <A, E, R>(program: Effect.Effect<A, E, R>) => Effect.Effect<A, E, Exclude<R, ServicesOf<W[N]>>>
  /** Runs a program against all workspaces at once. Returns how it ended at each, and never fails. */
  readonly each: <A, E, R>(
    program: Effect.Effect<A, E, R>,
  ) => Effect.Effect<{ readonly [N in keyof W]: Exit.Exit<A, E> }, never, Exclude<R, CommonServices<W>>>
  /** Returns whether the workspace that a ref names has a service. */
  readonly supports: <I, S>(ref: SyncRef | RunRef, service: Context.Key<I, S>) => boolean
  /** Triggers one run, as `Runs.trigger` or, with a scope, as `ScopedTriggers.trigger`. */
  readonly trigger: (
    sync: SyncRef,
    options: Trigger.Options & MaybeScoped,
  ) => Effect.Effect<Trigger.Result, RetlError | Trigger.TriggerIndeterminate>
  /** Triggers a run and waits for its end, as `Runs.run` or, with a scope, as `ScopedTriggers.run`. */
  readonly run: (
    sync: SyncRef,
    options: Runs.RunOptions & MaybeScoped,
  ) => Effect.Effect<Finished, RetlError | Trigger.TriggerIndeterminate | Wait.Unended | Wait.OutcomeRejected>
  /**
   * Runs named syncs together, each to its end, at most `concurrency` at once and `perDestination` at one destination. A job
   * that fails stops no other. Returns the report on all jobs in their order. Fails with `InvalidRequest`, with all problems
   * of all jobs at once, before any request. An interrupt leaves the runs alone: `onEnd` gets, and a warning of the log names,
   * what the journal has of each job that had not ended.
   */
  readonly runAll: RunAll.RunAll
  /** Makes the data of a sync fresh, as `Runs.ensure` or, with a scope, as `ScopedTriggers.ensure`. */
  readonly ensure: (
    sync: SyncRef,
    options: Runs.EnsureOptions & MaybeScoped,
  ) => Effect.Effect<Finished, RetlError | Trigger.TriggerIndeterminate | Wait.Unended | Wait.OutcomeRejected>
  /** Finds out what became of a trigger, as `Runs.resolve`. */
  readonly resolve: Runs.Service["resolve"]
  /** Goes on with the run of an entry or a key, as `Runs.resume`. */
  readonly resume: Runs.Service["resume"]
  /** Concludes an open entry by hand, as `Runs.settle`. */
  readonly settle: Runs.Service["settle"]
  /** Reads one run, as `Runs.get`. */
  readonly get: (run: RunRef) => Effect.Effect<Run, RetlError>
  /** Returns the runs of a sync, as `Runs.list`. */
  readonly list: (sync: SyncRef, options?: Runs.ListOptions) => Stream.Stream<Run, RetlError>
  /** Returns how fresh the data of a sync are, as `Runs.freshness`. */
  readonly freshness: Runs.Service["freshness"]
  /** Waits for a run to end and judges it, as `Runs.wait`. */
  readonly wait: (run: RunRef, options?: Wait.Options) => Effect.Effect<Finished, RetlError | Wait.Unended>
  /** Returns every change of a run, as `Runs.watch`. */
  readonly watch: (run: RunRef, options?: Omit<Wait.Options, "policy">) => Stream.Stream<Run, RetlError | Wait.Unended>
  /** Looks at a run once, as `Runs.check`. */
  readonly check: Runs.Service["check"]
  /** Takes a hint that a run has changed, as `Runs.notice`. */
  readonly notice: Runs.Service["notice"]
  /** Cancels a run, as `Cancellation.cancel`. */
  readonly cancel: (
    run: RunRef,
    options?: Cancellation.Options,
  ) => Effect.Effect<Cancellation.Result, RetlError | Wait.WaitDeadlineExceeded>
  /**
   * The configured syncs of all workspaces, one workspace after the other. Where core cannot read all syncs of a
   * workspace, the error follows the syncs that it could read; the syncs of the next workspace come after that.
   */
  readonly syncs: Stream.Stream<Result.Result<Sync, RetlError>>
  /** Reads one configured sync, as `Catalog.get`. */
  readonly getSync: (sync: SyncRef) => Effect.Effect<Sync, RetlError>
  /** Creates a sync in the workspace of this name, as `Creation.create`. */
  readonly createSync: (name: keyof W & string, definition: Definition, options?: CreateOptions) => Changed<Sync>
  /** Changes a sync, as `Administration.update`. */
  readonly updateSync: (sync: SyncRef, change: Change) => Changed<Sync>
  /** Switches a sync off, as `Administration.pause`. */
  readonly pauseSync: (sync: SyncRef) => Changed<Sync>
  /** Switches a sync on, as `Administration.resume`. */
  readonly resumeSync: (sync: SyncRef) => Changed<Sync>
  /** Replaces the schedule of a sync, as `Administration.setSchedule`. */
  readonly setSchedule: (sync: SyncRef, schedule: Schedule) => Changed<Sync>
  /** Deletes a sync, as `Deletion.delete`. */
  readonly deleteSync: (sync: SyncRef) => Changed<void>
  /** Holds a sync for a switch-over: for `Move.switchOver`. */
  readonly holdForSwitch: Switching.Service["hold"]
}

type Changed<A> = Administration.Changed<A>

/** Creates a fleet of workspaces. Fails with `InvalidRequest` unless each key is the name of its workspace. */
export const make = <const W extends Workspaces>(workspaces: W): Effect.Effect<Fleet<W>, RetlError> => {
  const issues = Opened.misnamed(workspaces)
  if (issues.length > 0) return Effect.fail(Opened.invalid("configure", issues))
  const find = finderOf(workspaces)
  const operations = runOperationsOf(find)
  return Effect.succeed({
    ...programsOf(workspaces),
    supports: find.supports,
    ...operations,
    runAll: RunAll.make({ has: find.has, find: find.find, run: operations.run }),
    ...configurationOperationsOf(find, Object.keys(workspaces)),
  })
}

/** Workspaces that are opened for a fleet, by their names: what the adapters' `workspace` and `workspaceConfig` return. */
export type Opening = Opened.Opening

/** The fleet of such workspaces. */
export type Of<O extends Opening> = Fleet<{ readonly [N in keyof O]: Effect.Success<O[N]> }>

/**
 * Opens workspaces and makes them a fleet. Their background work ends with the surrounding `Scope`. Fails with
 * `InvalidRequest`, with all problems of all workspaces at once, each below the name of its workspace. An error of another
 * kind, as of a journal, goes first.
 */
export const open = <const O extends Opening>(
  opening: O,
): Effect.Effect<Of<O>, RetlError, EffectScope.Scope | Effect.Services<O[keyof O]>> =>
  Effect.flatMap(Opened.open(opening), (workspaces) => make(workspaces) as Effect.Effect<Of<O>, RetlError>)

/**
 * Returns the layer that opens a fleet, as `open` does, and provides it as the service of this key:
 *
 *     class Vendors extends Context.Service<Vendors, Fleet.Of<typeof workspaces>>()("app/Vendors") {
 *       static readonly layer = Fleet.layer(Vendors, workspaces)
 *     }
 */
export const layer = <I, const O extends Opening>(
  key: Context.Key<I, Of<O>>,
  opening: O,
): Layer.Layer<I, RetlError, Exclude<Effect.Services<O[keyof O]>, EffectScope.Scope>> =>
  Layer.effect(key, open(opening))

/** Names a workspace of a fleet. Callers without a type checker may pass anything. */
type Address = Partial<Pick<SyncRef, "workspace" | "vendor">> | null | undefined

/** Finds the services of a fleet's workspaces. */
interface Finder {
  /**
   * Returns a service. Fails with `WrongWorkspace` without such a workspace, with `Unsupported` without the service.
   */
  readonly service: <I, S>(
    address: Address,
    operation: string,
    key: Context.Key<I, S>,
    capability: string,
  ) => Effect.Effect<S, RetlError>
  /** Returns the address of the workspace with this name. */
  readonly addressOf: (name: string) => Address
  readonly supports: Fleet<Workspaces>["supports"]
  /** Returns whether the fleet has the workspace of a sync. */
  readonly has: (sync: SyncRef) => boolean
  /** Returns a service of the workspace of a sync; `undefined` where it has none. */
  readonly find: <I, S>(sync: SyncRef, key: Context.Key<I, S>) => S | undefined
}

const finderOf = (workspaces: Workspaces): Finder => {
  const find = (name: string): Workspace<never> | undefined =>
    Object.hasOwn(workspaces, name) ? workspaces[name] : undefined
  return {
    service: (address, operation, key, capability) => {
      const [name, vendor] = [String(address?.workspace ?? ""), String(address?.vendor ?? "")]
      const error = (reason: Reason) => RetlError.notSent({ workspace: name, vendor, operation, reason })
      const refuse = (reason: Reason) => Effect.fail(error(reason).about(address as SyncRef))
      const workspace = find(name)
      if (workspace === undefined || workspace.vendor !== vendor) {
        return refuse(new WrongWorkspace({ named: `${vendor} (${name}), which is not in this fleet` }))
      }
      return Option.match(Context.getOption(workspace.services, key), {
        onNone: () => refuse(new Unsupported({ capability })),
        onSome: Effect.succeed,
      })
    },
    has: ({ workspace, vendor }) => find(workspace)?.vendor === vendor,
    find: ({ workspace }, key) => Context.getOrUndefined(find(workspace)?.services ?? Context.empty(), key),
    addressOf: (name) => ({ workspace: name, vendor: find(name)?.vendor ?? "unknown vendor" }),
    supports: (ref, key) => {
      const sync = syncNamedBy(ref)
      return Option.isSome(Context.getOption(find(String(sync?.workspace))?.services ?? Context.empty(), key))
    },
  }
}

/** Returns the operations that run programs against workspaces. */
const programsOf = <W extends Workspaces>(workspaces: W): Pick<Fleet<W>, "workspaces" | "in" | "each"> => {
  /** Returns the services of a workspace, with the caller's type for them. */
  const contextOf = <S>(name: keyof W): Context.Context<S> => {
    const services: Context.Context<S> | undefined = workspaces[name]?.services
    return services ?? (Context.empty() as Context.Context<S>)
  }
  return {
    workspaces,
    in: (name) => (program) => Effect.provideContext(program, contextOf<ServicesOf<W[typeof name]>>(name)),
    each: <A, E, R>(program: Effect.Effect<A, E, R>) => {
      return Effect.forEach(
        Object.keys(workspaces) as ReadonlyArray<keyof W & string>,
        (name) =>
          program.pipe(
            Effect.provideContext(contextOf<CommonServices<W>>(name)),
            Effect.exit,
            Effect.map((exit) => [name, exit] as const),
          ),
        { concurrency: "unbounded" },
        // A workspace may have the name `__proto__`.
      ).pipe(Effect.map((exits) => Object.fromEntries(exits) as { [N in keyof W]: Exit.Exit<A, E> }))
    },
  }
}

type RunOperations = Pick<
  Fleet<Workspaces>,
  | "trigger"
  | "run"
  | "ensure"
  | "resolve"
  | "resume"
  | "settle"
  | "get"
  | "list"
  | "wait"
  | "watch"
  | "check"
  | "notice"
  | "freshness"
  | "cancel"
>

/** Returns the operations that run syncs. */
const runOperationsOf = ({ service }: Finder): RunOperations => {
  const runs = (sync: SyncRef | undefined, operation: string) => service(sync, operation, Runs.Runs, "runs")
  const scoped = (sync: SyncRef) => service(sync, "start", ScopedTriggers.ScopedTriggers, "scopes")
  return {
    trigger: (sync, options) => {
      const [scope, usual] = Input.take(options, "scope")
      return scope === undefined
        ? Effect.flatMap(runs(sync, "start"), ({ trigger }) => trigger(sync, usual))
        : Effect.flatMap(scoped(sync), ({ trigger }) =>
            trigger(sync, options as Trigger.Options & ScopedTriggers.Scoped),
          )
    },
    run: (sync, options) => {
      const [scope, usual] = Input.take(options, "scope")
      return scope === undefined
        ? Effect.flatMap(runs(sync, "start"), ({ run }) => run(sync, usual))
        : Effect.flatMap(scoped(sync), ({ run }) => run(sync, options as Runs.RunOptions & ScopedTriggers.Scoped))
    },
    ensure: (sync, options) => {
      const [scope, usual] = Input.take(options, "scope")
      return scope === undefined
        ? Effect.flatMap(runs(sync, "start"), ({ ensure }) => ensure(sync, usual))
        : Effect.flatMap(scoped(sync), ({ ensure }) =>
            ensure(sync, options as Runs.EnsureOptions & ScopedTriggers.Scoped),
          )
    },
    resolve: (entry) => Effect.flatMap(runs(syncOf(entry), "resolve"), ({ resolve }) => resolve(entry)),
    resume: (named, options) => Effect.flatMap(runs(syncOf(named), "resume"), ({ resume }) => resume(named, options)),
    settle: (entry, settlement) =>
      Effect.flatMap(runs(syncOf(entry), "settle"), ({ settle }) => settle(entry, settlement)),
    get: (run) => Effect.flatMap(runs(syncOf(run), "get"), ({ get }) => get(run)),
    list: (sync, options) => Stream.unwrap(Effect.map(runs(sync, "list"), ({ list }) => list(sync, options))),
    freshness: (sync, options) => Effect.flatMap(runs(sync, "freshness"), ({ freshness }) => freshness(sync, options)),
    wait: (run, options) => Effect.flatMap(runs(syncOf(run), "wait"), ({ wait }) => wait(run, options)),
    watch: (run, options) => Stream.unwrap(Effect.map(runs(syncOf(run), "wait"), ({ watch }) => watch(run, options))),
    check: (run, options) => Effect.flatMap(runs(syncOf(run), "check"), ({ check }) => check(run, options)),
    notice: (ref) => Effect.flatMap(runs(syncNamedBy(ref), "notice"), ({ notice }) => notice(ref)),
    cancel: (run, options) =>
      Effect.flatMap(service(syncOf(run), "cancel", Cancellation.Cancellation, "cancellation"), ({ cancel }) =>
        cancel(run, options),
      ),
  }
}

type ConfigurationOperations = Pick<
  Fleet<Workspaces>,
  | "syncs"
  | "getSync"
  | "createSync"
  | "updateSync"
  | "pauseSync"
  | "resumeSync"
  | "setSchedule"
  | "deleteSync"
  | "holdForSwitch"
>

/** Returns the operations that read and change configured syncs. */
const configurationOperationsOf = (
  { service, addressOf }: Finder,
  names: ReadonlyArray<string>,
): ConfigurationOperations => {
  const catalog = (address: Address, operation: string) => service(address, operation, Catalog.Catalog, "catalog")
  const administration = (sync: SyncRef, operation: string) =>
    service(sync, operation, Administration.Administration, "administration")
  return {
    syncs: Stream.fromIterable(names).pipe(
      Stream.flatMap((name) =>
        Stream.unwrap(Effect.map(catalog(addressOf(name), "listSyncs"), ({ list }) => list)).pipe(
          Stream.map((sync) => Result.succeed(sync)),
          Stream.catch((error) => Stream.succeed(Result.fail(error))),
        ),
      ),
    ),
    getSync: (sync) => Effect.flatMap(catalog(sync, "getSync"), ({ get }) => get(sync)),
    createSync: (name, definition, options) =>
      Effect.flatMap(service(addressOf(name), "createSync", Creation.Creation, "creation"), ({ create }) =>
        create(definition, options),
      ),
    updateSync: (sync, change) =>
      Effect.flatMap(administration(sync, "updateSync"), ({ update }) => update(sync, change)),
    pauseSync: (sync) => Effect.flatMap(administration(sync, "pauseSync"), ({ pause }) => pause(sync)),
    resumeSync: (sync) => Effect.flatMap(administration(sync, "resumeSync"), ({ resume }) => resume(sync)),
    setSchedule: (sync, schedule) =>
      Effect.flatMap(administration(sync, "setSchedule"), (service) => service.setSchedule(sync, schedule)),
    deleteSync: (sync) =>
      Effect.flatMap(service(sync, "deleteSync", Deletion.Deletion, "deletion"), (deletion) => deletion.delete(sync)),
    holdForSwitch: (sync, pair, work) =>
      Effect.flatMap(service(sync, "switchOver", Switching.Switching, "administration"), ({ hold }) =>
        hold(sync, pair, work),
      ),
  }
}

/** Returns the sync that a ref names. */
const syncNamedBy = (ref: SyncRef | RunRef): SyncRef | undefined =>
  Predicate.hasProperty(ref, "sync") ? syncOf(ref) : ref

/** Returns the sync of a ref or an entry; `undefined` for any other value, which belongs to no workspace. */
const syncOf = (holder: { readonly sync: SyncRef } | null | undefined): SyncRef | undefined => holder?.sync
