/**
 * One vendor account, ready for use: a `Context` of exactly the services that its vendor supports, made once by core
 * from the adapter's driver. An adapter's layer and a fleet are both derived from it.
 */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope_ from "effect/Scope"
import type { Administration } from "./Administration.ts"
import type { Cancellation } from "./Cancellation.ts"
import type { Catalog } from "./Catalog.ts"
import type { CurrentWorkspace } from "./CurrentWorkspace.ts"
import type { Driver } from "./driver/Driver.ts"
import type * as Options from "./driver/Options.ts"
import * as Assemble from "./engine/assemble.ts"
import type { RetlError } from "./model/RetlError.ts"
import type { Scope } from "./model/Scope.ts"
import type { Runs } from "./Runs.ts"
import type { ScopedTriggers } from "./ScopedTriggers.ts"

export interface Workspace<in S> {
  readonly name: string
  readonly vendor: string
  readonly services: Context.Context<S>
}

/** The services that a driver of this shape gives rise to. */
export type Provided<D extends Driver> =
  | Runs
  | CurrentWorkspace
  | (D extends { readonly cancellation: object } ? Cancellation : never)
  | (D extends { readonly scopes: ReadonlyArray<Scope> } ? ScopedTriggers : never)
  | (D extends { readonly catalog: object } ? Catalog : never)
  | (D extends { readonly catalog: object; readonly administration: object } ? Administration : never)

export interface MakeOptions extends Options.Options {
  /** What a trigger covers that names no scope. Needed exactly where the vendor has scopes. */
  readonly defaultScope?: Scope
}

/** Builds the workspace; what it runs in the background lives and ends with the surrounding `Scope`. */
export const make = <const D extends Driver>(
  options: MakeOptions,
  driver: D,
): Effect.Effect<Workspace<Provided<D>>, RetlError, Scope_.Scope> =>
  Effect.map(Assemble.services(options, driver), (services) => ({
    name: options.name,
    vendor: driver.vendor,
    services: services as Context.Context<Provided<D>>,
  }))

/** The layer that provides the services of one workspace. */
export const toLayer = <S, E, R>(
  workspace: Effect.Effect<Workspace<S>, E, R>,
): Layer.Layer<S, E, Exclude<R, Scope_.Scope>> => Layer.effectContext(Effect.map(workspace, ({ services }) => services))
