/**
 * Fivetran Activations (formerly Census) as a workspace: trigger, wait, list, choose what a run covers, cancel.
 *
 * A sync is named by its id. The vendor takes a trigger while a run is in progress, and skips its run. It lets the caller choose
 * between incremental and full runs, and cancels a run by its id. The adapter uses the second version of the API; the first one
 * retires on 2027-01-15.
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
import * as FivetranActivationsApi from "./FivetranActivationsApi.ts"
import { type FivetranActivationsRunsClient, make as makeClient } from "./FivetranActivationsRunsClient.ts"
import { connect, vendor } from "./internal/connect.ts"
import { description } from "./internal/description.ts"
import * as FromWire from "./internal/fromWire.ts"
import { Ids } from "./internal/ids.ts"
import { Options, settings } from "./internal/options.ts"
import * as Paging from "./internal/paging.ts"
import * as ToWire from "./internal/toWire.ts"

export { Ids } from "./internal/ids.ts"
export { Options } from "./internal/options.ts"

/** The services that every workspace of Fivetran Activations provides. */
export type Services = Runs | CurrentWorkspace | Cancellation | ScopedTriggers

/** Creates the driver over a client. */
export const driver = (client: FivetranActivationsRunsClient, { groupId }: Pick<Options, "groupId"> = {}) =>
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
        const query = ToWire.triggerQuery(scope)
        return query === undefined
          ? Effect.fail(client.http.error("triggerSync", new Reason.InvalidRequest({ issues: [noScope] }), "not-sent"))
          : client.triggerSync(sync, query)
      },
      get: ({ sync }, run) =>
        Effect.flatMap(client.getRun(run), (answer) =>
          // The path names the run alone: a run of another sync is none of this one.
          answer.sync_id === undefined || answer.sync_id === sync
            ? Effect.succeed(FromWire.snapshot(answer))
            : Effect.fail(
                client.http.error("getRun", new Reason.NotFound({ what: "run" }), "refused", { status: 200 }),
              ),
        ),
      list: ({ sync }, query) => {
        const request = Paging.requestOf(query.cursor, query.size)
        return Effect.map(client.listRuns(sync, ToWire.listQuery(request)), (listed) => FromWire.page(listed, request))
      },
      ownSchedule: ({ sync }) => Effect.map(client.getSync(sync), FromWire.ownSchedule),
    },
    cancellation: {
      stops: "run",
      cancel: (_, run) =>
        client.cancelRun(run).pipe(
          Effect.as("requested" as const),
          Effect.catchIf(meansEnded, () => Effect.succeed("finished" as const)),
        ),
    },
    check: (ids?: Ids) =>
      ids === undefined
        ? Effect.as(
            client.listSyncs({ per_page: 1, ...(groupId !== undefined && { group_id: groupId }) }),
            FromWire.workspaceAccess,
          )
        : Effect.map(client.getSync(ids.sync), FromWire.syncAccess),
  }) satisfies Driver.Driver<Ids, FivetranActivationsApi.Run>

/** What the cancel of a run that has ended answers is not documented; a conflict in the vendor's form would mean that. */
const meansEnded = ({ reason, delivery }: RetlError): boolean => reason._tag === "Conflict" && delivery === "refused"

const noScope: FieldIssue = { path: ["scope"], message: `Expected ${ToWire.scopes.join(", ")}` }

const adapter = Adapter.make({
  vendor,
  options: Options,
  ids: Ids,
  native: FivetranActivationsApi.Run,
  connect: (options: Options) => Effect.map(connect(settings(options)), makeClient),
  driver,
})

/**
 * Creates the client of runs. `FivetranActivationsAdmin.client` makes the one with every endpoint. Fails with `InvalidRequest`, with
 * all problems of the options at once.
 */
export const client: (options: Options) => Effect.Effect<FivetranActivationsRunsClient, RetlError> = adapter.client

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
export const nativeOf: (run: Run) => FivetranActivationsApi.Run | undefined = adapter.nativeOf
