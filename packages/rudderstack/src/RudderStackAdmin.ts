/**
 * RudderStack Reverse ETL as a workspace with everything: what `RudderStack` provides, the catalog of connections, and
 * making, changing and deleting them.
 *
 * The routes behind it are not on the vendor's public page; they are seen in its own client, and may be closed to an
 * account. A program that only runs syncs imports `RudderStack`, and ships none of this.
 */
import type * as Administration from "@openretl/core/Administration"
import type * as Catalog from "@openretl/core/Catalog"
import type * as Change from "@openretl/core/Change"
import * as FromConfig from "@openretl/core/driver/FromConfig"
import * as Reader from "@openretl/core/driver/Reader"
import * as Sections from "@openretl/core/driver/Sections"
import type * as FieldIssue from "@openretl/core/FieldIssue"
import type * as Move from "@openretl/core/Move"
import type { RetlError } from "@openretl/core/RetlError"
import type { Schedule } from "@openretl/core/Schedule"
import type { Sync } from "@openretl/core/Sync"
import { VendorId } from "@openretl/core/schema/Ref"
import * as Workspace from "@openretl/core/Workspace"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type * as EffectScope from "effect/Scope"
import * as AdministrationSection from "./internal/administration.ts"
import * as CatalogSection from "./internal/catalog.ts"
import { vendor } from "./internal/connect.ts"
import * as CommonOptions from "./internal/options.ts"
import * as ScheduleCodec from "./internal/schedule.ts"
import * as RudderStack from "./RudderStack.ts"
import { make as makeClient, type RudderStackClient } from "./RudderStackClient.ts"
import * as ConnectionsApi from "./RudderStackConnectionsApi.ts"

export interface Options extends RudderStack.Options {
  /**
   * The ids of connections that the catalog lists where RudderStack closes the list of them to the account. Where the
   * list is open they are not looked at; those that are not there are left out. @default none
   */
  readonly connections?: ReadonlyArray<string>
}

/** What every RudderStack workspace with configuration provides. */
export type Services = RudderStack.Services | Catalog.Catalog | Administration.Administration

/** The driver's own shape, from which core derives `Services`. */
export interface RudderStackAdminDriver extends RudderStack.RudderStackDriver {
  readonly catalog: Catalog.Section
  readonly administration: Administration.Section
}

/** What schedules a connection can have: minutes apart, or cron without a time zone. */
export const schedules = ScheduleCodec.schedules

/** What a sync that comes here from elsewhere can be. */
export const target: Move.Target = {
  vendor: schedules.vendor,
  schedules,
  modes: ["upsert", "mirror", "full"],
  hasNames: false,
  hasCasts: false,
  hasPrimaryKey: false,
}

/** A connection that is to be: the fields of `POST /v2/retl-connections`, with a portable schedule. */
export interface NewSync extends AdministrationSection.DefinitionSpec {
  /** Whether it is switched on at once. @default false */
  readonly enabled?: boolean
  /** When it runs by itself. The first run of a connection that is enabled sends every row. @default manual */
  readonly schedule?: Schedule
}

/** What is to be different of a connection; whatever is absent stays as it is, and an empty list clears. */
export interface SyncChange extends AdministrationSection.ChangeSpec {
  readonly enabled?: boolean
  readonly schedule?: Schedule
}

/** What `Administration.create` takes. Pure: problems are told there, all at once, before any request. */
export const definition = ({ enabled, schedule, ...spec }: NewSync): Change.Definition => ({
  ...(enabled !== undefined && { enabled }),
  ...(schedule !== undefined && { schedule }),
  part: { vendor, spec },
})

/** What `Administration.update` takes. Pure: problems are told there, all at once, before any request. */
export const change = ({ enabled, schedule, ...spec }: SyncChange): Change.Change => ({
  ...(enabled !== undefined && { enabled }),
  ...(schedule !== undefined && { schedule }),
  ...(Object.keys(spec).length > 0 && { part: { vendor, spec } }),
})

/** The client alone, with the same options: every endpoint, for what the portable services do not cover. */
export const client = (options: Options): Effect.Effect<RudderStackClient, RetlError> =>
  Effect.flatMap(CommonOptions.settings(options, problems), makeClient)

/** The driver over a complete client. */
export const driver = (
  client: RudderStackClient,
  options: Pick<Options, "statusWords" | "connections"> = {},
): RudderStackAdminDriver => ({
  ...RudderStack.driver(client, options),
  catalog: Sections.catalog(CatalogSection.make(client, options.connections)),
  administration: Sections.administration(AdministrationSection.make(client)),
})

/** The workspace as a value, for a fleet. What it runs in the background ends with the surrounding `Scope`. */
export const workspace = (
  options: Options,
): Effect.Effect<Workspace.Workspace<Services>, RetlError, EffectScope.Scope> =>
  Effect.flatMap(client(options), (made) => Workspace.make(options, driver(made, options)))

/** The workspace as the current one. All problems of the options are reported at once, before any request. */
export const layer = (options: Options): Layer.Layer<Services, RetlError> => Workspace.toLayer(workspace(options))

/** As `layer`, with any part of the options read from the configuration. */
export const layerConfig = (wrapped: FromConfig.Wrap<Options>): Layer.Layer<Services, RetlError> =>
  FromConfig.layer(vendor, wrapped, problems, layer)

/** The vendor's payload of a sync, typed; `undefined` for a sync of another vendor. */
export const nativeOf = (sync: Sync): ConnectionsApi.Connection | undefined =>
  sync.ref.vendor === vendor ? Reader.orUndefined(ConnectionsApi.connection, sync.native) : undefined

const isId = Schema.is(VendorId)

const problems = (options: Options): ReadonlyArray<FieldIssue.FieldIssue> => [
  ...CommonOptions.problems(options),
  ...(options.connections ?? []).flatMap((id, index) =>
    isId(id) ? [] : [{ path: ["connections", String(index)], message: "Expected an id of 1 to 255 characters" }],
  ),
]
