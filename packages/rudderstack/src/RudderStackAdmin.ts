/**
 * RudderStack Reverse ETL as a workspace that also configures: what `RudderStack` provides, the catalog of connections,
 * and the services that create, change and delete them.
 *
 * The routes behind it are not on the vendor's public page. They are seen in its own client, and may be closed to an
 * account. A program that only runs syncs imports `RudderStack`, and ships none of this.
 */
import type { Administration } from "@openretl/core/Administration"
import type { Catalog } from "@openretl/core/Catalog"
import type * as Change from "@openretl/core/Change"
import type { Creation } from "@openretl/core/Creation"
import type { Deletion } from "@openretl/core/Deletion"
import * as AdminAdapter from "@openretl/core/driver/AdminAdapter"
import type { Driver } from "@openretl/core/driver/Driver"
import type * as FromConfig from "@openretl/core/driver/FromConfig"
import * as Input from "@openretl/core/driver/Input"
import type * as Move from "@openretl/core/Move"
import * as Open from "@openretl/core/Open"
import { type SyncRef, VendorId } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import type { Schedule } from "@openretl/core/Schedule"
import type { ScheduleForms } from "@openretl/core/ScheduleForms"
import type { Sync } from "@openretl/core/Sync"
import type { Workspace } from "@openretl/core/Workspace"
import type * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type * as EffectScope from "effect/Scope"
import * as AdministrationPart from "./internal/administration.ts"
import * as CatalogPart from "./internal/catalog.ts"
import { vendor } from "./internal/connect.ts"
import { Ids } from "./internal/ids.ts"
import * as CommonOptions from "./internal/options.ts"
import { forms } from "./internal/scheduleForms.ts"
import * as RudderStack from "./RudderStack.ts"
import type * as RudderStackApi from "./RudderStackApi.ts"
import { make as makeClient, type RudderStackClient } from "./RudderStackClient.ts"
import { Connection, type ConnectionChange, type NewConnection } from "./RudderStackConnectionsApi.ts"

export { Ids } from "./internal/ids.ts"

/** The options of a RudderStack workspace that configures. */
export const Options = Schema.Struct({
  ...CommonOptions.Options.fields,
  /**
   * The ids of the connections that the catalog reads where RudderStack closes the list to the account. Ids of
   * connections that do not exist are skipped. Where the list is open, they are not used. @default none
   */
  connections: Input.optional(Schema.Array(VendorId)),
})
export interface Options extends Schema.Schema.Type<typeof Options> {}

/** The services that every RudderStack workspace that configures provides. */
export type Services = RudderStack.Services | Catalog | Administration | Creation | Deletion

/** The schedules that a connection can have: 5 minutes or more apart, or such a cron expression, read in UTC. */
export const schedules: ScheduleForms = forms

/** What a sync can be that moves to RudderStack from another vendor. */
export const target: Move.Target = {
  vendor: schedules.vendor,
  schedules,
  modes: ["upsert", "mirror", "full"],
  hasNames: false,
  hasCasts: false,
  hasPrimaryKey: false,
}

/** A connection to create: the fields of `POST /v2/retl-connections`, with a portable schedule. */
export interface NewSync extends NewConnection {
  /** Whether the connection is switched on at once. @default false */
  readonly enabled?: boolean
  /**
   * When the connection runs by itself. The first run of a connection that is enabled sends every row. @default manual
   */
  readonly schedule?: Schedule
  /** Texts among the fields that look like the mask of a secret and are meant as they are. @default none */
  readonly literal?: ReadonlyArray<string>
}

/** What is to change of a connection. Absent fields stay as they are; an empty list clears. */
export interface SyncChange extends ConnectionChange {
  /** Whether the connection is switched on. */
  readonly enabled?: boolean
  /** When the connection runs by itself. */
  readonly schedule?: Schedule
  /** Texts among the fields that look like the mask of a secret and are meant as they are. @default none */
  readonly literal?: ReadonlyArray<string>
}

/** Returns what `Creation.create` takes. Pure: `create` reports all problems at once, before any request. */
export const definition = (input: NewSync): Change.Definition => {
  const { enabled, schedule, literal, ...spec } = Input.fields(input)
  return {
    ...(enabled !== undefined && { enabled }),
    ...(schedule !== undefined && { schedule }),
    part: { vendor, spec, ...(literal !== undefined && { literal }) },
  }
}

/** Returns what `Administration.update` takes. Pure: `update` reports all problems at once, before any request. */
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

/**
 * Creates the driver over a complete client. `statusWords` and `connections` are those of the workspace; see
 * `RudderStack.driver` for the former.
 */
export const driver = (client: RudderStackClient, options: Pick<Options, "statusWords" | "connections"> = {}) =>
  ({
    ...RudderStack.driver(client, options),
    catalog: CatalogPart.make(client, options.connections),
    administration: AdministrationPart.make(client),
  }) satisfies Driver<Ids, RudderStackApi.Sync, Connection, NewConnection, ConnectionChange>

const adapter = AdminAdapter.make({
  vendor,
  options: Options,
  ids: Ids,
  native: Connection,
  connect: (options: Options) => makeClient(CommonOptions.settings(options)),
  driver,
})

/**
 * Creates the complete client, with the same options: every endpoint, for what the portable services do not cover.
 * Fails with `InvalidRequest`, with all problems of the options at once.
 */
export const client: (options: Options) => Effect.Effect<RudderStackClient, RetlError> = adapter.client

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
 * Creates the layer of the workspace. Fails with `InvalidRequest`, with all problems of the options at once, before any
 * request.
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

/** Creates the ref of a connection, as `RudderStack.syncRef` does. */
export const syncRef: (workspaceName: string, ids: Ids) => Effect.Effect<SyncRef, RetlError> = adapter.syncRef

/** Returns the vendor's payload of a sync, typed; `undefined` for a sync of another vendor. */
export const nativeOf: (sync: Sync) => Connection | undefined = adapter.nativeOf
