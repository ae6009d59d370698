/**
 * A small adapter for Acme, an invented vendor whose API is the one that `RudderStackEmulator` emulates. It passes the
 * suite, and `mutants.ts` changes it.
 */
import type { WorkspaceOptions } from "@openretl/conformance/Harness"
import type { Driver, Snapshot } from "@openretl/core/driver/Driver"
import * as Options from "@openretl/core/driver/Options"
import * as Reader from "@openretl/core/driver/Reader"
import * as RefFromIds from "@openretl/core/driver/RefFromIds"
import * as VendorClient from "@openretl/core/driver/VendorClient"
import * as Wire from "@openretl/core/driver/Wire"
import * as Reason from "@openretl/core/Reason"
import { type VendorIds, vendorId } from "@openretl/core/Ref"
import { isTerminal, type Status } from "@openretl/core/Run"
import * as Workspace from "@openretl/core/Workspace"
import { Effect } from "effect"
import * as Configuration from "./acmeConfiguration.ts"

const total = Wire.object({ total: Wire.count })

const execution = Reader.struct({
  id: vendorId,
  status: Reader.string,
  startedAt: Wire.text,
  finishedAt: Wire.text,
  error: Wire.text,
  metrics: Wire.object({ succeeded: total, failed: total }),
})

const executions = Reader.struct({
  syncs: Reader.array(execution),
  paging: Wire.object({ total: Wire.count, next: Wire.text }),
})

const refusal = Reader.struct({ error: Wire.text })

const connection = Reader.struct({ schedule: Wire.object({ type: Wire.text }) })

const words = new Map<string, Status>([
  ["running", "running"],
  ["succeeded", "succeeded"],
  ["failed", "failed"],
])

const snapshot = ({
  id,
  status: vendorStatus,
  startedAt,
  finishedAt,
  error,
  metrics,
}: Reader.Type<typeof execution>): Snapshot => {
  const status = words.get(vendorStatus) ?? "unknown"
  const startTime = Wire.time(startedAt)
  const endTime = isTerminal(status) ? Wire.endTime(finishedAt, startTime) : undefined
  const errorText = isTerminal(status) ? Wire.errorText(error) : undefined
  const [succeeded, failed] = [metrics?.succeeded?.total, metrics?.failed?.total]
  return {
    run: id,
    status,
    vendorStatus,
    rows: { ...(succeeded !== undefined && { succeeded }), ...(failed !== undefined && { failed }) },
    native: undefined,
    ...(startTime && { startedAt: startTime }),
    ...(endTime && { finishedAt: endTime }),
    ...(errorText !== undefined && { errorText }),
  }
}

const classify = ({ operation, status, headers, json, text }: VendorClient.Refusal): VendorClient.Classified => {
  const message = Reader.orUndefined(refusal, json)?.error ?? Wire.plainLine(text)
  return { reason: reasonOf(operation, status, headers, message), text: message }
}

const reasonOf = (
  operation: string,
  status: number,
  headers: Readonly<Record<string, string>>,
  message: string,
): Reason.Reason => {
  const retryAfter = Wire.retryAfter(headers)
  switch (status) {
    case 401:
      return new Reason.Unauthenticated()
    case 403:
      return new Reason.PermissionDenied()
    case 404:
      return new Reason.NotFound({ what: "unknown" })
    case 409:
      return operation === "start" ? new Reason.AlreadyRunning({}) : new Reason.Conflict()
    case 429:
      return new Reason.RateLimited(retryAfter === undefined ? {} : { retryAfter })
  }
  if (status >= 500 || status === 408) return new Reason.Unavailable()
  return /disabled/.test(message)
    ? new Reason.NotTriggerable({ state: "disabled" })
    : new Reason.InvalidRequest({ issues: [{ path: [], message: message || `HTTP ${status}` }] })
}

const pathOf = (sync: VendorIds, ...steps: ReadonlyArray<string>) => [
  "v2",
  "retl-connections",
  sync["connection"] ?? "",
  ...steps,
]

const pageOf = (cursor: string | undefined) => (/^[1-9]\d{0,5}$/.test(cursor ?? "") ? Number(cursor) : 1)

