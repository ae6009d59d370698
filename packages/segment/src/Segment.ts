/**
 * Segment Reverse ETL as a workspace: trigger, wait, list, cancel.
 *
 * A sync is a mapping, which Segment's API calls a subscription, named with its source and its model; a run is what
 * Segment calls a sync. The vendor does not say what it makes of a second run of a mapping, so core looks first; it
 * lets nobody choose what a run covers; it cancels the run that is named.
 */
import type { Cancellation } from "@openretl/core/Cancellation"
import type { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import type { Driver } from "@openretl/core/driver/Driver"
import * as FromConfig from "@openretl/core/driver/FromConfig"
import type * as CoreOptions from "@openretl/core/driver/Options"
import * as Reader from "@openretl/core/driver/Reader"
import * as RefFromIds from "@openretl/core/driver/RefFromIds"
import * as Reason from "@openretl/core/Reason"
import type { SyncRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import type { Run } from "@openretl/core/Run"
import type { Runs } from "@openretl/core/Runs"
import * as Workspace from "@openretl/core/Workspace"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type * as EffectScope from "effect/Scope"
import { connect, type Region, vendor } from "./internal/connect.ts"
import * as FromWire from "./internal/fromWire.ts"
import { problems, settings } from "./internal/options.ts"
import * as ToWire from "./internal/toWire.ts"
import * as SegmentApi from "./SegmentApi.ts"
import * as SegmentFacts from "./SegmentFacts.ts"
import { make as makeClient, type SegmentRunsClient } from "./SegmentRunsClient.ts"

export interface Options extends CoreOptions.Options, CoreOptions.Connection {
  /** Where the workspace lives; its token is good there only. */
  readonly region: Region
}

/** What every Segment workspace provides. */
export type Services = Runs | CurrentWorkspace | Cancellation

/** The driver's own shape, from which core derives `Services`. */
export interface SegmentDriver extends Driver {
  readonly vendor: "segment"
  readonly cancellation: NonNullable<Driver["cancellation"]>
}

/** The client of runs alone, with the same options; `SegmentAdmin.client` has every endpoint. */
export const client = (options: Options): Effect.Effect<SegmentRunsClient, RetlError> =>
  Effect.map(Effect.flatMap(settings(options), connect), makeClient)

/** The driver over a client; that of runs will do. */
export const driver = (client: SegmentRunsClient): SegmentDriver => ({
  spec: "openretl/1",
  vendor,
  idNames: ToWire.idNames,
  description: SegmentFacts.description,
  runs: {
    start: (sync) => Effect.map(client.createManualSync(ToWire.startRequest(ToWire.ids(sync))), ({ syncId }) => syncId),
    get: (sync, run) => Effect.map(client.getSyncStatus(ToWire.ids(sync).model, run), FromWire.snapshot),
    list: (sync, query) => {
      const { model, subscription } = ToWire.ids(sync)
      return Effect.map(client.listSyncStatuses(model, subscription, ToWire.listQuery(query)), FromWire.page)
    },
  },
  cancellation: {
    stops: "run",
    cancel: (sync, run) =>
      client.cancelSync(ToWire.ids(sync).model, run, ToWire.cancelRequest).pipe(
        Effect.flatMap((answer) => {
          const error = FromWire.cancelError(answer)
          return error === undefined
            ? Effect.succeed("requested" as const)
            : Effect.fail(client.http.error("cancelSync", new Reason.Conflict(), "refused", error))
        }),
        Effect.catchIf(saysItIsOver, () => Effect.succeed("finished" as const)),
      ),
  },
  check: (sync) => {
    if (sync === undefined) return Effect.map(client.getWorkspace, FromWire.access)
    const { model, subscription } = ToWire.ids(sync)
    return Effect.as(client.listSyncStatuses(model, subscription, { count: 1 }), {
      shown: "The token reads the runs of this mapping; whether it may start and cancel them is not shown.",
    })
  },
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
 * The sync of a mapping. Fails with `InvalidRequest` where the name or an id cannot be one; a sync in its text form is
 * read with `Ref.parseSync`.
 */
export const syncRef = (
  workspaceName: string,
  {
    source,
    model,
    subscription,
  }: {
    readonly source: string
    readonly model: string
    /** The mapping's id: it stands after `/mappings/` in the app's address. */
    readonly subscription: string
  },
): Effect.Effect<SyncRef, RetlError> => RefFromIds.sync(vendor, workspaceName, { source, model, subscription })

/** The vendor's payload of a run, typed; `undefined` for a run of another vendor. */
export const nativeOf = (run: Run): SegmentApi.SyncStatus | undefined =>
  run.ref.vendor === vendor ? Reader.orUndefined(SegmentApi.syncStatus, run.native) : undefined

/** The error is documented for a 200; should it come with a 409, it is the same. */
const saysItIsOver = ({ reason, evidence }: RetlError): boolean =>
  reason._tag === "Conflict" && FromWire.isOver(evidence.code)
