/**
 * Zeotap Composable CDP Reverse ETL as a workspace that can be configured: everything that `Zeotap` provides, and the
 * catalog of syncs, their administration, their creation and their deletion.
 *
 * A sync is made of a model and a destination, which are set up in Zeotap. The vendor does not document whether a new
 * sync is active, nor whether an empty schedule removes one: core reads the sync to find out.
 */
import type { Administration } from "@openretl/core/Administration"
import type { Catalog } from "@openretl/core/Catalog"
import type * as Change from "@openretl/core/Change"
import type { Creation } from "@openretl/core/Creation"
import type { Deletion } from "@openretl/core/Deletion"
import * as AdminAdapter from "@openretl/core/driver/AdminAdapter"
import type { Portable } from "@openretl/core/driver/Administration"
import type * as Driver from "@openretl/core/driver/Driver"
import type * as FromConfig from "@openretl/core/driver/FromConfig"
import * as Input from "@openretl/core/driver/Input"
import type { Target } from "@openretl/core/Move"
import * as Open from "@openretl/core/Open"
import type { SyncRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import type { ScheduleForms } from "@openretl/core/ScheduleForms"
import type { FieldMapping, Sync } from "@openretl/core/Sync"
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
import type { ChangedSpec, NewSpec } from "./internal/spec.ts"
import * as Zeotap from "./Zeotap.ts"
import * as ZeotapApi from "./ZeotapApi.ts"
import { make as makeClient, type ZeotapClient } from "./ZeotapClient.ts"
import type { SyncMode } from "./ZeotapSyncsApi.ts"

export { Ids } from "./internal/ids.ts"
export { Options } from "./internal/options.ts"

/** The services that every Zeotap workspace provides that can be configured. */
export type Services = Zeotap.Services | Catalog | Administration | Creation | Deletion

/** Creates the driver over the client of every endpoint. */
export const driver = (client: ZeotapClient, options: Partial<Options> = {}) =>
  ({
    ...Zeotap.driver(client, options),
    catalog: CatalogPart.make(client),
    administration: AdministrationPart.make(client),
  }) satisfies Driver.Driver<Ids, ZeotapApi.Run, ZeotapApi.Sync, NewSpec, ChangedSpec>

const adapter = AdminAdapter.make({
  vendor,
  options: Options,
  ids: Ids,
  native: ZeotapApi.Sync,
  connect: (options: Options) => makeClient(settings(options)),
  driver,
})

/**
 * Creates the client of every endpoint, for what the portable services do not cover. Fails with `InvalidRequest`, with
 * all problems of the options at once.
 */
export const client: (options: Options) => Effect.Effect<ZeotapClient, RetlError> = adapter.client

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

/**
 * As `layer`, with any part of the options read from the configuration. Each problem has the name of its variable, and one
 * that is not set is another problem than one with a wrong value.
 */
export const layerConfig: (wrapped: FromConfig.Wrap<Options>) => Layer.Layer<Services, RetlError> = adapter.layerConfig

/** As `workspace`, with any part of the options read from the configuration: for a fleet. */
export const workspaceConfig: (
  wrapped: FromConfig.Wrap<Options>,
) => Effect.Effect<Workspace<Services>, RetlError, EffectScope.Scope> = adapter.workspaceConfig

/** Creates the ref of the sync with this id, as `Zeotap.syncRef` does. */
export const syncRef: (workspaceName: string, ids: Ids) => Effect.Effect<SyncRef, RetlError> = adapter.syncRef

/** Returns the vendor's payload of a sync, typed; `undefined` for a sync of another vendor. */
export const nativeOf: (sync: Sync) => ZeotapApi.Sync | undefined = adapter.nativeOf

/**
 * The schedules that Zeotap can express: a cron expression of five fields, or none. Its time zone is not documented,
 * and assumed to be UTC.
 */
export const schedules: ScheduleForms = Schedules.schedules

/** What a sync can be at Zeotap, for moving one there. */
export const target: Target = {
  vendor: "Zeotap",
  schedules,
  modes: ["upsert", "insert", "update", "mirror"],
  hasNames: true,
  hasCasts: true,
  hasPrimaryKey: true,
}

/** One column, to one field; `cast` as in `number`, the only one that Zeotap's documents show. */
export type Mapping = Pick<FieldMapping, "from" | "to" | "cast">

/** The fields that only syncs of Zeotap have. */
export interface SyncFields {
  /** The model's id. */
  readonly model: string
  /** The destination's id. */
  readonly destination: string
  /** At least one. */
  readonly mapping: ReadonlyArray<Mapping>
  /** What becomes of rows. Which modes are allowed depends on the destination. */
  readonly mode: SyncMode
  /** The one column that identifies a row. */
  readonly primaryKey: string
  /** A text for people. */
  readonly description?: string
  /** Any JSON: its form depends on the destination and is not documented. */
  readonly config?: NonNullable<NewSpec["config"]>
  /** Texts among the fields that look like the mask of a secret and are meant as they are. @default none */
  readonly literal?: ReadonlyArray<string>
}

/** A sync to create: disabled and manual unless it says otherwise. */
export interface NewSync extends SyncFields, Portable {
  readonly name: string
}

/** The fields of a sync to change. A mapping replaces the whole mapping, field transforms included. */
export interface SyncChange extends Partial<SyncFields>, Portable {}

/** Returns the definition that `Creation.create` takes. Pure: `create` validates it, before any request. */
export const definition = (input: NewSync): Change.Definition => {
  const { name, enabled, schedule, literal, ...fields } = Input.fields(input)
  return {
    name,
    ...(enabled !== undefined && { enabled }),
    ...(schedule !== undefined && { schedule }),
    part: { vendor, spec: toSpec(fields), ...(literal !== undefined && { literal }) },
  }
}

/** Returns the change that `Administration.update` takes. Pure: `update` validates it, before any request. */
export const change = (input: SyncChange): Change.Change => {
  const { name, enabled, schedule, literal, ...fields } = Input.fields(input)
  const spec = toSpec(fields)
  return {
    ...(name !== undefined && { name }),
    ...(enabled !== undefined && { enabled }),
    ...(schedule !== undefined && { schedule }),
    ...(Object.keys(spec).length > 0 && {
      part: { vendor, spec, ...(literal !== undefined && { literal }) },
    }),
  }
}

const toSpec = ({
  model,
  destination,
  mapping,
  mode,
  primaryKey,
  description,
  config,
  ...unknownFields
}: Partial<SyncFields>): object => ({
  // Unknown fields are kept, so that they are refused by their names.
  ...unknownFields,
  ...(model !== undefined && { model_id: model }),
  ...(destination !== undefined && { destination_id: destination }),
  ...(mapping !== undefined && { field_mapping: Input.items(mapping, toFieldMapping) }),
  ...(mode !== undefined && { sync_mode: mode }),
  ...(primaryKey !== undefined && { primary_key: primaryKey }),
  ...(description !== undefined && { description }),
  ...(config !== undefined && { config }),
})

/** Returns an entry in wire terms. Callers without a type checker may pass another value, which core then refuses. */
const toFieldMapping = (entry: Mapping | null): unknown => {
  if (typeof entry !== "object" || entry === null) return entry
  const { from, to, cast, ...unknownFields } = Input.fields(entry)
  return {
    ...unknownFields,
    source_column: from,
    destination_field: to,
    ...(cast !== undefined && { type_cast: cast }),
  }
}
