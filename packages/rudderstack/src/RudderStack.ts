/**
 * RudderStack Reverse ETL as a workspace: trigger, wait, list, choose what a run covers, cancel.
 *
 * A sync is a RETL connection, named by its id; a run is what RudderStack calls a sync. The vendor refuses a second run
 * of a connection, lets the caller choose between incremental and full runs, and stops whatever runs on a connection.
 */
import type { Cancellation } from "@openretl/core/Cancellation"
import type { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import * as Adapter from "@openretl/core/driver/Adapter"
import type { Driver } from "@openretl/core/driver/Driver"
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
import * as Schema from "effect/Schema"
import type * as EffectScope from "effect/Scope"
import { isClosed } from "./internal/closed.ts"
import { connect, vendor } from "./internal/connect.ts"
import { description } from "./internal/description.ts"
import * as FromWire from "./internal/fromWire.ts"
import { Ids } from "./internal/ids.ts"
import { Options, settings } from "./internal/options.ts"
import * as Paging from "./internal/paging.ts"
import * as ToWire from "./internal/toWire.ts"
import { Sync, SyncType } from "./RudderStackApi.ts"
import { make as makeClient, type RudderStackRunsClient } from "./RudderStackRunsClient.ts"

export { Ids } from "./internal/ids.ts"
export { Options } from "./internal/options.ts"

/** The services that every RudderStack workspace provides. */
export type Services = Runs | CurrentWorkspace | Cancellation | ScopedTriggers

/**
 * Creates the driver over a client. `statusWords` are those of the workspace: with any of them, lists are not filtered
 * by status at RudderStack, because a word with a new meaning may stand for any status.
 */
export const driver = (client: RudderStackRunsClient, { statusWords = {} }: Pick<Options, "statusWords"> = {}) => {
  const canFilterByStatus = Object.keys(statusWords).length === 0
  return {
    spec: "openretl/2",
    vendor,
    baseUrl: client.http.baseUrl,
    account: client.http.account,
    redact: client.http.redact,
    ids: Ids,
    description,
    scopes: SyncType.literals,
    runs: {
      start: ({ connection }, { scope }) =>
        isSyncType(scope)
          ? Effect.map(client.startSync(connection, { syncType: scope }), ({ syncId }) => syncId)
          : Effect.fail(client.http.error("startSync", new Reason.InvalidRequest({ issues: [noScope] }), "not-sent")),
      get: ({ connection }, run) => Effect.map(client.getSync(connection, run), FromWire.snapshot),
      list: ({ connection }, pageQuery) => {
        const request = Paging.requestOf(pageQuery.cursor, Paging.sizeOf(pageQuery.size))
        const query = ToWire.listQuery(pageQuery, request, canFilterByStatus)
        return Effect.map(Paging.orNoPage(request, client.listSyncs(connection, query), { syncs: [] }), (page) =>
          FromWire.page(page, request),
        )
      },
      ownSchedule: ({ connection }) =>
        client.getConnection(connection).pipe(
          Effect.map(FromWire.ownSchedule),
          Effect.catchIf(isClosed, () => Effect.succeed("unknown" as const)),
        ),
    },
    cancellation: {
      undelivered: "kept",
      stops: "sync",
      cancel: ({ connection }) =>
        client.stopSync(connection).pipe(
          Effect.as("requested" as const),
          Effect.catchIf(meansNothingRuns, () => Effect.succeed("finished" as const)),
        ),
    },
    check: (sync?: Ids) =>
      sync === undefined
        ? client.listConnections({ page: 1, pageSize: 1 }).pipe(
            Effect.as({ shown: "The token can read the connections of its workspace." }),
            Effect.catchIf(isClosed, () =>
              Effect.succeed({
                shown: "The list of connections is closed to this token, which says nothing about runs: check a sync.",
              }),
            ),
          )
        : Effect.as(client.listSyncs(sync.connection, { page: 1, per_page: 1 }), {
            shown: "The token can read the runs of this connection. No read shows whether it may start and stop them.",
          }),
  } satisfies Driver<Ids, Sync>
}

const isSyncType = /* @__PURE__ */ Schema.is(SyncType)

const noScope: FieldIssue = { path: ["scope"], message: "Expected incremental or full" }

/** The answer to a stop with nothing to stop is not documented; each of these in the vendor's form would mean that. */
const meansNothingRuns = ({ reason, delivery }: RetlError): boolean =>
  delivery === "refused" && (reason._tag === "Conflict" || (reason._tag === "NotFound" && reason.what === "run"))

const adapter = Adapter.make({
  vendor,
  options: Options,
  ids: Ids,
  native: Sync,
  connect: (options: Options) => Effect.map(connect(settings(options)), makeClient),
  driver,
})

/**
 * Creates the client of runs alone, with the same options; `RudderStackAdmin.client` has every endpoint. Fails with
 * `InvalidRequest`, with all problems of the options at once.
 */
export const client: (options: Options) => Effect.Effect<RudderStackRunsClient, RetlError> = adapter.client

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

/**
 * Creates the ref of a connection. Fails with `InvalidRequest`, an issue for each field, where the name or the id
 * cannot be one. `Ref.parseSync` decodes a ref in its text form.
 */
export const syncRef: (workspaceName: string, ids: Ids) => Effect.Effect<SyncRef, RetlError> = adapter.syncRef

/** Returns the vendor's payload of a run, typed; `undefined` for a run of another vendor. */
export const nativeOf: (run: Run) => Sync | undefined = adapter.nativeOf
