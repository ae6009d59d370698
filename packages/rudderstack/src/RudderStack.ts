/**
 * RudderStack Reverse ETL as a workspace: trigger, wait, list, choose what a run covers, cancel.
 *
 * A sync is a RETL connection, named by its id; a run is what RudderStack calls a sync. The vendor refuses a second run
 * of a connection, lets the caller choose between incremental and full runs, and stops whatever runs on a connection.
 */
import type { Cancellation } from "@openretl/core/Cancellation"
import type { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import type { Driver } from "@openretl/core/driver/Driver"
import * as FromConfig from "@openretl/core/driver/FromConfig"
import type * as CoreOptions from "@openretl/core/driver/Options"
import * as Reader from "@openretl/core/driver/Reader"
import * as RefFromIds from "@openretl/core/driver/RefFromIds"
import type * as FieldIssue from "@openretl/core/FieldIssue"
import * as Reason from "@openretl/core/Reason"
import type { SyncRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import type { Run } from "@openretl/core/Run"
import type { Runs } from "@openretl/core/Runs"
import { type Scope, scopes } from "@openretl/core/Scope"
import type { ScopedTriggers } from "@openretl/core/ScopedTriggers"
import * as Workspace from "@openretl/core/Workspace"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type * as EffectScope from "effect/Scope"
import { isClosed } from "./internal/closed.ts"
import { connect, type Region, vendor } from "./internal/connect.ts"
import * as FromWire from "./internal/fromWire.ts"
import { problems, settings } from "./internal/options.ts"
import * as ToWire from "./internal/toWire.ts"
import * as RudderStackApi from "./RudderStackApi.ts"
import * as RudderStackFacts from "./RudderStackFacts.ts"
import { make as makeClient, type RudderStackRunsClient } from "./RudderStackRunsClient.ts"

export interface Options extends CoreOptions.Options, CoreOptions.Connection {
  /** Where the workspace lives; its token is good there only. */
  readonly region: Region
  /**
   * What a run covers that is triggered without a scope. It has no default: the vendor's own is disputed, and a full run
   * sends every row again.
   */
  readonly defaultScope: Scope
}

/** What every RudderStack workspace provides. */
export type Services = Runs | CurrentWorkspace | Cancellation | ScopedTriggers

/** The driver's own shape, from which core derives `Services`. */
export interface RudderStackDriver extends Driver {
  readonly vendor: "rudderstack"
  readonly scopes: ReadonlyArray<Scope>
  readonly cancellation: NonNullable<Driver["cancellation"]>
}

/** The client of runs alone, with the same options; `RudderStackAdmin.client` has every endpoint. */
export const client = (options: Options): Effect.Effect<RudderStackRunsClient, RetlError> =>
  Effect.map(Effect.flatMap(settings(options), connect), makeClient)

/** The driver over a client, for a workspace with these `statusWords`. */
export const driver = (
  client: RudderStackRunsClient,
  { statusWords }: Pick<Options, "statusWords"> = {},
): RudderStackDriver => {
  // Words with a meaning of their own may stand for any status: the vendor's filter would then hide some.
  const mayNarrow = Object.keys(statusWords ?? {}).length === 0
  return {
    spec: "openretl/1",
    vendor,
    idNames: ["connection"],
    description: RudderStackFacts.description,
    scopes,
    runs: {
      start: (sync, { scope }) =>
        scope === undefined
          ? Effect.fail(client.http.error("startSync", new Reason.InvalidRequest({ issues: [noScope] }), "not-sent"))
          : Effect.map(client.startSync(connectionOf(sync), ToWire.startRequest(scope)), ({ syncId }) => syncId),
      get: (sync, run) => Effect.map(client.getSync(connectionOf(sync), run), FromWire.snapshot),
      list: (sync, query) => {
        const asked = ToWire.listQuery(query, mayNarrow)
        return Effect.map(client.listSyncs(connectionOf(sync), asked), (answer) => FromWire.page(answer, asked))
      },
      ownSchedule: (sync) =>
        client.getConnection(connectionOf(sync)).pipe(
          Effect.map(FromWire.ownSchedule),
          Effect.catchIf(isClosed, () => Effect.succeed("unknown" as const)),
        ),
    },
    cancellation: {
      stops: "sync",
      cancel: (sync) =>
        client.stopSync(connectionOf(sync)).pipe(
          Effect.as("requested" as const),
          Effect.catchIf(saysNothingRuns, () => Effect.succeed("finished" as const)),
        ),
    },
    check: (sync) =>
      sync === undefined
        ? client.listConnections({ page: 1, pageSize: 1 }).pipe(
            Effect.as({ shown: "The token reads the connections of its workspace." }),
            Effect.catchIf(isClosed, () =>
              Effect.succeed({
                shown: "The list of connections is closed to this token, which says nothing about runs: check a sync.",
              }),
            ),
          )
        : Effect.as(client.listSyncs(connectionOf(sync), { page: 1, per_page: 1 }), {
            shown: "The token reads the runs of this connection; whether it may start and stop them is not shown.",
          }),
  }
}

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

/**
 * The sync of a connection. Fails with `InvalidRequest` where the name or the id cannot be one; a sync in its text form
 * is read with `Ref.parseSync`.
 */
export const syncRef = (
  workspaceName: string,
  ids: { readonly connection: string },
): Effect.Effect<SyncRef, RetlError> => RefFromIds.sync(vendor, workspaceName, { connection: ids.connection })

/** The vendor's payload of a run, typed; `undefined` for a run of another vendor. */
export const nativeOf = (run: Run): RudderStackApi.Sync | undefined =>
  run.ref.vendor === vendor ? Reader.orUndefined(RudderStackApi.sync, run.native) : undefined

const noScope: FieldIssue.FieldIssue = { path: ["scope"], message: "Expected incremental or full" }

/** Core has checked that the id is there; an empty one is refused by the client. */
const connectionOf = (sync: Readonly<Record<string, string>>): string => sync["connection"] ?? ""

/** What the vendor says to a stop with nothing to stop is not documented; any of these would mean that. */
const saysNothingRuns = ({ reason }: RetlError): boolean =>
  reason._tag === "Conflict" || (reason._tag === "NotFound" && reason.what === "run")
