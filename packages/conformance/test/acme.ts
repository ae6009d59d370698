/**
 * A small adapter for an invented vendor, Acme, whose API happens to be the one that `RudderStackEmulator` emulates:
 * enough of a driver to pass the suite, and easy to break.
 */

import type { WorkspaceOptions } from "@openretl/conformance/Harness"
import type { Driver, Snapshot } from "@openretl/core/driver/Driver"
import * as CoreOptions from "@openretl/core/driver/Options"
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

const refused = Reader.struct({ error: Wire.text })

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
  const began = Wire.time(startedAt)
  const ended = isTerminal(status) ? Wire.endTime(finishedAt, began) : undefined
  const text = isTerminal(status) ? Wire.errorText(error) : undefined
  const [succeeded, failed] = [metrics?.succeeded?.total, metrics?.failed?.total]
  return {
    run: id,
    status,
    vendorStatus,
    rows: { ...(succeeded !== undefined && { succeeded }), ...(failed !== undefined && { failed }) },
    native: undefined,
    ...(began && { startedAt: began }),
    ...(ended && { finishedAt: ended }),
    ...(text !== undefined && { errorText: text }),
  }
}

const classify = ({ operation, status, headers, json, text }: VendorClient.Refusal): VendorClient.Classified => {
  const said = Reader.orUndefined(refused, json)
  const message = said?.error ?? Wire.plainLine(text)
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

const pathOf = (sync: VendorIds, ...rest: ReadonlyArray<string>) => [
  "v2",
  "retl-connections",
  sync["connection"] ?? "",
  ...rest,
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
        (found) => snapshot({ ...found, id: run }),
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
      // Without a sync, all there is to ask is a route that may be closed.
      ({ reason }) => sync === undefined && (reason._tag === "PermissionDenied" || reason._tag === "NotFound"),
      () => Effect.succeed({ shown: "The token is good." }),
    )
  },
})

export const client = (options: WorkspaceOptions) =>
  Effect.andThen(
    CoreOptions.refuse("acme", options, [...CoreOptions.problems(options), ...CoreOptions.connectionProblems(options)]),
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

/** The workspace, with its driver as it is or changed. */
export const workspace = (
  options: WorkspaceOptions,
  change: (driver: AcmeDriver, http: VendorClient.VendorClient) => AcmeDriver = (same) => same,
) =>
  Effect.flatMap(client(options), (http) =>
    Workspace.make({ defaultScope: "incremental", ...options }, change(driver(http), http)),
  )

/** The same, with what is configured. */
export const adminWorkspace = (
  options: WorkspaceOptions,
  sections: (http: VendorClient.VendorClient) => ReturnType<typeof Configuration.sections> = Configuration.sections,
) =>
  Effect.flatMap(client(options), (http) =>
    Workspace.make({ defaultScope: "incremental", ...options }, { ...driver(http), ...sections(http) }),
  )

export const syncRef = (workspaceName: string, { connection }: { readonly connection: string }) =>
  RefFromIds.sync("acme", workspaceName, { connection })