export interface AcmeDriver extends Driver {
  readonly scopes: ReadonlyArray<"incremental" | "full">
  readonly cancellation: NonNullable<Driver["cancellation"]>
}

export const driver = (http: VendorClient.VendorClient): AcmeDriver => ({
  spec: "openretl/1",
  vendor: "acme",
  idNames: ["connection"],
  description: {
    limits: {},
    guard: "vendor",
    runAppearsWithin: "2 minutes",
    readLag: "1 minute",
    unknownRun: "server-error",
  },
  scopes: ["incremental", "full"],
  runs: {
    start: (sync, { scope }) =>
      Effect.map(
        http.call({
          operation: "start",
          method: "POST",
          path: pathOf(sync, "start"),
          body: { syncType: scope },
          answer: Reader.struct({ syncId: vendorId }),
        }),
        ({ syncId }) => syncId,
      ),
    get: (sync, run) =>
      Effect.map(
        http.call({ operation: "get", method: "GET", path: pathOf(sync, "syncs", run), answer: execution }),
        (answer) => snapshot({ ...answer, id: run }),
      ),
    list: (sync, { cursor, size = 100 }) => {
      const query = { page: pageOf(cursor), per_page: Math.min(100, size) }
      const list = { operation: "list", method: "GET", path: pathOf(sync, "syncs"), query, answer: executions } as const
      return Effect.map(http.dated(list), ({ value: { syncs, paging }, date }) => ({
        runs: syncs.map(snapshot),
        ...((paging?.next ?? "") !== "" && { next: String(query.page + 1) }),
        ...(date && { asOf: date }),
      }))
    },
    ownSchedule: (sync) =>
      Effect.map(
        http.call({ operation: "schedule", method: "GET", path: pathOf(sync), answer: connection }),
        ({ schedule }) => (schedule?.type === "manual" ? "manual" : "unknown"),
      ),
  },
  cancellation: {
    stops: "sync",
    cancel: (sync) =>
      Effect.as(http.call({ operation: "cancel", method: "POST", path: pathOf(sync, "stop") }), "requested" as const),
  },
  check: (sync) => {
    const path = sync === undefined ? ["v2", "retl-connections"] : pathOf(sync, "syncs")
    const answer = Reader.record(Reader.unknown)
    const read = Effect.as(http.call({ operation: "check", method: "GET", path, answer }), {
      shown: "The token reads runs.",
    })
    return Effect.catchIf(
      read,
      // Without a sync, the check reads the list of connections, which may be closed to this token.
      ({ reason }) => sync === undefined && (reason._tag === "PermissionDenied" || reason._tag === "NotFound"),
      () => Effect.succeed({ shown: "The token is good." }),
    )
  },
})

export const client = (options: WorkspaceOptions) =>
  Effect.andThen(
    Options.refuse("acme", options, [...Options.problems(options), ...Options.connectionProblems(options)]),
    Effect.suspend(() =>
      VendorClient.make({
        workspace: options.name,
        vendor: "acme",
        baseUrl: options.baseUrl ?? "https://api.rudderstack.com",
        token: options.token,
        classify,
      }),
    ),
  )

/** Opens a workspace. `change` replaces its driver. */
export const workspace = (
  options: WorkspaceOptions,
  change: (driver: AcmeDriver, http: VendorClient.VendorClient) => AcmeDriver = (unchanged) => unchanged,
) =>
  Effect.flatMap(client(options), (http) =>
    Workspace.make({ defaultScope: "incremental", ...options }, change(driver(http), http)),
  )

/** Opens a workspace with a catalog and an administration. `configuration` replaces them. */
export const adminWorkspace = (
  options: WorkspaceOptions,
  configuration: (http: VendorClient.VendorClient) => Configuration.Configuration = Configuration.make,
) =>
  Effect.flatMap(client(options), (http) =>
    Workspace.make({ defaultScope: "incremental", ...options }, { ...driver(http), ...configuration(http) }),
  )

export const syncRef = (workspaceName: string, { connection }: { readonly connection: string }) =>
  RefFromIds.sync("acme", workspaceName, { connection })
