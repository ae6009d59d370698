/**
 * Workspaces: a workspace is one vendor account, ready for use, as a `Context` of exactly the services that its vendor
 * supports. Core makes it from the adapter's driver. An adapter's layers and fleets consist of workspaces.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as EffectScope from "effect/Scope"
import type { Administration } from "./Administration.ts"
import { Cancellation } from "./Cancellation.ts"
import type { Catalog } from "./Catalog.ts"
import type { Creation } from "./Creation.ts"
import { CurrentWorkspace } from "./CurrentWorkspace.ts"
import type { Deletion } from "./Deletion.ts"
import * as Capabilities from "./driver/Capabilities.ts"
import type { AnyDriver } from "./driver/Driver.ts"
import type * as WorkspaceContext from "./engine/context.ts"
import * as Engine from "./engine/workspace.ts"
import type { RetlError } from "./model/RetlError.ts"
import type { Scope } from "./model/Scope.ts"
import { Runs } from "./Runs.ts"
import { ScopedTriggers } from "./ScopedTriggers.ts"

/** One vendor account, ready for use. */
export interface Workspace<in S> {
  /** The workspace's name, which its refs carry. */
  readonly name: string
  /** The vendor's short name, as in `segment`. */
  readonly vendor: string
  /** The services that its vendor supports. */
  readonly services: Context.Context<S>
}

/** The services that run syncs, for a driver of this shape. */
export type RunServices<D extends AnyDriver> =
  | Runs
  | CurrentWorkspace
  | (D extends { readonly cancellation: object } ? Cancellation : never)
  | (D extends { readonly scopes: ReadonlyArray<Scope> } ? ScopedTriggers : never)

/** The services that configure syncs, for a driver of this shape. */
export type AdminServices<D extends AnyDriver> = D extends { readonly catalog: object }
  ? Catalog | (D extends { readonly administration: infer P extends object } ? Administration | Changing<P> : never)
  : never

type Changing<Part> =
  | (Part extends { readonly create: object } ? Creation : never)
  | (Part extends { readonly delete: object } ? Deletion : never)

/** All services for a driver of this shape. */
export type Provided<D extends AnyDriver> = RunServices<D> | AdminServices<D>

/** The options of a workspace, with the scope of triggers that name none. */
export type MakeOptions = WorkspaceContext.MakeOptions

/**
 * Creates a workspace that runs syncs, whatever else the driver can do. Its background work ends with the surrounding
 * `Scope`. Fails with `InvalidRequest`, with every problem of the options and of the driver.
 */
export const make = <const D extends AnyDriver>(
  options: MakeOptions,
  driver: D,
): Effect.Effect<Workspace<RunServices<D>>, RetlError, EffectScope.Scope> =>
  Effect.map(open(options, driver), ({ workspace }) => workspace)

/** A workspace that runs syncs, with the context that its services share. */
export interface Opened<D extends AnyDriver> {
  readonly workspace: Workspace<RunServices<D>>
  /** The context, for further services. */
  readonly context: WorkspaceContext.WorkspaceContext
}

/**
 * Creates a workspace as `make` does, and returns its context as well. `stateReader`: how triggers read whether a sync is
 * paused.
 */
export const open = Effect.fnUntraced(function* <const D extends AnyDriver>(
  options: MakeOptions,
  driver: D,
  stateReader?: Parameters<typeof Engine.make>[2],
): Effect.fn.Return<Opened<D>, RetlError, EffectScope.Scope> {
  const { context, runs, scopedTriggers, cancel, check } = yield* Engine.make(options, driver, stateReader)
  let services: Context.Context<never> = Context.make(Runs, runs)
  services = Context.add(services, CurrentWorkspace, {
    name: context.name,
    vendor: driver.vendor,
    capabilities: Capabilities.of(driver),
    check,
  })
  if (driver.scopes !== undefined) services = Context.add(services, ScopedTriggers, scopedTriggers)
  if (cancel !== undefined) services = Context.add(services, Cancellation, { cancel })
  return {
    workspace: { name: context.name, vendor: driver.vendor, services: services as Context.Context<RunServices<D>> },
    context,
  }
})

/** Returns the layer that provides the services of one workspace. */
export const toLayer = <S, E, R>(
  workspace: Effect.Effect<Workspace<S>, E, R>,
): Layer.Layer<S, E, Exclude<R, EffectScope.Scope>> =>
  Layer.effectContext(Effect.map(workspace, ({ services }) => services))
