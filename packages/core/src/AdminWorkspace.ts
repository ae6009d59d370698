/** Workspaces that run and configure syncs. Programs that only run syncs do not import this module. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as EffectScope from "effect/Scope"
import { Administration } from "./Administration.ts"
import { Catalog } from "./Catalog.ts"
import { Creation } from "./Creation.ts"
import { Deletion } from "./Deletion.ts"
import type { AnyDriver } from "./driver/Driver.ts"
import * as EngineAdministration from "./engine/configuration/administration.ts"
import * as EngineCatalog from "./engine/configuration/catalog.ts"
import * as Switching from "./engine/configuration/switching.ts"
import type { RetlError } from "./model/RetlError.ts"
import * as Workspace from "./Workspace.ts"

/**
 * Creates a workspace with all services that its driver supports. Its background work ends with the surrounding
 * `Scope`. Fails with `InvalidRequest`, with every problem of the options and of the driver.
 */
export const make = Effect.fnUntraced(function* <const D extends AnyDriver>(
  options: Workspace.MakeOptions,
  driver: D,
): Effect.fn.Return<Workspace.Workspace<Workspace.Provided<D>>, RetlError, EffectScope.Scope> {
  const { workspace, context } = yield* Workspace.open(options, driver, stateReaderOf(driver))
  const services = Context.merge(workspace.services, adminServices(context, driver))
  return { ...workspace, services: services as Context.Context<Workspace.Provided<D>> }
})

/** A driver that is no driver is refused by `open`. */
const stateReaderOf = (driver: AnyDriver) =>
  driver?.catalog === undefined ? undefined : EngineCatalog.stateReader(driver.catalog)

/** Returns the services that configure syncs. */
const adminServices = (
  context: Parameters<typeof EngineCatalog.make>[0],
  { catalog, administration }: AnyDriver,
): Context.Context<never> => {
  if (catalog === undefined) return Context.empty()
  let services: Context.Context<never> = Context.make(Catalog, EngineCatalog.make(context, catalog))
  if (administration === undefined) return services
  const {
    create,
    delete: remove,
    pauseAlways,
    ...changes
  } = EngineAdministration.make(context, catalog, administration)
  services = Context.add(services, Administration, changes)
  services = Context.add(services, Switching.Switching, Switching.make(context, pauseAlways))
  if (create !== undefined) services = Context.add(services, Creation, { create })
  if (remove !== undefined) services = Context.add(services, Deletion, { delete: remove })
  return services
}
