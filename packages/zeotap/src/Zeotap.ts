/**
 * Zeotap Composable CDP Reverse ETL as a workspace: trigger, wait, list.
 *
 * A sync is what Zeotap's API has under `/syncs`, named by its id. The vendor documents no way to cancel a run and no
 * choice of what a run covers, so neither is there; and it says nothing about a trigger while a run is under way, so
 * core looks before it triggers.
 */
import type { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import type { Driver } from "@openretl/core/driver/Driver"
import * as FromConfig from "@openretl/core/driver/FromConfig"
import type * as CoreOptions from "@openretl/core/driver/Options"
import * as Reader from "@openretl/core/driver/Reader"
import * as RefFromIds from "@openretl/core/driver/RefFromIds"
import type { SyncRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import type { Run } from "@openretl/core/Run"
import type { Runs } from "@openretl/core/Runs"
import * as Workspace from "@openretl/core/Workspace"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type * as EffectScope from "effect/Scope"
import { connect, vendor } from "./internal/connect.ts"
import * as FromWire from "./internal/fromWire.ts"
import { problems, settings } from "./internal/options.ts"
import * as ToWire from "./internal/toWire.ts"
import * as ZeotapApi from "./ZeotapApi.ts"
import * as ZeotapFacts from "./ZeotapFacts.ts"
import { make as makeClient, type ZeotapRunsClient } from "./ZeotapRunsClient.ts"

/** The token is an API key (long-lived), or a Firebase ID token (an hour): give the latter as an effect. */
export interface Options extends CoreOptions.Options, CoreOptions.Connection {
  /**
   * Zeotap's id of the workspace, as in `660e8400-e29b-41d4-a716-446655440000`: 1 to 255 characters of printable ASCII
   * without spaces. Not to be confused with `name`, which is yours to choose.
   */
  readonly workspaceId: string
}

/** What every Zeotap workspace provides. */
export type Services = Runs | CurrentWorkspace

/** The driver's own shape, from which core derives `Services`. */
export interface ZeotapDriver extends Driver {
  readonly vendor: "zeotap"
  readonly scopes?: never
  readonly cancellation?: never
}

/** The client of runs alone, with the same options; `ZeotapAdmin.client` has every endpoint. */
export const client = (options: Options): Effect.Effect<ZeotapRunsClient, RetlError> =>
  Effect.map(Effect.flatMap(settings(options), connect), makeClient)

/** The driver over a client. */
export const driver = (client: ZeotapRunsClient): ZeotapDriver => ({
  spec: "openretl/1",
  vendor,
  idNames: ["sync"],
  description: ZeotapFacts.description,
  runs: {
    start: (sync) => Effect.map(client.triggerSync(idOf(sync)), ({ id }) => id),
    get: (sync, run) => Effect.map(client.getRun(idOf(sync), run), FromWire.snapshot),
    list: (sync, query) => {
      const asked = ToWire.asked(query)
      return Effect.map(client.listRuns(idOf(sync), ToWire.listQuery(asked)), (answer) => FromWire.page(answer, asked))
    },
    ownSchedule: (sync) => Effect.map(client.getSync(idOf(sync)), FromWire.ownSchedule),
  },
  check: (sync) =>
    sync === undefined
      ? Effect.map(client.getWorkspace, FromWire.workspaceAccess)
      : Effect.map(client.getSync(idOf(sync)), FromWire.syncAccess),
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

/**
 * The sync with this id. Fails with `InvalidRequest` where the name or the id cannot be one; a sync in its text form is
 * read with `Ref.parseSync`.
 */
export const syncRef = (workspaceName: string, ids: { readonly sync: string }): Effect.Effect<SyncRef, RetlError> =>
  RefFromIds.sync(vendor, workspaceName, { sync: ids.sync })

/** The vendor's payload of a run, typed; `undefined` for a run of another vendor. */
export const nativeOf = (run: Run): ZeotapApi.Run | undefined =>
  run.ref.vendor === vendor ? Reader.orUndefined(ZeotapApi.run, run.native) : undefined

/** Core has checked that the id is there; an empty one is refused by the client. */
const idOf = (sync: Readonly<Record<string, string>>): string => sync["sync"] ?? ""
