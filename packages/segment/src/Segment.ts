/**
 * Segment Reverse ETL as a workspace that runs syncs: trigger, wait, list, cancel.
 *
 * A sync is a mapping, which Segment's API calls a subscription, named together with its source and its model; a run is
 * what Segment calls a sync. Segment does not document what it does with a second run of a mapping, so core looks at
 * the runs before it triggers. The caller cannot choose what a run covers. A cancel stops the run that it names.
 */
import type { Cancellation } from "@openretl/core/Cancellation"
import type { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import * as Adapter from "@openretl/core/driver/Adapter"
import type { Driver } from "@openretl/core/driver/Driver"
import type * as FromConfig from "@openretl/core/driver/FromConfig"
import type { Redact } from "@openretl/core/driver/VendorClient"
import * as Open from "@openretl/core/Open"
import * as Reason from "@openretl/core/Reason"
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
import { queryOf } from "./internal/page.ts"
import { isFinishedCode } from "./internal/statusWords.ts"
import * as ToWire from "./internal/toWire.ts"
import { type CanceledSync, SyncStatus } from "./SegmentApi.ts"
import { make as makeClient, type SegmentRunsClient } from "./SegmentRunsClient.ts"

export { Ids, Options }

/** What every Segment workspace provides. */
export type Services = Runs | CurrentWorkspace | Cancellation

/** Creates the driver that runs syncs, over a client of runs. */
export const driver = (client: SegmentRunsClient) => {
  const cancelResult = (answer: CanceledSync): Effect.Effect<"requested", RetlError> => {
    const evidence = FromWire.cancelError(answer)
    return evidence === undefined
      ? Effect.succeed("requested")
      : Effect.fail(client.http.error("cancelSync", new Reason.Conflict(), "refused", evidence))
  }

  return {
    spec: "openretl/2",
    vendor,
    baseUrl: client.http.baseUrl,
    account: client.http.account,
    redact: client.http.redact,
    ids: Ids,
    description,
    runs: {
      start: (sync) => Effect.map(client.createManualSync(ToWire.startRequest(sync)), ({ syncId }) => syncId),
      get: ({ model }, run) => Effect.map(client.getSyncStatus(model, run), FromWire.snapshot),
      list: ({ model, subscription }, query) => {
        const request = ToWire.pageRequest(query)
        return Effect.map(client.listSyncStatuses(model, subscription, queryOf(request)), (page) =>
          FromWire.page(page, request),
        )
      },
    },
    cancellation: {
      undelivered: "lost",
      stops: "run",
      cancel: ({ model }, run) =>
        client.cancelSync(model, run, ToWire.cancelRequest).pipe(
          Effect.flatMap(cancelResult),
          Effect.catchIf(saysFinished(client.http.redact), () => Effect.succeed("finished" as const)),
        ),
    },
    check: (sync?: Ids) =>
      sync === undefined
        ? Effect.map(client.getWorkspace, FromWire.access)
        : Effect.as(client.listSyncStatuses(sync.model, sync.subscription, { count: 1 }), {
            shown: "The token can read the runs of this mapping. No read shows whether it may start and cancel them.",
          }),
  } satisfies Driver<Ids, SyncStatus>
}

const adapter = Adapter.make({
  vendor,
  options: Options,
  ids: Ids,
  native: SyncStatus,
  connect: (options) => Effect.map(connect(settings(options)), makeClient),
  driver,
})

/**
 * Creates the client of runs. `SegmentAdmin.client` makes one with every endpoint. Fails with `InvalidRequest`, with
 * all problems of the options at once.
 */
export const client: (options: Options) => Effect.Effect<SegmentRunsClient, RetlError> = adapter.client

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
 * Creates the layer of the workspace. Fails with `InvalidRequest` before any request, with all problems of the options.
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
 * Creates the ref of a mapping. Fails with `InvalidRequest`, with an issue for each field, where the name or an id
 * cannot be one. `Ref.parseSync` decodes a ref's text form.
 */
export const syncRef: (workspaceName: string, ids: Ids) => Effect.Effect<SyncRef, RetlError> = adapter.syncRef

/** Returns the vendor's payload of a run, typed; `undefined` for a run of another vendor. */
export const nativeOf: (run: Run) => SyncStatus | undefined = adapter.nativeOf

/** The error is documented for a 200; a 409 with the same code means the same. */
const saysFinished =
  (redact: Redact) =>
  ({ reason, evidence }: RetlError): boolean =>
    reason._tag === "Conflict" && isFinishedCode(evidence.code, redact)
