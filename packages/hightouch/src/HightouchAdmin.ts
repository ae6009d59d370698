/**
 * Hightouch as a workspace that can be configured: everything that `Hightouch` provides, and the catalog of syncs, their
 * administration and their creation.
 *
 * A sync is made of a model and a destination, which are set up in Hightouch. The vendor documents no way to delete a sync.
 */
import type { Administration } from "@openretl/core/Administration"
import type { Catalog } from "@openretl/core/Catalog"
import type * as Change from "@openretl/core/Change"
import type { Creation } from "@openretl/core/Creation"
import * as AdminAdapter from "@openretl/core/driver/AdminAdapter"
import type * as Driver from "@openretl/core/driver/Driver"
import type * as FromConfig from "@openretl/core/driver/FromConfig"
import * as Input from "@openretl/core/driver/Input"
import type { Target } from "@openretl/core/Move"
import * as Open from "@openretl/core/Open"
import type { SyncRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import type { Schedule } from "@openretl/core/Schedule"
import type { ScheduleForms } from "@openretl/core/ScheduleForms"
import type { Sync } from "@openretl/core/Sync"
import type { Workspace } from "@openretl/core/Workspace"
import type * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type * as EffectScope from "effect/Scope"
import * as Hightouch from "./Hightouch.ts"
import * as HightouchApi from "./HightouchApi.ts"
import { type HightouchClient, make as makeClient } from "./HightouchClient.ts"
import * as AdministrationPart from "./internal/administration.ts"
import * as CatalogPart from "./internal/catalog.ts"
import { vendor } from "./internal/connect.ts"
import { Ids } from "./internal/ids.ts"
import { Options, settings } from "./internal/options.ts"
import * as Schedules from "./internal/schedule.ts"
import type { ChangedSpec, NewSpec } from "./internal/spec.ts"

export { Ids } from "./internal/ids.ts"
export { Options } from "./internal/options.ts"

/** The services that every Hightouch workspace provides that can be configured. */
export type Services = Hightouch.Services | Catalog | Administration | Creation

/** Creates the driver over the client of every endpoint. */
export const driver = (client: HightouchClient) =>
  ({
    ...Hightouch.driver(client),
    catalog: CatalogPart.make(client),
    administration: AdministrationPart.make(client),
  }) satisfies Driver.Driver<Ids, HightouchApi.Run, HightouchApi.Sync, NewSpec, ChangedSpec>

const adapter = AdminAdapter.make({
  vendor,
  options: Options,
  ids: Ids,
  native: HightouchApi.Sync,
  connect: (options: Options) => makeClient(settings(options)),
  driver,
})

/**
 * Creates the client of every endpoint, for what the portable services do not cover. Fails with `InvalidRequest`, with
 * all problems of the options at once.
 */
export const client: (options: Options) => Effect.Effect<HightouchClient, RetlError> = adapter.client

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

/** As `Hightouch.layerConfig`. */
export const layerConfig: (wrapped: FromConfig.Wrap<Options>) => Layer.Layer<Services, RetlError> = adapter.layerConfig

/** As `Hightouch.workspaceConfig`. */
export const workspaceConfig: (
  wrapped: FromConfig.Wrap<Options>,
) => Effect.Effect<Workspace<Services>, RetlError, EffectScope.Scope> = adapter.workspaceConfig

/** Creates the ref of the sync with this id, as `Hightouch.syncRef` does. */
export const syncRef: (workspaceName: string, ids: Ids) => Effect.Effect<SyncRef, RetlError> = adapter.syncRef

/** Returns the vendor's payload of a sync, typed; `undefined` for a sync of another vendor. */
export const nativeOf: (sync: Sync) => HightouchApi.Sync | undefined = adapter.nativeOf

/**
 * The schedules that a request can set at Hightouch: an interval of whole minutes, a cron expression of five fields, or
 * none. The time zone of an expression is not documented, and assumed to be UTC.
 */
export const schedules: ScheduleForms = Schedules.schedules

/** What a sync can be at Hightouch, for moving one there. The configuration has its mode and its mapping. */
export const target: Target = {
  vendor: schedules.vendor,
  schedules,
  modes: ["upsert"],
  hasNames: false,
  hasCasts: false,
  hasPrimaryKey: false,
}

/** The fields of a sync that can be changed, and that only syncs of Hightouch have. */
export interface SyncFields {
  /** Any JSON object: its form depends on the destination and is not documented. */
  readonly configuration: NewSpec["configuration"]
  /** Whether the sync is switched on. */
  readonly enabled?: boolean
  /** When the sync fires by itself. */
  readonly schedule?: Schedule
  /** Texts among the fields that look like the mask of a secret and are meant as they are. @default none */
  readonly literal?: ReadonlyArray<string>
}

/** A sync to create: disabled and manual unless it says otherwise. It has no name. */
export interface NewSync extends SyncFields {
  /** The word for the sync in addresses and in tools, which no change replaces. */
  readonly slug: string
  /** The model's id: decimal digits. */
  readonly model: string
  /** The destination's id: decimal digits. */
  readonly destination: string
}

/** The fields of a sync to change. A configuration replaces the whole configuration. */
export interface SyncChange extends Partial<SyncFields> {}

/** Returns the definition that `Creation.create` takes. Pure: `create` validates it, before any request. */
export const definition = (input: NewSync): Change.Definition => {
  const { enabled, schedule, literal, model, destination, ...spec } = Input.fields(input)
  return {
    ...(enabled !== undefined && { enabled }),
    ...(schedule !== undefined && { schedule }),
    part: {
      vendor,
      spec: { ...spec, modelId: model, destinationId: destination },
      ...(literal !== undefined && { literal }),
    },
  }
}

/** Returns the change that `Administration.update` takes. Pure: `update` validates it, before any request. */
export const change = (input: SyncChange): Change.Change => {
  const { enabled, schedule, literal, ...spec } = Input.fields(input)
  return {
    ...(enabled !== undefined && { enabled }),
    ...(schedule !== undefined && { schedule }),
    ...(Object.values(spec).some((value) => value !== undefined) && {
      part: { vendor, spec, ...(literal !== undefined && { literal }) },
    }),
  }
}
