/**
 * Hightouch as a workspace: trigger, wait, list, choose what a run covers.
 *
 * A sync is named by its id. The vendor queues a trigger while a run is in progress, lets the caller choose a reset for a
 * run, and documents no way to cancel one. It has no route for one run: a run is read in the list of runs.
 */
import type { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import * as Adapter from "@openretl/core/driver/Adapter"
import type * as Driver from "@openretl/core/driver/Driver"
import type * as FromConfig from "@openretl/core/driver/FromConfig"
import type { FieldIssue } from "@openretl/core/FieldIssue"
import * as Open from "@openretl/core/Open"
import * as Reason from "@openretl/core/Reason"
import type { SyncRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import type { Run } from "@openretl/core/Run"
import type { Runs } from "@openretl/core/Runs"
import type { ScopedTriggers } from "@openretl/core/ScopedTriggers"
import type { Workspace } from "@openretl/core/Workspace"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type * as EffectScope from "effect/Scope"
import * as HightouchApi from "./HightouchApi.ts"
import { type HightouchRunsClient, make as makeClient } from "./HightouchRunsClient.ts"
import { connect, vendor } from "./internal/connect.ts"
import { description } from "./internal/description.ts"
import * as FromWire from "./internal/fromWire.ts"
import { Ids } from "./internal/ids.ts"
import { Options, settings } from "./internal/options.ts"
import * as Paging from "./internal/paging.ts"
import * as ToWire from "./internal/toWire.ts"

export { Ids } from "./internal/ids.ts"
export { Options } from "./internal/options.ts"

/** The services that every Hightouch workspace provides. */
export type Services = Runs | CurrentWorkspace | ScopedTriggers

/** Creates the driver over a client. */
export const driver = (client: HightouchRunsClient) =>
  ({
    spec: "openretl/2",
    vendor,
    baseUrl: client.http.baseUrl,
    account: client.http.account,
    redact: client.http.redact,
    ids: Ids,
    description,
    scopes: ToWire.scopes,
    runs: {
      start: ({ sync }, { scope }) => {
        const request = ToWire.triggerRequest(scope)
        return request === undefined
          ? Effect.fail(client.http.error("triggerSync", new Reason.InvalidRequest({ issues: [noScope] }), "not-sent"))
          : Effect.map(client.triggerSync(sync, request), ({ id }) => id)
      },
      get: ({ sync }, run) => Effect.map(client.getRun(sync, run), FromWire.snapshot),
      list: ({ sync }, query) => {
        const request = Paging.requestOf(query.cursor, query.size)
        return Effect.map(client.listRuns(sync, ToWire.listQuery(query, request)), (listed) =>
          FromWire.page(listed, request),
        )
      },
      ownSchedule: ({ sync }) => Effect.map(client.getSync(sync), FromWire.ownSchedule),
    },
    check: (ids?: Ids) =>
      ids === undefined
        ? Effect.map(client.listSyncs({ limit: 1 }), ({ data }) => FromWire.workspaceAccess(data))
        : Effect.map(client.getSync(ids.sync), FromWire.syncAccess),
  }) satisfies Driver.Driver<Ids, HightouchApi.Run>

const noScope: FieldIssue = { path: ["scope"], message: `Expected ${ToWire.scopes.join(", ")}` }

const adapter = Adapter.make({
  vendor,
  options: Options,
  ids: Ids,
  native: HightouchApi.Run,
  connect: (options: Options) => Effect.map(connect(settings(options)), makeClient),
  driver,
})

/**
 * Creates the client of runs. `HightouchAdmin.client` makes the one with every endpoint. Fails with `InvalidRequest`, with
 * all problems of the options at once.
 */
export const client: (options: Options) => Effect.Effect<HightouchRunsClient, RetlError> = adapter.client

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
export const nativeOf: (run: Run) => HightouchApi.Run | undefined = adapter.nativeOf
