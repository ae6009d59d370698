/**
 * Zeotap Composable CDP Reverse ETL as a workspace that can be configured: everything that `Zeotap` provides, and besides
 * the catalog of syncs and their administration.
 *
 * A sync is made of a model and a destination, which are set up in Zeotap. What the vendor leaves unsaid is settled by
 * looking: whether a new sync is active, and whether an empty schedule takes one away.
 */
import type * as Administration from "@openretl/core/Administration"
import type * as Catalog from "@openretl/core/Catalog"
import type * as Change from "@openretl/core/Change"
import * as FromConfig from "@openretl/core/driver/FromConfig"
import * as Reader from "@openretl/core/driver/Reader"
import * as Sections from "@openretl/core/driver/Sections"
import type { Target } from "@openretl/core/Move"
import type { RetlError } from "@openretl/core/RetlError"
import type { Schedule } from "@openretl/core/Schedule"
import type { ScheduleForms } from "@openretl/core/ScheduleForms"
import type { FieldMapping, Sync } from "@openretl/core/Sync"
import * as Workspace from "@openretl/core/Workspace"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type * as EffectScope from "effect/Scope"
import * as Writes from "./internal/administration.ts"
import * as Reads from "./internal/catalog.ts"
import { vendor } from "./internal/connect.ts"
import { problems, settings } from "./internal/options.ts"
import * as Schedules from "./internal/schedule.ts"
import type { ChangedSpec, NewSpec } from "./internal/spec.ts"
import * as Zeotap from "./Zeotap.ts"
import * as ZeotapApi from "./ZeotapApi.ts"
import { make as makeClient, type ZeotapClient } from "./ZeotapClient.ts"
import type { SyncMode } from "./ZeotapSyncsApi.ts"

export type Options = Zeotap.Options

/** What every Zeotap workspace provides that can be configured. */
export type Services = Zeotap.Services | Catalog.Catalog | Administration.Administration

/** The driver's own shape, from which core derives `Services`. */
export interface ZeotapAdminDriver extends Zeotap.ZeotapDriver {
  readonly catalog: Catalog.Section
  readonly administration: Administration.Section
}

/** The client alone, with the same options: every endpoint, for what the portable services do not cover. */
export const client = (options: Options): Effect.Effect<ZeotapClient, RetlError> =>
  Effect.flatMap(settings(options), makeClient)

/** The driver over the complete client. */
export const driver = (client: ZeotapClient): ZeotapAdminDriver => ({
  ...Zeotap.driver(client),
  catalog: Sections.catalog(Reads.reads(client)),
  administration: Sections.administration(Writes.writes(client)),
})

/** The workspace as a value, for a fleet. What it runs in the background ends with the surrounding `Scope`. */
export const workspace = (
  options: Options,
): Effect.Effect<Workspace.Workspace<Services>, RetlError, EffectScope.Scope> =>
  Effect.flatMap(client(options), (made) => Workspace.make(options, driver(made)))

/** The workspace as the current one. All problems of the options are reported at once, before any request. */
export const layer = (options: Options): Layer.Layer<Services, RetlError> => Workspace.toLayer(workspace(options))

/** As `layer`, with any part of the options read from the configuration. */
export const layerConfig = (wrapped: FromConfig.Wrap<Options>): Layer.Layer<Services, RetlError> =>
  FromConfig.layer(vendor, wrapped, problems, layer)

/** A cron expression of five fields, or none. In which time zone it is read is not documented: it is taken for UTC. */
export const schedules: ScheduleForms = Schedules.schedules

/** What a sync can be here, for moving one. */
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

/** What only Zeotap knows of a sync. */
interface Own {
  /** The model's id. */
  readonly model: string
  /** The destination's id. */
  readonly destination: string
  /** At least one. */
  readonly mapping: ReadonlyArray<Mapping>
  /** What becomes of rows; which of them one takes depends on the destination. */
  readonly mode: SyncMode
  /** The one column that identifies a row. */
  readonly primaryKey: string
  readonly description?: string
  /** Whatever the destination takes; its form is not documented. */
  readonly config?: NewSpec["config"]
}

interface Portable {
  readonly name?: string
  readonly enabled?: boolean
  readonly schedule?: Schedule
}

/** A sync that is to be: disabled and manual unless it says otherwise. */
export interface NewSync extends Own, Portable {
  readonly name: string
}

/** What is to be different; a mapping replaces the whole of the one before, field transforms included. */
export interface SyncChange extends Partial<Own>, Portable {}

/** For `Administration.create`. Pure: what is wrong with it is said there, before any request. */
export const definition = ({ name, enabled, schedule, ...own }: NewSync): Change.Definition => ({
  name,
  ...(enabled !== undefined && { enabled }),
  ...(schedule !== undefined && { schedule }),
  part: { vendor, spec: spec(own) },
})

/** For `Administration.update`. Pure, as `definition`. */
export const change = ({ name, enabled, schedule, ...own }: SyncChange): Change.Change => {
  const changed = spec(own)
  return {
    ...(name !== undefined && { name }),
    ...(enabled !== undefined && { enabled }),
    ...(schedule !== undefined && { schedule }),
    ...(Object.keys(changed).length > 0 && { part: { vendor, spec: changed } }),
  }
}

/** The vendor's payload of a sync, typed; `undefined` for a sync of another vendor. */
export const nativeOf = (sync: Sync): ZeotapApi.Sync | undefined =>
  sync.ref.vendor === vendor ? Reader.orUndefined(ZeotapApi.sync, sync.native) : undefined

const spec = ({
  model,
  destination,
  mapping,
  mode,
  primaryKey,
  description,
  config,
  ...strange
}: Partial<Own>): ChangedSpec => ({
  // What has no place here goes along, to be refused by its name.
  ...strange,
  ...(model !== undefined && { model_id: model }),
  ...(destination !== undefined && { destination_id: destination }),
  ...(mapping !== undefined && {
    field_mapping: mapping.map(({ from, to, cast }) => ({
      source_column: from,
      destination_field: to,
      ...(cast !== undefined && { type_cast: cast }),
    })),
  }),
  ...(mode !== undefined && { sync_mode: mode }),
  ...(primaryKey !== undefined && { primary_key: primaryKey }),
  ...(description !== undefined && { description }),
  ...(config !== undefined && { config }),
})
