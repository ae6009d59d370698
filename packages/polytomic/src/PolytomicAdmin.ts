/**
 * Polytomic as a workspace that can be configured: everything that `Polytomic` provides, and the catalog of model syncs and
 * their administration: pausing, resuming, changing and deleting.
 *
 * Each change but a pause and a resumption replaces the whole sync. Syncs are created in Polytomic.
 */
import type { Administration } from "@openretl/core/Administration"
import type { Catalog } from "@openretl/core/Catalog"
import type * as Change from "@openretl/core/Change"
import type { Deletion } from "@openretl/core/Deletion"
import * as AdminAdapter from "@openretl/core/driver/AdminAdapter"
import type { Portable } from "@openretl/core/driver/Administration"
import type * as Driver from "@openretl/core/driver/Driver"
import type * as FromConfig from "@openretl/core/driver/FromConfig"
import * as Input from "@openretl/core/driver/Input"
import * as Open from "@openretl/core/Open"
import type { SyncRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import type { ScheduleForms } from "@openretl/core/ScheduleForms"
import type { Sync } from "@openretl/core/Sync"
import type { Workspace } from "@openretl/core/Workspace"
import type * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type * as EffectScope from "effect/Scope"
import * as AdministrationPart from "./internal/administration.ts"
import * as CatalogPart from "./internal/catalog.ts"
import { vendor } from "./internal/connect.ts"
import { Ids } from "./internal/ids.ts"
import { Options, settings } from "./internal/options.ts"
import * as Schedules from "./internal/schedule.ts"
import * as Polytomic from "./Polytomic.ts"
import * as PolytomicApi from "./PolytomicApi.ts"
import { make as makeClient, type PolytomicClient } from "./PolytomicClient.ts"
import type { ChangedSpec } from "./PolytomicSyncsApi.ts"

export { Ids } from "./internal/ids.ts"
export { Options } from "./internal/options.ts"

/** The services that every Polytomic workspace provides that can be configured. */
export type Services = Polytomic.Services | Catalog | Administration | Deletion

/** Creates the driver over the client of every endpoint. */
export const driver = (client: PolytomicClient) =>
  ({
    ...Polytomic.driver(client),
    catalog: CatalogPart.make(client),
    administration: AdministrationPart.make(client),
  }) satisfies Driver.Driver<Ids, PolytomicApi.Execution, PolytomicApi.Sync, ChangedSpec, ChangedSpec>

const adapter = AdminAdapter.make({
  vendor,
  options: Options,
  ids: Ids,
  native: PolytomicApi.Sync,
  connect: (options: Options) => makeClient(settings(options)),
  driver,
})

/**
 * Creates the client of every endpoint, for what the portable services do not cover. Fails with `InvalidRequest`, with
 * all problems of the options at once.
 */
export const client: (options: Options) => Effect.Effect<PolytomicClient, RetlError> = adapter.client

/**
 * Opens the workspace for programs without Effect: what it can do, in promises. Rejects with `InvalidRequest`, with all
 * problems of the options at once, before any request.
 */
export const open: (options: Open.Options<Options>) => Promise<OpenWorkspace> = /* @__PURE__ */ Open.opener(adapter)

/** An open workspace: exactly what the vendor can do. */
export type OpenWorkspace = Open.OpenWorkspace<Services, Ids>

/**
 * Creates the workspace as a value, for a fleet. What it runs in the background ends with the surrounding `Scope`.
 * Fails with `InvalidRequest`, with all problems of the options at once, before any request.
 */
export const workspace: (options: Options) => Effect.Effect<Workspace<Services>, RetlError, EffectScope.Scope> =
  adapter.workspace

/** Creates the layer of the workspace. Fails as `workspace` does. */
export const layer: (options: Options) => Layer.Layer<Services, RetlError> = adapter.layer

/** As `Polytomic.layerConfig`. */
export const layerConfig: (wrapped: FromConfig.Wrap<Options>) => Layer.Layer<Services, RetlError> = adapter.layerConfig

/** As `Polytomic.workspaceConfig`. */
export const workspaceConfig: (
  wrapped: FromConfig.Wrap<Options>,
) => Effect.Effect<Workspace<Services>, RetlError, EffectScope.Scope> = adapter.workspaceConfig

/** Creates the ref of the sync with this id, as `Polytomic.syncRef` does. */
export const syncRef: (workspaceName: string, ids: Ids) => Effect.Effect<SyncRef, RetlError> = adapter.syncRef

/** Returns the vendor's payload of a sync, typed; `undefined` for a sync of another vendor. */
export const nativeOf: (sync: Sync) => PolytomicApi.Sync | undefined = adapter.nativeOf

/**
 * The schedules that a request can set at Polytomic: a cron expression of five fields, or none. The time zone of an
 * expression is not documented, and assumed to be UTC.
 */
export const schedules: ScheduleForms = Schedules.schedules

/** The fields of a sync to change, its own fields in the vendor's words. A list replaces the whole list. */
export interface SyncChange extends ChangedSpec, Portable {
  /** Texts among the fields that look like the mask of a secret and are meant as they are. @default none */
  readonly literal?: ReadonlyArray<string>
}

/** Returns the change that `Administration.update` takes. Pure: `update` validates it, before any request. */
export const change = (input: SyncChange): Change.Change => {
  const { name, enabled, schedule, literal, ...spec } = Input.fields(input)
  return {
    ...(name !== undefined && { name }),
    ...(enabled !== undefined && { enabled }),
    ...(schedule !== undefined && { schedule }),
    ...(Object.values(spec).some((value) => value !== undefined) && {
      part: { vendor, spec, ...(literal !== undefined && { literal }) },
    }),
  }
}
