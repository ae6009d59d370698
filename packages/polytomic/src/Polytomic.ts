/**
 * Polytomic as a workspace that runs model syncs: trigger, wait, list, choose what a run covers, cancel.
 *
 * A sync is named by its id. The vendor keeps the key of a trigger for 24 hours: core repeats a trigger whose answer was
 * lost with its key, and the vendor starts one run. A cancel stops the run that it names.
 */
import type { Cancellation } from "@openretl/core/Cancellation"
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
import { connect, vendor } from "./internal/connect.ts"
import { description } from "./internal/description.ts"
import * as FromWire from "./internal/fromWire.ts"
import { Ids } from "./internal/ids.ts"
import { Options, settings } from "./internal/options.ts"
import * as Paging from "./internal/paging.ts"
import * as ToWire from "./internal/toWire.ts"
import * as PolytomicApi from "./PolytomicApi.ts"
import { make as makeClient, type PolytomicRunsClient } from "./PolytomicRunsClient.ts"

export { Ids } from "./internal/ids.ts"
export { Options } from "./internal/options.ts"

/** The services that every Polytomic workspace provides. */
export type Services = Runs | CurrentWorkspace | ScopedTriggers | Cancellation

/** Creates the driver over a client. */
export const driver = (client: PolytomicRunsClient) =>
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
      start: ({ sync }, { scope, key, isRepeated = false }) => {
        const request = ToWire.startRequest(scope)
        return request === undefined
          ? Effect.fail(client.http.error("startSync", new Reason.InvalidRequest({ issues: [noScope] }), "not-sent"))
          : client.startSync(sync, request, key).pipe(
              Effect.map(({ id }) => id),
              Effect.mapError((error) => withMeaning(error, isRepeated)),
            )
      },
      get: ({ sync }, run) => Effect.map(client.getExecution(sync, run), FromWire.snapshot),
      list: ({ sync }, { cursor }) =>
        Effect.map(client.listExecutions(sync, Paging.executionsQuery(cursor)), (listed) =>
          FromWire.page(listed, cursor),
        ),
      ownSchedule: ({ sync }) => Effect.map(client.getSync(sync), FromWire.ownSchedule),
    },
    cancellation: {
      stops: "run",
      cancel: ({ sync }, run) =>
        client.cancelExecution(sync, run).pipe(
          Effect.as("requested" as const),
          Effect.catchIf(
            ({ reason, delivery }) => reason._tag === "Conflict" && delivery === "refused",
            () => Effect.succeed("finished" as const),
          ),
        ),
    },
    check: (ids?: Ids) =>
      ids === undefined
        ? Effect.map(client.getIdentity, FromWire.organizationAccess)
        : Effect.map(client.getSync(ids.sync), FromWire.syncAccess),
  }) satisfies Driver.Driver<Ids, PolytomicApi.Execution>

/**
 * Returns a refusal with what its 409 means where its text does not say: that a run is under way or, for a request that was
 * sent before with the same key, maybe that the vendor is still at work on that one.
 */
const withMeaning = (error: RetlError, isRepeated: boolean): RetlError => {
  if (error.reason._tag !== "Conflict" || error.delivery !== "refused") return error
  return error.with(isRepeated ? { delivery: "unknown" } : { reason: new Reason.AlreadyRunning({}) })
}

const noScope: FieldIssue = { path: ["scope"], message: `Expected ${ToWire.scopes.join(", ")}` }

const adapter = Adapter.make({
  vendor,
  options: Options,
  ids: Ids,
  native: PolytomicApi.Execution,
  connect: (options: Options) => Effect.map(connect(settings(options)), makeClient),
  driver,
})

/**
 * Creates the client of runs. `PolytomicAdmin.client` makes the one with every endpoint. Fails with `InvalidRequest`, with
 * all problems of the options at once.
 */
export const client: (options: Options) => Effect.Effect<PolytomicRunsClient, RetlError> = adapter.client

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
export const nativeOf: (run: Run) => PolytomicApi.Execution | undefined = adapter.nativeOf
