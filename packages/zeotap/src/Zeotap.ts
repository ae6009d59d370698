/**
 * Zeotap Composable CDP Reverse ETL as a workspace: trigger, wait, list.
 *
 * A sync is what Zeotap's API has under `/syncs`, named by its id. The vendor documents no way to cancel a run and no
 * choice of what a run covers, so this workspace has neither. The vendor does not document what a trigger does while a
 * run is under way, so core reads the runs before it triggers.
 */
import type { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import * as Adapter from "@openretl/core/driver/Adapter"
import type * as Driver from "@openretl/core/driver/Driver"
import type * as FromConfig from "@openretl/core/driver/FromConfig"
import * as Open from "@openretl/core/Open"
import type { SyncRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import type { Run } from "@openretl/core/Run"
import type { Runs } from "@openretl/core/Runs"
import type { Workspace } from "@openretl/core/Workspace"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type * as EffectScope from "effect/Scope"
import { connect, vendor } from "./internal/connect.ts"
import { description } from "./internal/description.ts"
import * as FromWire from "./internal/fromWire.ts"
import { Ids } from "./internal/ids.ts"
import { Options, settings } from "./internal/options.ts"
import * as Paging from "./internal/paging.ts"
import * as ToWire from "./internal/toWire.ts"
import * as ZeotapApi from "./ZeotapApi.ts"
import { make as makeClient, type ZeotapRunsClient } from "./ZeotapRunsClient.ts"

export { Ids } from "./internal/ids.ts"
export { Options } from "./internal/options.ts"

/** The services that every Zeotap workspace provides. */
export type Services = Runs | CurrentWorkspace

/** Creates the driver over a client. */
export const driver = (client: ZeotapRunsClient, { workspaceId }: Partial<Options> = {}) =>
  ({
    ...(workspaceId !== undefined && { workspaceId }),
    spec: "openretl/2",
    vendor,
    baseUrl: client.http.baseUrl,
    account: client.http.account,
    redact: client.http.redact,
    ids: Ids,
    description,
    runs: {
      start: ({ sync }) => Effect.map(client.triggerSync(sync), ({ id }) => id),
      get: ({ sync }, run) =>
        Effect.map(client.getRun(sync, run), (answer) => FromWire.withRequestedId(FromWire.snapshot(answer), run)),
      list: ({ sync }, query) => {
        const request = Paging.requestOf(query.cursor, Paging.pageSizeOf(query.size))
        return Effect.map(client.listRuns(sync, ToWire.listQuery(request)), (listed) => FromWire.page(listed, request))
      },
      ownSchedule: ({ sync }) => Effect.map(client.getSync(sync), FromWire.ownSchedule),
    },
    check: (ids?: Ids) =>
      ids === undefined
        ? Effect.map(client.getWorkspace, FromWire.workspaceAccess)
        : Effect.map(client.getSync(ids.sync), FromWire.syncAccess),
  }) satisfies Driver.Driver<Ids, ZeotapApi.Run>

const adapter = Adapter.make({
  vendor,
  options: Options,
  ids: Ids,
  native: ZeotapApi.Run,
  connect: (options: Options) => Effect.map(connect(settings(options)), makeClient),
  driver,
})

/**
 * Creates the client of runs. `ZeotapAdmin.client` makes the one with every endpoint. Fails with `InvalidRequest`, with
 * all problems of the options at once.
 */
export const client: (options: Options) => Effect.Effect<ZeotapRunsClient, RetlError> = adapter.client

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

/**
 * Creates the ref of the sync with this id. Fails with `InvalidRequest` where the workspace's name or the id is
 * invalid. `Ref.parseSync` reads a ref in its text form.
 */
export const syncRef: (workspaceName: string, ids: Ids) => Effect.Effect<SyncRef, RetlError> = adapter.syncRef

/** Returns the vendor's payload of a run, typed; `undefined` for a run of another vendor. */
export const nativeOf: (run: Run) => ZeotapApi.Run | undefined = adapter.nativeOf
