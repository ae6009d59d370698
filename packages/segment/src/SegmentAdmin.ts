/**
 * Segment Reverse ETL as a workspace that configures syncs: everything of `Segment`, the catalog of mappings, and their
 * administration.
 *
 * Segment does not list its mappings: the catalog reads models and destinations, and the subscriptions of each
 * destination. The catalog leaves out a mapping whose model is gone, since nothing says its source. Such a mapping can
 * still be read and deleted by its ref.
 *
 * Segment allows 5 creations, 5 changes and 5 deletions of subscriptions a minute, and core keeps to these limits. A
 * create takes a creation and a change, since only a change can set a schedule.
 */
import type { Administration } from "@openretl/core/Administration"
import type { Catalog } from "@openretl/core/Catalog"
import type { Change, Definition } from "@openretl/core/Change"
import type { Creation } from "@openretl/core/Creation"
import type { Deletion } from "@openretl/core/Deletion"
import * as AdminAdapter from "@openretl/core/driver/AdminAdapter"
import * as BoundedMap from "@openretl/core/driver/BoundedMap"
import type { Driver } from "@openretl/core/driver/Driver"
import type * as FromConfig from "@openretl/core/driver/FromConfig"
import type { Target } from "@openretl/core/Move"
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
import * as Definitions from "./internal/definition.ts"
import { Ids } from "./internal/ids.ts"
import { Options, settings } from "./internal/options.ts"
import { forms } from "./internal/scheduleForms.ts"
import { Parts } from "./internal/syncFromWire.ts"
import * as Segment from "./Segment.ts"
import type { SyncStatus } from "./SegmentApi.ts"
import { make as makeClient, type SegmentClient } from "./SegmentClient.ts"

export { Ids } from "./internal/ids.ts"
export { Options } from "./internal/options.ts"

/** What every Segment workspace provides that configures syncs. */
export type Services = Segment.Services | Catalog | Administration | Creation | Deletion

/** The most mappings whose destination a driver remembers. */
const maxLocations = 10_000

/**
 * Creates the driver that configures syncs, over a client with every endpoint. It remembers where it saw a mapping
 * last, and what it read for the latest creation.
 */
export const driver = (client: SegmentClient) => {
  const mappingLocations = BoundedMap.make<string>(maxLocations)
  const { catalog, alone } = CatalogPart.make(client, mappingLocations)
  return {
    ...Segment.driver(client),
    catalog,
    administration: AdministrationPart.make(client, mappingLocations, alone),
  } satisfies Driver<Ids, SyncStatus, Parts, Definitions.Spec, Definitions.ChangedSpec>
}

const adapter = AdminAdapter.make({
  vendor,
  options: Options,
  ids: Ids,
  native: Parts,
  connect: (options) => makeClient(settings(options)),
  driver,
})

/**
 * Creates the client with every endpoint, for what the portable services do not cover. Fails with `InvalidRequest`,
 * with all problems of the options at once.
 */
export const client: (options: Options) => Effect.Effect<SegmentClient, RetlError> = adapter.client

/**
 * Opens the workspace for programs without Effect: what it can do, in promises. Rejects with `InvalidRequest`, with all
 * problems of the options at once, before any request.
 */
export const open: (options: Open.Options<Options>) => Promise<OpenWorkspace> = /* @__PURE__ */ Open.opener(adapter)

/** An open workspace: exactly what the vendor can do. */
export type OpenWorkspace = Open.OpenWorkspace<Services, Ids>

/** Creates the workspace as a value, for a fleet. What it runs in the background ends with the surrounding `Scope`. */
export const workspace: (options: Options) => Effect.Effect<Workspace<Services>, RetlError, EffectScope.Scope> =
  adapter.workspace

/**
 * Creates the layer of the workspace. Fails with `InvalidRequest` before any request, with all problems of the options.
 */
export const layer: (options: Options) => Layer.Layer<Services, RetlError> = adapter.layer

/**
 * As `layer`, with any part of the options read from the configuration. Each problem has the name of its variable, and one
 * that is not set is another problem than one with a wrong value.
 */
export const layerConfig: (wrapped: FromConfig.Wrap<Options>) => Layer.Layer<Services, RetlError> = adapter.layerConfig

/** As `workspace`, with any part of the options read from the configuration: for a fleet. */
export const workspaceConfig: (
  wrapped: FromConfig.Wrap<Options>,
) => Effect.Effect<Workspace<Services>, RetlError, EffectScope.Scope> = adapter.workspaceConfig

/** Creates the ref of a mapping, as `Segment.syncRef` does. */
export const syncRef: (workspaceName: string, ids: Ids) => Effect.Effect<SyncRef, RetlError> = adapter.syncRef

/**
 * The schedules that a mapping can have: an interval from 15 minutes to less than 168 hours, days with full hours, a
 * cron expression whose firings are at least 15 minutes apart, or a job of dbt Cloud (`dbt-cloud`, with `accountId` and
 * `jobId`).
 */
export const schedules: ScheduleForms = forms

/**
 * What a new mapping can be, for moving a sync to Segment. The action decides which fields identify a row at the
 * destination; the model has the primary key.
 */
export const target: Target = {
  vendor: "Segment",
  schedules,
  modes: ["events"],
  hasNames: true,
  hasCasts: false,
  hasPrimaryKey: false,
}

export type { NewSync, SyncChange } from "./internal/definition.ts"

/**
 * Returns the definition of a new mapping, for `Creation.create`, which reports what is wrong with it. Sends nothing.
 */
export const definition: (input: Definitions.NewSync) => Definition = Definitions.definition

/** Returns the change of a mapping, for `Administration.update`, which reports what is wrong with it. Sends nothing. */
export const change: (input: Definitions.SyncChange) => Change = Definitions.change

/** The payload of a sync: its subscription, its model where it was read, and its destination. */
export type Native = Parts

/** Returns the vendor's payload of a sync, typed; `undefined` for a sync of another vendor. */
export const nativeOf: (sync: Sync) => Native | undefined = adapter.nativeOf
